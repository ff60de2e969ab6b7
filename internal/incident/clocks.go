// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// State of a clock.
type State string

// The states.
const (
	Running     State = "running"
	Late        State = "late"
	Done        State = "done"
	DoneLate    State = "done-late"
	Suspended   State = "suspended"
	NotRequired State = "not-required"
	NotStarted  State = "not-started" // its anchor is missing
	Open        State = "cannot-be-computed"
)

// Whether a notice was made in time, where that can be said.
const (
	InTime      = "in time"
	TooLate     = "late"
	Conflicting = "not shown (conflicting)" // it depends on a disputed anchor
	Contested   = "not shown (contested)"   // it depends on a grace that not everybody has
)

// Clock is one statutory period as it stands.
type Clock struct {
	Key        string
	Instrument *law.Instrument
	Law        *law.Clock
	// Undetermined: it is open whether the law binds. All else is said as if it did.
	Undetermined bool
	State        State
	Anchor       string // the event from which it runs
	From         time.Time
	// Due is the moment to keep, Formal the latest that the rule's text bears. Zero: not known, or at once.
	Due, Formal time.Time
	sure        time.Time // the part of Formal that everybody has
	AtOnce      bool      // the law sets no period: without undue delay from From
	LaterFrom   time.Time // the latest claim of a disputed anchor
	LaterDue    time.Time
	Timeliness  string
	Because     []string // what made it what it is
	Missing     []Question
	Cases       []Case // periods of cases that no fact decides
	Held        *Hold
	Notices     []Notice
	Recipients  []*law.Recipient
	Zone        *time.Location // by which its days are counted
}

// Case is the period of a named case of a clock.
type Case struct {
	If  string
	Due time.Time
}

// Question is what would take a clock further: a fact, or an event.
type Question struct {
	Fact    string   `json:"fact"`
	Meaning string   `json:"meaning"`
	Say     []string `json:"say,omitempty"` // facts of an incident from which it follows
}

// List is every clock of an incident, in order of due time, and the laws of which it is open whether they bind.
type List struct {
	Incident *Incident
	Now      time.Time
	Clocks   []Clock
	Laws     []OpenLaw
	Aside    []Aside
}

// Aside is a law that would bind, and gives way to another.
type Aside struct {
	Instrument *law.Instrument
	To         law.InstrumentID
}

// Clocks finds every clock of the laws that bind the person, or may.
func (v *Vocabulary) Clocks(i *Incident, w *World) *List {
	l := &List{Incident: i, Now: w.Now}
	for n := range w.Laws {
		h := &w.Laws[n]
		binds, open := hold(h)
		if h.Displaced != "" && len(h.Instrument.Clocks) > 0 {
			l.Aside = append(l.Aside, Aside{h.Instrument, h.Displaced})
		}
		if !binds && !open {
			continue
		}
		var of []Clock
		for k := range h.Instrument.Clocks {
			c := &h.Instrument.Clocks[k]
			if v.rules[Key(h.Instrument, c)].apart != "" {
				continue
			}
			made := v.clock(i, w, h.Instrument, c)
			made.Undetermined = open
			of = append(of, made)
		}
		if open {
			l.add(v, h, of)
		}
		l.Clocks = append(l.Clocks, of...)
	}
	slices.SortStableFunc(l.Clocks, func(a, b Clock) int {
		return cmp.Or(cmp.Compare(rank(a.State), rank(b.State)), a.when().Compare(b.when()), cmp.Compare(a.Key, b.Key))
	})
	return l
}

func (v *Vocabulary) question(n fact.Name) Question {
	if d, ok := v.law.Vocabulary.Lookup(n); ok {
		return Question{string(n), cmp.Or(d.Question, d.Meaning), v.sayable(n)}
	}
	if d := v.byID[string(n)]; d != nil {
		return Question{Fact: string(n), Meaning: d.Title}
	}
	return Question{Fact: string(n)}
}

// sayable are the facts of an incident from which a fact of the common vocabulary follows.
func (v *Vocabulary) sayable(n fact.Name) (all []string) {
	for _, f := range v.follows[n] {
		switch {
		case f.when != nil:
			for _, name := range f.when.Facts {
				all = append(all, string(name))
			}
		case f.anchor != "" && v.anchors[f.anchor] != nil:
			all = append(all, v.anchors[f.anchor].ID)
		}
		all = append(append(all, f.count...), f.most...)
		if f.some != "" {
			all = append(all, f.some)
		}
	}
	return all
}

