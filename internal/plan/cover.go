// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"slices"
)

// problem is a conjunctive cover: a group is cleared when each of its clauses holds one of the chosen.
type problem struct {
	cost   []int // of each action, in hours
	groups []group
}

// group is duties that ask for the same.
type group struct {
	weight  int // how many they are
	clauses []clause
}

// clause lists the actions of which one is enough, sorted.
type clause []int

// steps bounds an exact search; beyond it the best that was met stands.
const steps = 50_000

// cover chooses the fewest actions that clear all groups, of as few the cheapest, and says whether that is certain.
func (p *problem) cover() (chosen []int, exact bool) {
	s := &coverSearch{p: p, clauses: p.distinct(), budget: steps}
	s.best = p.improve(p.greedy(s.clauses), s.clauses)
	s.solve(nil, s.clauses)
	slices.Sort(s.best)
	return s.best, s.budget > 0
}

// distinct are all clauses without those that another one implies.
func (p *problem) distinct() []clause {
	var all []clause
	for _, g := range p.groups {
		all = append(all, g.clauses...)
	}
	slices.SortFunc(all, func(a, b clause) int { return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b)) })
	all = slices.CompactFunc(all, func(a, b clause) bool { return slices.Equal(a, b) })
	var out []clause
	for _, c := range all {
		if !slices.ContainsFunc(out, func(o clause) bool { return within(o, c) }) {
			out = append(out, c)
		}
	}
	return out
}

// within says that each of a is in b.
func within(a, b clause) bool {
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}

type coverSearch struct {
	p       *problem
	clauses []clause
	best    []int
	budget  int
}

// solve branches on the clause with the fewest ways.
func (s *coverSearch) solve(chosen []int, open []clause) {
	if s.budget--; s.budget < 0 || len(chosen)+disjoint(open) > len(s.best) {
		return
	}
	if len(open) == 0 {
		if s.p.better(chosen, s.best) {
			s.best = slices.Clone(chosen)
		}
		return
	}
	first := slices.MinFunc(open, func(a, b clause) int { return cmp.Compare(len(a), len(b)) })
	ways := slices.Clone(first)
	slices.SortStableFunc(ways, func(a, b int) int { return cmp.Compare(hits(open, b), hits(open, a)) })
	for _, a := range ways {
		s.solve(append(slices.Clone(chosen), a), without(open, a))
	}
}

// better says that a is fewer than b, or as many and cheaper, or as cheap and first by order.
func (p *problem) better(a, b []int) bool {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(p.price(a), p.price(b))) < 0
}

func (p *problem) price(chosen []int) (sum int) {
	for _, a := range chosen {
		sum += p.cost[a]
	}
	return sum
}

// disjoint is a number of actions that the clauses need at least: one for each that shares none with another.
func disjoint(open []clause) (n int) {
	used := map[int]bool{}
	for _, c := range open {
		if slices.ContainsFunc(c, func(a int) bool { return used[a] }) {
			continue
		}
		n++
		for _, a := range c {
			used[a] = true
		}
	}
	return n
}

func hits(open []clause, a int) (n int) {
	for _, c := range open {
		if slices.Contains(c, a) {
			n++
		}
	}
	return n
}

func without(open []clause, a int) (left []clause) {
	for _, c := range open {
		if !slices.Contains(c, a) {
			left = append(left, c)
		}
	}
	return left
}

// greedy takes what meets most clauses at each turn, of as many the cheapest.
func (p *problem) greedy(open []clause) (chosen []int) {
	for len(open) > 0 {
		best, most := -1, 0
		for a := range p.cost {
			if n := hits(open, a); n > most || n == most && n > 0 && p.cost[a] < p.cost[best] {
				best, most = a, n
			}
		}
		chosen, open = append(chosen, best), without(open, best)
	}
	return chosen
}

// improve drops what is not needed, and puts one in the place of two where that is enough.
func (p *problem) improve(chosen []int, clauses []clause) []int {
	for again := true; again; {
		again = false
		for i := range chosen {
			if less := slices.Delete(slices.Clone(chosen), i, i+1); covers(less, clauses) {
				chosen, again = less, true
				break
			}
		}
		for i := 0; i < len(chosen) && !again; i++ {
			for j := i + 1; j < len(chosen) && !again; j++ {
				chosen, again = p.swap(chosen, clauses, i, j)
			}
		}
	}
	return chosen
}

func (p *problem) swap(chosen []int, clauses []clause, i, j int) ([]int, bool) {
	less := slices.Delete(slices.Delete(slices.Clone(chosen), j, j+1), i, i+1)
	for a := range p.cost {
		if with := append(slices.Clone(less), a); covers(with, clauses) {
			return with, true
		}
	}
	return chosen, false
}

func covers(chosen []int, clauses []clause) bool {
	for _, c := range clauses {
		if !slices.ContainsFunc(c, func(a int) bool { return slices.Contains(chosen, a) }) {
			return false
		}
	}
	return true
}

// cleared is the weight of the groups that the chosen clear.
func (p *problem) cleared(chosen []int) (sum int) {
	for _, g := range p.groups {
		if covers(chosen, g.clauses) {
			sum += g.weight
		}
	}
	return sum
}
