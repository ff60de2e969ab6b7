// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

// truth is strong Kleene logic over an expression; a count that lies between bounds decides what both bounds decide.
func (a *asking) truth(n *expr.Node) expr.Truth {
	if n.Op == expr.Leaf {
		return a.atom(n.Atom)
	}
	kids := make([]expr.Truth, len(n.Kids))
	for i, k := range n.Kids {
		kids[i] = a.truth(k)
	}
	switch n.Op {
	case expr.OpAnd:
		return expr.And(kids...)
	case expr.OpOr:
		return expr.Or(kids...)
	}
	return kids[0].Not()
}

func (a *asking) atom(at *expr.Atom) expr.Truth {
	k := a.ask(at.Def)
	day := a.world.Day
	switch {
	case k.nothing():
		return expr.Unknown
	case !k.bounded:
		return expr.Of(at.Holds(k.value, day, day))
	}
	low := at.Holds(fact.NumberValue(k.low), day, day)
	switch at.Cmp {
	case ">", ">=": // true of the low bound is true of all above
		if low {
			return expr.True
		}
		if k.high >= 0 && !at.Holds(fact.NumberValue(k.high), day, day) {
			return expr.False
		}
	case "<", "<=":
		if !low {
			return expr.False
		}
		if k.high >= 0 && at.Holds(fact.NumberValue(k.high), day, day) {
			return expr.True
		}
	}
	return expr.Unknown
}

// missing are the facts that an unknown truth waits for.
func (a *asking) missing(n *expr.Node) []fact.Name {
	if a.truth(n) != expr.Unknown {
		return nil
	}
	if n.Op == expr.Leaf {
		return []fact.Name{n.Atom.Fact}
	}
	var all []fact.Name
	for _, k := range n.Kids {
		all = append(all, a.missing(k)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// explain says on which facts a truth rests.
func (a *asking) explain(n *expr.Node, truth expr.Truth) []string {
	if a.truth(n) != truth {
		return nil
	}
	if n.Op == expr.Leaf {
		k := a.ask(n.Atom.Def)
		said := k.value.String()
		switch {
		case k.value.IsTrue():
			said = "yes"
		case k.value.IsFalse():
			said = "no"
		case k.bounded && k.high < 0:
			said = fmt.Sprintf("at least %d", k.low)
		case k.bounded:
			said = fmt.Sprintf("from %d to %d", k.low, k.high)
		}
		line := fmt.Sprintf("%s: %s", n.Atom.Fact, said)
		if k.because != "" {
			line += " (" + k.because + ")"
		}
		return []string{line}
	}
	if n.Op == expr.OpNot {
		return a.explain(n.Kids[0], truth.Not())
	}
	var all []string
	for _, k := range n.Kids {
		all = append(all, a.explain(k, truth)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
