// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"fmt"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// trial is one provision held against one party on one day.
type trial struct {
	*asking
	gate     gate
	d        *duty
	p        *party
	adopted  bool       // readiness: as if a voluntary instrument had been adopted
	scopes   []*node    // of each unit: the provision reaches it
	speakers []*speaker // see atGate

	applies    *node
	conditions []*node // of applicability, to show
	// held are those of them on which the instrument's hold rests, and those that are asked of each unit;
	// binds joins them when first asked for.
	held        []*node
	heldOfUnits [][]*node
	binds       *node
	displaced   law.InstrumentID
	requires    *node
	parts       []*node // of the requirement, to show
	pointed     bool    // evidence points to a breach, whether or not the law lets it establish one
	halts       []Reason
	open        bool  // a person's judgement can end it
	sound       *node // what meets it without a presumption
}

func (a *asking) try(g gate, d *duty, p *party, adopted bool) *trial {
	t := &trial{asking: a, gate: g, d: d, p: p, adopted: adopted}
	t.applicability()
	t.requires, t.sound = is(expr.Unknown), is(expr.Unknown)
	if t.applies.truth != expr.False { // what does not apply is not held against anybody
		t.requirement()
	}
	return t
}

// applicability is: in force, and every condition; of a product, the conditions that ask its units hold
// for one of them.
func (t *trial) applicability() {
	nodes := []*node{t.inForce()}
	t.held = slices.Clone(nodes)
	var ofUnits []int
	for i, c := range t.d.conditions {
		if t.p.subject.Kind == fact.Product && asks(c.expr, fact.Device) {
			ofUnits = append(ofUnits, i)
			continue
		}
		n := t.condition(c, t.p.units[0])
		nodes = append(nodes, n)
		if t.d.holds(i) {
			t.held = append(t.held, n)
		}
	}
	t.conditions = slices.Clone(nodes)
	for _, u := range t.p.units {
		var scope, held []*node
		for _, i := range ofUnits {
			n := t.condition(t.d.conditions[i], u)
			scope = append(scope, n)
			if t.d.holds(i) {
				held = append(held, n)
			}
		}
		t.conditions = append(t.conditions, scope...)
		t.scopes = append(t.scopes, join(all, scope...))
		if len(ofUnits) > 0 {
			t.heldOfUnits = append(t.heldOfUnits, held)
		}
	}
	t.applies = join(all, append(nodes, join(some, t.scopes...))...)
}

func (t *trial) condition(c condition, unit fact.Subject) *node {
	target := t.of(t.p, unit)
	switch {
	case c.displacedBy != "":
		n := join(not, t.careful(c.expr, target, expr.True))
		if n.truth == expr.False {
			t.displaced = c.displacedBy
		}
		return n.shown("conjunct", c.name, c.pinpoint, "does not step aside for "+string(c.displacedBy))
	case c.name != "adoption":
		return join(all, t.careful(c.expr, target, expr.False)).shown("conjunct", c.name, c.pinpoint, c.expr.Text)
	case t.adopted:
		return is(expr.True).shown("conjunct", c.name, c.pinpoint, "as if adopted")
	}
	// What nobody has adopted binds nobody: to say so takes no document.
	return ask(t.ask(c.expr, target, everyWord)).shown("conjunct", c.name, c.pinpoint, c.expr.Text)
}

// careful asks an expression whose truth, if it is what excludes, takes the subject out of the law: that
// side counts only as far as it does without declarations that stand alone.
func (t *trial) careful(e *expr.Expr, to target, excludes expr.Truth) *node {
	w := shownProduct
	if t.p.subject.Kind == fact.Product {
		w = shownUnit // its units' facts place it in the law, or out of it
	}
	loose := t.ask(e, to, everyWord)
	if !slices.ContainsFunc(loose.facts, func(n fact.Name) bool { return loose.lone(loose.find(n), w) }) {
		return ask(loose)
	}
	l, s := ask(loose), ask(t.ask(e, to, w))
	n := join(either, l, join(not, s))
	if excludes == expr.True {
		n = join(either, s, join(not, l))
	}
	n.show = []*node{l}
	if loose.truth == excludes {
		n.show = []*node{s}
	}
	return n
}

func (t *trial) inForce() *node {
	from, until := t.d.from, t.d.until
	text := "binds nobody yet"
	if from != nil {
		text = fmt.Sprintf("binds from %s", from)
		if until != nil {
			text += fmt.Sprintf(", until the day before %s", until)
		}
	}
	holds := from != nil && *from <= t.day && (until == nil || t.day < *until)
	return is(expr.Of(holds)).shown("conjunct", "in-force", "", text)
}
