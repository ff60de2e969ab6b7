// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"fmt"
	"maps"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// compiler turns law into expressions and gathers every problem.
type compiler struct {
	catalogue *law.Catalogue
	set       *expr.Set
	controls  map[law.ControlID]*expr.Expr
	problems  law.Problems
}

func (k *compiler) add(at law.Pos, what, hint string) {
	k.problems = append(k.problems, &law.Problem{Pos: at, What: what, Hint: hint})
}

// read compiles one expression; nil where the fence refuses it.
func (k *compiler) read(text string, at law.Pos) *expr.Expr {
	e, problems := k.set.Compile(text)
	for _, p := range problems {
		k.add(at, fmt.Sprintf("%s, at character %d of %q (%s)", p.Message, p.Offset+1, p.Expr, p.Rule), p.Hint)
	}
	return e
}

// allControls compiles controls that no provision names, too: a fault must not hide until one does.
func (k *compiler) allControls() {
	for _, id := range slices.Sorted(maps.Keys(k.catalogue.Controls)) {
		c := k.catalogue.Controls[id]
		if e := k.read(c.Expr, c.ExprPos); e != nil {
			k.controls[id] = e
		}
	}
}

// clocks are not judged here, but their conditions stand behind the same fence.
func (k *compiler) clocks(i *law.Instrument) {
	for _, c := range i.Clocks {
		if c.When != "" {
			k.read(c.When, c.WhenPos)
		}
		for _, v := range c.Variants {
			if v.When != "" {
				k.read(v.When, v.Pos)
			}
		}
	}
}

func (k *compiler) conditions(applies []law.Conjunct, displaced []law.Displacement) []condition {
	var all []condition
	for _, c := range applies {
		if e := k.read(c.Expr, c.Pos); e != nil {
			all = append(all, condition{label: &label{"conjunct", c.Name, c.Pinpoint, e.Text}, expr: e})
		}
	}
	for _, d := range displaced {
		if e := k.read(d.When, d.Pos); e != nil {
			all = append(all, condition{label: &label{"conjunct", "displaced", d.Pinpoint,
				"does not step aside for " + string(d.By)}, expr: e, displacedBy: d.By})
		}
	}
	return all
}

func (k *compiler) duty(p *law.Provision, instrument []condition) *duty {
	d := &duty{Provision: p, from: p.From, until: earlier(p.Until, p.Instrument.Repealed), judgement: judgementOf(p)}
	if p.Instrument.AppliesFrom == nil {
		d.from = nil // a proposal binds nobody, whatever its parts say
	} else if d.from == nil {
		d.from = p.Instrument.AppliesFrom
	}
	d.own = k.conditions(p.Applies, p.Displaced)
	d.conditions = slices.Concat(instrument, d.own)
	d.breach, d.suffices, d.indicators = k.named(p.Breach), k.named(p.Suffices), k.named(p.Indicators)
	for _, m := range p.Deemed {
		if e := k.read(m.When, m.Pos); e != nil {
			d.deemed = append(d.deemed, accepted{Deemed: m, when: e})
		}
	}
	k.subjects(d)
	return d
}

func earlier(a, b *fact.Day) *fact.Day {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}

func (k *compiler) named(ids []law.ControlID) []control {
	var all []control
	for _, id := range ids {
		if e := k.controls[id]; e != nil {
			c := k.catalogue.Controls[id]
			all = append(all, control{c, e, &label{"control", string(c.ID), "", c.Title}})
		}
	}
	return all
}

// judgementOf is the question to a person whether the open norm is met.
func judgementOf(p *law.Provision) *expr.Expr {
	name := fact.Name(fact.JudgementPrefix + string(p.ID))
	return bare(&fact.Definition{Name: name, Type: fact.Bool, Known: []fact.Method{fact.Judgement}})
}

func bare(d *fact.Definition) *expr.Expr { return ofAtom(&expr.Atom{Fact: d.Name, Def: d}) }

// ofAtom is an expression of one atom that was never written, and that CEL need not judge.
func ofAtom(a *expr.Atom) *expr.Expr {
	return &expr.Expr{Facts: []fact.Name{a.Fact}, Defs: []*fact.Definition{a.Def}, Tree: &expr.Node{Atom: a}}
}

// reach lists the kinds of subject that a provision about a kind can ask: an organisation has no one
// device, a site none of either.
var reach = map[fact.SubjectKind][]fact.SubjectKind{
	fact.Organisation: {fact.Organisation},
	fact.Site:         {fact.Organisation, fact.Site},
	fact.Product:      {fact.Organisation, fact.Product, fact.Device},
	fact.Device:       {fact.Organisation, fact.Product, fact.Device},
}

// subjects refuses facts that would be unknown for ever, because nobody stands there to be asked.
func (k *compiler) subjects(d *duty) {
	check := func(e *expr.Expr, at law.Pos, what string) {
		for _, def := range e.Defs {
			if !slices.Contains(reach[d.Subject], def.Subject) {
				k.add(at, fmt.Sprintf("%s of provision %s asks %s, a fact about a %s", what, d.ID, def.Name,
					def.Subject),
					fmt.Sprintf("the provision speaks of a %s", d.Subject))
			}
		}
	}
	for _, c := range d.conditions {
		check(c.expr, d.Pos, "the condition "+c.label.id)
	}
	for _, c := range slices.Concat(d.breach, d.suffices, d.indicators) {
		check(c.expr, d.Pos, "control "+string(c.ID))
	}
	for _, m := range d.deemed {
		check(m.when, m.Pos, "the deemed compliance")
	}
}

// deem looks up what a deemed compliance rests on. What an official listing takes out carries no
// presumption, and where it is not said which clauses are relied on, a listing with a restriction
// carries none at all.
func (k *compiler) deem(d *duty, byID map[law.ProvisionID]*duty) {
	for i := range d.deemed {
		m := &d.deemed[i]
		for _, local := range m.Provisions {
			m.rest = append(m.rest, byID[law.ProvisionID(string(m.By)+"/"+local)])
			m.void = m.void || slices.Contains(m.Restricted, local)
		}
		m.void = m.void || len(m.Provisions) == 0 && len(m.Restricted) > 0
	}
}

// asksUnits says whether a duty, or what it may rest on, asks devices.
func (d *duty) asksUnits(via ...*duty) bool {
	if slices.Contains(via, d) {
		return false
	}
	via = append(via, d)
	controls := slices.Concat(d.breach, d.suffices, d.indicators)
	return slices.ContainsFunc(d.conditions, func(c condition) bool { return asks(c.expr, fact.Device) }) ||
		slices.ContainsFunc(controls, func(c control) bool { return asks(c.expr, fact.Device) }) ||
		slices.ContainsFunc(d.deemed, func(m accepted) bool {
			return asks(m.when, fact.Device) || slices.ContainsFunc(m.rest,
				func(r *duty) bool { return r.asksUnits(via...) })
		})
}

// asks says whether an expression asks a fact of a kind.
func asks(e *expr.Expr, kind fact.SubjectKind) bool {
	return slices.ContainsFunc(e.Defs, func(d *fact.Definition) bool { return d.Subject == kind })
}
