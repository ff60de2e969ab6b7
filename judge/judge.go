// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Judge gives all verdicts of the catalogue on a world. The order of the input never changes the result.
func (e *Engine) Judge(in Input) *Result {
	w := newWorld(e.catalogue.Vocabulary, in)
	c := &court{Engine: e, world: w, days: map[fact.Day]*asking{}}
	r := &Result{ReplayKey: e.replayKey(w, in)}
	holds, counts := newHolds(w), map[fact.Subject]*Counts{}
	for _, d := range e.duties {
		if d.Force == law.May {
			continue
		}
		for _, p := range w.parties(d) {
			v, t := c.verdict(d, &p)
			holds.add(t)
			r.count(&v, counts)
			if in.All || v.Outcome != NotApplicable {
				r.Verdicts = append(r.Verdicts, v)
			}
		}
	}
	r.Instruments = holds.list(e.instruments, in.Day, holds.all)
	for _, p := range w.persons(holds) {
		s := Standing{Person: p, Instruments: holds.list(e.instruments, in.Day, holds.persons[p])}
		if c := counts[p]; c != nil {
			s.Counts = *c
		}
		r.Persons = append(r.Persons, s)
	}
	return r
}

// persons are our own in their order, before them nobody by name where somebody of us owes without one.
func (w *world) persons(h *holds) []fact.Subject {
	if h.persons[fact.Subject{}] != nil {
		return append([]fact.Subject{{}}, w.own...)
	}
	return w.own
}

// court judges one world, on its law day and on the days of readiness.
type court struct {
	*Engine
	*world
	days map[fact.Day]*asking
}

func (c *court) on(day fact.Day) *asking {
	a := c.days[day]
	if a == nil {
		a = &asking{world: c.world, day: day, seen: map[question]*answer{}, gates: map[gateKey]*node{}}
		c.days[day] = a
	}
	return a
}

// verdict holds one provision against one party.
func (c *court) verdict(d *duty, p *party) (Verdict, *trial) {
	t := c.on(c.day).try(c.gate, d, p, c.adopted)
	v := Verdict{Provision: d.Provision, Person: p.person, Bearer: p.bearer, Subject: p.subject, Outcome: t.outcome()}
	if p.subject.Kind == fact.Product {
		v.Units = t.reached()
	}
	v.Flags = t.flags(v.Outcome)
	v.Because = t.because(v.Outcome)
	switch v.Outcome {
	case NotShown:
		v.Missing = missing(t.applies, t.requires)
		v.Cheapest = t.cheapest(v.Missing)
		v.Reasons = t.reasons(v.Missing)
		v.Class = c.class(&v)
		if t.applies.truth == expr.Unknown {
			v.WouldBe = outcomeOf(expr.True, t.requires.truth)
		}
	case NotApplicable:
		v.Readiness = c.readiness(d, p)
	}
	return v, t
}

// outcomeOf is the table of semantics, section 2.
func outcomeOf(applies, requires expr.Truth) Outcome {
	switch {
	case applies == expr.False:
		return NotApplicable
	case applies == expr.True && requires == expr.False:
		return Violated
	case applies == expr.True && requires == expr.True:
		return Met
	}
	return NotShown
}

func (t *trial) outcome() Outcome { return outcomeOf(t.applies.truth, t.requires.truth) }

// reached lists the units on which a product's verdict rests: those known, save what the provision does
// not reach.
func (t *trial) reached() []fact.Subject {
	var units []fact.Subject
	for i, u := range t.p.units {
		if u.ID != "" && t.scopes[i].truth != expr.False {
			units = append(units, u)
		}
	}
	return units
}

