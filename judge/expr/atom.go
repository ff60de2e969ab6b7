// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"slices"

	"github.com/writ-iot/writ/fact"
)

// Op joins the kids of a node.
type Op uint8

// The operators; Leaf is an atom.
const (
	Leaf Op = iota
	OpAnd
	OpOr
	OpNot
)

// Node is an expression as the fence reads it. What CEL makes of the same text is the truth; the tree
// serves to look for what would decide it.
type Node struct {
	Op   Op
	Kids []*Node
	Atom *Atom
}

// Operand is what a fact is compared with.
type Operand uint8

// The operands.
const (
	Bare  Operand = iota // nothing: a yes/no fact stands alone
	Const                // Atom.Const
	Day                  // the law day
	At                   // the day of the evidence time
	Since                // within Atom.Span of the law day
)

// Atom compares one fact.
type Atom struct {
	Fact  fact.Name
	Def   *fact.Definition
	Cmp   string // == != < <= > >=; "" where Operand is Bare or Since
	With  Operand
	Const fact.Value
	Span  Span
}

// Holds says whether the atom is true of a value.
func (a *Atom) Holds(v fact.Value, day, at fact.Day) bool {
	switch a.With {
	case Bare:
		return v.IsTrue()
	case Since:
		return a.Span.Within(v.Day(), day)
	}
	if a.Def.Type == fact.Enum {
		return (v.Word() == a.Const.Word()) == (a.Cmp == "==")
	}
	return holds(a.Cmp, number(v), a.bound(day, at))
}

// bound is the number that the fact is compared with.
func (a *Atom) bound(day, at fact.Day) int64 {
	switch a.With {
	case Day:
		return int64(day)
	case At:
		return int64(at)
	}
	return number(a.Const)
}

func number(v fact.Value) int64 {
	if v.Type() == fact.Date {
		return int64(v.Day())
	}
	return v.Int()
}

func holds(cmp string, a, b int64) bool {
	switch cmp {
	case "==":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

// Values gives values of the fact among which every truth of the atom occurs, on both sides of each
// place where it changes: enough to ask what a value would decide, without trying all numbers.
func (a *Atom) Values(day, at fact.Day) []fact.Value {
	switch a.Def.Type {
	case fact.Bool:
		return []fact.Value{fact.BoolValue(true), fact.BoolValue(false)}
	case fact.Enum:
		var out []fact.Value
		for _, w := range a.Def.Words {
			out = append(out, fact.EnumValue(w))
		}
		return out
	}
	var edges []int64
	if a.With == Since {
		// Months clamp at their end, so the first day of the period lies within four days of this.
		first := int64(day.AddMonths(-a.Span.Months)) - int64(a.Span.Days)
		for d := first - 4; d <= first+4; d++ {
			edges = append(edges, d)
		}
		edges = append(edges, int64(day), int64(day)+1)
	} else {
		b := a.bound(day, at)
		edges = []int64{b - 1, b, b + 1}
	}
	var out []fact.Value
	for _, e := range edges {
		v := fact.NumberValue(e)
		if a.Def.Type == fact.Date {
			v = fact.DateValue(fact.Day(e))
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Walk visits every atom.
func (n *Node) Walk(visit func(*Atom)) {
	if n.Atom != nil {
		visit(n.Atom)
	}
	for _, k := range n.Kids {
		k.Walk(visit)
	}
}

// Truth is the formula's truth in strong Kleene logic; the zero Value is unknown.
func (n *Node) Truth(value func(fact.Name) fact.Value, day, at fact.Day) Truth {
	if n.Op == Leaf {
		v := value(n.Atom.Fact)
		if v.Type() == fact.None {
			return Unknown
		}
		return Of(n.Atom.Holds(v, day, at))
	}
	kids := make([]Truth, len(n.Kids))
	for i, k := range n.Kids {
		kids[i] = k.Truth(value, day, at)
	}
	switch n.Op {
	case OpAnd:
		return And(kids...)
	case OpOr:
		return Or(kids...)
	}
	return kids[0].Not()
}
