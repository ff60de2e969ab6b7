// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// demand is what must come about for a control not to be false any more: one of these facts must change.
// A control that is false has all its demands; a duty is cleared once every demand of every control that
// speaks against it is.
type demand []*judge.Because

// mostDemands bounds what a formula multiplies out to; beyond it more is asked than need be.
const mostDemands = 32

// demands of a control of a verdict's reasons, unit by unit.
func (b *Blamer) demands(control *judge.Because) []demand {
	known := knownFacts(control)
	var out []demand
	if tree := b.tree(law.ControlID(control.ID)); tree != nil {
		for _, unit := range units(known) {
			t := b.on(known, unit)
			if t.truth(tree) == expr.False {
				out = append(out, t.demands(tree, expr.False)...)
			}
		}
	}
	if len(out) == 0 && control.Truth == "false" { // no formula tells: each known fact must change
		for _, n := range known {
			out = append(out, demand{n})
		}
	}
	return out
}

// demands are those whose meeting takes the truth want from the node. A conjunction is false by each false part:
// all of them must change; a disjunction by all of its parts: one is enough.
func (t *unitFacts) demands(n *expr.Node, want expr.Truth) []demand {
	switch n.Op {
	case expr.Leaf:
		if r := t.at[n.Atom.Fact]; r != nil {
			return []demand{{r}}
		}
		return nil
	case expr.OpNot:
		return t.demands(n.Kids[0], want.Not())
	}
	var parts [][]demand
	for _, k := range n.Kids {
		if t.truth(k) == want {
			parts = append(parts, t.demands(k, want))
		}
	}
	if (n.Op == expr.OpAnd) == (want == expr.False) {
		return slices.Concat(parts...)
	}
	return oneOf(parts)
}

// oneOf multiplies out: meeting all demands of one part meets the whole.
func oneOf(parts [][]demand) []demand {
	var out []demand
	for i, p := range parts {
		if i == 0 {
			out = p
			continue
		}
		if len(out)*len(p) > mostDemands {
			return slices.Concat(parts...)
		}
		var next []demand
		for _, a := range out {
			for _, b := range p {
				next = append(next, joined(a, b))
			}
		}
		out = next
	}
	return out
}

func joined(a, b demand) demand {
	out := slices.Clone(a)
	for _, n := range b {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// unitFacts are the known facts that speak of one unit.
type unitFacts struct {
	at      map[fact.Name]*judge.Because
	day, on fact.Day
}

func (b *Blamer) on(known []*judge.Because, unit fact.Subject) *unitFacts {
	t := &unitFacts{at: map[fact.Name]*judge.Because{}, day: b.day, on: b.at}
	for _, n := range known {
		if n.Subject == nil || n.Subject.Kind != fact.Device || *n.Subject == unit {
			t.at[fact.Name(n.ID)] = n
		}
	}
	return t
}

func (t *unitFacts) truth(n *expr.Node) expr.Truth {
	return n.Truth(func(f fact.Name) fact.Value {
		if r := t.at[f]; r != nil {
			return r.Fact.Value
		}
		return fact.Value{}
	}, t.day, t.on)
}

func knownFacts(control *judge.Because) (known []*judge.Because) {
	for i := range control.Children {
		n := &control.Children[i]
		if n.Kind == "fact" && n.Fact != nil && n.Fact.State == fact.Known && n.Truth != "unknown" {
			known = append(known, n)
		}
	}
	return known
}
