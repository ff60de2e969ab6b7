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
	kids  []*node
	ask   *answer // of asked
	// What a reader sees; a node without a kind is not shown, its kids are.
	kind, id, pinpoint, text string
	show                     []*node // in place of the kids; nil: the kids
}

func is(t expr.Truth) *node { return &node{op: fixed, truth: t} }

func ask(a *answer) *node { return &node{op: asked, truth: a.truth, ask: a} }

func join(o op, kids ...*node) *node {
	n := &node{op: o, kids: kids}
	truths := make([]expr.Truth, len(kids))
	for i, k := range kids {
		truths[i] = k.truth
	}
	switch o {
	case all:
		n.truth = expr.And(truths...)
	case some:
		n.truth = expr.Or(truths...)
	case not:
		n.truth = truths[0].Not()
	case twice:
		n.truth = twiceOf(truths)
	case either:
		n.truth = eitherOf(truths[0], truths[1])
	}
	return n
}

func twiceOf(ts []expr.Truth) expr.Truth {
	var yes, maybe int
	for _, t := range ts {
		switch t {
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
func (n *node) shown(kind, id, pinpoint, text string) *node {
	n.kind, n.id, n.pinpoint, n.text = kind, id, pinpoint, text
	return n
}

// bearing calls visit with the answers on which the node's truth rests: all that are not settled where
// it is unknown, those that settle it otherwise.
func (n *node) bearing(visit func(*answer)) {
	if n.op == asked {
		visit(n.ask)
		return
	}
	for i, k := range n.kids {
		if n.bearsOn(i, k) {
			k.bearing(visit)
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
func missing(nodes ...*node) []MissingFact {
	var out []MissingFact
	for _, n := range nodes {
		if n.truth == expr.Unknown {
			n.bearing(func(a *answer) { out = append(out, a.missing...) })
		}
	}
	slices.SortFunc(out, MissingFact.compare)
	return slices.Compact(out)
}

func (m MissingFact) compare(o MissingFact) int {
	return cmp.Or(m.Subject.Compare(o.Subject), cmp.Compare(m.Fact, o.Fact), cmp.Compare(m.Reason, o.Reason))
}

// answer is what an expression says of the subjects that it was asked about.
type answer struct {
	tree    *expr.Node
	facts   []fact.Name
	who     []fact.Subject // of each fact; without an ID where nobody is known
	states  []fact.Resolved
	values  []fact.Value // none: unknown
	at      fact.Day     // of the evidence
	weight  weight
	truth   expr.Truth
	missing []MissingFact
	// inconclusive says that the evaluation failed: unknown, whatever the facts say.
	inconclusive bool
	shown        []Because // made when first asked for, and shared
}

// find gives the place of a fact.
func (a *answer) find(n fact.Name) int { return slices.Index(a.facts, n) }

// names turns the names of unknown facts into whose they are and why.
func (a *answer) names(missing []fact.Name) {
	a.missing = nil
	for _, n := range missing {
		i := a.find(n)
		a.missing = append(a.missing, MissingFact{a.who[i], n, a.reason(i)})
	}
}

// reason says why a fact has no value: a value that may not count lacks its document.
func (a *answer) reason(i int) fact.Reason {
	if a.inconclusive {
		return fact.Inconclusive
	}
	return cmp.Or(a.states[i].Reason, fact.NoEvidence)
}
