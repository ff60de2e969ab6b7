// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"cmp"
	"math"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

// price is how many facts something needs, and the first of their names.
type price struct {
	n     float64
	first fact.Name
}

// priceless is the price where no fact helps; then none is named.
func priceless() price { return price{n: math.Inf(1)} }

func (p price) compare(o price) int {
	return cmp.Or(cmp.Compare(p.n, o.n), cmp.Compare(p.first, o.first))
}

// and is the price of both: facts that they share count twice.
func (p price) and(o price) price {
	p.n += o.n
	if p.first == "" || o.first != "" && o.first < p.first {
		p.first = o.first
	}
	return p
}

// or is the lower of two prices.
func (p price) or(o price) price {
	if o.compare(p) < 0 {
		return o
	}
	return p
}

// costs estimates the price of goals together.
func costs(goals []goal, day fact.Day) price {
	var sum price
	for _, g := range goals {
		sum = sum.and(g.cost(day))
	}
	return sum
}

// cost is the price of the cheapest of the goal's ways, without making them.
func (g goal) cost(day fact.Day) price {
	switch now := g.truth(day); {
	case now == g.want:
		return price{}
	case now != expr.Unknown:
		return priceless()
	case g.tree != nil:
		return priceless().or(g.treeCost(day))
	}
	return priceless().or(g.nodeCost(day))
}

func (g goal) nodeCost(day fact.Day) price {
	yes := g.want == expr.True
	switch g.n.op {
	case asked:
		return goal{a: g.n.ask, tree: g.n.ask.Tree, want: g.want}.cost(day)
	case not:
		return goal{n: g.n.kids[0], want: g.want.Not()}.cost(day)
	case all:
		return g.kidsCost(yes, day)
	case some:
		return g.kidsCost(!yes, day)
	case twice:
		return g.twiceCost(yes, day)
	case either:
		side := 0
		if !yes {
			side = 1
		}
		return goal{n: g.n.kids[side], want: expr.True}.cost(day)
	}
	return priceless()
}

// kidsCost is the price of all kids that are not settled, or of the cheapest.
func (g goal) kidsCost(together bool, day fact.Day) price {
	sum, least := price{}, priceless()
	for _, k := range g.n.kids {
		if k.truth == expr.Unknown {
			p := goal{n: k, want: g.want}.cost(day)
			sum, least = sum.and(p), least.or(p)
		}
	}
	if together {
		return sum
	}
	return least
}

// twiceCost is the price of the two cheapest kids; or, to have at most one, of all but the dearest.
func (g goal) twiceCost(two bool, day fact.Day) price {
	first, second, dearest, rest := priceless(), priceless(), price{n: -1}, price{}
	for _, k := range g.n.kids {
		p := goal{n: k, want: g.want}.cost(day)
		if p.compare(first) < 0 {
			first, second = p, first
		} else {
			second = second.or(p)
		}
		switch {
		case dearest.n < 0:
			dearest = p
		case p.compare(dearest) < 0:
			rest = rest.and(p)
		default:
			rest, dearest = rest.and(dearest), p
		}
	}
	if two {
		return first.and(second)
	}
	return rest
}

func (g goal) treeCost(day fact.Day) price {
	switch g.tree.Op {
	case expr.Leaf:
		return price{1, g.tree.Atom.Fact}
	case expr.OpNot:
		return goal{a: g.a, tree: g.tree.Kids[0], want: g.want.Not()}.cost(day)
	}
	sum, least := price{}, priceless()
	for _, k := range g.tree.Kids {
		p := goal{a: g.a, tree: k, want: g.want}.cost(day)
		sum, least = sum.and(p), least.or(p)
	}
	if (g.tree.Op == expr.OpAnd) == (g.want == expr.True) {
		return sum
	}
	return least
}
