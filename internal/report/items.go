// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// item is one thing that somebody can find out, and what that helps to decide.
type item struct {
	Fact     fact.Name
	Class    judge.Class
	Text     string
	Bearer   judge.Bearer // own where one of our duties waits for it
	Alone    int          // verdicts that it decides by itself
	Decides  int          // verdicts for which it belongs to the cheapest set
	Laws     []string
	pinpoint map[*law.Provision]bool
	subjects map[fact.Subject]bool
}

// Provisions and Subjects say how far an item reaches.
func (i *item) Provisions() int { return len(i.pinpoint) }

// Subjects is how many it has to be found out of.
func (i *item) Subjects() int { return len(i.subjects) }

// effort weighs the classes: an answer costs a question, a judgement a person's signed reasons.
var effort = map[judge.Class]float64{judge.Answer: 1, judge.Ours: 2, judge.Listen: 4, judge.Test: 5,
	judge.MakerDoc: 6, judge.Judgment: 6, judge.Beyond: 100}

// cheapest are the items that decide most of what is not shown for their effort: those of our own duties
// first, then suppliers', of which at least three where there are any.
func cheapest(a *assess.Assessment, n int) []*item {
	by := map[fact.Name]*item{}
	own, bind := ours(a), binding(a)
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		if v.Outcome != judge.NotShown || v.Provision.Force != law.Must || !bind[v.Provision.Instrument] {
			continue
		}
		for _, m := range v.Cheapest {
			it := by[m.Fact]
			if it == nil || it.Bearer == judge.Supplier && v.Bearer == judge.Own {
				it = newItem(a, m, v, own) // what suppliers' duties wait for, too, is ours to find out
				by[m.Fact] = it
			}
			if v.Bearer == it.Bearer {
				it.count(v, m)
			}
		}
	}
	var mine, theirs []*item
	for _, it := range by {
		if it.Bearer == judge.Own {
			mine = append(mine, it)
		} else {
			theirs = append(theirs, it)
		}
	}
	slices.SortFunc(mine, byWorth)
	slices.SortFunc(theirs, byWorth)
	room := max(n-min(3, len(theirs)), n-len(theirs))
	mine = mine[:min(room, len(mine))]
	return append(mine, theirs[:min(n-len(mine), len(theirs))]...)
}

func (i *item) count(v *judge.Verdict, m judge.MissingFact) {
	i.Decides++
	if len(v.Cheapest) == 1 {
		i.Alone++
	}
	i.pinpoint[v.Provision] = true
	i.subjects[m.Subject] = true
	add(&i.Laws, v.Provision.Instrument.Short)
}

func (i *item) worth() float64 {
	return (float64(i.Alone) + float64(i.Decides-i.Alone)/4) / effort[i.Class]
}

func byWorth(x, y *item) int {
	return cmp.Or(cmp.Compare(y.worth(), x.worth()), cmp.Compare(x.Fact, y.Fact))
}

func newItem(a *assess.Assessment, m judge.MissingFact, v *judge.Verdict, own map[fact.Subject]bool) *item {
	it := &item{Fact: m.Fact, Bearer: v.Bearer, pinpoint: map[*law.Provision]bool{}, subjects: map[fact.Subject]bool{}}
	d, ok := a.Catalogue.Vocabulary.Lookup(m.Fact)
	if !ok {
		it.Class, it.Text = judge.Beyond, string(m.Fact)
		return it
	}
	it.Class = classOf(d, m.Subject.Kind != fact.Product && (m.Subject.Kind != fact.Organisation || own[m.Subject]))
	it.Text = sentenceCase(cmp.Or(d.Question, meaning(d)))
	if d.Question == "" && d.Type == fact.Bool {
		it.Text = "Whether " + meaning(d)
	}
	if id, ok := strings.CutPrefix(string(m.Fact), fact.JudgementPrefix); ok {
		if p := a.Catalogue.Provisions[law.ProvisionID(id)]; p != nil {
			it.Text = "Judge, with reasons and an end, whether " + p.Instrument.Short + " " + p.Pinpoint + " is met: " + p.Text
		}
	}
	return it
}

// classOf says who can learn a fact, by the ways in which it can become known. What the wire shows only by
// being there, and never by its silence, a test ends sooner than listening.
func classOf(d *fact.Definition, ours bool) judge.Class {
	can := func(m fact.Method) bool { return slices.Contains(d.Known, m) }
	switch {
	case can(fact.Judgement):
		return judge.Judgment
	case d.Question != "" && can(fact.Declaration):
		return judge.Answer
	case can(fact.Passive) && (d.AbsenceHours > 0 || d.Universal || !can(fact.Active)):
		return judge.Listen
	case can(fact.Active) || can(fact.Import):
		return judge.Test
	case can(fact.Record) && ours:
		return judge.Ours
	case ours && can(fact.Declaration):
		return judge.Answer
	case can(fact.Record) || can(fact.Declaration):
		return judge.MakerDoc
	}
	return judge.Beyond
}

// ours are the organisations that bear a duty of our own.
func ours(a *assess.Assessment) map[fact.Subject]bool {
	own := map[fact.Subject]bool{}
	for i := range a.Result.Verdicts {
		if v := &a.Result.Verdicts[i]; v.Bearer == judge.Own {
			own[v.Person] = true
		}
	}
	return own
}

// action is a remedy and what it bears on.
type action struct {
	Control  *law.Control
	Clears   int // verdicts
	Laws     []string
	Subjects []fact.Subject
}

// worth weighs what is at stake and how far a remedy reaches against its effort.
func (a *action) worth() float64 {
	stake := [...]float64{64, 8, 4, 2, 1}[severity([]*law.Control{a.Control})]
	return stake * (1 + math.Log2(float64(a.Clears))) / (1 + math.Log2(float64(max(1, a.Control.Cost))))
}

// first are the remedies to begin with, at most n: the gravest first, then what reaches far for its effort.
func first(a *assess.Assessment, all []*finding, n int) []*action {
	by := map[*law.Control]*action{}
	var out []*action
	for _, f := range all {
		for _, c := range f.Controls {
			act := by[c]
			if act == nil {
				act = &action{Control: c}
				by[c] = act
				out = append(out, act)
			}
			act.Clears += len(f.verdicts)
			for _, l := range f.Cites {
				add(&act.Laws, l.Provision.Instrument.Short)
			}
			for _, s := range f.Seen {
				if !slices.Contains(act.Subjects, s.Subject) {
					act.Subjects = append(act.Subjects, s.Subject)
				}
			}
		}
	}
	out = byRemedy(out)
	slices.SortStableFunc(out, func(x, y *action) int {
		return cmp.Or(cmp.Compare(y.worth(), x.worth()), strings.Compare(string(x.Control.ID), string(y.Control.ID)))
	})
	out = out[:min(n, len(out))]
	for _, act := range out {
		slices.SortFunc(act.Subjects, func(x, y fact.Subject) int { return cmp.Compare(name(a, x), name(a, y)) })
	}
	return out
}

// byRemedy joins controls that ask for the same thing to be done.
func byRemedy(all []*action) []*action {
	var out []*action
	for _, act := range all {
		n := slices.IndexFunc(out, func(o *action) bool { return o.Control.Remedy == act.Control.Remedy })
		if n < 0 {
			out = append(out, act)
			continue
		}
		o := out[n]
		o.Clears = max(o.Clears, act.Clears)
		for _, l := range act.Laws {
			add(&o.Laws, l)
		}
		for _, s := range act.Subjects {
			if !slices.Contains(o.Subjects, s) {
				o.Subjects = append(o.Subjects, s)
			}
		}
	}
	return out
}
