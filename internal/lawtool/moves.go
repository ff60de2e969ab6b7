// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Move is a verdict that another law changes, of the same facts and dates.
type Move struct {
	ID     string `json:"id"`
	Bearer string `json:"bearer"`
	Force  string `json:"force"`
	Name   string `json:"name"` // of the subject, for people
	// Old and New are outcomes, with a flag where a breach is indicated, and their force where it is not must;
	// none: that law has no such duty.
	Old string `json:"old"`
	New string `json:"new"`
}

// none stands for the verdict on a provision that a law does not hold.
const none = "none"

// Moves compares two judgements of the same facts. A duty that only one law holds moves where it applies. name
// gives what people call a subject.
func Moves(old, new *judge.Result, name func(fact.Subject) string) []Move {
	before, after := byID(old), byID(new)
	var all []Move
	for id, v := range before {
		w := after[id]
		if a, b := outcome(v), outcome(w); a != b && !(w == nil && v.Outcome == judge.NotApplicable) {
			all = append(all, move(cmp.Or(w, v), a, b, name))
		}
	}
	for id, w := range after {
		if before[id] == nil && w.Outcome != judge.NotApplicable {
			all = append(all, move(w, none, outcome(w), name))
		}
	}
	slices.SortFunc(all, func(a, b Move) int {
		return cmp.Or(cmp.Compare(a.Bearer, b.Bearer), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func byID(r *judge.Result) map[string]*judge.Verdict {
	all := make(map[string]*judge.Verdict, len(r.Verdicts))
	for i := range r.Verdicts {
		all[r.Verdicts[i].ID()] = &r.Verdicts[i]
	}
	return all
}

// outcome is a verdict as it counts: what was found, and that it is no must where it is none.
func outcome(v *judge.Verdict) string {
	if v == nil {
		return none
	}
	text := v.Outcome.String()
	if v.Outcome == judge.NotApplicable {
		return text
	}
	if slices.Contains(v.Flags, judge.BreachIndicated) {
		text += ", " + judge.BreachIndicated
	}
	if v.Provision.Force != law.Must {
		text += fmt.Sprintf(" (%s)", v.Provision.Force)
	}
	return text
}

func move(v *judge.Verdict, old, new string, name func(fact.Subject) string) Move {
	return Move{ID: v.ID(), Bearer: string(v.Bearer), Force: string(v.Provision.Force), Name: name(v.Subject),
		Old: old,
		New: new}
}

// WriteMoves writes moved verdicts for people: ours, then those of suppliers.
func WriteMoves(w io.Writer, all []Move) error {
	p := &paper{w: w}
	bearer := ""
	for _, m := range all {
		if m.Bearer != bearer {
			bearer = m.Bearer
			p.head(map[string]string{string(judge.Own): "duties of one's own",
				string(judge.Supplier): "duties of suppliers"}[bearer])
		}
		p.line("  %s -> %s  %s  %s", m.Old, m.New, m.ID, m.Name)
	}
	if len(all) > 0 {
		p.line("")
	}
	p.line("%s", plural(len(all), "verdict moves", "verdicts move"))
	return p.err
}

// WriteChanged names what changed, without its fields: at most limit lines.
func WriteChanged(w io.Writer, changes []Change, limit int) error {
	p := &paper{w: w}
	for i, c := range changes {
		if i == limit {
			p.line("and %s more", plural(len(changes)-limit, "change", "changes"))
			break
		}
		p.line("%s %s %s", c.What, c.Kind, c.ID)
	}
	p.line("%s", plural(len(changes), "change", "changes"))
	return p.err
}
