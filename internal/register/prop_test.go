// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

func asProblems(err error, p *law.Problems) bool { return errors.As(err, p) }

// engine judges by a few laws that records decide: a property asks it often.
var engine = sync.OnceValues(func() (*judge.Engine, error) {
	c, err := theLaw()
	if err != nil {
		return nil, err
	}
	e, err := judge.Compile(c)
	if err != nil {
		return nil, err
	}
	return e.Only("us/hipaa-security", "eu/gdpr", "eu/cra"), nil
})

// judged is what the case says now.
func judged(t testing.TB, d *Desk) *judge.Result {
	t.Helper()
	e, err := engine()
	if err != nil {
		t.Fatal(err)
	}
	book, err := d.Case.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return e.Judge(proof.Input(book.Entries, book.Stubs, proof.Question{Day: d.today(), At: d.now().UTC(), All: true}))
}

// bytesOf are the verdicts with their reasons, each by its ID.
func bytesOf(t testing.TB, r *judge.Result) map[string]string {
	t.Helper()
	all := map[string]string{}
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		b, err := json.Marshal(struct {
			O any
			R []judge.Reason
			F []string
			B []judge.Because
		}{v.Outcome.String(), v.Reasons, v.Flags, v.Because()})
		if err != nil {
			t.Fatal(err)
		}
		all[v.ID()] = string(b)
	}
	return all
}

// bound makes HIPAA bind us and another person of ours, so that each has verdicts to turn.
func bound(t testing.TB, d *Desk) (us, other fact.Subject) {
	t.Helper()
	other = member(t, d, fact.Organisation, "clinic", true, "person:clinic")
	us = member(t, d, fact.Organisation, "us", true, "self")
	for _, who := range []string{"us", "clinic"} {
		add(t, d, Given{Kind: "other", About: who, Day: "2026-01-01", Facts: map[string]string{"hipaa.covered_entity": "yes", "org.established_us": "yes"}})
	}
	return us, other
}

// drawn is a random record that can be entered.
func drawn(t *rapid.T, d *Desk, n int) (Given, bool) {
	k := rapid.SampledFrom(d.Kinds.All()).Draw(t, "kind")
	if k.Decides || k.Judges {
		return Given{}, false
	}
	g := Given{Kind: k.Name, By: "officer", About: map[fact.SubjectKind]string{fact.Organisation: "us", fact.Product: "Acme P1",
		fact.Device: "pump", fact.Site: "us"}[k.Subjects[0]], Fields: map[string]string{},
		Day: fmt.Sprintf("20%d-%02d-11", rapid.IntRange(22, 26).Draw(t, "year"), rapid.IntRange(1, 11).Draw(t, "month"))}
	var topic *Topic
	if len(k.Topics) > 0 {
		topic = &k.Topics[rapid.IntRange(0, len(k.Topics)-1).Draw(t, "topic")]
		g.Topic = topic.Name
	}
	if k.Until.given && (k.Until.Required || rapid.Bool().Draw(t, "ends")) {
		g.Until = "2027-06-30"
	}
	for _, f := range k.fields(topic) {
		if f.Required || rapid.Bool().Draw(t, f.Name) {
			g.Fields[f.Name] = value(t, &f, n)
		}
	}
	return g, true
}

func value(t *rapid.T, f *Field, n int) string {
	switch f.Type {
	case "day":
		return "2026-01-01"
	case "number":
		return fmt.Sprint(rapid.IntRange(1, 99).Draw(t, "number"))
	case "bool":
		return rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "bool")
	case "words":
		return rapid.SampledFrom(f.Words).Draw(t, "word")
	}
	if f.Personal {
		return "Anna Example"
	}
	return fmt.Sprintf("text %d", n)
}

// scenario is what people do to a case.
type scenario struct {
	records []Given
	closes  bool
	scope   int // which verdict is decided on
}

func scenarios(d *Desk) *rapid.Generator[scenario] {
	return rapid.Custom(func(t *rapid.T) (s scenario) {
		for n := range rapid.IntRange(1, 6).Draw(t, "records") {
			if g, ok := drawn(t, d, n); ok {
				s.records = append(s.records, g)
			}
		}
		s.closes, s.scope = rapid.Bool().Draw(t, "closes"), rapid.IntRange(0, 1<<20).Draw(t, "scope")
		return s
	})
}

// No record ever turns a verdict of another organisation, or of a subject that it is not about; a decision turns
// none; and erasing a person's data leaves every verdict, every proof and every check as they were.
func TestRecordsTurnNothingOfOthersAndErasureTurnsNothing(t *testing.T) {
	seeds := 8
	if testing.Short() {
		seeds = 2
	}
	for seed := range seeds {
		d, _ := newDesk(t)
		us, _ := bound(t, d)
		spoken := []fact.Subject{us, member(t, d, fact.Device, "pump", false, "mac:02:00:00:00:00:01"), member(t, d, fact.Product, "Acme P1", false, "make:acme/p1")}
		s := scenarios(d).Example(seed)
		d.Verdicts = func(context.Context) (*judge.Result, error) { return judged(t, d), nil }
		before := bytesOf(t, judged(t, d))
		for _, g := range s.records {
			add(t, d, g)
		}
		if s.closes {
			closed(t, d, Closes{Kind: "training", About: "us"})
		}
		after := bytesOf(t, judged(t, d))
		for id, v := range before {
			about := func(s fact.Subject) bool { return strings.Contains(id, s.String()) }
			if !slices.ContainsFunc(spoken, about) && after[id] != v {
				t.Fatalf("seed %d: records turned %s\nfrom %s\nto   %s", seed, id, v, after[id])
			}
		}
		add(t, d, Given{Kind: "decision", Topic: "waiver", About: "us", Day: "2026-11-20", Until: "2027-01-01", Reasons: "why not",
			Fields: map[string]string{"scope": slices.Sorted(maps.Keys(after))[s.scope%len(after)], "requester": "Anna Example", "approver": "Bernd Example"}})
		turnedNothing(t, d, seed, "a decision", after)
		if _, err := d.Erase(t.Context(), Erasing{Person: "Anna Example", By: "officer", Despite: "asked for"}, nil); err != nil {
			t.Fatal(err)
		}
		turnedNothing(t, d, seed, "an erasure", after)
		if left, err := d.naming(t.Context(), "Anna Example", nil); err != nil || len(left.Found) > 0 {
			t.Fatalf("seed %d: still named: %+v, %v", seed, left, err)
		}
		if err := d.Case.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if rep, err := casefile.Fsck(t.Context(), d.Case.Dir()); err != nil {
			t.Fatalf("seed %d: fsck: %v, %+v", seed, err, rep.Findings)
		}
	}
}

func turnedNothing(t *testing.T, d *Desk, seed int, what string, want map[string]string) {
	t.Helper()
	got := bytesOf(t, judged(t, d))
	for id, v := range want {
		if got[id] != v {
			t.Fatalf("seed %d: %s turned %s\nfrom %s\nto   %s", seed, what, id, v, got[id])
		}
	}
}
