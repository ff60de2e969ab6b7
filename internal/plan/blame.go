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
	trees   map[law.ControlID]*expr.Node // as far as asked for
}

// NewBlamer makes one for verdicts of a law day and an evidence day.
func NewBlamer(cat *law.Catalogue, day, at fact.Day) *Blamer {
	b := &Blamer{cat: cat, day: day, at: at, trees: map[law.ControlID]*expr.Node{}}
	b.set, _ = expr.NewSet(cat.Vocabulary) // without it we name more than we must
	return b
}

// Controls gives the controls of a verdict's reasons that speak against it: of a contradicted one those that
// break the provision, of an indicated one those that point that way. One that is false of a unit, while it is
// open whether the unit speaks of its product, points that way, too.
func (b *Blamer) Controls(v *judge.Verdict) []*judge.Because {
	return b.controls(v, v.Outcome != judge.Violated)
}

// controls with indicators are all that has to change: a duty that nothing breaks any more is still indicated
// while something points to its breach.
func (b *Blamer) controls(v *judge.Verdict, indicators bool) []*judge.Because {
	var out []*judge.Because
	Walk(v.Because(), func(n *judge.Because) {
		if n.Kind != "control" || n.Truth == "true" {
			return
		}
		p, id := v.Provision, law.ControlID(n.ID)
		breaks := slices.Contains(p.Breach, id)
		if !breaks && !(indicators && slices.Contains(p.Indicators, id)) {
			return
		}
		if n.Truth == "false" || indicators && len(b.Facts(n)) > 0 {
			out = append(out, n)
		}
	})
	return out
}

// Facts are the reasons below a control that make it false: of one that is false where no formula tells, all
// that are known; of one that is open, those that make it false of a unit.
func (b *Blamer) Facts(control *judge.Because) []*judge.Because {
	known := knownFacts(control)
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
	tree, known := b.trees[id]
	if known {
		return tree
	}
	if c := b.cat.Controls[id]; b.set != nil && c != nil {
		if e, problems := b.set.Compile(c.Expr); len(problems) == 0 {
			tree = e.Tree
		}
	}
	b.trees[id] = tree
	return tree
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
	t := b.on(known, unit)
	if t.truth(tree) != expr.False {
		return nil
	}
	var out []*judge.Because
	var guilty func(n *expr.Node, want expr.Truth)
	guilty = func(n *expr.Node, want expr.Truth) {
		switch {
		case n.Op == expr.Leaf:
			if r := t.at[n.Atom.Fact]; r != nil {
				add(&out, r)
			}
		case n.Op == expr.OpNot:
			guilty(n.Kids[0], want.Not())
		default:
			for _, k := range n.Kids {
				if t.truth(k) == want {
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
