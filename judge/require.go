// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"fmt"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

// requirement builds what meets and what breaks the provision.
func (t *trial) requirement() {
	t.requires = t.requirementOf(t.d, nil)
	for i := range t.d.indicators {
		r := t.control(&t.d.indicators[i])
		t.parts = append(t.parts, r.node)
		t.pointed = t.pointed || t.falseOfOne(r.units)
	}
	t.parts = dedupe(t.parts)
}

// falseOfOne says that a control fails: on a unit that the provision may reach, where units were asked.
func (t *trial) falseOfOne(units []*node) bool {
	for i, c := range units {
		if c.truth == expr.False && (len(units) < len(t.scopes) || t.scopes[i].truth != expr.False) {
			return true
		}
	}
	return false
}

// hear asks for what meets or breaks the provision. What we declare of a product that is not ours is no
// more than hearsay: it needs a document beside it.
func (t *trial) hear(e *expr.Expr, unit int) *node {
	w := everyWord
	if t.p.bearer == Supplier {
		w = shownProduct
	}
	return ask(t.ask(e, t.to.from(t.p, unit), w))
}

// ruling is a control's node for the subject, and its nodes for each unit.
type ruling struct {
	on    *expr.Expr
	label *label
	node  *node
	units []*node
}

// control rules on a control once: the same may break and suffice.
func (t *trial) control(c *control) *ruling {
	for _, r := range t.rulings {
		if r.on == c.expr && *r.label == *c.label {
			return r
		}
	}
	r := &ruling{on: c.expr, label: c.label}
	if t.rulings = append(t.rulings, r); !asks(c.expr, fact.Device) {
		r.units = []*node{t.hear(c.expr, 0)}
		r.node = join(all, r.units...).shown(c.label)
		return r
	}
	r.units = make([]*node, len(t.p.units))
	for i := range t.p.units {
		r.units[i] = t.hear(c.expr, i)
	}
	r.node = t.throughGateOrEach(c.expr, r.units).shown(c.label)
	r.node.show = r.units
	if t.gated(c.expr) {
		r.node.show = slices.Concat(r.units, t.questions())
	}
	return r
}

func (t *trial) throughGateOrEach(e *expr.Expr, units []*node) *node {
	if t.gated(e) {
		return t.throughGate(units)
	}
	each := make([]*node, len(units))
	for i, c := range units {
		each[i] = join(some, join(not, t.scopes[i]), c)
	}
	return join(all, each...)
}

// requirementOf says whether a provision's text is met (semantics, section 2). Breach controls break it;
// it is met where all of them and the sufficient ones hold, or a person judged so; or where the law
// accepts something else in its place, which must be ruled out before anything is violated. A breach
// control that is unknown keeps it from being met, and a ground that is unknown from being violated:
// otherwise a sighting that expires would make a violated duty met, or a met one violated. via lists the
// provisions on the way here: a circle of provisions that rest on each other shows nothing.
func (t *trial) requirementOf(d *duty, via []*duty) *node {
	if slices.Contains(via, d) {
		return is(expr.Unknown)
	}
	via = append(via, d)
	breach, suffices := t.controls(d.breach, via), t.controls(d.suffices, via)
	holds, breaks := slices.Concat(breach, suffices), []*node{}
	for _, b := range breach {
		breaks = append(breaks, join(not, b))
	}
	if len(suffices) == 0 {
		j := ask(t.judgement(d, t.p)).shown(&label{"judgement", string(d.judgement.Facts[0]), "", "judged by a person"})
		holds, breaks = append(holds, j), append(breaks, t.judgedAgainst(j))
		if len(via) == 1 {
			t.open = true
			t.parts = append(t.parts, j)
			t.pointed = t.pointed || j.truth == expr.False
		}
	}
	met, presumed := []*node{join(all, holds...)}, []*node{}
	broken := []*node{join(some, breaks...)}
	for _, m := range d.deemed {
		n := t.accepted(d, m, holds, via)
		if m.Kind == presumption {
			presumed = append(presumed, n)
		} else {
			met, broken = append(met, n), append(broken, join(not, n))
		}
		if len(via) == 1 {
			t.parts = append(t.parts, n)
		}
	}
	sound := join(some, met...)
	if len(via) == 1 {
		t.sound = sound
	}
	return join(either, join(some, append(presumed, sound)...), join(all, broken...))
}

