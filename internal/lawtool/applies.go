// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"cmp"
	"slices"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Hold says whether an instrument binds a legal person, why, and what would settle it where that is open.
type Hold struct {
	Person     string           `json:"person,omitempty"` // of several: the one that it is said of
	Instrument law.InstrumentID `json:"instrument"`
	Short      string           `json:"short"`
	Bound      string           `json:"bound"`              // own, supplier, no, undetermined
	OpenFor    judge.Bearer     `json:"open_for,omitempty"` // of undetermined: own, or supplier alone
	Because    []string         `json:"because"`
	Rests      []Known          `json:"rests,omitempty"` // the facts on which that rests
	// Questions that a profile can answer; where a supplier's duty binds, those that tell whether it binds us, too.
	Questions   []Question       `json:"questions,omitempty"`
	DisplacedBy law.InstrumentID `json:"displaced_by,omitempty"`
}

// Known is a fact with its value.
type Known struct {
	Subject fact.Subject `json:"subject"`
	Name    string       `json:"name"`
	Fact    fact.Name    `json:"fact"`
	Value   fact.Value   `json:"value"`
}

// Question is a fact that is missing, with what to ask for it.
type Question struct {
	Subject fact.Subject `json:"subject"`
	Name    string       `json:"name"`
	Fact    fact.Name    `json:"fact"`
	Ask     string       `json:"ask"`
}

// Applies says which laws hold the persons of a profile, by what the profile says and nothing else.
func Applies(cat *law.Catalogue, engine Engine, p *profile.Profile, day fact.Day, at time.Time) []Hold {
	return Holds(cat, engine.Judge(p.Input(day, at)), fact.Subject.String)
}

// Holds reads the same out of any result, person by person; name says what people call a subject.
func Holds(cat *law.Catalogue, result *judge.Result, name func(fact.Subject) string) []Hold {
	persons := slices.Clone(result.Persons)
	slices.SortStableFunc(persons, func(a, b judge.Standing) int { return cmp.Compare(name(a.Person), name(b.Person)) })
	holds := []Hold{}
	for _, p := range persons {
		if p.Person.IsZero() {
			continue // a device of which nobody said who runs it binds nobody by name
		}
		who := ""
		if len(result.Persons) > 1 {
			who = name(p.Person)
		}
		for i := range p.Instruments {
			h := hold(cat, &p.Instruments[i], name)
			h.Person = who
			holds = append(holds, h)
		}
	}
	return holds
}

func hold(cat *law.Catalogue, a *judge.Applicability, name func(fact.Subject) string) Hold {
	h := Hold{Instrument: a.Instrument.ID, Short: a.Instrument.Short, Bound: a.Bound, Because: a.Because,
		OpenFor: a.OpenFor, DisplacedBy: a.Displaced}
	for _, r := range a.Rests {
		h.Rests = append(h.Rests, Known{r.Subject, name(r.Subject), r.Fact, r.Value})
	}
	for _, m := range slices.Concat(a.Missing, a.Open) {
		if d, ok := cat.Vocabulary.Lookup(m.Fact); ok && answerable(d) {
			h.Questions = append(h.Questions, Question{m.Subject, name(m.Subject), m.Fact, d.Question})
		}
	}
	return h
}

// answerable says whether a profile can answer a fact: what only the wire or a test shows is no question.
func answerable(d *fact.Definition) bool {
	return d.Question != "" && (len(d.Known) == 0 || slices.Contains(d.Known, fact.Declaration) ||
		slices.Contains(d.Known, fact.Record))
}
