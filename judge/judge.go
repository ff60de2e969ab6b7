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
	c := newCourt(e, in)
	r := &Result{ReplayKey: e.replayKey(c.world, in)}
	dockets := c.dockets(r)
	c.sit(dockets)
	holds, counts := newHolds(c.world), map[fact.Subject]*Counts{}
	for i := range dockets {
		holds.join(dockets[i].holds)
		for k := range dockets[i].verdicts {
			r.count(&dockets[i].verdicts[k], counts)
		}
	}
	if !in.All {
		r.applying()
	}
	r.Instruments = holds.list(e.instruments, in.Day, holds.all)
	for _, p := range c.persons(holds) {
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

// applying keeps the verdicts that are not not-applicable, in room for no more than them.
func (r *Result) applying() {
	r.Verdicts = exact(slices.DeleteFunc(r.Verdicts, func(v Verdict) bool { return v.Outcome == NotApplicable }))
}

// verdict holds one provision against one party.
func (s *sitting) verdict(d *duty, p *party) (Verdict, *trial) {
	t := s.on(s.day).try(d, p, s.adopted)
	v := Verdict{Provision: d.Provision, Person: p.person, Bearer: p.bearer, Subject: p.subject, Outcome: t.outcome(),
		court: s.court}
	if p.subject.Kind == fact.Product {
		v.Units = t.reached()
	}
	v.Flags = t.flags(v.Outcome)
	switch v.Outcome {
	case NotShown:
		v.Missing = t.missing(t.applies, t.requires)
		v.Cheapest = t.cheapest(v.Missing)
		v.Reasons = t.reasons(v.Missing)
		v.Class = s.class(&v)
		if t.applies.truth == expr.Unknown {
			v.WouldBe = outcomeOf(expr.True, t.requires.truth)
		}
	case NotApplicable:
		v.Readiness = s.readiness(d, p)
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
	out := func(i int) bool { return t.p.units[i].ID == "" || t.scopes[i].truth == expr.False }
	var units []fact.Subject
	for i, u := range t.p.units {
		if out(i) {
			continue
		}
		if units == nil {
			units = make([]fact.Subject, 0, len(t.p.units))
		}
		units = append(units, u)
	}
	if len(units) == len(t.p.units) {
		return t.p.units // of all, one list for all verdicts
	}
	return units
}

// readiness is the verdict with the law day moved to the day on which the provision applies, the
// evidence time kept, and a voluntary instrument taken as adopted. A text that has no such day, or whose
// days are over, has none.
func (s *sitting) readiness(d *duty, p *party) *Readiness {
	if d.from == nil || d.until != nil && *d.until <= s.day {
		return nil
	}
	early, voluntary := s.day < *d.from, d.Instrument.Kind.Voluntary()
	if !early && !voluntary {
		return nil
	}
	day := max(s.day, *d.from)
	t := s.on(day).try(d, p, voluntary)
	r := &Readiness{Day: day, Outcome: t.outcome()}
	if !early && r.Outcome == NotApplicable {
		return nil // it is not the adoption that is wanting
	}
	r.Flags = t.flags(r.Outcome)
	if r.Outcome == NotShown {
		r.Reasons = t.reasons(t.named(t.applies, t.requires))
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
			r := a.known[i].state
			declared = declared || r.State == fact.Known && r.Declared
			partial = partial || slices.ContainsFunc(r.Support, inPart)
		}
	}
	t.bearing(look, t.applies)
	if o != NotApplicable {
		t.bearing(look, t.requires)
		for _, n := range t.parts {
			if n.truth == expr.False {
				t.bearing(look, n) // what points to a breach
			}
		}
	}
	return declared, partial
}

func inPart(c *fact.Claim) bool { return c.Coverage.Partial }

// deciding lists the facts that bear on the answer's truth.
func (a *answer) deciding(day fact.Day) []int {
	var out []int
	var walk func(*expr.Node)
	walk = func(n *expr.Node) {
		if n.Op == expr.Leaf {
			out = append(out, a.find(n.Atom.Fact))
			return
		}
		truth := n.Truth(a.value, day, a.at)
		for _, k := range n.Kids {
			if n.Op == expr.OpNot || k.Truth(a.value, day, a.at) == truth {
				walk(k)
			}
		}
	}
	walk(a.Tree)
	slices.Sort(out)
	return slices.Compact(out)
}

// reasons of a not-shown, sorted. Where a person's judgement is what is missing, that is the reason.
func (t *trial) reasons(missing []MissingFact) []Reason {
	var out []Reason
	add := func(r Reason) {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	for _, m := range missing {
		if t.open && m.Fact == t.d.judgement.Facts[0] && m.Reason == fact.NoEvidence {
			add(OpenNorm)
		} else {
			add(Reason(m.Reason))
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
