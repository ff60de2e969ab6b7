// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package issue

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// span is a calendar period that a control or a condition counts from a dated act.
type span struct{ years, months, days int }

var (
	spanText = regexp.MustCompile(`"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"`)
	dateText = regexp.MustCompile(`date\("(\d{4}-\d{2}-\d{2})"\)`)
)

// expressions are all that the law asks of facts.
func expressions(c *law.Catalogue) []string {
	var all []string
	conjuncts := func(list []law.Conjunct) {
		for i := range list {
			all = append(all, list[i].Expr)
		}
	}
	displaced := func(list []law.Displacement) {
		for i := range list {
			all = append(all, list[i].When)
		}
	}
	for _, k := range c.Controls {
		all = append(all, k.Expr)
	}
	for _, i := range c.Instruments {
		conjuncts(i.Applies)
		displaced(i.Displaced)
		for _, p := range i.Provisions {
			conjuncts(p.Applies)
			displaced(p.Displaced)
			for k := range p.Deemed {
				all = append(all, p.Deemed[k].When)
			}
		}
	}
	return all
}

// lawDays are the days on which the text of some law begins or ceases to bind, or that its conditions name.
func lawDays(c *law.Catalogue) (days []fact.Day, spans []span) {
	add := func(d *fact.Day) {
		if d != nil {
			days = append(days, *d)
		}
	}
	for _, i := range c.Instruments {
		add(i.AppliesFrom)
		add(i.Repealed)
		for _, p := range i.Provisions {
			add(p.From)
			add(p.Until)
			for k := range p.Deemed {
				add(p.Deemed[k].From)
			}
		}
	}
	seen := map[span]bool{}
	for _, e := range expressions(c) {
		for _, m := range dateText.FindAllStringSubmatch(e, -1) {
			if d, err := fact.ParseDay(m[1]); err == nil {
				days = append(days, d)
			}
		}
		for _, m := range spanText.FindAllStringSubmatch(e, -1) {
			n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
			seen[span{n(1), n(2), 7*n(3) + n(4)}] = true
		}
	}
	return days, slices.Collect(maps.Keys(seen))
}

// turns are the days of a period on which a verdict may differ from that of the day before: something is
// observed or ends, a dated act comes of age, a law begins or ceases. More days than needed do no harm, one
// that is missing would: so each comes with the day after, and months are counted both ways at their ends.
func turns(c *law.Catalogue, claims []fact.Claim, from, to fact.Day) []fact.Day {
	set := map[fact.Day]bool{from: true}
	mark := func(d fact.Day) {
		for _, d := range []fact.Day{d - 1, d, d + 1} {
			if d > from && d <= to {
				set[d] = true
			}
		}
	}
	days, spans := lawDays(c)
	for _, d := range days {
		mark(d)
	}
	for i := range claims {
		k := &claims[i]
		mark(fact.DayOf(k.ObservedAt))
		if !k.Expires.IsZero() {
			mark(fact.DayOf(k.Expires))
		}
		def, ok := c.Vocabulary.Lookup(k.Fact)
		if ok && def.TTL[k.Method] > 0 {
			mark(fact.DayOf(k.ObservedAt.Add(def.TTL[k.Method])))
		}
		if k.Value.Type() != fact.Date {
			continue
		}
		at := k.Value.Day()
		mark(at)
		for _, s := range spans {
			t := at.Time()
			mark(fact.DayOf(t.AddDate(s.years, s.months, s.days)))
			mark(fact.DayOf(clamped(t, s)))
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// clamped counts months to the last day of a shorter one.
func clamped(t time.Time, s span) time.Time {
	first := time.Date(t.Year()+s.years, t.Month()+time.Month(s.months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1+s.days)
}

// days counts a period's days, its last included.
func days(from, to fact.Day) int { return int(to-from) + 1 }

func checkPeriod(from, to, today fact.Day) error {
	switch {
	case to < from:
		return fmt.Errorf("the period ends on %s, before it begins on %s", to, from)
	case to > today:
		return fmt.Errorf("the period ends on %s, which is still to come", to)
	case days(from, to) > maxDays:
		return fmt.Errorf("a period of %d days: at most %d are assessed at once", days(from, to), maxDays)
	}
	return nil
}

// maxDays bounds a period: three years and a leap day.
const maxDays = 3*365 + 1
