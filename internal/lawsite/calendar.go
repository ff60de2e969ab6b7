// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"math"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/law"
)

// calendarPage is every date of every law: what is coming, then what is past, the latest first.
type calendarPage struct {
	Coming, Past []yearOf
	N            int
}

type yearOf struct {
	Year, Anchor string
	Dates        []dateRow
}

type dateRow struct {
	Day, Event, Note, Mark string
	Law                    link
	Provisions             int
	Coming                 bool
}

// dates lists every date in order.
func (x *crossing) dates(root string) []dateRow {
	var all []dateRow
	day := x.day.String()
	for _, d := range lawtool.Calendar(x.cat, fact.Day(math.MinInt32), fact.Day(math.MaxInt32)) {
		all = append(all, dateRow{Day: d.Day, Event: d.Event, Note: d.Note, Mark: doubt(d.Confidence),
			Law: x.instrumentLink(root, d.Instrument), Provisions: d.Provisions,
			// A day known only to the month or year is coming while it may still come.
			Coming: d.Day >= day[:len(d.Day)]})
	}
	return all
}

func (s *Site) calendar(x *crossing) error {
	var p calendarPage
	all := x.dates("")
	p.N = len(all)
	for _, d := range all {
		if d.Coming {
			p.Coming = addDate(p.Coming, "", d)
		}
	}
	slices.Reverse(all)
	for _, d := range all {
		if !d.Coming {
			p.Past = addDate(p.Past, "past-", d)
		}
	}
	return s.page("calendar.html", "calendar", "Calendar of the law", "calendar", p)
}

func addDate(all []yearOf, prefix string, d dateRow) []yearOf {
	year := d.Day[:4]
	if n := len(all); n == 0 || all[n-1].Year != year {
		all = append(all, yearOf{Year: year, Anchor: slug("", prefix+year)})
	}
	all[len(all)-1].Dates = append(all[len(all)-1].Dates, d)
	return all
}

// clocksPage is every statutory period by the event from which it runs.
type clocksPage struct {
	Anchors []anchorOf
	N       int
}

type anchorOf struct {
	Name, Anchor, Meaning string
	Clocks                []clockRow
}

type clockRow struct {
	law.Clock
	Anchor, Period, Mark string
	Law, Source          link
	Words                phrase
	Variants             []variantRow
}

type variantRow struct {
	law.Variant
	Period string
	Words  phrase
}

// anchorWords say what each anchor is.
var anchorWords = map[string]string{
	"awareness": "the bearer becomes aware", "discovery": "the event is found, or would have been with due care",
	"occurrence":     "it happens",
	"classification": "the bearer classifies it", "determination": "the bearer determines what it is",
	"submission":        "the earlier notice is handed in",
	"measure-available": "a corrective or mitigating measure is available",
	"payment":           "a payment is made", "consumer-notice": "consumers are told",
	"request": "an authority or a person asks", "year-end": "the calendar year ends",
	"placing": "the product is placed on the market", "end": "the relation or the period ends",
}

func (s *Site) clocks(x *crossing) error {
	var p clocksPage
	for _, a := range law.Anchors() {
		of := anchorOf{Name: a, Anchor: slug("from-", a), Meaning: anchorWords[a]}
		for _, i := range x.cat.Instruments {
			for _, c := range x.clocksOf("", i) {
				if c.Clock.Anchor == a {
					of.Clocks = append(of.Clocks, c)
				}
			}
		}
		if len(of.Clocks) > 0 {
			p.Anchors = append(p.Anchors, of)
			p.N += len(of.Clocks)
		}
	}
	return s.page("clocks.html", "clocks", "Clocks: statutory periods", "clocks", p)
}

func (x *crossing) clocksOf(root string, i *law.Instrument) []clockRow {
	var all []clockRow
	for _, c := range i.Clocks {
		r := clockRow{Clock: c, Anchor: slug("clock-", c.ID), Period: periodWords(c), Mark: doubt(c.Confidence),
			Source: sourceLink(i, c.Source), Words: x.words(root, c.When)}
		r.Law = x.instrumentLink(root, i.ID)
		r.Law.Href += "#" + r.Anchor
		for _, v := range c.Variants {
			r.Variants = append(r.Variants, variantRow{v, durationWords(v.Offset), x.words(root, v.When)})
		}
		all = append(all, r)
	}
	return all
}
