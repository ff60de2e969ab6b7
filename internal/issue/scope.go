// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package issue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// within decides which verdicts an assessment speaks of.
type within struct {
	laws     map[law.InstrumentID]bool // nil: all
	persons  map[fact.Subject]bool     // nil: all
	outLaw   map[law.InstrumentID]bool
	outThing map[fact.Subject]bool
}

// holds says whether a verdict is in scope.
func (w *within) holds(v *judge.Verdict) bool {
	id := v.Provision.Instrument.ID
	return (w.laws == nil || w.laws[id]) && !w.outLaw[id] && (w.persons == nil || w.persons[v.Person]) &&
		!w.outThing[v.Subject] && !w.outThing[v.Person]
}

// scope reads what a draft names against what the case holds.
func scope(d *Draft, a *assess.Assessment) (*within, Scope, error) {
	w := &within{outLaw: map[law.InstrumentID]bool{}, outThing: map[fact.Subject]bool{}}
	s := Scope{Words: d.Scope, Laws: d.Laws}
	for _, id := range d.Laws {
		i, err := lawNamed(a.Catalogue, id)
		if err != nil {
			return nil, s, err
		}
		if w.laws == nil {
			w.laws = map[law.InstrumentID]bool{}
		}
		w.laws[i] = true
	}
	for _, name := range d.Persons {
		who, err := named(a, name, func(s fact.Subject) bool { return isPerson(a, s) })
		if err != nil {
			return nil, s, fmt.Errorf("--person %s: %w", name, err)
		}
		if w.persons == nil {
			w.persons = map[fact.Subject]bool{}
		}
		w.persons[who], s.Persons = true, append(s.Persons, a.Name(who))
	}
	for _, x := range d.Without {
		what, why, _ := strings.Cut(x, "=")
		what, why = strings.TrimSpace(what), strings.TrimSpace(why)
		if law.InstrumentID(what).Valid() {
			i, err := lawNamed(a.Catalogue, what)
			if err != nil {
				return nil, s, err
			}
			w.outLaw[i] = true
		} else {
			who, err := named(a, what, func(fact.Subject) bool { return true })
			if err != nil {
				return nil, s, fmt.Errorf("--exclude %s: %w", what, err)
			}
			w.outThing[who] = true
		}
		s.Without = append(s.Without, Exclusion{what, why})
	}
	return w, s, nil
}

func lawNamed(c *law.Catalogue, id string) (law.InstrumentID, error) {
	if i, ok := c.Instrument(law.InstrumentID(id)); ok {
		return i.ID, nil
	}
	var all []string
	for _, i := range c.Instruments {
		all = append(all, string(i.ID))
	}
	hint := ""
	if near := law.Suggest(id, all); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return "", fmt.Errorf("the catalogue has no law %s%s", id, hint)
}

func isPerson(a *assess.Assessment, s fact.Subject) bool {
	return slices.ContainsFunc(a.Result.Persons, func(p judge.Standing) bool { return p.Person == s })
}

// named finds the subject that people call by a name.
func named(a *assess.Assessment, name string, fits func(fact.Subject) bool) (fact.Subject, error) {
	var found []fact.Subject
	var all []string
	for s, n := range a.Names {
		if !fits(s) {
			continue
		}
		if all = append(all, n); n == name || s.String() == name {
			found = append(found, s)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return fact.Subject{}, fmt.Errorf("%d are called so; name it by its ID, such as %s", len(found), found[0])
	}
	hint := ""
	if near := law.Suggest(name, all); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return fact.Subject{}, fmt.Errorf("the case knows nobody and nothing of that name%s", hint)
}
