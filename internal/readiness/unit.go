// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package readiness

import (
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// ease orders who can bring something by how soon.
var ease = []Who{Answer, Wire, Test, Document, Judgement}

func unit(cat *law.Catalogue, v *judge.Verdict) Unit {
	u := Unit{ID: v.Provision.ID, Pinpoint: v.Provision.Pinpoint, Text: v.Provision.Text, Force: v.Provision.Force,
		Note: v.Provision.Note, Verdict: v.ID()}
	switch v.Outcome {
	case judge.Met:
		u.State, u.By = Met, deciders(v, "true")
	case judge.Violated:
		u.State, u.By = Contradicted, deciders(v, "false")
	case judge.NotApplicable:
		u.State = Outside
	default:
		u.State, u.Indicated = NotShown, slices.Contains(v.Flags, judge.BreachIndicated)
		u.Missing = missing(cat, v)
	}
	return u
}

// deciders say who brought the facts on which the requirement's truth rests. What makes a unit speak for its
// product is asked apart and decides nothing of the unit.
func deciders(v *judge.Verdict, truth string) []Who {
	var out []Who
	add := func(w Who) {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	var facts func(all []judge.Because)
	facts = func(all []judge.Because) {
		for i := range all {
			b := &all[i]
			if b.Kind == "gate" {
				continue
			}
			if b.Fact != nil && b.Fact.State == fact.Known {
				for _, c := range b.Fact.Support {
					add(brings(c.Method))
				}
			}
			facts(b.Children)
		}
	}
	because := v.Because()
	for i := range because {
		b := &because[i]
		if b.Kind != "conjunct" && b.Truth == truth {
			facts([]judge.Because{*b})
		}
	}
	slices.SortFunc(out, byEase)
	return out
}

func byEase(a, b Who) int { return slices.Index(ease, a) - slices.Index(ease, b) }

func brings(m fact.Method) Who {
	switch m {
	case fact.Passive:
		return Wire
	case fact.Active, fact.Import:
		return Test
	case fact.Declaration:
		return Answer
	case fact.Judgement:
		return Judgement
	}
	return Document
}

// missing lists what would take a unit further: the cheapest way out, else all that it waits for.
func missing(cat *law.Catalogue, v *judge.Verdict) []Missing {
	all := v.Cheapest
	if len(all) == 0 {
		all = v.Missing
	}
	var out []Missing
	for _, m := range all {
		one := Missing{Document, m.Fact, string(m.Fact)}
		if d, ok := cat.Vocabulary.Lookup(m.Fact); ok {
			one.By, one.What = first(d), what(d)
			if one.By == Document && v.Bearer == judge.Own && slices.Contains(d.Known, fact.Declaration) {
				one.By = Answer // of what we make our own word counts
			}
		}
		if strings.HasPrefix(string(m.Fact), fact.JudgementPrefix) {
			one.By, one.What = Judgement, "a signed, reasoned judgement that ends"
			if len(v.Provision.Needs) > 0 {
				one.What = strings.Join(v.Provision.Needs, "; ")
			}
		}
		if !slices.ContainsFunc(out, func(o Missing) bool { return o.Fact == one.Fact }) {
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b Missing) int { return byEase(a.By, b.By) })
	return out
}

// first is who can learn a fact soonest without asking for trust: the wire before a test, both before paper.
func first(d *fact.Definition) Who {
	for _, m := range []fact.Method{fact.Passive, fact.Active, fact.Import, fact.Record, fact.Declaration} {
		if slices.Contains(d.Known, m) {
			return brings(m)
		}
	}
	return Judgement
}

func what(d *fact.Definition) string {
	if d.Question != "" {
		return d.Question
	}
	return "whether " + d.Meaning
}

// Reach says of how many units Writ can decide what, whatever the product: a property of the scheme's text.
type Reach struct {
	Units int `json:"units"`
	// Whole are those that the wire and tests alone can show met and contradicted, Breach those that they can show
	// contradicted only, Points those on which they bear, where something else must stand beside.
	Whole    int `json:"whole"`
	Breach   int `json:"breach"`
	Points   int `json:"points"`
	Document int `json:"document"` // a record or a document decides
	Judged   int `json:"judgement"`
}

func reach(cat *law.Catalogue, units []*law.Provision) Reach {
	r, known := Reach{Units: len(units)}, map[law.ControlID]hold{}
	held := func(ids []law.ControlID, h hold) (n int) {
		for _, id := range ids {
			if _, ok := known[id]; !ok {
				known[id] = holdOf(cat, id)
			}
			if known[id] >= h {
				n++
			}
		}
		return n
	}
	for _, p := range units {
		decide := slices.Concat(p.Breach, p.Suffices)
		switch {
		case len(p.Suffices) > 0 && held(decide, alone) == len(decide):
			r.Whole++
		case held(p.Breach, alone) > 0:
			r.Breach++
		case held(slices.Concat(decide, p.Indicators), beside) > 0:
			r.Points++
		case len(decide) > 0:
			r.Document++
		default:
			r.Judged++
		}
	}
	return r
}

// hold is what the wire and tests have on a control.
type hold uint8

const (
	nothing hold = iota
	beside       // they show some of its facts
	alone        // they show all of them
)

func holdOf(cat *law.Catalogue, id law.ControlID) hold {
	c := cat.Controls[id]
	if c == nil {
		return nothing
	}
	defs, _ := expr.Check(cat.Vocabulary, c.Expr)
	n := 0
	for _, d := range defs {
		if w := first(d); w == Wire || w == Test {
			n++
		}
	}
	switch {
	case n == 0:
		return nothing
	case n == len(defs):
		return alone
	}
	return beside
}

// Bringers are those who can bring what a unit misses, who can soonest first.
func (u *Unit) Bringers() (out []Who) {
	for _, m := range u.Missing {
		if !slices.Contains(out, m.By) {
			out = append(out, m.By)
		}
	}
	return out
}

// Brings is what one of them can bring.
func (u *Unit) Brings(by Who) (out []string) {
	for _, m := range u.Missing {
		if m.By == by {
			out = append(out, m.What)
		}
	}
	return out
}
