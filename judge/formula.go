// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"cmp"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

// op says how a node's truth comes from its kids, always in strong Kleene logic.
type op uint8

const (
	fixed  op = iota // stands as it is
	asked            // an expression asked of somebody
	all              // false if one is, true if all are
	some             // true if one is, false if all are
	not              // of its one kid
	twice            // true if two are, false if two cannot be any more
	either           // kids[0] says what makes it true, kids[1] what makes it false; otherwise unknown
)

// node is a part of the two questions of a verdict: does the provision apply, is it met. The same tree
// gives truth, missing facts, the cheapest way out and the reasons, so that they cannot differ.
type node struct {
	op    op
	truth expr.Truth
	walk  uint32 // that last came by; see bearing
	kids  []*node
	ask   *answer // of asked
	*label
	show []*node // in place of the kids; nil: the kids
}

// label is what a reader sees of a node; one without is not shown, its kids are.
type label struct{ kind, id, pinpoint, text string }

func is(t expr.Truth) *node { return &node{op: fixed, truth: t} }

func ask(a *answer) *node { return &node{op: asked, truth: a.truth, ask: a} }

func join(o op, kids ...*node) *node {
	n := &node{op: o, kids: kids}
	switch o {
	case all:
		n.truth = allOf(kids)
	case some:
		n.truth = someOf(kids)
	case not:
		n.truth = kids[0].truth.Not()
	case twice:
		n.truth = twiceOf(kids)
	case either:
		n.truth = eitherOf(kids[0].truth, kids[1].truth)
	}
	return n
}

func allOf(kids []*node) expr.Truth {
	out := expr.True
	for _, k := range kids {
		if out = expr.And(out, k.truth); out == expr.False {
			break
		}
	}
	return out
}

func someOf(kids []*node) expr.Truth {
	out := expr.False
	for _, k := range kids {
		if out = expr.Or(out, k.truth); out == expr.True {
			break
		}
	}
	return out
}

func twiceOf(kids []*node) expr.Truth {
	var yes, maybe int
	for _, k := range kids {
		switch k.truth {
		case expr.True:
			yes++
		case expr.Unknown:
			maybe++
		}
	}
	switch {
	case yes >= 2:
		return expr.True
	case yes+maybe < 2:
		return expr.False
	}
	return expr.Unknown
}

// eitherOf is unknown where neither side is established, and where both are: that is for no engine to
// settle.
func eitherOf(yes, no expr.Truth) expr.Truth {
	switch {
	case yes == expr.True && no != expr.True:
		return expr.True
	case no == expr.True && yes != expr.True:
		return expr.False
	}
	return expr.Unknown
}

// shown makes a node visible among the reasons.
func (n *node) shown(l *label) *node {
	n.label = l
	return n
}

// bearing calls visit with the answers on which the nodes' truth rests, once a node: all that are not settled
// where it is unknown, those that settle it otherwise.
func (a *asking) bearing(visit func(*answer), nodes ...*node) {
	a.walks++
	for _, n := range nodes {
		n.bearing(a.walks, visit)
	}
}

func (n *node) bearing(walk uint32, visit func(*answer)) {
	if n.walk == walk {
		return
	}
	if n.walk = walk; n.op == asked {
		visit(n.ask)
		return
	}
	for i, k := range n.kids {
		if n.bearsOn(i, k) {
			k.bearing(walk, visit)
		}
	}
}

func (n *node) bearsOn(i int, k *node) bool {
	switch {
	case n.op == either && n.truth != expr.Unknown:
		return (i == 0) == (n.truth == expr.True)
	case n.op == either:
		return k.truth == expr.Unknown
	case n.op == not || n.op == fixed:
		return true
	case n.op == twice && n.truth == expr.Unknown:
		return k.truth != expr.False
	}
	return k.truth == n.truth
}

// missing lists the facts that the evaluation names, sorted by subject and name.
func (a *asking) missing(nodes ...*node) []MissingFact {
	out := a.named(nodes...)
	slices.SortFunc(out, MissingFact.compare)
	return exact(slices.Compact(out))
}

// named lists the same in no order, some twice, and only until it is asked again.
func (a *asking) named(nodes ...*node) []MissingFact {
	out := a.scratch[:0]
	nodes = slices.DeleteFunc(nodes, func(n *node) bool { return n.truth != expr.Unknown })
	a.bearing(func(a *answer) { out = a.missing(out) }, nodes...)
	a.scratch = out
	return out
}

// exact copies a list that is kept while its room is used again; of nothing it is nil.
func exact[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return append(make([]T, 0, len(list)), list...)
}

func (m MissingFact) compare(o MissingFact) int {
	return cmp.Or(m.Subject.Compare(o.Subject), cmp.Compare(m.Fact, o.Fact), cmp.Compare(m.Reason, o.Reason))
}

// answer is what an expression says of the subjects that it was asked about.
type answer struct {
	*expr.Expr
	known  []known // of each of its facts
	at     fact.Day
	lacks  []fact.Name // that the evaluation names
	weight weight
	truth  expr.Truth
	// inconclusive says that the evaluation failed: unknown, whatever the facts say.
	inconclusive bool
}

// known is what is so of one fact.
type known struct {
	who   fact.Subject // without an ID where nobody is known
	state *fact.Resolved
	value fact.Value // none: unknown, or it may not count
}

// value gives what counts of a fact.
func (a *answer) value(n fact.Name) fact.Value { return a.known[a.find(n)].value }

// find gives the place of a fact.
func (a *answer) find(n fact.Name) int { return slices.Index(a.Facts, n) }

// missing adds the facts that the evaluation names: whose they are, and why they are unknown.
func (a *answer) missing(to []MissingFact) []MissingFact {
	for _, n := range a.lacks {
		i := a.find(n)
		to = append(to, MissingFact{a.known[i].who, n, a.reason(i)})
	}
	return to
}

// reason says why a fact has no value: a value that may not count lacks its document.
func (a *answer) reason(i int) fact.Reason {
	if a.inconclusive {
		return fact.Inconclusive
	}
	return cmp.Or(a.known[i].state.Reason, fact.NoEvidence)
}
