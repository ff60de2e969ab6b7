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
// hold, each verdict with its reasons. What many verdicts share is a line of its own, written once, before
// the lines that name it by its number: each fact that a reason names, each node of the reasons under its
// children, each fact that is missing. The same result always gives the same bytes, so comparing bytes
// compares judgements.
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
	lineMissing struct {
		Kind    string       `json:"kind"` // missing
		N       int          `json:"n"`
		Subject fact.Subject `json:"subject"`
		Fact    fact.Name    `json:"fact"`
		Reason  fact.Reason  `json:"reason"`
	}
	lineVerdict struct {
		Kind      string         `json:"kind"` // verdict
		ID        string         `json:"id"`
		Pinpoint  string         `json:"pinpoint"`
		Force     string         `json:"force"`
		Person    string         `json:"person,omitempty"`
		Bearer    string         `json:"bearer"`
		Units     []string       `json:"units,omitempty"`
		Verdict   string         `json:"verdict"`
		Reasons   []judge.Reason `json:"reasons,omitempty"`
		Flags     []string       `json:"flags,omitempty"`
		Class     string         `json:"class,omitempty"`
		WouldBe   string         `json:"would_be,omitempty"`
		Readiness *lineReadiness `json:"readiness,omitempty"`
		Missing   []int          `json:"missing,omitempty"`  // numbers of lines
		Cheapest  []int          `json:"cheapest,omitempty"` // numbers of missing facts' lines
		Because   []int          `json:"because,omitempty"`  // numbers of lines
	}
	lineReadiness struct {
		Day     string         `json:"day"`
		Verdict string         `json:"verdict"`
		Reasons []judge.Reason `json:"reasons,omitempty"`
		Flags   []string       `json:"flags,omitempty"`
	}
	lineBecause struct {
		Kind     string `json:"kind"` // because
		N        int    `json:"n"`
		What     string `json:"what"`
		ID       string `json:"id,omitempty"`
		Pinpoint string `json:"pinpoint,omitempty"`
		Truth    string `json:"truth,omitempty"`
		Subject  string `json:"subject,omitempty"`
		Text     string `json:"text,omitempty"`
		Fact     int    `json:"fact,omitempty"`     // number of a fact's line, from 1
		Children []int  `json:"children,omitempty"` // numbers of lines
	}
)

// EncodeVerdicts gives a result's canonical bytes.
func EncodeVerdicts(r *judge.Result) ([]byte, error) {
	e := &verdictEncoder{facts: map[string]int{}, missings: map[judge.MissingFact]int{}, nodes: map[string]int{}}
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

// verdictEncoder writes verdicts, and before them what they share.
type verdictEncoder struct {
	head, verdicts bytes.Buffer
	facts, nodes   map[string]int // numbers of lines, by what they say without them
	missings       map[judge.MissingFact]int
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
		Person: subject(&v.Person), Bearer: string(v.Bearer), Verdict: v.Outcome.String(), Reasons: v.Reasons,
		Flags: v.Flags, Class: string(v.Class), Missing: e.missing(v.Missing), Cheapest: e.missing(v.Cheapest),
		Because: e.because(v.Because())}
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

// missing numbers missing facts, writing the line of each when it is met first.
func (e *verdictEncoder) missing(all []judge.MissingFact) []int {
	var out []int
	for _, m := range all {
		n := e.missings[m]
		if n == 0 {
			n = len(e.missings) + 1
			e.missings[m] = n
			e.line(&e.head, lineMissing{"missing", n, m.Subject, m.Fact, m.Reason})
		}
		out = append(out, n)
	}
	return out
}

// because numbers nodes, writing the line of each, after those of its children, when it is met first.
func (e *verdictEncoder) because(all []judge.Because) []int {
	var out []int
	for i := range all {
		b := &all[i]
		l := lineBecause{Kind: "because", What: b.Kind, ID: b.ID, Pinpoint: b.Pinpoint, Truth: b.Truth,
			Subject: subject(b.Subject), Text: b.Text, Children: e.because(b.Children)}
		if b.Fact != nil {
			l.Fact = e.fact(l.Subject, b.ID, b.Fact)
		}
		key := fmt.Sprintf("%q %q %q %q %q %q %d %v", l.What, l.ID, l.Pinpoint, l.Truth, l.Subject,
			l.Text, l.Fact, l.Children)
		n := e.nodes[key]
		if n == 0 {
			n = len(e.nodes) + 1
			e.nodes[key], l.N = n, n
			e.line(&e.head, l)
		}
		out = append(out, n)
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
	n := e.facts[string(b)]
	if n == 0 {
		n = len(e.facts) + 1
		e.facts[string(b)] = n
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
