// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// The facts of a unit on which it depends whether it speaks of its product (semantics, section 2).
const (
	certainFact  = "identity.certain"
	repeatedFact = "sighting.repeated"
	stateFact    = "unit.state"
	altered      = "altered" // by its user: what it does is no longer its maker's
)

// gate asks whether what a unit does may be said of its product. A question whose fact the vocabulary
// does not have stays open: no unit then ever speaks.
type gate struct{ certain, repeated, state inquiry }

// inquiry is one question of the gate; without an expression it stays open.
type inquiry struct {
	*expr.Expr
	label *label
}

func newGate(v *fact.Vocabulary) gate {
	var g gate
	inquire := func(e *expr.Expr, text string) inquiry {
		return inquiry{e, &label{"gate", string(e.Facts[0]), "", text}}
	}
	if d, ok := v.Lookup(certainFact); ok && d.Type == fact.Bool {
		g.certain = inquire(bare(d), "vendor and model are certain")
	}
	if d, ok := v.Lookup(repeatedFact); ok && d.Type == fact.Bool {
		g.repeated = inquire(bare(d), "seen on two units or in two sessions")
	}
	if d, ok := v.Lookup(stateFact); ok && d.Type == fact.Enum {
		g.state = inquire(ofAtom(&expr.Atom{Fact: d.Name, Def: d, Cmp: "!=", With: expr.Const,
			Const: fact.EnumValue(altered)}), "the unit's state is known, and it was not altered")
	}
	return g
}

// speaker is a unit at the gate.
type speaker struct {
	certain, state, repeated *node
	scope                    *node // the provision reaches the unit
}

// atGate makes the speakers of a trial when the first control needs them.
func (t *trial) atGate() []speaker {
	if t.speakers == nil {
		t.speakers = make([]speaker, len(t.p.units))
		for i, u := range t.p.units {
			t.speakers[i] = speaker{scope: t.scopes[i], certain: t.inquire(t.gate.certain, u),
				state: t.inquire(t.gate.state, u), repeated: t.inquire(t.gate.repeated, u)}
		}
	}
	return t.speakers
}

func (a *asking) inquire(q inquiry, unit fact.Subject) *node {
	if q.Expr == nil {
		return is(expr.Unknown)
	}
	return ask(a.atom(q.Expr, unit)).shown(q.label)
}

// speaks says that the unit, once seen, stands for its product.
func (s *speaker) speaks() *node { return join(all, s.scope, s.certain, s.state) }

// gated says whether a duty speaks of a product while an expression asks its units: for an operator's
// own duty the unit is enough.
func (t *trial) gated(e *expr.Expr) bool {
	thing := t.p.subject.Kind == fact.Product || t.p.subject.Kind == fact.Device
	return thing && t.d.Bearer != law.OfOperator && asks(e, fact.Device)
}

// throughGate says of the product what an expression says of its units: false where it is false of one
// that speaks and was seen twice, or of two that speak; true where it is true of all of them, all speak
// and there are as many. Otherwise nothing is shown of the product.
func (t *trial) throughGate(units []*node) *node {
	var breaks, breaksTwice, holds, seen, seenTwice []*node
	for i, c := range units {
		s := &t.atGate()[i]
		bad, good := join(all, s.speaks(), join(not, c)), s.speaks()
		breaks = append(breaks, join(all, bad, s.repeated))
		breaksTwice = append(breaksTwice, bad)
		holds = append(holds, join(some, join(not, s.scope), join(all, c, s.certain, s.state)))
		seen = append(seen, join(all, good, s.repeated))
		seenTwice = append(seenTwice, good)
	}
	holds = append(holds, join(some, join(some, seen...), join(twice, seenTwice...)))
	return join(either, join(all, holds...), join(some, join(some, breaks...), join(twice, breaksTwice...)))
}

// standsForProduct says that a unit speaks for the product and was seen twice, or that two speak.
func (t *trial) standsForProduct() *node {
	speakers := t.atGate()
	seen, seenTwice := make([]*node, len(speakers)), make([]*node, len(speakers))
	for i := range speakers {
		s := &speakers[i]
		seenTwice[i] = s.speaks()
		seen[i] = join(all, seenTwice[i], s.repeated)
	}
	return join(some, join(some, seen...), join(twice, seenTwice...))
}

// questions are those at the gate, of each unit that the provision may reach.
func (t *trial) questions() []*node {
	var all []*node
	for i := range t.atGate() {
		s := &t.speakers[i]
		if s.scope.truth != expr.False {
			all = append(all, s.certain, s.state, s.repeated)
		}
	}
	return all
}

// halted names why a breach seen on a unit is not yet one of the product.
func (t *trial) halted(units []*node) []Reason {
	var reasons []Reason
	for i, c := range units {
		s := &t.atGate()[i]
		switch {
		case c.truth != expr.False || s.scope.truth == expr.False:
		case s.certain.truth != expr.True:
			reasons = append(reasons, IdentityUncertain)
		case s.state.truth != expr.True || s.repeated.truth != expr.True:
			reasons = append(reasons, UnitNotProduct)
		}
	}
	slices.Sort(reasons)
	return slices.Compact(reasons)
}
