// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"slices"
)

// order puts the chosen so that each stretch of them clears most for its effort.
func (p *problem) order(chosen []int) (out []int) {
	left := slices.Clone(chosen)
	for len(left) > 0 {
		next := p.bundle(out, left, limits{})
		if next == nil {
			next = slices.Clone(left) // they clear nothing any more
		}
		out = append(out, next...)
		left = slices.DeleteFunc(left, func(a int) bool { return slices.Contains(next, a) })
	}
	return out
}

// limits of a plan; zero: none.
type limits struct{ actions, hours int }

func (l limits) allow(p *problem, chosen []int) bool {
	return (l.actions == 0 || len(chosen) <= l.actions) && (l.hours == 0 || p.price(chosen) <= l.hours)
}

// bundle is the part of left that, put to the chosen, clears most for its effort within the limits: what one
// more group needs, cheapest first. A duty needs all of its actions, so one by one none would count.
func (p *problem) bundle(chosen, left []int, most limits) []int {
	var best []int
	var value float64
	before := p.cleared(chosen)
	for _, g := range p.groups {
		need := p.need(chosen, left, g)
		if need == nil || !most.allow(p, slices.Concat(chosen, need)) {
			continue
		}
		gain := float64(p.cleared(slices.Concat(chosen, need))-before) / float64(max(1, p.price(need)))
		if best == nil || gain > value || gain == value && slices.Compare(need, best) < 0 {
			best, value = need, gain
		}
	}
	return best
}

// need is what a group lacks, of each clause the cheapest of left; nil where it lacks nothing or left has it not.
func (p *problem) need(chosen, left []int, g group) (need []int) {
	for _, c := range g.clauses {
		if covers(chosen, []clause{c}) || covers(need, []clause{c}) {
			continue
		}
		best := -1
		for _, a := range c {
			if slices.Contains(left, a) && (best < 0 || p.cost[a] < p.cost[best]) {
				best = a
			}
		}
		if best < 0 {
			return nil
		}
		need = append(need, best)
	}
	slices.SortStableFunc(need, func(a, b int) int { return cmp.Compare(p.cost[a], p.cost[b]) })
	return need
}

// exactActions is up to how many actions the best choice within limits is found for certain.
const exactActions = 20

// best chooses what clears most within limits: of as much the fewest, then the cheapest.
func (p *problem) best(most limits) (chosen []int, exact bool) {
	all := make([]int, len(p.cost))
	for i := range all {
		all[i] = i
	}
	for {
		next := p.bundle(chosen, all, most)
		if next == nil {
			break
		}
		chosen = append(chosen, next...)
	}
	if len(all) > exactActions {
		return chosen, false
	}
	s := &choice{p: p, most: most, best: chosen, clears: p.cleared(chosen), budget: 1 << exactActions}
	for _, g := range p.groups {
		var m masked
		for _, c := range g.clauses {
			m.clauses = append(m.clauses, maskOf(c))
		}
		m.weight = g.weight
		s.groups = append(s.groups, m)
	}
	s.solve(nil, all)
	return s.best, s.budget > 0
}

// masked is a group with its clauses as sets of bits.
type masked struct {
	weight  int
	clauses []uint32
}

func maskOf(actions []int) (m uint32) {
	for _, a := range actions {
		m |= 1 << a
	}
	return m
}

// choice looks through the subsets, the promising branch first.
type choice struct {
	p      *problem
	groups []masked
	most   limits
	best   []int
	clears int
	budget int
}

func (s *choice) cleared(chosen uint32) (sum int) {
	for _, g := range s.groups {
		if !slices.ContainsFunc(g.clauses, func(c uint32) bool { return c&chosen == 0 }) {
			sum += g.weight
		}
	}
	return sum
}

func (s *choice) solve(chosen, left []int) {
	if s.budget--; s.budget < 0 {
		return
	}
	now := maskOf(chosen)
	if n := s.cleared(now); n > s.clears || n == s.clears && s.p.better(chosen, s.best) {
		s.best, s.clears = slices.Clone(chosen), n
	}
	if len(left) == 0 || s.cleared(now|maskOf(left)) < s.clears {
		return
	}
	if with := append(slices.Clone(chosen), left[0]); s.most.allow(s.p, with) {
		s.solve(with, left[1:])
	}
	s.solve(chosen, left[1:])
}
