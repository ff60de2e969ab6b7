// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
)

// A verdict said backwards, for programs: docs/schema/why.schema.json describes it.

type jsonWhy struct {
	Catalogue  jsonCatalogue `json:"catalogue"`
	Engine     string        `json:"engine"`
	Day        string        `json:"day"`
	At         string        `json:"at"`
	PerSubject bool          `json:"per_subject"`
	KnownAt    string        `json:"known_at"`
	ReplayKey  string        `json:"replay_key"`
	Verdict    jsonVerdict   `json:"verdict"`
	Law        jsonDuty      `json:"law"`
	Missing    []jsonMissing `json:"missing"`
	Graph      []jsonNode    `json:"graph"`
	Disclaimer string        `json:"disclaimer"`
}

// jsonDuty is the provision that was judged.
type jsonDuty struct {
	Instrument   string   `json:"instrument"`
	Title        string   `json:"title"`
	Short        string   `json:"short"`
	Citation     string   `json:"citation"`
	Jurisdiction string   `json:"jurisdiction"`
	Provision    string   `json:"provision"`
	Pinpoint     string   `json:"pinpoint"`
	Text         string   `json:"text"`
	Force        string   `json:"force"`
	Mode         string   `json:"mode"`
	Role         string   `json:"role"`
	Source       string   `json:"source"`
	Confidence   string   `json:"confidence"`
	Depth        string   `json:"depth"`
	Needs        []string `json:"needs"`
}

// jsonMissing is a fact that would take the verdict further, of whom, and why it is not known.
type jsonMissing struct {
	Fact     string      `json:"fact"`
	Subject  jsonSubject `json:"subject"`
	Reason   string      `json:"reason"`
	Cheapest bool        `json:"cheapest"` // one of a smallest set that at its best values decides the verdict
}

// jsonNode is one node of the reasons (judge.Because).
type jsonNode struct {
	Kind     string       `json:"kind"`
	ID       string       `json:"id"`
	Truth    string       `json:"truth"`
	Pinpoint string       `json:"pinpoint,omitempty"`
	Text     string       `json:"text"`
	Sentence string       `json:"sentence"` // what writ why says of it in words
	Subject  *jsonSubject `json:"subject,omitempty"`
	Fact     *jsonFact    `json:"fact,omitempty"`
	Children []jsonNode   `json:"children"`
}

// jsonFact is a fact's state and what carries it.
type jsonFact struct {
	State      string      `json:"state"`
	Value      *fact.Value `json:"value,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	Declared   bool        `json:"declared"`
	Documented bool        `json:"documented"`
	Claims     []jsonClaim `json:"claims"`
}

type jsonClaim struct {
	Statement  string        `json:"statement,omitempty"`
	Fact       string        `json:"fact"`
	Subject    jsonSubject   `json:"subject"`
	Value      *fact.Value   `json:"value,omitempty"`
	Method     string        `json:"method"`
	ObservedAt string        `json:"observed_at"`
	Expires    string        `json:"expires,omitempty"`
	RecordedAt string        `json:"recorded_at,omitempty"`
	Coverage   fact.Coverage `json:"coverage"`
	Sources    []jsonSource  `json:"sources"`
}

type jsonSource struct {
	fact.Source
	File string `json:"file,omitempty"` // the artefact's name, where it is known
}

// WhyJSON writes a verdict backwards, as one object: article, control, fact, statement, frame.
func WhyJSON(w io.Writer, a *assess.Assessment, v *judge.Verdict) error {
	pr := v.Provision
	in := pr.Instrument
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(jsonWhy{
		Catalogue: jsonCatalogue{a.Catalogue.Version, a.Catalogue.Digest}, Engine: a.Engine,
		Day: a.Day.String(), At: rfc3339(a.At), PerSubject: a.PerSubject, KnownAt: rfc3339(a.KnownAt),
		ReplayKey: a.Result.ReplayKey, Verdict: encode(a, v),
		Law: jsonDuty{Instrument: string(in.ID), Title: in.Title, Short: in.Short, Citation: in.Citation,
			Jurisdiction: in.Jurisdiction, Provision: string(pr.ID), Pinpoint: pr.Pinpoint, Text: pr.Text,
			Force: string(pr.Force), Mode: string(pr.Mode), Role: pr.Role, Source: pr.Source,
			Confidence: string(pr.Confidence), Depth: string(pr.Depth), Needs: orEmpty(pr.Needs)},
		Missing: missing(a, v), Graph: graph(a, v, v.Because()), Disclaimer: Disclaimer})
}

func missing(a *assess.Assessment, v *judge.Verdict) []jsonMissing {
	cheapest := map[judge.MissingFact]bool{}
	for _, m := range v.Cheapest {
		cheapest[m] = true
	}
	out := []jsonMissing{}
	for _, m := range v.Missing {
		out = append(out, jsonMissing{Fact: string(m.Fact), Subject: subjectOf(a, m.Subject), Reason: string(m.Reason),
			Cheapest: cheapest[m]})
	}
	return out
}

func graph(a *assess.Assessment, v *judge.Verdict, bs []judge.Because) []jsonNode {
	out := []jsonNode{}
	for i := range bs {
		b := &bs[i]
		n := jsonNode{Kind: b.Kind, ID: b.ID, Truth: b.Truth, Pinpoint: b.Pinpoint, Text: b.Text,
			Sentence: sentence(a, v, b), Children: graph(a, v, b.Children)}
		if b.Subject != nil {
			s := subjectOf(a, *b.Subject)
			n.Subject = &s
		}
		if b.Fact != nil {
			n.Fact = factOf(a, b.Fact)
		}
		out = append(out, n)
	}
	return out
}

func factOf(a *assess.Assessment, r *fact.Resolved) *jsonFact {
	f := &jsonFact{State: r.State.String(), Value: given(r.Value), Reason: string(r.Reason), Declared: r.Declared,
		Documented: r.Documented, Claims: []jsonClaim{}}
	for _, c := range r.Support {
		j := jsonClaim{Statement: c.Statement, Fact: string(c.Fact), Subject: subjectOf(a, c.Subject), Value: given(c.Value),
			Method: string(c.Method), ObservedAt: rfc3339(c.ObservedAt), Expires: rfc3339(c.Expires),
			RecordedAt: rfc3339(c.RecordedAt), Coverage: c.Coverage, Sources: []jsonSource{}}
		for _, s := range c.Sources {
			j.Sources = append(j.Sources, jsonSource{Source: s, File: inputName(a, s.Input)})
		}
		f.Claims = append(f.Claims, j)
	}
	return f
}

// given is a value, or nil where there is none: no program may take null for false.
func given(v fact.Value) *fact.Value {
	if v == (fact.Value{}) {
		return nil
	}
	return &v
}

func subjectOf(a *assess.Assessment, s fact.Subject) jsonSubject {
	return jsonSubject{string(s.Kind), s.ID, a.Name(s)}
}

// rfc3339 is a time as programs are told it; "" where there is none.
func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
