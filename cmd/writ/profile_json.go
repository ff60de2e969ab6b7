// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/law"
)

// profileJSON is a profile as programs write one: the YAML of profile.Template without its words for people
// (catalogue/schema/profile.schema.json).
type profileJSON struct {
	Version      int           `json:"version"`
	Organisation organisedJSON `json:"organisation"`
	Networks     []string      `json:"networks"`
	Products     []string      `json:"products"`
	Devices      []string      `json:"devices"`
	Records      []string      `json:"records"`
}

type organisedJSON struct {
	Name       string               `json:"name"`
	DeclaredBy string               `json:"declared-by"`
	DeclaredOn string               `json:"declared-on"`
	Answers    map[fact.Name]string `json:"answers"` // every question; unknown where nobody answered
}

func profileOf(cat *law.Catalogue, answers map[fact.Name]string) profileJSON {
	p := profileJSON{Version: 1, Networks: []string{}, Products: []string{}, Devices: []string{}, Records: []string{},
		Organisation: organisedJSON{Name: cmp.Or(answers["name"], "unnamed"),
			DeclaredBy: cmp.Or(answers["declared-by"], "unnamed officer"), DeclaredOn: answers["declared-on"],
			Answers: map[fact.Name]string{}}}
	p.Organisation.Answers = allAnswers(cat, answers)
	return p
}

func allAnswers(cat *law.Catalogue, answers map[fact.Name]string) map[fact.Name]string {
	all := map[fact.Name]string{}
	for _, q := range profile.Questions(cat, fact.Organisation) {
		all[q.Name] = cmp.Or(answers[q.Name], "unknown")
	}
	return all
}

// groupJSON is the profile of a group, of the same schema.
type groupJSON struct {
	Version  int          `json:"version"`
	Group    namedJSON    `json:"group"`
	Persons  []personJSON `json:"persons"`
	Sites    []string     `json:"sites"`
	Services []string     `json:"services"`
	Products []string     `json:"products"`
	Devices  []string     `json:"devices"`
	Records  []string     `json:"records"`
}

type namedJSON struct {
	Name       string `json:"name"`
	DeclaredBy string `json:"declared-by"`
	DeclaredOn string `json:"declared-on"`
}

type personJSON struct {
	ID      string               `json:"id"`
	Name    string               `json:"name"`
	Answers map[fact.Name]string `json:"answers"` // every question; unknown where nobody answered
}

func groupOf(cat *law.Catalogue, g *profile.Asked) groupJSON {
	p := groupJSON{Version: 1, Group: namedJSON{cmp.Or(g.Group["name"], "unnamed"),
		cmp.Or(g.Group["declared-by"], "unnamed officer"), g.Group["declared-on"]},
		Sites: []string{}, Services: []string{}, Products: []string{}, Devices: []string{}, Records: []string{}}
	for _, a := range g.People() {
		p.Persons = append(p.Persons, personJSON{a["id"], a["name"], allAnswers(cat, a)})
	}
	return p
}

// profileChecked is what a program is told of a profile (docs/schema/profile-check.schema.json).
type profileChecked struct {
	File    string  `json:"file"`
	Valid   bool    `json:"valid"`
	Profile string  `json:"profile"` // the organisation's name, or the group's; "" where it does not read
	Faults  []fault `json:"faults"`
}

// fault is one thing wrong at one place.
type fault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`   // from 1; 0 where the whole file is meant
	Column  int    `json:"column"` // from 1, in characters
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Source  string `json:"source,omitempty"` // the line at fault
}

// checked lists a profile's faults, and ends as the text form does. What keeps the file from being read at all is
// an error and no fault of it.
func (d *door) checked(path string, p *profile.Profile, err error) error {
	out := profileChecked{File: path, Valid: err == nil, Faults: []fault{}}
	var problems law.Problems
	var one *law.Problem
	switch {
	case err == nil:
		out.Profile = p.Name()
	case errors.As(err, &problems):
	case errors.As(err, &one):
		problems = law.Problems{one}
	default:
		return err
	}
	for _, f := range problems {
		out.Faults = append(out.Faults, fault{File: f.Pos.File, Line: f.Pos.Line, Column: f.Pos.Col, Message: f.What,
			Hint: f.Hint, Source: f.Line})
	}
	if e := d.json(out); e != nil || err == nil {
		return e
	}
	return err
}
