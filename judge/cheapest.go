// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"cmp"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

const (
	exactFacts  = 12     // up to so many missing facts the smallest set is found for certain …
	exactBudget = 50_000 // … within so many steps; beyond them the best one met
)

// cheapest is a smallest set of missing facts that at its best values gives met or not-applicable; ties
// by name. Empty where no fact can.
func (t *trial) cheapest(missing []MissingFact) []MissingFact {
	s := &search{day: t.day, reasons: missing, budget: exactBudget}
	out := []goal{{n: t.applies, want: expr.False}}
	met := []goal{{n: t.applies, want: expr.True}, {n: t.requires, want: expr.True}}
	for _, goals := range [][]goal{out, met} {
		if len(missing) > exactFacts {
			s.greedily(goals)
		} else {
			s.solve(goals)
		}
	}
	return s.best
}

// goal is a node, or a part of an answer's formula, that is to have a truth.
type goal struct {
	n    *node
	a    *answer
	tree *expr.Node
	want expr.Truth
}

// literal is an atom over an unknown fact that was chosen to have a truth.
type literal struct {
	who  fact.Subject
	atom *expr.Atom
	at   fact.Day
	only fact.Value // where it is declared and lacks a document: what one could say; else none
	want bool
}

func (l literal) sameFact(o literal) bool { return l.who == o.who && l.atom.Fact == o.atom.Fact }

type search struct {
	day     fact.Day
	reasons []MissingFact
	budget  int
	chosen  []literal
	size    int // facts among the chosen
	best    []MissingFact
	found   bool
}

// solve looks for values that reach all goals, the cheaper branch first.
func (s *search) solve(goals []goal) {
	if s.budget--; s.budget < 0 || s.found && s.size > len(s.best) {
		return
	}
	if len(goals) == 0 {
		s.take()
		return
	}
	g, rest := goals[len(goals)-1], goals[:len(goals)-1]
	switch now := g.truth(s.day); {
	case now == g.want:
		s.solve(rest)
	case now != expr.Unknown:
	case g.tree != nil && g.tree.Op == expr.Leaf:
		s.choose(g.literal(), rest)
	default:
		ways := g.ways(s.day)
		if len(ways) == 1 {
			s.solve(append(rest, ways[0]...))
			return
		}
		slices.SortStableFunc(ways, func(a, b []goal) int { return costs(a, s.day).compare(costs(b, s.day)) })
		for _, way := range ways {
			s.solve(append(slices.Clone(rest), way...))
		}
	}
}

// greedily takes the cheapest way at each turn, and never turns back. What it chose may contradict
// itself: then it has found nothing.
func (s *search) greedily(goals []goal) {
	s.chosen = s.chosen[:0]
	for len(goals) > 0 {
		g := goals[len(goals)-1]
		goals = goals[:len(goals)-1]
		switch now := g.truth(s.day); {
		case now == g.want:
		case now != expr.Unknown:
			return
		case g.tree != nil && g.tree.Op == expr.Leaf:
			s.chosen = append(s.chosen, g.literal())
		default:
			way := cheapestWay(g.ways(s.day), s.day)
			if way == nil {
				return
			}
			goals = append(goals, way...)
		}
	}
	if s.consistent() {
		s.take()
	}
}

func cheapestWay(ways [][]goal, day fact.Day) []goal {
	var best []goal
	least := priceless()
	for _, way := range ways {
		if p := costs(way, day); p.compare(least) < 0 {
			best, least = way, p
		}
	}
	return best
}

// consistent says whether each chosen fact can have the truths chosen for it.
func (s *search) consistent() bool {
	all := s.chosen
	defer func() { s.chosen = all }()
	slices.SortStableFunc(all, func(a, b literal) int {
		return cmp.Or(a.who.Compare(b.who), cmp.Compare(a.atom.Fact, b.atom.Fact))
	})
	for len(s.chosen) > 0 {
		n := 1
		for n < len(s.chosen) && s.chosen[n].sameFact(s.chosen[0]) {
			n++
		}
		rest := s.chosen[n:]
		if s.chosen = s.chosen[:n]; !s.possible(s.chosen[0]) {
			return false
		}
		s.chosen = rest
	}
	return true
}

func (g goal) literal() literal {
	i := g.a.find(g.tree.Atom.Fact)
	l := literal{who: g.a.known[i].who, atom: g.tree.Atom, at: g.a.at, want: g.want == expr.True}
	if g.a.lone(i, g.a.weight) {
		l.only = g.a.known[i].state.Value
	}
	return l
}

func (s *search) choose(l literal, rest []goal) {
	fresh := 1
	if slices.ContainsFunc(s.chosen, l.sameFact) {
		fresh = 0
	}
	s.chosen, s.size = append(s.chosen, l), s.size+fresh
	if s.possible(l) {
		s.solve(rest)
	}
	s.chosen, s.size = s.chosen[:len(s.chosen)-1], s.size-fresh
}

