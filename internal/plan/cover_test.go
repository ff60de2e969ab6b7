// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// small is a random problem of at most ten actions.
func small(r *rand.Rand) *problem {
	p := &problem{}
	for range 2 + r.IntN(9) {
		p.cost = append(p.cost, 1+r.IntN(40))
	}
	for range 1 + r.IntN(14) {
		g := group{weight: 1 + r.IntN(6)}
		for range 1 + r.IntN(4) {
			var c clause
			for range 1 + r.IntN(3) {
				if a := r.IntN(len(p.cost)); !slices.Contains(c, a) {
					c = append(c, a)
				}
			}
			slices.Sort(c)
			g.clauses = append(g.clauses, c)
		}
		p.groups = append(p.groups, g)
	}
	return p
}

func subset(mask, n int) (out []int) {
	for a := range n {
		if mask&(1<<a) != 0 {
			out = append(out, a)
		}
	}
	return out
}

// fewest is the least number of actions that clear everything, and the price of the cheapest of those.
func fewest(p *problem) (n, price int) {
	n = len(p.cost) + 1
	all := p.distinct()
	for mask := range 1 << len(p.cost) {
		s := subset(mask, len(p.cost))
		if k := bits.OnesCount(uint(mask)); covers(s, all) && (k < n || k == n && p.price(s) < price) {
			n, price = k, p.price(s)
		}
	}
	return n, price
}

func TestTheFewestAndCheapestAreFound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		p := small(r)
		n, price := fewest(p)
		got, exact := p.cover()
		if !exact || len(got) != n || p.price(got) != price || !covers(got, p.distinct()) {
			t.Fatalf("%d actions for %d (exact %t), brute force %d for %d: %+v", len(got), p.price(got), exact,
				n, price, p)
		}
	}
}

// Where the search has to give up, what is left is never more than one action worse than the best.
func TestWithoutTheSearchOneActionMoreIsTheMost(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		p := small(r)
		n, _ := fewest(p)
		clauses := p.distinct()
		got := p.improve(p.greedy(clauses), clauses)
		if len(got) > n+1 || !covers(got, clauses) {
			t.Fatalf("%d actions where %d are enough: %+v", len(got), n, p)
		}
	}
}

func TestALimitIsUsedBest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		p := small(r)
		most := limits{actions: 1 + r.IntN(3)}
		if r.IntN(2) == 0 {
			most = limits{hours: 10 + r.IntN(60)}
		}
		best := 0
		for mask := range 1 << len(p.cost) {
			if s := subset(mask, len(p.cost)); most.allow(p, s) {
				best = max(best, p.cleared(s))
			}
		}
		got, exact := p.best(most)
		if !exact || !most.allow(p, got) || p.cleared(got) != best {
			t.Fatalf("%v clears %d of %d within %+v: %+v", got, p.cleared(got), best, most, p)
		}
	}
}

// A duty that asks for several things is not cleared by one of them.
func TestADutyNeedsAllOfItsActions(t *testing.T) {
	p := &problem{cost: []int{1, 1, 1}, groups: []group{{weight: 5, clauses: []clause{{0}, {1, 2}}}}}
	for _, s := range [][]int{{0}, {1}, {2}, {1, 2}} {
		if p.cleared(s) != 0 {
			t.Errorf("%v clears it", s)
		}
	}
	if p.cleared([]int{0, 2}) != 5 {
		t.Error("both do not clear it")
	}
}

func TestAnOrderHoldsEachActionOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		p := small(r)
		chosen, _ := p.cover()
		order := p.order(chosen)
		slices.Sort(order)
		if !slices.Equal(order, chosen) {
			t.Fatalf("%v became %v", chosen, order)
		}
	}
}

// A problem beyond an exact search still ends, and covers.
func TestALargeProblemEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	p := &problem{}
	for range 120 {
		p.cost = append(p.cost, 1+r.IntN(40))
	}
	for range 300 {
		g := group{weight: 1}
		for range 3 {
			c := clause{r.IntN(120), r.IntN(120), r.IntN(120)}
			slices.Sort(c)
			g.clauses = append(g.clauses, slices.Compact(c))
		}
		p.groups = append(p.groups, g)
	}
	chosen, _ := p.cover()
	if !covers(chosen, p.distinct()) {
		t.Error("it does not cover")
	}
	if s, _ := p.best(limits{actions: 5}); len(s) > 5 {
		t.Errorf("%d actions within a limit of 5", len(s))
	}
}