// judgedAgainst says whether a person's word that a norm is not met breaks it. Of one's own duty, and of a product
// that is one's own, it does. A supplier's product it may break only where what was seen speaks of the product
// (semantics, section 2: a unit is not a product); of a supplier itself it points to a breach and no more.
func (t *trial) judgedAgainst(j *node) *node {
	switch {
	case t.p.bearer != Supplier, j.truth != expr.False:
		return join(not, j)
	case t.p.subject.Kind != fact.Product && t.p.subject.Kind != fact.Device:
		return join(all, join(not, j), is(expr.Unknown))
	}
	stands := t.standsForProduct()
	if stands.truth != expr.True {
		t.halts = append(t.halts, t.halted(slices.Repeat([]*node{j}, len(t.p.units)))...)
	}
	return join(all, join(not, j), stands)
}

const presumption = "presumption"

// controls builds the nodes of breach or sufficient controls; those of the provision itself are shown,
// and what fails on a unit points to a breach.
func (t *trial) controls(cs []control, via []*duty) []*node {
	var all []*node
	for i := range cs {
		c := &cs[i]
		r := t.control(c)
		all = append(all, r.node)
		if len(via) > 1 {
			continue
		}
		t.parts = append(t.parts, r.node)
		if slices.ContainsFunc(t.d.breach, func(b control) bool { return b.ID == c.ID }) {
			t.pointed = t.pointed || t.falseOfOne(r.units)
			if t.gated(c.expr) && r.node.truth != expr.False {
				t.halts = append(t.halts, t.halted(r.units)...)
			}
		}
	}
	return all
}

// accepted builds what the law accepts in place of the requirement. A presumption is rebutted by anything
// false in its scope, and not to be relied on where something was known there and is not known any more.
func (t *trial) accepted(d *duty, m accepted, scope []*node, via []*duty) *node {
	text := m.Kind + " compliance"
	if m.By != "" {
		text += " through " + string(m.By)
	}
	parts := []*node{t.when(m)}
	for _, r := range m.rest {
		scope = append(slices.Clone(scope), t.indicate(r)...)
		parts = append(parts, join(some, join(not, t.ownConditions(r)), t.requirementOf(r, via)))
	}
	switch {
	case m.From != nil && t.day < *m.From:
		parts, text = []*node{is(expr.False)}, fmt.Sprintf("%s, from %s", text, m.From)
	case m.void:
		parts, text = []*node{is(expr.Unknown)}, text+", which the official listing restricts"
	case m.Kind == presumption:
		parts = append(parts, t.unrebutted(slices.Concat(scope, t.indicate(d))))
	}
	return join(all, parts...).shown(&label{"deemed", string(m.By), m.Pinpoint, text})
}

func (t *trial) indicate(d *duty) []*node {
	var all []*node
	for i := range d.indicators {
		all = append(all, t.control(&d.indicators[i]).units...)
	}
	return all
}

func (t *trial) unrebutted(scope []*node) *node {
	truth := expr.True
	for _, n := range scope {
		if n.truth == expr.False {
			return is(expr.False)
		}
		if n.truth == expr.Unknown {
			t.bearing(func(a *answer) {
				if a.troubled() {
					truth = expr.Unknown
				}
			}, n)
		}
	}
	return is(truth)
}

// when asks whether the bearer relies on it: for each unit in scope, where units are asked.
func (t *trial) when(m accepted) *node {
	if !asks(m.when, fact.Device) {
		return t.hear(m.when, 0)
	}
	var each []*node
	for i := range t.p.units {
		each = append(each, join(some, join(not, t.scopes[i]), t.hear(m.when, i)))
	}
	return join(all, each...)
}

// ownConditions of a standard's provision: reliance on the standard stands for its adoption.
func (t *trial) ownConditions(d *duty) *node {
	var parts []*node
	for i := range d.own {
		for u := range t.p.units {
			parts = append(parts, t.condition(&d.own[i], u))
		}
	}
	return join(all, parts...)
}

// dedupe keeps each shown part once: a control may break and suffice at once.
func dedupe(parts []*node) []*node {
	var out []*node
	for _, n := range parts {
		if !slices.ContainsFunc(out, func(o *node) bool {
			return o.kind == n.kind && o.id == n.id && o.pinpoint == n.pinpoint
		}) {
			out = append(out, n)
		}
	}
	return out
}
