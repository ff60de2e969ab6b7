// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// expectation is what a test expects of one provision.
type expectation struct {
	Provision *law.Provision
	Outcome   judge.Outcome
	Flags     []string
	Because   []string
	Missing   []fact.Name
	Reasons   []judge.Reason
	Readiness *judge.Readiness
	Pos       law.Pos
}

var outcomes = []judge.Outcome{judge.Met, judge.Violated, judge.NotShown, judge.NotApplicable}

var flags = []string{judge.BreachIndicated, judge.Recommendation, judge.Declared, judge.Presumed, judge.DoubtfulLaw,
	judge.PartialView}

var reasons = []judge.Reason{judge.NoEvidence, judge.Stale, judge.Conflicting, judge.Inconclusive, judge.OpenNorm,
	judge.IdentityUncertain, judge.UnitNotProduct, judge.Withheld, judge.Recalled, judge.ApplicabilityUnknown}

func (f *testFile) expectations(n *law.Node) []expectation {
	if n.Kind != law.Map || len(n.Entries) == 0 {
		f.Add(n.Pos, "expect is a map from provisions to verdicts", "schedule-1/1: violated because no-telnet")
		return nil
	}
	var all []expectation
	for _, e := range n.Entries {
		id := law.ProvisionID(string(f.instrument) + "/" + e.Key)
		p := f.cat.Provisions[id]
		if p == nil {
			f.Add(e.Pos, fmt.Sprintf("unknown provision %q of %s", e.Key, f.instrument), law.DidYouMean(e.Key,
				localIDs(f.cat, f.instrument)))
			continue
		}
		s, ok := f.Scalar(e.Value)
		if !ok {
			continue
		}
		x, err := parseExpectation(s)
		if err == nil {
			err = f.known(&x)
		}
		if err != nil {
			f.Add(e.Value.Pos, err.Error(), hintOf(err))
			continue
		}
		x.Provision, x.Pos = p, e.Pos
		all = append(all, x)
	}
	return all
}

func localIDs(cat *law.Catalogue, id law.InstrumentID) []string {
	i, _ := cat.Instrument(id)
	var all []string
	for _, p := range i.Provisions {
		all = append(all, p.Local())
	}
	return all
}

// wordError is a wrong word with the nearest right one.
type wordError struct{ what, hint string }

func (e *wordError) Error() string { return e.what }

func hintOf(err error) string {
	var w *wordError
	if errors.As(err, &w) {
		return w.hint
	}
	return ""
}

// known looks up the facts, controls and conditions that an expectation names.
func (f *testFile) known(x *expectation) error {
	for _, name := range x.Missing {
		if _, ok := f.cat.Vocabulary.Lookup(name); !ok {
			return &wordError{fmt.Sprintf("unknown fact %q", name), law.DidYouMean(string(name), factNames(f.cat))}
		}
	}
	for _, id := range x.Because {
		_, isFact := f.cat.Vocabulary.Lookup(fact.Name(id))
		_, isControl := f.cat.Controls[law.ControlID(id)]
		if !isFact && !isControl && !slices.Contains(conditionNames, id) {
			all := slices.Concat(factNames(f.cat), conditionNames)
			for c := range f.cat.Controls {
				all = append(all, string(c))
			}
			return &wordError{fmt.Sprintf("%q is no control, fact or condition", id), law.DidYouMean(id, all)}
		}
	}
	return nil
}

// conditionNames are the conjuncts of applicability, with those that judge itself adds.
var conditionNames = []string{"territorial", "personal", "material", "adoption", "temporal", "displaced", "in-force"}

// parseExpectation reads one line of the grammar (docs/law-authoring.md).
func parseExpectation(s string) (expectation, error) {
	p := &words{rest: strings.Fields(strings.ReplaceAll(s, ",", " "))}
	var x expectation
	outcome, err := p.outcome()
	if err != nil {
		return x, err
	}
	x.Outcome = outcome
	for len(p.rest) > 0 {
		if err := p.clause(&x); err != nil {
			return x, err
		}
	}
	return x, nil
}

type words struct{ rest []string }

func (p *words) next() (string, error) {
	if len(p.rest) == 0 {
		return "", errors.New("the expectation breaks off")
	}
	w := p.rest[0]
	p.rest = p.rest[1:]
	return w, nil
}

func (p *words) outcome() (judge.Outcome, error) {
	w, err := p.next()
	if err != nil {
		return 0, err
	}
	var all []string
	for _, o := range outcomes {
		if o.String() == w {
			return o, nil
		}
		all = append(all, o.String())
	}
	hint := law.DidYouMean(w, all)
	if hint == "" {
		hint = "one of " + strings.Join(all, ", ")
	}
	return 0, &wordError{fmt.Sprintf("%q is no verdict", w), hint}
}

func (p *words) clause(x *expectation) error {
	w, _ := p.next()
	switch w {
	case "because":
		return p.names(func(s string) { x.Because = append(x.Because, s) })
	case "missing":
		return p.names(func(s string) { x.Missing = append(x.Missing, fact.Name(s)) })
	case "reason":
		s, err := p.next()
		if err == nil && !slices.Contains(reasons, judge.Reason(s)) {
			err = &wordError{fmt.Sprintf("%q is no reason", s), law.DidYouMean(s, asStrings(reasons))}
		}
		x.Reasons = append(x.Reasons, judge.Reason(s))
		return err
	case "readiness":
		return p.readiness(x)
	}
	if slices.Contains(flags, w) {
		x.Flags = append(x.Flags, w)
		return nil
	}
	clauses := slices.Concat(flags, []string{"because", "missing", "reason", "readiness"})
	return &wordError{fmt.Sprintf("%q begins no part of an expectation", w), law.DidYouMean(w, clauses)}
}

// names reads a, or a and b and c.
func (p *words) names(take func(string)) error {
	for {
		w, err := p.next()
		if err != nil {
			return err
		}
		take(w)
		if len(p.rest) == 0 || p.rest[0] != "and" {
			return nil
		}
		p.rest = p.rest[1:]
	}
}

// readiness reads: violated on 2027-12-11.
func (p *words) readiness(x *expectation) error {
	outcome, err := p.outcome()
	if err != nil {
		return err
	}
	on, err := p.next()
	if err != nil {
		return err
	}
	if on != "on" {
		return fmt.Errorf("readiness has a day: readiness %s on 2027-12-11", outcome)
	}
	s, err := p.next()
	if err != nil {
		return err
	}
	day, err := fact.ParseDay(s)
	x.Readiness = &judge.Readiness{Day: day, Outcome: outcome}
	return err
}

func asStrings[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}
