// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// standing of one legal person: its own duties, law by law.
type person struct {
	Subject fact.Subject
	Name    string
	All     judge.Counts
	Rows    []row // own duties alone
}

// nobody is how a person is called of whom only that is known that it is one of us.
const nobody = "one of us; which is not known"

// persons are those of a group, by name; of one organisation there is nothing to tell apart.
func persons(a *assess.Assessment) []person {
	if len(a.Result.Persons) < 2 {
		return nil
	}
	var out []person
	at := map[fact.Subject]map[law.InstrumentID]*row{}
	for _, s := range a.Result.Persons {
		p := person{Subject: s.Person, Name: nobody, All: s.Counts}
		if !s.Person.IsZero() {
			p.Name = name(a, s.Person)
		}
		at[s.Person] = map[law.InstrumentID]*row{}
		for _, i := range s.Instruments {
			p.Rows = append(p.Rows, row{Instrument: i.Instrument, Bound: i.Bound, Displaced: i.Displaced,
				Missing: i.Missing, Because: i.Because})
		}
		for k := range p.Rows {
			at[s.Person][p.Rows[k].Instrument.ID] = &p.Rows[k]
		}
		out = append(out, p)
	}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		if r := at[v.Person][v.Provision.Instrument.ID]; r != nil && v.Bearer == judge.Own &&
			v.Provision.Force == law.Must {
			tally(&r.Own, v)
		}
	}
	slices.SortStableFunc(out, func(x, y person) int { return cmp.Compare(x.Name, y.Name) })
	return out
}

// bound are the laws that bind the person, and those of which that is open.
func (p *person) bound() (bind, open []row) {
	for _, r := range p.Rows {
		switch {
		case r.Bound == "own" || r.Own.Met+r.Own.Violated > 0:
			bind = append(bind, r)
		case r.Own.NotShown > 0:
			open = append(open, r)
		}
	}
	return bind, open
}

// persons writes a matrix of each person's own duties.
func (p *printer) persons(a *assess.Assessment) {
	all := persons(a)
	if len(all) == 0 {
		return
	}
	p.Title("Verdicts by person (each bears its own duties; a group bears none)")
	g := p.figures("person", "law")
	for i := range all {
		o := &all[i]
		first := o.Name
		bind, open := o.bound()
		for _, r := range bind {
			figures(g, first, line{r.Instrument.Short, r.Own})
			first = ""
		}
		if len(open) > 0 {
			own, _ := sum(open)
			figures(g, first, line{count(len(open), "law", "laws") + " that may bind", own})
			first = ""
		}
		figures(g, first, line{"all", o.All})
		g.Paint(1, bold)
	}
	p.F("%s", g)
}

type jsonPerson struct {
	Person      jsonSubject            `json:"person"` // without an ID: which of us is not known
	Counts      judge.Counts           `json:"counts"`
	Instruments []jsonPersonInstrument `json:"instruments"`
}

type jsonPersonInstrument struct {
	ID          string       `json:"id"`
	Bound       string       `json:"bound"`
	Because     []string     `json:"because"`
	Missing     []string     `json:"missing"`
	DisplacedBy string       `json:"displaced_by,omitempty"`
	Counts      judge.Counts `json:"counts"`
}

func jsonPersons(a *assess.Assessment) (out []jsonPerson) {
	for _, p := range persons(a) {
		j := jsonPerson{Person: jsonSubject{string(p.Subject.Kind), p.Subject.ID, p.Name}, Counts: p.All}
		for _, r := range p.Rows {
			j.Instruments = append(j.Instruments, jsonPersonInstrument{ID: string(r.Instrument.ID), Bound: r.Bound,
				Because: orEmpty(r.Because), Missing: factNames(r.Missing),
				DisplacedBy: string(r.Displaced), Counts: r.Own})
		}
		out = append(out, j)
	}
	return out
}

// pagePerson is a person's part of the page's matrix.
type pagePerson struct {
	Name  string
	Lines []pageLine
}

func pagePersons(a *assess.Assessment) (out []pagePerson) {
	all := persons(a)
	for i := range all {
		o := pagePerson{Name: all[i].Name}
		put := func(whose string, c judge.Counts) {
			l := line{whose, c}
			o.Lines = append(o.Lines, pageLine{l, bar(l)})
		}
		bind, open := all[i].bound()
		for _, r := range bind {
			put(r.Instrument.Short, r.Own)
		}
		if own, _ := sum(open); len(open) > 0 {
			put(count(len(open), "law", "laws")+" that may bind", own)
		}
		put("all", all[i].All)
		out = append(out, o)
	}
	return out
}
