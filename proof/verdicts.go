// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"fmt"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// Verdicts are written as canonical JSON, one object a line: the result's counts, each instrument's
// hold, each fact that a reason names (once, numbered), each verdict with its reasons. The same result
// always gives the same bytes, so comparing bytes compares judgements.
type (
	lineResult struct {
		Kind      string       `json:"kind"` // result
		Own       judge.Counts `json:"own"`
		Supplier  judge.Counts `json:"supplier"`
		ReplayKey string       `json:"replay_key"`
	}
	lineInstrument struct {
		Kind      string              `json:"kind"` // instrument
		ID        string              `json:"id"`
		Bound     string              `json:"bound"`
		Because   []string            `json:"because,omitempty"`
		Missing   []judge.MissingFact `json:"missing,omitempty"`
		Displaced string              `json:"displaced_by,omitempty"`
	}
	lineFact struct {
		Kind       string   `json:"kind"` // fact
		N          int      `json:"n"`
		Subject    string   `json:"subject,omitempty"`
		Fact       string   `json:"fact"`
		State      string   `json:"state"`
		Value      any      `json:"value,omitempty"`
		Reason     string   `json:"reason,omitempty"`
		Declared   bool     `json:"declared,omitempty"`
		Documented bool     `json:"documented,omitempty"`
		Statements []string `json:"statements,omitempty"`
	}
	lineVerdict struct {
		Kind      string              `json:"kind"` // verdict
		ID        string              `json:"id"`
		Pinpoint  string              `json:"pinpoint"`
		Force     string              `json:"force"`
		Person    string              `json:"person,omitempty"`
		Bearer    string              `json:"bearer"`
		Units     []string            `json:"units,omitempty"`
		Verdict   string              `json:"verdict"`
		Reasons   []judge.Reason      `json:"reasons,omitempty"`
		Flags     []string            `json:"flags,omitempty"`
		Class     string              `json:"class,omitempty"`
		WouldBe   string              `json:"would_be,omitempty"`
		Readiness *lineReadiness      `json:"readiness,omitempty"`
		Missing   []judge.MissingFact `json:"missing,omitempty"`
		Cheapest  []judge.MissingFact `json:"cheapest,omitempty"`
		Because   []lineBecause       `json:"because,omitempty"`
	}
	lineReadiness struct {
		Day     string         `json:"day"`
		Verdict string         `json:"verdict"`
		Reasons []judge.Reason `json:"reasons,omitempty"`
		Flags   []string       `json:"flags,omitempty"`
	}
	lineBecause struct {
		Kind     string        `json:"kind"`
		ID       string        `json:"id,omitempty"`
		Pinpoint string        `json:"pinpoint,omitempty"`
		Truth    string        `json:"truth,omitempty"`
		Subject  string        `json:"subject,omitempty"`
		Text     string        `json:"text,omitempty"`
		Fact     int           `json:"fact,omitempty"` // number of a fact's line, from 1
		Children []lineBecause `json:"children,omitempty"`
	}
)

// EncodeVerdicts gives a result's canonical bytes.
func EncodeVerdicts(r *judge.Result) ([]byte, error) {
	e := &verdictEncoder{numbers: map[string]int{}}
	e.line(&e.head, lineResult{"result", r.Own, r.Supplier, r.ReplayKey})
	for i := range r.Instruments {
		a := &r.Instruments[i]
		e.line(&e.head, lineInstrument{"instrument", string(a.Instrument.ID), a.Bound, a.Because, a.Missing,
			string(a.Displaced)})
	}
	for i := range r.Verdicts {
		e.line(&e.verdicts, e.verdict(&r.Verdicts[i]))
	}
	if e.err != nil {
		return nil, fmt.Errorf("encoding verdicts: %w", e.err)
	}
	return append(e.head.Bytes(), e.verdicts.Bytes()...), nil
}

// verdictEncoder writes verdicts and gathers the facts they name; facts come before verdicts.
type verdictEncoder struct {
	head, verdicts bytes.Buffer
	numbers        map[string]int // of facts, by their line without a number
	err            error
}

func (e *verdictEncoder) line(to *bytes.Buffer, v any) {
	b, err := evidence.Marshal(v)
	if err != nil && e.err == nil {
		e.err = err
	}
	to.Write(b)
	to.WriteByte('\n')
}

func (e *verdictEncoder) verdict(v *judge.Verdict) lineVerdict {
	l := lineVerdict{Kind: "verdict", ID: v.ID(), Pinpoint: v.Provision.Pinpoint, Force: string(v.Provision.Force),
		Person: subject(&v.Person), Bearer: string(v.Bearer), Verdict: v.Outcome.String(), Reasons: v.Reasons, Flags: v.Flags,
		Class: string(v.Class), Missing: v.Missing, Cheapest: v.Cheapest, Because: e.because(v.Because)}
	for i := range v.Units {
		l.Units = append(l.Units, subject(&v.Units[i]))
	}
	for _, reason := range v.Reasons {
		if reason == judge.ApplicabilityUnknown {
			l.WouldBe = v.WouldBe.String()
		}
	}
	if r := v.Readiness; r != nil {
		l.Readiness = &lineReadiness{r.Day.String(), r.Outcome.String(), r.Reasons, r.Flags}
	}
	return l
}

func (e *verdictEncoder) because(all []judge.Because) []lineBecause {
	var out []lineBecause
	for i := range all {
		b := &all[i]
		l := lineBecause{Kind: b.Kind, ID: b.ID, Pinpoint: b.Pinpoint, Truth: b.Truth, Subject: subject(b.Subject),
			Text: b.Text, Children: e.because(b.Children)}
		if b.Fact != nil {
			l.Fact = e.fact(l.Subject, b.ID, b.Fact)
		}
		out = append(out, l)
	}
	return out
}

// fact numbers a fact, writing its line when it is met first.
func (e *verdictEncoder) fact(subject, name string, r *fact.Resolved) int {
	l := lineFact{Kind: "fact", Subject: subject, Fact: name, State: r.State.String(), Reason: string(r.Reason),
		Declared: r.Declared, Documented: r.Documented}
	if r.Value.Type() != fact.None {
		l.Value = r.Value
	}
	for _, c := range r.Support {
		l.Statements = append(l.Statements, c.Statement)
	}
	b, err := evidence.Marshal(l)
	if err != nil && e.err == nil {
		e.err = err
	}
	n := e.numbers[string(b)]
	if n == 0 {
		n = len(e.numbers) + 1
		e.numbers[string(b)] = n
		l.N = n
		e.line(&e.head, l)
	}
	return n
}

func subject(s *fact.Subject) string {
	if s == nil || *s == (fact.Subject{}) {
		return ""
	}
	return s.String()
}
