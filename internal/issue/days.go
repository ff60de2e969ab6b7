// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package issue

import (
	"cmp"
	"slices"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// Stood is one duty over a period: on how many of its days it was what.
type Stood struct {
	Law             string `json:"law"`
	Provision       string `json:"provision"`
	Pinpoint        string `json:"pinpoint"`
	Person          string `json:"person"`
	Bearer          string `json:"bearer"`
	Subject         string `json:"subject"`
	Met             int    `json:"met"`
	Violated        int    `json:"violated"`
	BreachIndicated int    `json:"breach_indicated"` // of those not shown
	NotShown        int    `json:"not_shown"`
	NotApplicable   int    `json:"not_applicable"`
}

// Table is every duty in scope over the period. It holds subjects by their numbers alone.
type Table struct {
	From  string  `json:"from"`
	To    string  `json:"to"`
	Days  int     `json:"days"`
	Stood []Stood `json:"duties"`
}

// over judges each day of a period by its own law and the evidence that was good at its end, as known at the
// knowledge point. It judges only the days on which something may have changed; told is called before each.
func over(cat *law.Catalogue, engine *judge.Engine, book *proof.Book, q proof.Question, from, to fact.Day, w *within,
	told func(done, of int) error) (*Table, error) {
	q.PerSubject, q.All, q.Day, q.At = false, false, to, endOf(to)
	when := turns(cat, proof.Input(book.Entries, book.Stubs, q).Claims, from, to)
	all := map[string]*Stood{}
	for i, day := range when {
		if err := told(i, len(when)); err != nil {
			return nil, err
		}
		next := to + 1
		if i+1 < len(when) {
			next = when[i+1]
		}
		q.Day, q.At = day, endOf(day)
		r := engine.Judge(proof.Input(book.Entries, book.Stubs, q))
		for k := range r.Verdicts {
			if v := &r.Verdicts[k]; w.holds(v) && v.Provision.Force == law.Must {
				add(all, v, int(next-day))
			}
		}
	}
	t := &Table{From: from.String(), To: to.String(), Days: days(from, to), Stood: []Stood{}}
	for _, s := range all {
		if s.NotApplicable = t.Days - s.Met - s.Violated - s.NotShown; s.NotApplicable < t.Days {
			t.Stood = append(t.Stood, *s)
		}
	}
	slices.SortFunc(t.Stood, func(a, b Stood) int {
		return cmp.Or(cmp.Compare(a.Provision, b.Provision), cmp.Compare(a.Subject, b.Subject),
			cmp.Compare(a.Person, b.Person))
	})
	return t, nil
}

func add(all map[string]*Stood, v *judge.Verdict, n int) {
	if v.Outcome == judge.NotApplicable {
		return
	}
	s := all[v.ID()]
	if s == nil {
		s = &Stood{Law: string(v.Provision.Instrument.ID), Provision: string(v.Provision.ID),
			Pinpoint: v.Provision.Pinpoint, Person: v.Person.String(),
			Bearer: string(v.Bearer), Subject: v.Subject.String()}
		all[v.ID()] = s
	}
	switch v.Outcome {
	case judge.Met:
		s.Met += n
	case judge.Violated:
		s.Violated += n
	default:
		s.NotShown += n
		if slices.Contains(v.Flags, judge.BreachIndicated) {
			s.BreachIndicated += n
		}
	}
}

// endOf is the last moment of a day.
func endOf(d fact.Day) time.Time { return d.Time().Add(24*time.Hour - time.Nanosecond) }
