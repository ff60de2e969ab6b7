// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package readiness says how far a product is on the way to a standard, a label or a law: unit by unit what is met,
// what is contradicted and what is missing, and who can bring it. It judges nothing: it reads verdicts that were
// given as if the text had been adopted, and readiness is never compliance.
package readiness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Scheme is what readiness is asked for: an instrument, or a part of one.
type Scheme struct {
	Instrument *law.Instrument
	Part       string // the beginning of local IDs; "" for all
	Units      []*law.Provision
}

// Find finds a scheme by an instrument's ID, and a part of it by what its provisions begin with: eu/cra/annex-1.
func Find(cat *law.Catalogue, id string) (*Scheme, error) {
	s := &Scheme{}
	var ids []string
	for _, i := range cat.Instruments {
		ids = append(ids, string(i.ID))
		if part, ok := strings.CutPrefix(id+"/", string(i.ID)+"/"); ok && (s.Instrument == nil ||
			len(i.ID) > len(s.Instrument.ID)) {
			s.Instrument, s.Part = i, strings.TrimSuffix(part, "/")
		}
	}
	if s.Instrument == nil {
		hint := "writ law list names all"
		if near := law.Suggest(id, ids); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return nil, fmt.Errorf("the catalogue has no instrument %q; %s", id, hint)
	}
	for _, p := range s.Instrument.Provisions {
		local := p.Local()
		within := s.Part == "" || local == s.Part || strings.HasPrefix(local, s.Part+"/")
		if within && p.Force != law.May && p.Bearer != law.OfOperator {
			s.Units = append(s.Units, p)
		}
	}
	if len(s.Units) == 0 {
		return nil, fmt.Errorf("%s has no part %q that a maker can be ready for", s.Instrument.ID, s.Part)
	}
	return s, nil
}

// Day is the first day, from this one on, on which all its units bind: readiness for what is coming is asked of
// that day.
func (s *Scheme) Day(day fact.Day) fact.Day {
	for _, p := range s.Units {
		from := p.From
		if from == nil {
			from = s.Instrument.AppliesFrom
		}
		if from != nil && (p.Until == nil || *p.Until > day) {
			day = max(day, *from)
		}
	}
	return day
}

func (s *Scheme) has(id law.ProvisionID) bool {
	return slices.ContainsFunc(s.Units, func(p *law.Provision) bool { return p.ID == id })
}

// State of a unit.
type State string

// The states.
const (
	Met          State = "met"
	Contradicted State = "contradicted"
	NotShown     State = "not-shown"
	Outside      State = "not-applicable"
)

// Who can bring what is missing, and who brought what decided.
type Who string

// By whom: the wire, an active test or an imported one, a document or record, an answer, a person's judgement.
const (
	Wire      Who = "wire"
	Test      Who = "test"
	Document  Who = "document"
	Answer    Who = "answer"
	Judgement Who = "judgement"
)

// Missing is what would take a unit further.
type Missing struct {
	By   Who       `json:"by"`
	Fact fact.Name `json:"fact"`
	What string    `json:"what"`
}

// Unit is one provision of the scheme, held against one subject.
type Unit struct {
	ID        law.ProvisionID `json:"id"`
	Pinpoint  string          `json:"pinpoint"`
	Text      string          `json:"text"`
	Note      string          `json:"note,omitempty"` // of the catalogue: how the unit is assessed
	Force     law.Force       `json:"force"`
	State     State           `json:"state"`
	Indicated bool            `json:"indicated,omitempty"` // not shown, and evidence points to a breach
	By        []Who           `json:"by,omitempty"`        // who decided it
	Missing   []Missing       `json:"missing,omitempty"`
	Verdict   string          `json:"verdict"` // its ID, as if adopted
}

// Counts of units of one force.
type Counts struct {
	Units        int `json:"units"`
	Met          int `json:"met"`
	Contradicted int `json:"contradicted"`
	NotShown     int `json:"not_shown"`
	Indicated    int `json:"indicated"` // of the not shown
	Outside      int `json:"not_applicable"`
	Automatic    int `json:"automatic"` // decided by the wire and tests alone
}

// Subject is a product, or whom the scheme asks beside it, with its units.
type Subject struct {
	Subject fact.Subject `json:"subject"`
	Name    string       `json:"name"`
	Bearer  judge.Bearer `json:"bearer"` // own, supplier
	Must    Counts       `json:"must"`
	Should  Counts       `json:"should"`
	Units   []Unit       `json:"units"`
}

// Report is the readiness for one scheme.
type Report struct {
	Instrument law.InstrumentID `json:"instrument"`
	Short      string           `json:"short"`
	Part       string           `json:"part,omitempty"`
	Day        string           `json:"day"`     // the law day
	Adopted    bool             `json:"adopted"` // judged as if it had been adopted
	Reach      Reach            `json:"reach"`
	Subjects   []Subject        `json:"subjects"`
}

// Of reads a result of the scheme's instrument; name says what people call a subject.
func Of(cat *law.Catalogue, s *Scheme, result *judge.Result, day fact.Day, name func(fact.Subject) string) *Report {
	r := &Report{Instrument: s.Instrument.ID, Short: s.Instrument.Short, Part: s.Part, Day: day.String(),
		Adopted: s.Instrument.Kind.Voluntary(), Reach: reach(cat, s.Units), Subjects: []Subject{}}
	at := map[fact.Subject]*Subject{}
	var order []*Subject
	for i := range result.Verdicts {
		v := &result.Verdicts[i]
		if !s.has(v.Provision.ID) {
			continue
		}
		of := at[v.Subject]
		if of == nil {
			of = &Subject{Subject: v.Subject, Name: name(v.Subject), Bearer: v.Bearer}
			at[v.Subject] = of
			order = append(order, of)
		}
		of.add(unit(cat, v))
	}
	slices.SortStableFunc(order, func(a, b *Subject) int {
		return cmp.Or(cmp.Compare(a.Bearer, b.Bearer), cmp.Compare(b.Subject.Kind, a.Subject.Kind),
			cmp.Compare(a.Name, b.Name), a.Subject.Compare(b.Subject))
	})
	for _, o := range order {
		r.Subjects = append(r.Subjects, *o)
	}
	return r
}

func (s *Subject) add(u Unit) {
	s.Units = append(s.Units, u)
	c := &s.Must
	if u.Force != law.Must {
		c = &s.Should
	}
	c.Units++
	switch u.State {
	case Met:
		c.Met++
	case Contradicted:
		c.Contradicted++
	case Outside:
		c.Outside++
	default:
		c.NotShown++
		if u.Indicated {
			c.Indicated++
		}
	}
	if u.automatic() {
		c.Automatic++
	}
}

// automatic says whether the wire and tests alone decided a unit.
func (u *Unit) automatic() bool {
	return (u.State == Met || u.State == Contradicted) && len(u.By) > 0 &&
		!slices.ContainsFunc(u.By, func(w Who) bool { return w != Wire && w != Test })
}
