// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Duty is how long a law asks to keep a record, or not to.
type Duty struct {
	Law      string `json:"law"` // its short title
	ID       string `json:"instrument"`
	Pinpoint string `json:"pinpoint"`
	Period   string `json:"period"` // as the law says it
	Until    string `json:"until"`  // the last day; "": unknown
	Why      string `json:"why"`    // what the day rests on, or why it is unknown
	Bound    string `json:"bound"`  // own, undetermined: whether the law binds whom the record is about
	Limit    bool   `json:"limit"`  // it asks to keep no longer than is needed
}

// running says whether the duty asks to keep the record on a day. What is unknown may run.
func (u *Duty) running(day fact.Day) bool {
	end, err := fact.ParseDay(u.Until)
	return !u.Limit && (err != nil || end >= day)
}

// Holds is which laws hold whom: an instrument's hold on a person, from a judged case. Nil: nobody knows.
type Holds func(law.InstrumentID) string

// HoldsOf reads it from a result: own where it binds any of us, no where it is known to bind none. Of whom nothing is
// known nothing is known not to bind.
func HoldsOf(r *judge.Result) Holds {
	return func(id law.InstrumentID) string {
		asked, open := false, false
		for i := range r.Persons {
			p := &r.Persons[i]
			for j := range p.Instruments {
				a := &p.Instruments[j]
				if a.Instrument.ID != id || p.Person.IsZero() && len(r.Persons) > 1 { // one of us, and each of us is asked
					continue
				}
				if a.Bound == "own" {
					return "own"
				}
				asked, open = true, open || a.Bound != "no"
			}
		}
		if asked && !open {
			return "no"
		}
		return "undetermined"
	}
}

// Duties are the laws' words on how long a record is kept: those that bind, and those of which that is open.
func (d *Desk) Duties(it *Item, holds Holds) []Duty {
	k := it.Kind
	if k == nil {
		return nil
	}
	var topic *Topic
	if i := slices.IndexFunc(k.Topics, func(t Topic) bool { return t.Name == it.Body.Topic }); i >= 0 {
		topic = &k.Topics[i]
	}
	var out []Duty
	add := func(keep *Keep, limit bool) {
		in, ok := d.Law.Instrument(keep.Law)
		u := Duty{ID: string(keep.Law), Pinpoint: keep.Pinpoint, Bound: "undetermined", Limit: limit}
		if holds != nil {
			u.Bound = holds(keep.Law)
		}
		if !ok || u.Bound == "no" {
			return
		}
		u.Law = in.Short
		if limit {
			u.Period, u.Why = "no longer than the purposes need", "it holds personal data"
		} else {
			d.period(in, keep, it, &u)
		}
		out = append(out, u)
	}
	for _, keep := range k.keeps(topic) {
		add(&keep, false)
	}
	if k.Limit != nil && k.personal() {
		add(k.Limit, true)
	}
	return out
}

var (
	periodForm = regexp.MustCompile(`^(longer of )?(P[0-9]+[YMD])( at least)?(,? (from|after) [a-z ]+)?( and [a-z ]+)?$`)
	fixed      = map[string]bool{"": true, "day": true, "end": true}
)

// period works out a duty's last day from the law's words and the record's days.
func (d *Desk) period(in *law.Instrument, keep *Keep, it *Item, u *Duty) {
	i := slices.IndexFunc(in.Retention, func(r law.Retention) bool { return r.Pinpoint == keep.Pinpoint })
	if i < 0 {
		u.Why = "the law at hand says nothing of it"
		return
	}
	u.Period = in.Retention[i].Period
	m := periodForm.FindStringSubmatch(u.Period)
	if m == nil {
		u.Why = "the law sets no period that can be counted"
		return
	}
	span, err := expr.ParseSpan(m[2])
	if err != nil {
		u.Why = err.Error()
		return
	}
	from, why := keep.start(it)
	if from == 0 {
		u.Why = why
		return
	}
	end := span.After(from)
	if m[1] != "" || keep.Or != "" {
		or, err := fact.ParseDay(it.Body.Fields[keep.Or])
		if err != nil {
			u.Why = fmt.Sprintf("%s at least: %s is not recorded", end, keep.Or)
			return
		}
		if or > end {
			end, why = or, keep.Or
		}
	}
	u.Until, u.Why = end.String(), why
}

// start is the day from which a period runs, and what day that is; 0: unknown, and why.
func (k *Keep) start(it *Item) (fact.Day, string) {
	text, what := it.Body.Day, "its day"
	switch {
	case k.From == "unknown":
		return 0, "what it runs from is not recorded"
	case it.Erased || text == "":
		return 0, "its days were erased"
	case k.From == "end" && it.Body.Until == "":
		return 0, "it runs from the day on which the record ends, and none is recorded"
	case k.From == "end":
		text, what = it.Body.Until, "its last day"
	case !fixed[k.From]:
		text, what = it.Body.Fields[k.From], "its field "+k.From
	}
	day, err := fact.ParseDay(text)
	if err != nil {
		return 0, strings.TrimSpace(what + " is not recorded")
	}
	return day, "counted from " + what + ", " + day.String()
}
