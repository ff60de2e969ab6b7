// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Engine judges one input, and several at once; package judge's engine does.
type Engine interface {
	Judge(judge.Input) *judge.Result
}

// Failure is an expectation that did not come true.
type Failure struct {
	Pos  law.Pos
	Test string
	What string
}

// MarshalJSON gives the place in two keys.
func (f Failure) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"file": f.Pos.File, "line": f.Pos.Line, "test": f.Test, "what": f.What})
}

func (f Failure) String() string { return fmt.Sprintf("%s: %s: %s", f.Pos, f.Test, f.What) }

// Tally counts the law tests of one instrument.
type Tally struct {
	Instrument   law.InstrumentID `json:"instrument"`
	Tests        int              `json:"tests"`
	Expectations int              `json:"expectations"`
	Failed       int              `json:"failed"`
	Provisions   int              `json:"provisions"`
	Judged       int              `json:"judged"`
	Covered      int              `json:"covered"` // judged provisions with all their cases
}

// Summary is the outcome of all law tests.
type Summary struct {
	Instruments []Tally        `json:"instruments"`
	Profiles    []ProfileTally `json:"profiles,omitempty"`
	Failures    []Failure      `json:"failures"`
	Problems    law.Problems   `json:"-"` // tests that could not be read
}

// MarshalJSON shows what could not be read beside what failed.
func (s *Summary) MarshalJSON() ([]byte, error) {
	type plain Summary
	failures := s.Failures
	if failures == nil {
		failures = []Failure{}
	}
	return json.Marshal(struct {
		*plain
		Failures []Failure `json:"failures"`
		Unread   []Finding `json:"unread"`
	}{(*plain)(s), failures, Findings(s.Problems)})
}

// OK says that every test was read and came true.
func (s *Summary) OK() bool { return len(s.Failures) == 0 && s.Problems.Err() == nil }

// Run runs every law test of the catalogue. Each law is judged for itself, so the engine judges the law that a
// test is about, and no other.
func Run(cat *law.Catalogue, fsys fs.FS, engine *judge.Engine) *Summary {
	of := map[law.InstrumentID]Engine{}
	for _, i := range cat.Instruments {
		of[i.ID] = engine.Only(i.ID)
	}
	s := run(cat, fsys, func(id law.InstrumentID) Engine { return of[id] })
	s.profiles(cat, fsys, engine)
	return s
}

// profiles runs the worked profiles, each before all laws together: one law steps aside for another.
func (s *Summary) profiles(cat *law.Catalogue, fsys fs.FS, engine Engine) {
	worked, problems := ReadProfiles(cat, fsys)
	s.Problems = append(s.Problems, problems...).Sort()
	for _, w := range worked {
		failures := w.Check(cat.Vocabulary, engine)
		s.Failures = append(s.Failures, failures...)
		s.Profiles = append(s.Profiles, ProfileTally{w.File, len(w.Profile.People()), len(w.Expect) +
			len(w.Only), len(failures)})
	}
}

// run lets each instrument have an engine of its own, which judges less and so takes less time.
func run(cat *law.Catalogue, fsys fs.FS, engineOf func(law.InstrumentID) Engine) *Summary {
	tests, problems := Read(cat, fsys)
	s := &Summary{Problems: problems.Sort()}
	tallies := map[law.InstrumentID]*Tally{}
	have := CasesOf(tests)
	for _, i := range cat.Instruments {
		tallies[i.ID] = tally(i, have)
	}
	for k, failures := range checkAll(tests, engineOf) {
		of := tallies[tests[k].Instrument]
		of.Tests++
		of.Expectations += len(tests[k].Expect)
		of.Failed += len(failures)
		s.Failures = append(s.Failures, failures...)
	}
	for _, i := range cat.Instruments {
		s.Instruments = append(s.Instruments, *tallies[i.ID])
	}
	return s
}

// checkAll runs the tests side by side; the failures stand in the order of the tests.
func checkAll(tests []Test, engineOf func(law.InstrumentID) Engine) [][]Failure {
	failures := make([][]Failure, len(tests))
	next := make(chan int)
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for k := range next {
				failures[k] = tests[k].Check(engineOf(tests[k].Instrument).Judge(tests[k].Input()))
			}
		})
	}
	for k := range tests {
		next <- k
	}
	close(next)
	wait.Wait()
	return failures
}

func tally(i *law.Instrument, have map[law.ProvisionID]Cases) *Tally {
	t := &Tally{Instrument: i.ID, Provisions: len(i.Provisions)}
	for _, p := range i.Provisions {
		if p.Mode == law.Judged {
			t.Judged++
			if len(Lacks(p, have[p.ID])) == 0 {
				t.Covered++
			}
		}
	}
	return t
}

// at is the moment of the judgement: noon, so that a day's evidence lies on both sides of it.
func (t *Test) at() time.Time { return t.Day.Time().Add(12 * time.Hour) }

// subjectOf gives a party its subject.
func subjectOf(p party) fact.Subject { return fact.Subject{Kind: p.kind(), ID: string(p)} }

