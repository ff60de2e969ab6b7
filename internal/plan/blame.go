// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Blamer finds which facts make a control false. The reasons list all facts that a control asks for; what
// contradicts a duty are only those without which it would not be false.
type Blamer struct {
	cat     *law.Catalogue
	set     *expr.Set // nil: every known fact is named
	day, at fact.Day
}

// NewBlamer makes one for verdicts of a law day and an evidence day.
func NewBlamer(cat *law.Catalogue, day, at fact.Day) *Blamer {
	b := &Blamer{cat: cat, day: day, at: at}
	b.set, _ = expr.NewSet(cat.Vocabulary) // without it we name more than we must
	return b
}

// Controls gives the controls of a verdict's reasons that speak against it: of a contradicted one those that
// break the provision, of an indicated one those that point that way. One that is false of a unit, while it is
// open whether the unit speaks of its product, points that way, too.
func (b *Blamer) Controls(v *judge.Verdict) []*judge.Because {
	var out []*judge.Because
	Walk(v.Because, func(n *judge.Because) {
		if n.Kind != "control" || n.Truth == "true" {
			return
		}
		p, id := v.Provision, law.ControlID(n.ID)
		breaks := slices.Contains(p.Breach, id)
		if !breaks && (v.Outcome == judge.Violated || !slices.Contains(p.Indicators, id)) {
			return
		}
		if n.Truth == "false" || v.Outcome != judge.Violated && len(b.Facts(n)) > 0 {
			out = append(out, n)
		}
	})
	return out
}

// Facts are the reasons below a control that make it false: of one that is false where no formula tells, all
// that are known; of one that is open, those that make it false of a unit.
func (b *Blamer) Facts(control *judge.Because) []*judge.Because {
	var known []*judge.Because
	for i := range control.Children {
		n := &control.Children[i]
		if n.Kind == "fact" && n.Fact != nil && n.Fact.State == fact.Known && n.Truth != "unknown" {
			known = append(known, n)
		}
	}
	var out []*judge.Because
	if tree := b.tree(law.ControlID(control.ID)); tree != nil {
		for _, unit := range units(known) {
			out = append(out, b.of(tree, known, unit)...)
		}
	}
	if len(out) == 0 && control.Truth == "false" {
		return known
	}
	return out
}

func (b *Blamer) tree(id law.ControlID) *expr.Node {
	c := b.cat.Controls[id]
	if b.set == nil || c == nil {
		return nil
	}
	e, problems := b.set.Compile(c.Expr)
	if len(problems) > 0 {
		return nil
	}
	return e.Tree
}

// units are the devices that facts speak of; one empty subject where they speak of none.
func units(facts []*judge.Because) []fact.Subject {
	var out []fact.Subject
	for _, n := range facts {
		if n.Subject != nil && n.Subject.Kind == fact.Device && !slices.Contains(out, *n.Subject) {
			out = append(out, *n.Subject)
		}
	}
	if len(out) == 0 {
		out = append(out, fact.Subject{})
	}
	return out
}

// of gives the facts that make the formula false of one unit.
func (b *Blamer) of(tree *expr.Node, known []*judge.Because, unit fact.Subject) []*judge.Because {
	at := map[fact.Name]*judge.Because{}
	for _, n := range known {
		if n.Subject == nil || n.Subject.Kind != fact.Device || *n.Subject == unit {
			at[fact.Name(n.ID)] = n
		}
	}
	truth := func(n *expr.Node) expr.Truth {
		return n.Truth(func(f fact.Name) fact.Value {
			if r := at[f]; r != nil {
				return r.Fact.Value
			}
			return fact.Value{}
		}, b.day, b.at)
	}
	if truth(tree) != expr.False {
		return nil
	}
	var out []*judge.Because
	var guilty func(n *expr.Node, want expr.Truth)
	guilty = func(n *expr.Node, want expr.Truth) {
		switch {
		case n.Op == expr.Leaf:
			if r := at[n.Atom.Fact]; r != nil && !slices.Contains(out, r) {
				out = append(out, r)
			}
		case n.Op == expr.OpNot:
			guilty(n.Kids[0], want.Not())
		default:
			for _, k := range n.Kids {
				if truth(k) == want {
					guilty(k, want)
				}
			}
		}
	}
	guilty(tree, expr.False)
	return out
}

// Walk visits each reason, outermost first.
func Walk(bs []judge.Because, visit func(*judge.Because)) {
	for i := range bs {
		visit(&bs[i])
		Walk(bs[i].Children, visit)
	}
}
