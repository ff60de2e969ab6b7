// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Plan is what to do, in order, and what nobody here can do.
type Plan struct {
	For judge.Bearer
	// Pressing are the duties that evidence contradicts or points against; Cleared those of them that the
	// actions clear once evidence says so.
	Pressing, Violated, Indicated, Cleared int
	Unsure                                 int  // of the cleared: a part of what clears them bears a caution
	Open                                   int  // of the pressing: whether their law binds is open
	Others                                 int  // pressing duties of the other side, counted apart
	Exact                                  bool // fewer actions cannot do as much; false: none fewer was found
	Hours                                  int  // of all actions together
	Actions                                []Action
	Left                                   []Left  // what no action clears
	Notes                                  []Note  // what the law says of who may act
	Evidence                               []*Item // the cheapest next evidence for what is not shown
}

// Options of a plan.
type Options struct {
	For    judge.Bearer // whose duties; Own by default
	Limit  int          // at most so many actions; 0: as many as it takes
	Budget int          // at most so many person-hours; 0: as many as it takes
}

// Action is one thing to do, however many devices it concerns.
type Action struct {
	ID, Title string
	Parts     []Part
	Hours     int    // person-hours
	Owner     string // "" is open
	Severity  string // the worst of the controls that it answers
	Duties    []Duty
	Clears    int     // duties that are clear with this action, after those before it
	Cleared   int     // with all before it
	Share     float64 // of all that press
	Proof     []Proof
	Controls  []law.ControlID
}

// How a part is carried out.
type How string

// The ways. A measure around a device leaves the device as it is.
const (
	AtDevice How = "at-device"
	Around   How = "around-device"
	Paper    How = "on-paper"
	AtMaker  How = "by-the-maker"
	Ask      How = "question-to-the-maker"
)

// Part is what to do for some of the subjects.
type Part struct {
	How      How
	Who      string // operator or maker
	Text     string
	Caution  string
	Subjects []fact.Subject
}

// Duty is a provision that an action helps to clear.
type Duty struct {
	Provision *law.Provision
	Verdicts  []*judge.Verdict
}

// Left are duties that no action clears.
type Left struct {
	Why    Why
	Text   string
	Count  int
	Duties []Duty
	Asks   []Part
}

// Why nothing clears a duty.
type Why string

// The reasons.
const (
	WaitsForMaker Why = "waits-for-the-maker"
	OverdueFor    Why = "past"
	Judged        Why = "judged-by-a-person"
	OverLimit     Why = "beyond-the-limit"
)

// Make plans for the duties of one side.
func Make(w *World, v *Vocabulary, o Options) *Plan {
	o.For = cmp.Or(o.For, judge.Own)
	b := newBuilder(w, v, o.For)
	p := &Plan{For: o.For, Evidence: Cheapest(w, 10)}
	for i := range w.Result.Verdicts {
		verdict := &w.Result.Verdicts[i]
		switch {
		case !pressing(verdict):
			continue
		case verdict.Bearer != o.For:
			p.Others++
			continue
		case verdict.Outcome == judge.Violated:
			p.Violated++
		default:
			p.Indicated++
		}
		if slices.Contains(verdict.Reasons, judge.ApplicabilityUnknown) {
			p.Open++
		}
		b.take(verdict)
	}
	p.Pressing = p.Violated + p.Indicated
	b.choose(p, limits{o.Limit, o.Budget})
	return p
}

// choose picks and orders the actions, and says what is left.
func (b *builder) choose(p *Plan, most limits) {
	pr := b.problem()
	var chosen []int
	chosen, p.Exact = pr.cover()
	if !most.allow(pr, chosen) {
		chosen, p.Exact = pr.best(most)
	}
	var done []int
	before := 0
	for _, a := range pr.order(chosen) {
		done = append(done, a)
		now := pr.cleared(done)
		act := b.action(a)
		act.Clears, act.Cleared, act.Share = now-before, now, float64(now)/float64(max(1, p.Pressing))
		p.Actions, p.Hours, before = append(p.Actions, act), p.Hours+act.Hours, now
	}
	p.Cleared, p.Unsure = before, b.unsure(chosen)
	b.over(chosen)
	p.Left = b.leftovers()
	p.Notes = b.notes(p.Actions, p.Left)
}

// leftovers in order of how many they are.
func (b *builder) leftovers() []Left {
	out := []Left{}
	for _, l := range b.left {
		out = append(out, l.Left)
	}
	slices.SortFunc(out, func(x, y Left) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Why,
			y.Why))
	})
	return out
}