// readiness is the verdict with the law day moved to the day on which the provision applies, the
// evidence time kept, and a voluntary instrument taken as adopted. A text that has no such day, or whose
// days are over, has none.
func (c *court) readiness(d *duty, p *party) *Readiness {
	if d.from == nil || d.until != nil && *d.until <= c.day {
		return nil
	}
	early, voluntary := c.day < *d.from, d.Instrument.Kind.Voluntary()
	if !early && !voluntary {
		return nil
	}
	day := max(c.day, *d.from)
	t := c.on(day).try(c.gate, d, p, voluntary)
	r := &Readiness{Day: day, Outcome: t.outcome()}
	if !early && r.Outcome == NotApplicable {
		return nil // it is not the adoption that is wanting
	}
	r.Flags = t.flags(r.Outcome)
	if r.Outcome == NotShown {
		r.Reasons = t.reasons(missing(t.applies, t.requires))
	}
	return r
}

// flags are sorted.
func (t *trial) flags(o Outcome) []string {
	var flags []string
	add := func(f string, set bool) {
		if set {
			flags = append(flags, f)
		}
	}
	declared, partial := t.rests(o)
	add(BreachIndicated, o == NotShown && (t.pointed || t.requires.truth == expr.False))
	add(Declared, declared)
	add(DoubtfulLaw, t.d.Confidence == law.Doubtful)
	add(PartialView, partial)
	add(Presumed, o == Met && t.sound.truth != expr.True)
	add(Recommendation, t.d.Force == law.Should)
	return flags
}

// rests says whether what the outcome rests on was declared only, or seen in an incomplete view.
func (t *trial) rests(o Outcome) (declared, partial bool) {
	look := func(a *answer) {
		for _, i := range a.deciding(t.day) {
			r := &a.states[i]
			declared = declared || r.State == fact.Known && r.Declared
			partial = partial || slices.ContainsFunc(r.Support, func(c *fact.Claim) bool { return c.Coverage.Partial })
		}
	}
	t.applies.bearing(look)
	if o != NotApplicable {
		t.requires.bearing(look)
		for _, n := range t.parts {
			if n.truth == expr.False {
				n.bearing(look) // what points to a breach
			}
		}
	}
	return declared, partial
}

// deciding lists the facts that bear on the answer's truth.
func (a *answer) deciding(day fact.Day) []int {
	var out []int
	value := func(n fact.Name) fact.Value { return a.values[a.find(n)] }
	var walk func(*expr.Node)
	walk = func(n *expr.Node) {
		if n.Op == expr.Leaf {
			out = append(out, a.find(n.Atom.Fact))
			return
		}
		truth := n.Truth(value, day, a.at)
		for _, k := range n.Kids {
			if n.Op == expr.OpNot || k.Truth(value, day, a.at) == truth {
				walk(k)
			}
		}
	}
	walk(a.tree)
	slices.Sort(out)
	return slices.Compact(out)
}

// reasons of a not-shown, sorted. Where a person's judgement is what is missing, that is the reason.
func (t *trial) reasons(missing []MissingFact) []Reason {
	var out []Reason
	for _, m := range missing {
		if t.open && m.Fact == t.d.judgement.Atom.Fact && m.Reason == fact.NoEvidence {
			out = append(out, OpenNorm)
		} else {
			out = append(out, Reason(m.Reason))
		}
	}
	if t.applies.truth == expr.Unknown {
		out = append(out, ApplicabilityUnknown)
	}
	if t.requires.truth == expr.Unknown {
		out = append(out, t.halts...)
	}
	if len(out) == 0 {
		out = append(out, Inconclusive) // everything is known, and it settles nothing
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// count adds a verdict to the vector of its bearer; one of ours to that of the person, too. Only must counts.
func (r *Result) count(v *Verdict, persons map[fact.Subject]*Counts) {
	switch {
	case v.Provision.Force != law.Must:
		return
	case v.Bearer == Supplier:
		r.Supplier.add(v)
		return
	}
	r.Own.add(v)
	if persons[v.Person] == nil {
		persons[v.Person] = &Counts{}
	}
	persons[v.Person].add(v)
}

func (c *Counts) add(v *Verdict) {
	switch v.Outcome {
	case Met:
		c.Met++
	case Violated:
		c.Violated++
	case NotApplicable:
		c.NotApplicable++
	default:
		c.NotShown++
		if slices.Contains(v.Flags, BreachIndicated) {
			c.BreachIndicated++
		}
	}
}