// rank puts what somebody must do before what is done, and that before what nobody need do.
func rank(s State) int {
	switch s {
	case Running, Late, Suspended:
		return 0
	case Open:
		return 1
	case NotStarted:
		return 2
	case Done, DoneLate:
		return 3
	}
	return 4
}

// when is what a clock is sorted by: what is due at once is due since its event.
func (c *Clock) when() time.Time {
	switch {
	case !c.Due.IsZero():
		return c.Due
	case c.AtOnce && !c.From.IsZero():
		return c.From
	}
	return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
}

// clock says how one clock stands.
func (v *Vocabulary) clock(i *Incident, w *World, in *law.Instrument, c *law.Clock) Clock {
	key := Key(in, c)
	a := &asking{v, i, w, key}
	out := Clock{Key: key, Instrument: in, Law: c, Zone: a.zone(), Anchor: c.Anchor}
	for _, n := range i.Notices {
		if n.Clock == key {
			out.Notices = append(out.Notices, n)
		}
	}
	out.Recipients = recipients(a, in, c)
	required := a.required(&out)
	if required == expr.False && len(out.Notices) == 0 {
		out.State = NotRequired
		return out
	}
	a.run(&out)
	out.settle(w.Now, required)
	return out
}

// required says whether a notice is, and why, or what would decide it.
func (a *asking) required(out *Clock) expr.Truth {
	r := a.rules[out.Key]
	if a.binds(out) == expr.False {
		return expr.False
	}
	truth := expr.True
	for _, e := range []*expr.Expr{r.own, r.when} {
		if e == nil {
			continue
		}
		t := a.truth(e.Tree)
		switch t {
		case expr.False:
			out.Because = append(out.Because, fmt.Sprintf("%s asks for it only where %s", out.Law.Pinpoint, e.Text))
			out.Because = append(out.Because, a.explain(e.Tree, t)...)
		case expr.Unknown:
			for _, n := range a.missing(e.Tree) {
				if q := a.question(n); !asked(out.Missing, q) {
					out.Missing = append(out.Missing, q)
				}
			}
		}
		truth = expr.And(truth, t)
	}
	for _, s := range r.spared {
		if truth != expr.False && a.truth(s.when.Tree) == expr.True {
			out.Because = append([]string{fmt.Sprintf("%s (%s)", s.why, s.pinpoint)}, a.explain(s.when.Tree, expr.True)...)
			truth = expr.False
		}
	}
	if truth == expr.False {
		out.Missing = nil
	}
	return truth
}

func asked(all []Question, q Question) bool {
	return slices.ContainsFunc(all, func(o Question) bool { return o.Fact == q.Fact })
}

// settle gives a clock its state.
func (c *Clock) settle(now time.Time, required expr.Truth) {
	switch {
	case len(c.Notices) > 0:
		c.settleDone()
	case required == expr.Unknown:
		c.State = Open
	case c.Due.IsZero() && !c.AtOnce:
		c.State = NotStarted
	case c.Held != nil && !now.Before(c.Held.From) && (c.Held.Until.IsZero() || now.Before(c.Held.Until)):
		c.State = Suspended
	case c.AtOnce || !now.After(c.Due):
		c.State = Running
	default:
		c.State = Late
		if c.Timeliness = c.timely(now); c.Timeliness == InTime {
			c.Timeliness = "" // the strict count is the one to keep
		}
	}
}

func (c *Clock) settleDone() {
	first := c.Notices[0].At
	for _, n := range c.Notices {
		if n.At.Before(first) {
			first = n.At
		}
	}
	c.State = Done
	if !c.Due.IsZero() {
		if c.Timeliness = c.timely(first); c.Timeliness == TooLate {
			c.State = DoneLate
		}
	}
}

// timely says whether a moment is in time: by the strict count of the earliest claim, by the rule's text, or only by a
// claim that others dispute.
func (c *Clock) timely(t time.Time) string {
	switch {
	case !t.After(c.Due):
		return InTime
	case !c.LaterDue.IsZero() && !t.After(c.LaterDue):
		return Conflicting
	case !t.After(c.sure):
		c.Because = append(c.Because, "after the strict count, within what the rule's text bears")
		return InTime
	case !t.After(c.Formal):
		return Contested
	}
	return TooLate
}
