// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/judge"
)

// The JSON form is stable: docs/schema/assess.schema.json describes it.

type jsonReport struct {
	Catalogue      jsonCatalogue    `json:"catalogue"`
	Engine         string           `json:"engine"`
	Day            string           `json:"day"`
	At             string           `json:"at"`
	PerSubject     bool             `json:"per_subject"` // what was seen, as last seen; all else at At
	KnownAt        string           `json:"known_at"`
	ReplayKey      string           `json:"replay_key"`
	Profile        string           `json:"profile"`
	Issued         string           `json:"issued"` // the number under which it was issued; "" a draft
	Inputs         []assess.Input   `json:"inputs"`
	Instruments    []jsonInstrument `json:"instruments"`
	Counts         judge.Counts     `json:"counts"`
	SupplierCounts judge.Counts     `json:"supplier_counts"`
	Persons        []jsonPerson     `json:"persons,omitempty"` // of a group
	Depth          map[string]int   `json:"depth"`
	Verdicts       []jsonVerdict    `json:"verdicts"`
	Notices        []string         `json:"notices"`
	Disclaimer     string           `json:"disclaimer"`
}

type jsonCatalogue struct {
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

type jsonInstrument struct {
	ID          string       `json:"id"`
	Title       string       `json:"title"`
	Bound       string       `json:"bound"`
	Because     []string     `json:"because"`
	Missing     []string     `json:"missing"`
	DisplacedBy string       `json:"displaced_by,omitempty"`
	Counts      judge.Counts `json:"counts"`
	Supplier    judge.Counts `json:"supplier_counts"`
}

type jsonSubject struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type jsonEvidence struct {
	Statement string   `json:"statement,omitempty"`
	Fact      string   `json:"fact"`
	Input     string   `json:"input,omitempty"`
	Frames    [][2]int `json:"frames,omitempty"`
}

type jsonReadiness struct {
	Day     string   `json:"day"`
	Verdict string   `json:"verdict"`
	Flags   []string `json:"flags,omitempty"`
}

type jsonVerdict struct {
	ID         string         `json:"id"`
	Instrument string         `json:"instrument"`
	Provision  string         `json:"provision"`
	Pinpoint   string         `json:"pinpoint"`
	Person     jsonSubject    `json:"person"`
	Bearer     string         `json:"bearer"`
	Subject    jsonSubject    `json:"subject"`
	Units      []jsonSubject  `json:"units,omitempty"`
	Force      string         `json:"force"`
	Depth      string         `json:"depth"`
	Confidence string         `json:"confidence"`
	Verdict    string         `json:"verdict"`
	Reasons    []string       `json:"reasons"`
	Flags      []string       `json:"flags"`
	Class      string         `json:"class,omitempty"`
	WouldBe    string         `json:"would_be,omitempty"`
	Readiness  *jsonReadiness `json:"readiness,omitempty"`
	Because    []string       `json:"because"`
	Missing    []string       `json:"missing"`
	Cheapest   []string       `json:"cheapest"`
	Evidence   []jsonEvidence `json:"evidence"`
	// Beside is what stands beside the verdict and changes nothing: a maker's answer, a decision.
	Beside []string `json:"beside,omitempty"`
}

// JSON writes the assessment as one object. all lists not-applicable verdicts too.
func JSON(w io.Writer, a *assess.Assessment, all bool) error {
	r := jsonReport{
		Catalogue: jsonCatalogue{a.Catalogue.Version, a.Catalogue.Digest}, Engine: a.Engine,
		Day: a.Day.String(), At: a.At.UTC().Format(time.RFC3339Nano), PerSubject: a.PerSubject,
		KnownAt: a.KnownAt.UTC().Format(time.RFC3339Nano), ReplayKey: a.Result.ReplayKey, Profile: a.Profile, Issued: a.Issued,
		Inputs: orEmpty(a.Inputs), Counts: a.Result.Own, SupplierCounts: a.Result.Supplier, Persons: jsonPersons(a),
		Depth: map[string]int{}, Instruments: []jsonInstrument{}, Verdicts: []jsonVerdict{},
		Notices: orEmpty(a.Notices), Disclaimer: Disclaimer,
	}
	for _, row := range matrix(a) {
		r.Instruments = append(r.Instruments, jsonInstrument{ID: string(row.Instrument.ID), Title: row.Instrument.Title,
			Bound: row.Bound, Because: orEmpty(row.Because), Missing: factNames(row.Missing),
			DisplacedBy: string(row.Displaced), Counts: row.Own, Supplier: row.Supplier})
	}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		r.Depth[string(v.Provision.Depth)]++
		if all || v.Outcome != judge.NotApplicable || v.Readiness != nil {
			r.Verdicts = append(r.Verdicts, encode(a, v))
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(r)
}

func encode(a *assess.Assessment, v *judge.Verdict) jsonVerdict {
	subject := func(s fact.Subject) jsonSubject { return jsonSubject{string(s.Kind), s.ID, a.Name(s)} }
	because := v.Because()
	j := jsonVerdict{ID: v.ID(), Instrument: string(v.Provision.Instrument.ID), Provision: string(v.Provision.ID),
		Pinpoint: v.Provision.Pinpoint, Person: subject(v.Person), Bearer: string(v.Bearer),
		Subject: subject(v.Subject), Force: string(v.Provision.Force), Depth: string(v.Provision.Depth),
		Confidence: string(v.Provision.Confidence), Verdict: v.Outcome.String(), Reasons: []string{},
		Flags: orEmpty(v.Flags), Class: string(v.Class), Because: orEmpty(sentences(a, v, because)),
		Missing: factNames(v.Missing), Cheapest: factNames(v.Cheapest), Evidence: []jsonEvidence{},
		Beside: cleanAll(a.Beside[v.ID()])}
	for _, u := range v.Units {
		j.Units = append(j.Units, subject(u))
	}
	for _, r := range v.Reasons {
		j.Reasons = append(j.Reasons, string(r))
		if r == judge.ApplicabilityUnknown {
			j.WouldBe = v.WouldBe.String()
		}
	}
	if v.Readiness != nil {
		j.Readiness = &jsonReadiness{Day: v.Readiness.Day.String(), Verdict: v.Readiness.Outcome.String(),
			Flags: v.Readiness.Flags}
	}
	for _, c := range support(because) {
		for _, s := range c.Sources {
			j.Evidence = append(j.Evidence, jsonEvidence{Statement: c.Statement, Fact: string(c.Fact),
				Input: s.Input, Frames: s.Frames})
		}
		if len(c.Sources) == 0 {
			j.Evidence = append(j.Evidence, jsonEvidence{Statement: c.Statement, Fact: string(c.Fact)})
		}
	}
	return j
}

// support is the claims that reasons rest on, each once, in their order.
func support(because []judge.Because) []*fact.Claim {
	var out []*fact.Claim
	seen := map[*fact.Claim]bool{}
	plan.Walk(because, func(b *judge.Because) {
		if b.Fact == nil {
			return
		}
		for _, c := range b.Fact.Support {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	})
	return out
}

func factNames(ms []judge.MissingFact) []string {
	out := []string{}
	for _, m := range ms {
		add(&out, string(m.Fact))
	}
	return out
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