// Input is the world of the test: one organisation that runs one device, whose product it makes itself,
// or a supplier does.
func (t *Test) Input() judge.Input {
	own, product, maker := subjectOf(ofUs), subjectOf(ofProduct), subjectOf(ofUs)
	if t.Bearer == judge.Supplier {
		maker = subjectOf(ofMaker)
	}
	in := judge.Input{At: t.at(), Day: t.Day, All: true, Members: []judge.Member{
		{Subject: own, Own: true},
		{Subject: product, Maker: maker},
		{Subject: subjectOf(ofDevice), Product: product, Runner: own},
	}}
	if maker != own {
		in.Members = append(in.Members, judge.Member{Subject: maker})
	}
	if slices.ContainsFunc(t.Given, func(g given) bool { return g.Party == ofSite }) {
		in.Members = append(in.Members, judge.Member{Subject: subjectOf(ofSite), Runner: own})
	}
	for _, g := range t.Given {
		in.Claims = append(in.Claims, g.claim(t.at()))
	}
	return in
}

// claim is the fact as evidence: an hour old unless the test says older.
func (g given) claim(at time.Time) fact.Claim {
	c := fact.Claim{Subject: subjectOf(g.Party), Fact: g.Fact, Value: g.Value, Method: g.Method,
		ObservedAt: at.Add(-time.Hour - g.Age), Documented: g.Documented}
	if g.Covered {
		c.Coverage = fact.Coverage{Hours: 24 * 366, BothWays: true, CompletedScan: true, Vantage: "the test"}
	}
	return c
}

// Check compares a result with what the test expects.
func (t *Test) Check(result *judge.Result) []Failure {
	var failures []Failure
	for _, x := range t.Expect {
		v := t.verdict(result, x.Provision)
		what := "no verdict was given"
		if v != nil {
			what = x.differs(v)
		}
		if what != "" {
			failures = append(failures, Failure{Pos: x.Pos, Test: t.Name, What: x.Provision.Local() + ": " + what})
		}
	}
	return failures
}

// verdict finds the one that the test speaks of: of a maker's duty, the one about the bearer.
func (t *Test) verdict(result *judge.Result, p *law.Provision) *judge.Verdict {
	bearer := judge.Own
	if p.Bearer == law.OfMaker {
		bearer = t.Bearer
	}
	for i := range result.Verdicts {
		if v := &result.Verdicts[i]; v.Provision.ID == p.ID && v.Bearer == bearer {
			return v
		}
	}
	return nil
}

// differs says how a verdict differs from what was expected; "" when it does not.
func (x *expectation) differs(v *judge.Verdict) string {
	var wrong []string
	want := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	want(v.Outcome == x.Outcome, "want %s", x.Outcome)
	for _, f := range x.Flags {
		want(slices.Contains(v.Flags, f), "want the flag %s", f)
	}
	if x.Outcome == judge.NotShown && !slices.Contains(x.Flags, judge.BreachIndicated) {
		want(!slices.Contains(v.Flags, judge.BreachIndicated), "want no indication of a breach")
	}
	for _, id := range x.Because {
		want(because(v.Because(), id), "want it because of %s", id)
	}
	for _, name := range x.Missing {
		want(slices.ContainsFunc(v.Missing, func(m judge.MissingFact) bool { return m.Fact == name }),
			"want %s missing", name)
	}
	for _, r := range x.Reasons {
		want(slices.Contains(v.Reasons, r), "want the reason %s", r)
	}
	if r := x.Readiness; r != nil {
		want(v.Readiness != nil && v.Readiness.Day == r.Day && v.Readiness.Outcome == r.Outcome,
			"want readiness %s on %s", r.Outcome, r.Day)
	}
	if len(wrong) == 0 {
		return ""
	}
	return "got " + describe(v) + "; " + strings.Join(wrong, "; ")
}

// because looks for a node of the reasons anywhere.
func because(nodes []judge.Because, id string) bool {
	return slices.ContainsFunc(nodes, func(b judge.Because) bool { return b.ID == id || because(b.Children, id) })
}

// describe puts a verdict into the words of an expectation.
func describe(v *judge.Verdict) string {
	parts := slices.Concat([]string{v.Outcome.String()}, v.Flags)
	var ids []string
	for _, b := range v.Because() {
		ids = append(ids, b.ID)
	}
	if len(ids) > 0 {
		parts = append(parts, "because "+strings.Join(ids, " and "))
	}
	var missing []string
	for _, m := range v.Missing {
		missing = append(missing, string(m.Fact))
	}
	if len(missing) > 0 {
		parts = append(parts, "missing "+strings.Join(missing, " and "))
	}
	for _, r := range v.Reasons {
		parts = append(parts, "reason "+string(r))
	}
	if r := v.Readiness; r != nil {
		parts = append(parts, fmt.Sprintf("readiness %s on %s", r.Outcome, r.Day))
	}
	return strings.Join(parts, ", ")
}
