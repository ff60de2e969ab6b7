// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"io"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Date is a milestone on the calendar of all laws.
type Date struct {
	Day        string           `json:"day"` // to the month or year where no more is known
	Instrument law.InstrumentID `json:"instrument"`
	Short      string           `json:"short"`
	Event      string           `json:"event"`
	Note       string           `json:"note,omitempty"`
	// Provisions begin to bind on that day.
	Provisions int            `json:"provisions,omitempty"`
	Confidence law.Confidence `json:"confidence"`
	from       fact.Day
}

// Calendar lists the milestones that lie, or may lie, in the days from first to last.
func Calendar(cat *law.Catalogue, first, last fact.Day) []Date {
	var dates []Date
	for _, i := range cat.Instruments {
		for _, m := range i.Milestones {
			if m.Day > last || endOf(m) < first {
				continue
			}
			d := Date{Day: LooseDay(m), Instrument: i.ID, Short: i.Short, Event: m.Event, Note: m.Note,
				Confidence: m.Confidence, from: m.Day}
			if m.Precision == "" && begins(m) {
				d.Provisions = beginning(i, m.Day)
			}
			dates = append(dates, d)
		}
	}
	slices.SortStableFunc(dates, func(a, b Date) int { return int(a.from - b.from) })
	return dates
}

// endOf is the last day that a milestone can mean.
func endOf(m law.Milestone) fact.Day {
	switch m.Precision {
	case "month":
		return m.Day.AddMonths(1) - 1
	case "year":
		return m.Day.AddMonths(12) - 1
	}
	return m.Day
}

func begins(m law.Milestone) bool {
	word, _, _ := strings.Cut(m.Event, " ")
	return slices.Contains([]string{"applies", "in-force", "phase", "amended", "transposition", "published"},
		strings.TrimRight(word, ",:;"))
}

// beginning counts the provisions whose first day it is.
func beginning(i *law.Instrument, day fact.Day) int {
	n := 0
	for _, p := range i.Provisions {
		from := p.From
		if from == nil {
			from = i.AppliesFrom
		}
		if from != nil && *from == day {
			n++
		}
	}
	return n
}

// WriteCalendar writes dates for people.
func WriteCalendar(w io.Writer, dates []Date) error {
	p := &paper{w: w}
	for _, d := range dates {
		begin := ""
		if d.Provisions > 0 {
			begin = plural(d.Provisions, "provision begins", "provisions begin") + " to bind"
		}
		p.line("%-10s  %s: %s", d.Day, d.Short, join("; ", d.Event, d.Note, begin)+doubt(d.Confidence))
	}
	if len(dates) == 0 {
		p.line("no date is known in these days")
	}
	return p.err
}
