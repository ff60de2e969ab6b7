// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

// asking puts expressions to the world on one law day. What it asks of no unit it asks once.
type asking struct {
	*court
	day     fact.Day
	seen    map[question]*answer
	walks   uint32 // through the nodes of its trials
	scratch []MissingFact
}

// question is an expression and whom it asks; kinds that it does not ask are zero.
type question struct {
	expr                  *expr.Expr
	person, site, product fact.Subject
	at                    fact.Day
	weight                weight
}

// weight says which declarations count that stand alone. One about a product, or about the units that
// speak for it, takes no product out of a law (semantics, section 1); and what we declare of somebody
// else's product is not its maker's word (section 2).
type weight uint8

const (
	everyWord    weight = iota
	shownProduct        // of a product: what more than a declaration carries
	shownUnit           // and so of a unit
)

// target is whom a fact of each kind is asked of.
type target struct {
	person, site, product, unit fact.Subject
	states                      map[fact.Name]*fact.Resolved // of the unit
	at                          fact.Day
}

// of gives the target of a party as seen from none of its units.
func (a *asking) of(p *party) target {
	t := target{person: p.person, site: fact.Subject{Kind: fact.Site}, product: fact.Subject{Kind: fact.Product},
		at: fact.DayOf(a.atOf(p.subject))}
	if t.person == (fact.Subject{}) {
		t.person.Kind = fact.Organisation
	}
	switch p.subject.Kind {
	case fact.Site:
		t.site = p.subject
	case fact.Product:
		t.product = p.subject
	case fact.Device:
		if m := a.members[p.subject]; m != nil && m.Product != (fact.Subject{}) {
			t.product = m.Product
		}
	}
	return t
}

// from is the target as seen from one of the party's units.
func (t target) from(p *party, unit int) *target {
	t.unit, t.states = p.units[unit], p.states[unit]
	return &t
}

func (t *target) who(k fact.SubjectKind) fact.Subject {
	switch k {
	case fact.Organisation:
		return t.person
	case fact.Site:
		return t.site
	case fact.Product:
		return t.product
	}
	return t.unit
}

// ask evaluates an expression; once for the same subjects, where it asks no unit.
func (a *asking) ask(e *expr.Expr, t *target, w weight) *answer {
	q := question{expr: e, at: t.at, weight: w}
	for _, d := range e.Defs {
		switch d.Subject {
		case fact.Organisation:
			q.person = t.person
		case fact.Site:
			q.site = t.site
		case fact.Product:
			q.product = t.product
		default:
			return a.evaluate(e, t, w)
		}
	}
	if known := a.seen[q]; known != nil {
		return known
	}
	out := a.evaluate(e, t, w)
	a.seen[q] = out
	return out
}

func (a *asking) evaluate(e *expr.Expr, t *target, w weight) *answer {
	out := &answer{Expr: e, at: t.at, weight: w, known: make([]known, len(e.Defs))}
	for i, d := range e.Defs {
		if who := t.who(d.Subject); who.Kind == fact.Device {
			out.known[i] = a.among(d.Name, who, t.states)
		} else {
			out.known[i] = a.look(d.Name, who)
		}
		if out.lone(i, w) {
			out.known[i].value = fact.Value{}
		}
	}
	said := a.court.evaluate(out, a.day)
	out.truth, out.inconclusive, out.lacks = said.Truth, said.Err != nil, said.Missing
	return out
}

// lone says that a declaration alone carries a fact, and weighs too little.
func (a *answer) lone(i int, w weight) bool {
	k := &a.known[i]
	if k.state.State != fact.Known || k.state.Documented {
		return false
	}
	switch k.who.Kind {
	case fact.Product:
		return w >= shownProduct
	case fact.Device:
		return w >= shownUnit
	}
	return false
}

// anyLone says that a declaration alone carries one of the facts.
func (a *answer) anyLone(w weight) bool {
	for i := range a.known {
		if a.lone(i, w) {
			return true
		}
	}
	return false
}

// atom asks one fact of one subject, for what is no expression of the catalogue.
func (a *asking) atom(e *expr.Expr, k known) *answer {
	out := &answer{Expr: e, known: []known{k}}
	out.truth = e.Tree.Truth(out.value, a.day, a.day)
	if out.truth == expr.Unknown {
		out.lacks = e.Facts
	}
	return out
}

// judgement asks whether a person judged the norm met for the subject, or else for the whole of its
// bearer. What somebody once judged of the subject itself and what is no longer valid is not replaced by
// the general word.
func (a *asking) judgement(d *duty, p *party) *answer {
	special := a.atom(d.judgement, a.look(d.judgement.Facts[0], p.subject))
	if special.known[0].state.Reason != fact.NoEvidence || p.person == p.subject {
		return special
	}
	if general := a.atom(d.judgement, a.look(d.judgement.Facts[0], p.person)); general.known[0].state.Reason != fact.NoEvidence {
		return general
	}
	return special
}

// troubled says whether something was once known of a fact of the answer that is not known now: nobody
// can tell whether it spoke against a presumption.
func (a *answer) troubled() bool {
	return slices.ContainsFunc(a.known, func(k known) bool {
		switch k.state.Reason {
		case fact.Stale, fact.Conflicting, fact.Withheld, fact.Recalled:
			return true
		}
		return false
	})
}