// possible says whether one value makes all that was chosen of a fact so.
func (s *search) possible(l literal) bool {
	var same []literal
	var values []fact.Value
	for _, o := range s.chosen {
		if l.sameFact(o) {
			same, values = append(same, o), append(values, o.atom.Values(s.day, o.at)...)
		}
	}
	if l.only.Type() != fact.None {
		values = []fact.Value{l.only}
	}
	return slices.ContainsFunc(values, func(v fact.Value) bool {
		return !slices.ContainsFunc(same, func(o literal) bool { return o.atom.Holds(v, s.day, o.at) != o.want })
	})
}

func (s *search) facts() []MissingFact {
	var all []MissingFact
	for _, l := range s.chosen {
		all = append(all, MissingFact{Subject: l.who, Fact: l.atom.Fact})
	}
	slices.SortFunc(all, MissingFact.compare)
	return slices.Compact(all)
}

// take keeps what was chosen where it is smaller than the best so far, or as small and first by name.
func (s *search) take() {
	all := s.facts()
	for i := range all {
		all[i].Reason = s.reasonOf(&all[i])
	}
	if !s.found || cmp.Or(cmp.Compare(len(all), len(s.best)), slices.CompareFunc(all, s.best, byName)) < 0 {
		s.best, s.found = all, true
	}
}

// reasonOf a missing fact: of several, the last in order.
func (s *search) reasonOf(m *MissingFact) fact.Reason {
	after, _ := slices.BinarySearchFunc(s.reasons, m, func(r MissingFact, m *MissingFact) int {
		return cmp.Or(r.Subject.Compare(m.Subject), cmp.Compare(r.Fact, m.Fact), -1)
	})
	if after == 0 || s.reasons[after-1].Subject != m.Subject || s.reasons[after-1].Fact != m.Fact {
		return ""
	}
	return s.reasons[after-1].Reason
}

func byName(a, b MissingFact) int {
	return cmp.Or(cmp.Compare(a.Fact, b.Fact), a.Subject.Compare(b.Subject))
}

func (g goal) truth(day fact.Day) expr.Truth {
	if g.tree == nil {
		return g.n.truth
	}
	if g.a.inconclusive {
		return expr.Unknown
	}
	return g.tree.Truth(g.a.value, day, g.a.at)
}

// ways lists what would reach the goal: one of the ways, and all of its goals.
func (g goal) ways(day fact.Day) [][]goal {
	if g.tree != nil {
		return g.treeWays()
	}
	var kids []goal
	for _, k := range g.n.kids {
		if k.truth == expr.Unknown || g.n.op == either || g.n.op == twice {
			kids = append(kids, goal{n: k, want: g.want}) // the others are settled, and settle nothing
		}
	}
	switch g.n.op {
	case asked:
		return [][]goal{{{a: g.n.ask, tree: g.n.ask.Tree, want: g.want}}}
	case not:
		return [][]goal{{{n: g.n.kids[0], want: g.want.Not()}}}
	case all:
		return joint(kids, g.want == expr.True)
	case some:
		return joint(kids, g.want == expr.False)
	case twice:
		return pairs(kids, g.want == expr.True, day)
	case either:
		side := 0
		if g.want == expr.False {
			side = 1
		}
		return [][]goal{{{n: g.n.kids[side], want: expr.True}}}
	}
	return nil // what is fixed stays
}

func (g goal) treeWays() [][]goal {
	var kids []goal
	for _, k := range g.tree.Kids {
		kids = append(kids, goal{a: g.a, tree: k, want: g.want})
	}
	switch g.tree.Op {
	case expr.OpAnd:
		return joint(kids, g.want == expr.True)
	case expr.OpOr:
		return joint(kids, g.want == expr.False)
	case expr.OpNot:
		kids[0].want = g.want.Not()
		return [][]goal{kids}
	}
	return nil
}

// joint is one way through all goals, or one way through each.
func joint(goals []goal, together bool) [][]goal {
	if together {
		return [][]goal{goals}
	}
	var ways [][]goal
	for _, g := range goals {
		ways = append(ways, []goal{g})
	}
	return ways
}

// mostPairs bounds the goals of which two are sought, to the cheapest.
const mostPairs = 16

// pairs are the ways to have two of the goals; or, to have at most one, all but one each.
func pairs(goals []goal, two bool, day fact.Day) [][]goal {
	prices := make(map[*node]price, len(goals))
	for _, g := range goals {
		prices[g.n] = g.cost(day)
	}
	slices.SortStableFunc(goals, func(a, b goal) int { return prices[a.n].compare(prices[b.n]) })
	if !two {
		return [][]goal{goals[:len(goals)-1]} // the dearest may stay
	}
	goals = goals[:min(len(goals), mostPairs)]
	var ways [][]goal
	for i := range goals {
		for j := i + 1; j < len(goals); j++ {
			ways = append(ways, []goal{goals[i], goals[j]})
		}
	}
	return ways
}
