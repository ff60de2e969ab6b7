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
	d       *duty
	p       *party
	to      target    // whom it asks, as seen from none of the units
	adopted bool      // readiness: as if a voluntary instrument had been adopted
	scopes  []*node   // of each unit: the provision reaches it
	gateway *gateway  // see atGate
	rulings []*ruling // on controls
	pointed bool      // evidence points to a breach, whether or not the law lets it establish one
	halts   []Reason
	open    bool // a person's judgement can end it

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
	sound       *node   // what meets it without a presumption
}

func (a *asking) try(d *duty, p *party, adopted bool) *trial {
	t := &trial{asking: a, d: d, p: p, adopted: adopted, to: a.of(p)}
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
	nodes := append(make([]*node, 0, len(t.d.conditions)+2), t.inForce())
	t.held = slices.Clone(nodes)
	var ofUnits []int
	for i := range t.d.conditions {
		c := &t.d.conditions[i]
		if t.p.subject.Kind == fact.Product && asks(c.expr, fact.Device) {
			ofUnits = append(ofUnits, i)
			continue
		}
		n := t.condition(c, 0)
		nodes = append(nodes, n)
		if t.d.holds(i) {
			t.held = append(t.held, n)
		}
	}
	t.conditions = slices.Clone(nodes)
	t.applies = join(all, append(nodes, t.scope(ofUnits))...)
}

// scope asks each unit whether the provision reaches it, and is whether it reaches one.
func (t *trial) scope(conditions []int) *node {
	t.scopes = make([]*node, len(t.p.units))
	for k := range t.p.units {
		scope := make([]*node, len(conditions))
		var held []*node
		for n, i := range conditions {
			scope[n] = t.condition(&t.d.conditions[i], k)
			if t.d.holds(i) {
				held = append(held, scope[n])
			}
		}
		t.conditions = append(t.conditions, scope...)
		t.scopes[k] = join(all, scope...)
		if len(conditions) > 0 {
			t.heldOfUnits = append(t.heldOfUnits, held)
		}
	}
	return join(some, t.scopes...)
}

func (t *trial) condition(c *condition, unit int) *node {
	target := t.to.from(t.p, unit)
	switch {
	case c.displacedBy != "":
		n := join(not, t.careful(c.expr, target, expr.True))
		if n.truth == expr.False {
			t.displaced = c.displacedBy
		}
		return n.shown(c.label)
	case c.label.id != "adoption":
		return join(all, t.careful(c.expr, target, expr.False)).shown(c.label)
	case t.adopted:
		return is(expr.True).shown(&label{c.label.kind, c.label.id, c.label.pinpoint, "as if adopted"})
	}
	// What nobody has adopted binds nobody: to say so takes no document.
	return ask(t.ask(c.expr, target, everyWord)).shown(c.label)
}

// careful asks an expression whose truth, if it is what excludes, takes the subject out of the law: that
// side counts only as far as it does without declarations that stand alone.
func (t *trial) careful(e *expr.Expr, to *target, excludes expr.Truth) *node {
	w := shownProduct
	if t.p.subject.Kind == fact.Product {
		w = shownUnit // its units' facts place it in the law, or out of it
	}
	loose := t.ask(e, to, everyWord)
	if !loose.anyLone(w) {
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
	return is(expr.Of(holds)).shown(&label{"conjunct", "in-force", "", text})
}
