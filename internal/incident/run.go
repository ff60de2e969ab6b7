// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/internal/clock"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Keys that say by what the days of an incident are counted, and where its notices go.
const (
	zoneKey      = "zone"
	territoryKey = "territory"
)

// zone is the zone by whose clocks the days of a clock are counted.
func (a *asking) zone() *time.Location {
	if s, ok := a.value(zoneKey, a.clock); ok {
		if z, err := time.LoadLocation(s.Value); err == nil {
			return z
		}
	}
	return a.Zone
}

// calendar knows the working days by a rule in a zone; nil: weekends only, which is the stricter count.
func (a *asking) calendar(rule string, zone *time.Location) clock.Calendar {
	for _, c := range a.calendars {
		if c.rule == rule && (c.zone == "" || c.zone == zone.String()) && a.world.Holidays[c.holidays] != nil {
			return clock.Holidays(a.world.Holidays[c.holidays])
		}
	}
	if country, ok := strings.CutPrefix(rule, "national/"); ok {
		if h := a.world.Holidays[strings.ToLower(country)]; h != nil {
			return clock.Holidays(h)
		}
	}
	return nil
}

// counted is one period of a clock, from the earliest claim of its event and from the latest.
type counted struct {
	anchor     string
	from, last moment
	due, later clock.Deadline
	sure       time.Time // the latest of due.Formal that everybody has
	atOnce     bool
	because    []string
}

// run counts a clock: its periods, those of its cases, and what holds it.
func (a *asking) run(out *Clock) {
	c := out.Law
	periods := append([]law.Period{{Anchor: c.Anchor, Offset: c.Offset}}, c.Also...)
	combine := c.Combine
	rule := a.rules[out.Key]
	var open []law.Variant
	for n, va := range c.Variants {
		p := law.Period{Anchor: va.Anchor, Offset: va.Offset}
		if p.Anchor == "" {
			p.Anchor = c.Anchor
		}
		if rule.variantsWhen[n] == nil {
			if one, ok := a.period(out, p); ok {
				out.Cases = append(out.Cases, Case{va.If, one.due.Due})
			}
			continue
		}
		switch a.truth(rule.variantsWhen[n].Tree) {
		case expr.True:
			periods, combine = []law.Period{p}, ""
			out.Because = append(out.Because, "in this case: "+va.If)
		case expr.Unknown:
			open = append(open, law.Variant{If: va.If, Anchor: p.Anchor, Offset: p.Offset})
		}
	}
	a.combine(out, periods, combine)
	for _, va := range open {
		if one, ok := a.period(out, law.Period{Anchor: va.Anchor,
			Offset: va.Offset}); ok && !out.Due.IsZero() && one.due.Due.Before(out.Due) {
			out.take(one)
			out.Because = append(out.Because, "it is open whether this case holds, so the earlier time is due: "+va.If)
		} else if ok {
			out.Cases = append(out.Cases, Case{va.If, one.due.Due})
		}
	}
	a.suspend(out, rule)
}

// combine takes the earliest of several periods, or the latest. Of the earliest those whose event is not known can
// only bring it forward; the latest is not known before all are.
func (a *asking) combine(out *Clock, periods []law.Period, how string) {
	var known []counted
	var absent []string
	for _, p := range periods {
		one, ok := a.period(out, p)
		if ok {
			known = append(known, one)
		} else {
			absent = append(absent, p.Anchor)
		}
	}
	if len(known) == 0 || how == "latest" && len(absent) > 0 {
		for _, anchor := range absent {
			out.Missing = append(out.Missing, a.wanting(out, anchor))
		}
		return
	}
	best := slices.MinFunc(known, func(x, y counted) int { return x.due.Due.Compare(y.due.Due) })
	if how == "latest" {
		best = slices.MaxFunc(known, func(x, y counted) int { return x.due.Due.Compare(y.due.Due) })
	}
	out.take(best)
	for _, k := range known {
		if k.anchor != best.anchor {
			out.Because = append(out.Because, fmt.Sprintf("from %s it would be %s: the %s of both counts", k.anchor,
				k.due.Due.Format("2006-01-02 15:04"), how))
		}
	}
	for _, anchor := range absent {
		out.Because = append(out.Because, fmt.Sprintf("%s is not known yet, and can only bring it forward", anchor))
	}
}

func (c *Clock) take(k counted) {
	c.Anchor, c.From, c.AtOnce = k.anchor, k.from.at, k.atOnce
	c.Due, c.Formal, c.sure, c.LaterFrom, c.LaterDue = k.due.Due, k.due.Formal, k.sure, time.Time{}, time.Time{}
	c.Because = append(c.Because, k.because...)
	c.Because = append(c.Because, k.due.Because...)
	if k.last.at.After(k.from.at) {
		c.LaterFrom, c.LaterDue = k.last.at, k.later.Formal
		c.Because = append(c.Because, fmt.Sprintf("the event is disputed: %s says %s, %s says %s; the earliest claim runs",
			k.from.by, k.from.at.Format(time.RFC3339), k.last.by, k.last.at.Format(time.RFC3339)))
	}
}

// wanting is the question for an event that is missing.
func (a *asking) wanting(out *Clock, anchor string) Question {
	switch anchor {
	case "submission":
		return Question{Fact: "submission",
			Meaning: fmt.Sprintf("it runs from the submission of %s/%s, which is not recorded", out.Instrument.ID, out.Law.After)}
	case "year-end":
		anchor = "discovery"
	}
	if d := a.anchors[anchor]; d != nil {
		return Question{Fact: d.ID, Meaning: d.Title}
	}
	return Question{Fact: anchor, Meaning: "the event " + anchor}
}

