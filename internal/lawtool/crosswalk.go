// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"io"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Meeting is a place where two laws ask about the same thing. It is derived from what decides them, and
// never makes a verdict: each law is judged by itself (semantics, section 4).
type Meeting struct {
	From     law.ProvisionID `json:"from"`
	To       law.ProvisionID `json:"to"`
	Controls []law.ControlID `json:"controls,omitempty"` // both rest on
	Facts    []fact.Name     `json:"facts"`              // both turn on
}

// Crosswalk lists where one instrument meets another, those that share a control before those that share
// facts alone.
func Crosswalk(cat *law.Catalogue, from, to law.InstrumentID) ([]Meeting, error) {
	a, ok := cat.Instrument(from)
	if !ok {
		return nil, unknownID(cat, string(from))
	}
	b, ok := cat.Instrument(to)
	if !ok {
		return nil, unknownID(cat, string(to))
	}
	facts := factsOfControls(cat)
	var shared, alike []Meeting
	for _, p := range a.Provisions {
		for _, q := range b.Provisions {
			m := meeting(p, q, facts)
			switch {
			case p == q:
			case len(m.Controls) > 0:
				shared = append(shared, m)
			case len(m.Facts) > 0:
				alike = append(alike, m)
			}
		}
	}
	return append(shared, alike...), nil
}

func factsOfControls(cat *law.Catalogue) map[law.ControlID][]fact.Name {
	all := make(map[law.ControlID][]fact.Name, len(cat.Controls))
	for id, c := range cat.Controls {
		defs, _ := expr.Check(cat.Vocabulary, c.Expr)
		for _, d := range defs {
			all[id] = append(all[id], d.Name)
		}
	}
	return all
}

func meeting(p, q *law.Provision, facts map[law.ControlID][]fact.Name) Meeting {
	m := Meeting{From: p.ID, To: q.ID}
	mine, theirs := controlsOf(p), controlsOf(q)
	for _, id := range mine {
		if slices.Contains(theirs, id) && !slices.Contains(m.Controls, id) {
			m.Controls = append(m.Controls, id)
		}
	}
	for _, n := range turnsOn(mine, facts) {
		if slices.Contains(turnsOn(theirs, facts), n) {
			m.Facts = append(m.Facts, n)
		}
	}
	return m
}

func controlsOf(p *law.Provision) []law.ControlID {
	return slices.Concat(p.Breach, p.Suffices, p.Indicators)
}

func turnsOn(ids []law.ControlID, facts map[law.ControlID][]fact.Name) []fact.Name {
	var all []fact.Name
	for _, id := range ids {
		all = append(all, facts[id]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// WriteCrosswalk writes meetings for people.
func WriteCrosswalk(w io.Writer, meetings []Meeting) error {
	p := &paper{w: w}
	for _, m := range meetings {
		p.line("%s  ~  %s", m.From, m.To)
		for _, id := range m.Controls {
			p.line("    control %s", id)
		}
		if len(m.Controls) == 0 {
			for _, n := range m.Facts {
				p.line("    fact %s", n)
			}
		}
	}
	p.line("%s; derived from shared controls and facts, and no verdict rests on it", plural(len(meetings),
		"meeting", "meetings"))
	return p.err
}

// Use is a provision that rests on a control, and how.
type Use struct {
	Provision law.ProvisionID `json:"provision"`
	Pinpoint  string          `json:"pinpoint"`
	How       string          `json:"how"` // breach, suffices, indicator
	Force     law.Force       `json:"force"`
}

// Across lists every provision that rests on a control, over all laws.
func Across(cat *law.Catalogue, id law.ControlID) ([]Use, error) {
	if cat.Controls[id] == nil {
		return nil, unknownID(cat, string(id))
	}
	var uses []Use
	for _, i := range cat.Instruments {
		for _, p := range i.Provisions {
			for _, part := range []struct {
				how string
				ids []law.ControlID
			}{{"breach", p.Breach}, {"suffices", p.Suffices}, {"indicator", p.Indicators}} {
				if slices.Contains(part.ids, id) {
					uses = append(uses, Use{p.ID, i.Short + " " + p.Pinpoint, part.how, p.Force})
				}
			}
		}
	}
	return uses, nil
}

// WriteUses writes uses for people.
func WriteUses(w io.Writer, uses []Use) error {
	p := &paper{w: w}
	var rows [][]string
	for _, u := range uses {
		rows = append(rows, []string{u.Pinpoint, u.How, string(u.Force), string(u.Provision)})
	}
	p.table([]string{"WHERE", "AS", "FORCE", "PROVISION"}, rows)
	return p.err
}
