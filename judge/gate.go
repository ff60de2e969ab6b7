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

// gateway is the gate with a product's units before it, each a speaker. Nothing of it hangs on a control.
type gateway struct {
	speakers []speaker
	enough   *node // of them speak: one that was seen twice, or two
}

// speaker is a unit at the gate.
type speaker struct {
	certain, state, repeated *node
	scope, beyond            *node // the provision reaches the unit, or not
	speaks                   *node // the unit, once seen, stands for its product
}

// atGate makes the speakers of a trial when the first control needs them.
func (t *trial) atGate() *gateway {
	if t.gateway != nil {
		return t.gateway
	}
	g := &gateway{speakers: make([]speaker, len(t.p.units))}
	once, each := make([]*node, len(t.p.units)), make([]*node, len(t.p.units))
	for i := range g.speakers {
		s := speaker{scope: t.scopes[i], certain: t.inquire(t.gate.certain, i), state: t.inquire(t.gate.state, i),
			repeated: t.inquire(t.gate.repeated, i)}
		s.beyond, s.speaks = join(not, s.scope), join(all, s.scope, s.certain, s.state)
		once[i], each[i] = join(all, s.speaks, s.repeated), s.speaks
		g.speakers[i] = s
	}
	g.enough = join(some, join(some, once...), join(twice, each...))
	t.gateway = g
	return g
}

func (t *trial) inquire(q inquiry, unit int) *node {
	if q.Expr == nil {
		return is(expr.Unknown)
	}
	return ask(t.atom(q.Expr, t.among(q.Facts[0], t.p.units[unit], t.p.states[unit]))).shown(q.label)
}

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
	g := t.atGate()
	breaks, breaksTwice := make([]*node, len(units)), make([]*node, len(units))
	holds := make([]*node, len(units), len(units)+1)
	for i, c := range units {
		s := &g.speakers[i]
		breaksTwice[i] = join(all, s.speaks, join(not, c))
		breaks[i] = join(all, breaksTwice[i], s.repeated)
		holds[i] = join(some, s.beyond, join(all, c, s.certain, s.state))
	}
	holds = append(holds, g.enough)
	return join(either, join(all, holds...), join(some, join(some, breaks...), join(twice, breaksTwice...)))
}

// standsForProduct says that what is so of the product's units may be said of the product: one speaks for it and was
// seen twice, or two do.
func (t *trial) standsForProduct() *node { return t.atGate().enough }

// questions are those at the gate, of each unit that the provision may reach.
func (t *trial) questions() []*node {
	all := make([]*node, 0, 3*len(t.p.units))
	for i := range t.atGate().speakers {
		s := &t.gateway.speakers[i]
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
		s := &t.atGate().speakers[i]
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