// period counts one period; false where its event is not known.
func (a *asking) period(out *Clock, p law.Period) (counted, bool) {
	k := counted{anchor: p.Anchor}
	claims := a.claims(out, p.Anchor, &k.because)
	if len(claims) == 0 {
		return k, false
	}
	for n := range claims {
		claims[n].at = claims[n].at.In(out.Zone)
	}
	k.from, k.last = claims[0], claims[len(claims)-1]
	if p.Offset == "" {
		k.atOnce = true
		return k, true
	}
	var err error
	if k.due, k.sure, err = a.due(out, k.from.at, p.Offset); err == nil && k.last.at.After(k.from.at) {
		k.later, _, err = a.due(out, k.last.at, p.Offset)
	}
	if err != nil {
		out.Because = append(out.Because, err.Error())
		return k, false
	}
	return k, true
}

// due counts a period. sure is how long everybody has: a grace that some have alone is not in it.
func (a *asking) due(out *Clock, from time.Time, offset string) (d clock.Deadline, sure time.Time, err error) {
	p, err := clock.ParsePeriod(offset)
	if err != nil {
		return d, sure, err
	}
	rule := clock.Rule(out.Law.PeriodRule)
	cal := a.calendar(out.Law.PeriodRule, out.Zone)
	if d, err = clock.Due(from, p, rule, cal); err != nil {
		return d, sure, err
	}
	noon := a.rules[out.Key].noon
	if noon == "" {
		return d, d.Formal, nil
	}
	sure = d.Formal
	if d, err = clock.DueByNoon(from, p, rule, cal, noon == "firm"); sure.After(d.Formal) || noon == "firm" {
		sure = d.Formal
	}
	return d, sure, err
}

// claims are the moments at which people say that an event was, the earliest first.
func (a *asking) claims(out *Clock, anchor string, because *[]string) []moment {
	switch anchor {
	case "submission":
		return a.submitted(string(out.Instrument.ID)+"/"+out.Law.After, a.rules[out.Key].last)
	case "year-end":
		var all []moment
		for _, m := range a.claims(out, "discovery", because) {
			t := m.at.In(out.Zone)
			all = append(all, moment{time.Date(t.Year(), time.December, 31, 0, 0, 0, 0, out.Zone), m.by})
		}
		return all
	}
	d := a.anchors[anchor]
	if d == nil {
		return nil
	}
	all := a.times(d.ID, a.clock)
	if from := a.rules[out.Key].notice; from != "" && len(all) == 0 {
		return a.submitted(from, false)
	}
	if d.Within == "" {
		return all
	}
	other := a.times(d.Within, a.clock)
	if len(other) > 0 && (len(all) == 0 || other[0].at.Before(all[0].at)) {
		*because = append(*because, fmt.Sprintf("%s is no later than %s, %s: from then", d.ID, d.Within,
			other[0].at.Format(time.RFC3339)))
		if len(all) == 0 {
			return other
		}
		return other[:1]
	}
	return all
}

// submitted is when the earlier notice was handed in: the first, or where the law says so the last.
func (a *asking) submitted(key string, last bool) []moment {
	var all []moment
	for _, n := range a.Notices {
		if n.Clock == key {
			all = append(all, moment{n.At, n.By})
		}
	}
	slices.SortFunc(all, func(x, y moment) int { return x.at.Compare(y.at) })
	switch {
	case len(all) == 0:
		return nil
	case last:
		return all[len(all)-1:]
	}
	return all[:1]
}

// suspend lets a hold move a clock that its law lets be held: to the hold's end where that is later. A hold that
// began after the notice was due moves nothing.
func (a *asking) suspend(out *Clock, r *rule) {
	if out.Law.Suspension == "" {
		return
	}
	for n := range a.Holds {
		h := a.Holds[n]
		if h.Lifted || r.hold != "" && h.Authority != r.hold || len(h.Laws) > 0 && !slices.Contains(h.Laws,
			string(out.Instrument.ID)) && !slices.Contains(h.Laws, out.Key) {
			continue
		}
		if !out.Due.IsZero() && h.From.After(out.Due) {
			out.Because = append(out.Because, fmt.Sprintf("the hold of %s came after it was due", h.From.Format(time.RFC3339)))
			continue
		}
		h.Until = a.ends(&h, r, out)
		out.Held = &h
		out.Because = append(out.Because, fmt.Sprintf("held by %s from %s%s (%s)", h.Authority,
			h.From.In(out.Zone).Format(time.RFC3339), untilText(h.Until, out.Zone), out.Law.Suspension))
		if !out.Due.IsZero() && !h.Until.IsZero() && h.Until.After(out.Due) {
			out.Due, out.LaterDue = h.Until.In(out.Zone), time.Time{}
			out.Formal, out.sure = out.Due, out.Due
			out.Because = append(out.Because, "due when the hold ends: no time is added to that")
		}
	}
}

func untilText(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ", without a stated end"
	}
	return " until " + t.In(zone).Format(time.RFC3339)
}

// ends is when a hold does: as stated, when lifted, and by word of mouth after the time that the law allows.
func (a *asking) ends(h *Hold, r *rule, out *Clock) time.Time {
	until := h.Until
	earlier := func(t time.Time) {
		if until.IsZero() || t.Before(until) {
			until = t
		}
	}
	for _, l := range a.Holds {
		if l.Lifted && l.Authority == h.Authority && l.From.After(h.From) {
			earlier(l.From)
		}
	}
	if p, err := clock.ParsePeriod(r.oral); h.Oral && r.oral != "" && err == nil {
		earlier(h.From.In(out.Zone).AddDate(p.Years, p.Months, p.Days))
	}
	return until
}
