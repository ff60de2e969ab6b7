// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

// asking puts expressions to the world on one law day, each once to the same subjects.
type asking struct {
	*world
	day   fact.Day
	seen  map[question]*answer
	gates map[gateKey]*node
}

// question is an expression and whom it asks; kinds that it does not ask are zero.
type question struct {
	expr                        *expr.Expr
	person, site, product, unit fact.Subject
	at                          fact.Day
	weight                      weight
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
	at                          fact.Day
}

// of gives the target of a party as seen from one of its units.
func (a *asking) of(p *party, unit fact.Subject) target {
	t := target{person: p.person, unit: unit,
		site: fact.Subject{Kind: fact.Site}, product: fact.Subject{Kind: fact.Product},
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

// ask evaluates an expression once for the same subjects.
func (a *asking) ask(e *expr.Expr, t target, w weight) *answer {
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
			q.unit = t.unit
		}
	}
	if known := a.seen[q]; known != nil {
		return known
	}
	out := a.evaluate(e, t, w)
	a.seen[q] = out
	return out
}

func (a *asking) evaluate(e *expr.Expr, t target, w weight) *answer {
	out := &answer{tree: e.Tree, facts: e.Facts, at: t.at, weight: w}
	for _, d := range e.Defs {
		out.put(a.world, d.Name, t.who(d.Subject))
	}
	out.forget()
	out.settle(e.Eval(out.values, a.day, t.at))
	return out
}

func (o *answer) settle(said expr.Outcome) {
	o.truth, o.inconclusive = said.Truth, said.Err != nil
	o.names(said.Missing)
}

// put looks a fact up. Nobody is known under a subject without an ID.
func (o *answer) put(w *world, n fact.Name, who fact.Subject) {
	state := fact.Resolved{Reason: fact.NoEvidence}
	if who.ID != "" {
		state = w.facts.State(who, n)
	}
	o.who, o.states, o.values = append(o.who, who), append(o.states, state), append(o.values, state.Value)
}

// lone says that a declaration alone carries a fact, and weighs too little.
func (o *answer) lone(i int, w weight) bool {
	if o.states[i].State != fact.Known || o.states[i].Documented {
		return false
	}
	switch o.who[i].Kind {
	case fact.Product:
		return w >= shownProduct
	case fact.Device:
		return w >= shownUnit
	}
	return false
}

// forget takes the value from each such fact.
func (o *answer) forget() {
	for i := range o.who {
		if o.lone(i, o.weight) {
			o.values[i] = fact.Value{}
		}
	}
}

// atom asks one fact of one subject, for what is no expression of the catalogue.
func (a *asking) atom(tree *expr.Node, who fact.Subject) *answer {
	n := tree.Atom.Fact
	out := &answer{tree: tree, facts: []fact.Name{n}}
	out.put(a.world, n, who)
	out.truth = tree.Truth(func(fact.Name) fact.Value { return out.values[0] }, a.day, a.day)
	if out.truth == expr.Unknown {
		out.names(out.facts)
	}
	return out
}

// judgement asks whether a person judged the norm met for the subject, or else for the whole of its
// bearer. What somebody once judged of the subject itself and what is no longer valid is not replaced by
// the general word.
func (a *asking) judgement(d *duty, p *party) *answer {
	special := a.atom(d.judgement, p.subject)
	if special.states[0].Reason != fact.NoEvidence || p.person == p.subject {
		return special
	}
	if general := a.atom(d.judgement, p.person); general.states[0].Reason != fact.NoEvidence {
		return general
	}
	return special
}

// troubled says whether something was once known of a fact of the answer that is not known now: nobody
// can tell whether it spoke against a presumption.
func (o *answer) troubled() bool {
	return slices.ContainsFunc(o.states, func(r fact.Resolved) bool {
		switch r.Reason {
		case fact.Stale, fact.Conflicting, fact.Withheld, fact.Recalled:
			return true
		}
		return false
	})
}
