// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package issue makes an assessment a document: an assessment is a draft until named persons prepare, review and
// approve it. What is issued has a number and is frozen: purpose, scope and exclusions, the three dates, the law,
// the checkpoint, the counts, the reservations. It is never edited; another can take its place, saying what
// changed.
package issue

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/person"
	"github.com/writ-iot/writ/judge"
)

// Form is the journal's form of an issued assessment.
const Form = "issue.assessment"

// Assessment is what was issued, as the case keeps it.
type Assessment struct {
	Number     string    `json:"number"` // YEAR-NNN, counted in the case
	Issued     time.Time `json:"issued"`
	Of         string    `json:"of"` // the organisation, or the group
	Purpose    string    `json:"purpose"`
	Scope      Scope     `json:"scope"`
	Period     Period    `json:"period"`
	Day        string    `json:"day"`      // law day
	At         string    `json:"at"`       // evidence time
	KnownAt    string    `json:"known_at"` // knowledge point
	PerSubject bool      `json:"per_subject"`
	Law        Law       `json:"catalogue"`
	Engine     string    `json:"engine"`
	ReplayKey  string    `json:"replay_key"` // of the whole law, whatever the scope
	Checkpoint string    `json:"checkpoint"` // the signed note under which all of it stands

	Counts   judge.Counts   `json:"counts"` // own duties that must be met, in scope
	Supplier judge.Counts   `json:"supplier_counts"`
	ByLaw    []LawCounts    `json:"by_law"`
	Depth    map[string]int `json:"depth"`

	Reservations []string  `json:"reservations"`
	Prepared     Signatory `json:"prepared"`
	Reviewed     Signatory `json:"reviewed"`
	Approved     Signatory `json:"approved"`
	// Supersedes is the number of the assessment whose place it takes, and Changes what is different.
	Supersedes string `json:"supersedes,omitempty"`
	Changes    string `json:"changes,omitempty"`
	// Days is the digest of the table of days, which the case keeps as an artefact.
	Days     string `json:"days"`
	DaysSize int64  `json:"days_size"`
}

// Scope is what an assessment speaks of.
type Scope struct {
	Words   string      `json:"words"`             // as its readers know it
	Laws    []string    `json:"laws,omitempty"`    // none: every law of the catalogue
	Persons []string    `json:"persons,omitempty"` // by name; none: all of us
	Without []Exclusion `json:"without,omitempty"`
}

// Exclusion is what was left out, and why.
type Exclusion struct {
	What string `json:"what"` // a law's ID, or a subject's name
	Why  string `json:"why"`
}

// Period is the days that an assessment speaks of, the last included.
type Period struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Law is what was judged by.
type Law struct {
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

// LawCounts are the counts under one law.
type LawCounts struct {
	ID       string       `json:"id"`
	Short    string       `json:"short"`
	Bound    string       `json:"bound"`
	Counts   judge.Counts `json:"counts"`
	Supplier judge.Counts `json:"supplier_counts"`
}

// Signatory is a person who answers for a step.
type Signatory struct {
	Name string `json:"name"`
	Day  string `json:"day"`
}

// Draft is what a person says of an assessment that is to be issued.
type Draft struct {
	Purpose, Scope               string
	Laws, Persons, Without       []string // Without: WHAT=WHY
	From, To                     fact.Day
	Prepared, Reviewed, Approved string
	Supersedes, Changes          string
	Reservations                 []string
}

// Check says what is missing or does not go together, all at once.
func (d *Draft) Check(today fact.Day) error {
	var wrong []string
	need := func(value, what string) {
		if strings.TrimSpace(value) == "" {
			wrong = append(wrong, what)
		}
	}
	need(d.Scope, "say of what it speaks: --scope")
	need(d.Purpose, "say what it is for: --purpose")
	need(d.Prepared, "name who prepared it: --prepared")
	need(d.Reviewed, "name who reviewed it: --reviewed")
	need(d.Approved, "name who approves it: --approved")
	if person.Same(d.Approved, d.Prepared) {
		wrong = append(wrong, fmt.Sprintf("%s prepared it and cannot approve it", d.Prepared))
	}
	if d.Supersedes != "" {
		need(d.Changes, "say what changed since "+d.Supersedes+": --changes")
	} else if d.Changes != "" {
		wrong = append(wrong, "name the assessment that it supersedes: --supersedes")
	}
	for _, x := range d.Without {
		if what, why, ok := strings.Cut(x, "="); !ok || strings.TrimSpace(what) == "" || strings.TrimSpace(why) == "" {
			wrong = append(wrong, fmt.Sprintf("--exclude %s: want WHAT=WHY", x))
		}
	}
	if err := checkPeriod(d.From, d.To, today); err != nil {
		wrong = append(wrong, err.Error())
	}
	if len(wrong) > 0 {
		return fmt.Errorf("not issued:\n  %s", strings.Join(wrong, "\n  "))
	}
	return nil
}

// Next is the number after those that were given out in a year.
func Next(year int, given []Assessment) string {
	n := 1
	for i := range given {
		if y, _, _ := strings.Cut(given[i].Number, "-"); y == fmt.Sprint(year) {
			n++
		}
	}
	return fmt.Sprintf("%d-%03d", year, n)
}

// Successor gives the assessment that took another's place; nil where it still stands.
func Successor(number string, all []Assessment) *Assessment {
	i := slices.IndexFunc(all, func(a Assessment) bool { return a.Supersedes == number })
	if i < 0 {
		return nil
	}
	return &all[i]
}
