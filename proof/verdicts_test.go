// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// linesOf encodes verdicts and gives the lines of each kind.
func linesOf(t *testing.T, verdicts ...judge.Verdict) map[string][]string {
	t.Helper()
	b, err := EncodeVerdicts(&judge.Result{Verdicts: verdicts})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		_, rest, _ := strings.Cut(line, `"kind":"`)
		kind, _, _ := strings.Cut(rest, `"`)
		all[kind] = append(all[kind], line)
	}
	return all
}

// reasoned is a verdict for a reason that rests on a device's fact, which is missing.
func reasoned(id, text string) judge.Verdict {
	device := fact.Subject{Kind: fact.Device, ID: "d1"}
	leaf := judge.Because{Kind: "fact", ID: "telnet.used", Truth: "unknown", Subject: &device, Text: text, Fact: &fact.Resolved{}}
	return judge.Verdict{Provision: &law.Provision{ID: law.ProvisionID(id)},
		Given:   []judge.Because{{Kind: "control", ID: "no-telnet", Truth: "unknown", Children: []judge.Because{leaf}}},
		Missing: []judge.MissingFact{{Subject: device, Fact: "telnet.used", Reason: "no-evidence"}}}
}

func TestWhatVerdictsShareIsWrittenOnce(t *testing.T) {
	got := linesOf(t, reasoned("xx/a/1", "why"), reasoned("xx/a/2", "why"))
	for kind, want := range map[string]int{"result": 1, "fact": 1, "because": 2, "missing": 1, "verdict": 2} {
		if len(got[kind]) != want {
			t.Errorf("%d lines of %s, want %d: %q", len(got[kind]), kind, want, got[kind])
		}
	}
	for _, line := range got["verdict"] {
		if !strings.Contains(line, `"because":[2]`) || !strings.Contains(line, `"missing":[1]`) {
			t.Error(line)
		}
	}
	if line := got["because"][1]; !strings.Contains(line, `"children":[1]`) {
		t.Error(line)
	}
}

// Two reasons that differ anywhere are two: a line that stood for both would hide a change.
func TestReasonsThatDifferAreNotOne(t *testing.T) {
	got := linesOf(t, reasoned("xx/a/1", "why"), reasoned("xx/a/2", `why" "`))
	if len(got["because"]) != 4 || len(got["fact"]) != 1 {
		t.Errorf("%q", got["because"])
	}
	device := fact.Subject{Kind: fact.Device, ID: "d1"}
	whole := judge.Because{Kind: "a", ID: "b", Pinpoint: "c", Truth: "d", Subject: &device, Text: "e", Children: []judge.Because{{Kind: "f"}}}
	change := []func(*judge.Because){func(b *judge.Because) { b.Kind = "" }, func(b *judge.Because) { b.ID = "" },
		func(b *judge.Because) { b.Pinpoint = "" }, func(b *judge.Because) { b.Truth = "" }, func(b *judge.Because) { b.Subject = nil },
		func(b *judge.Because) { b.Text = "" }, func(b *judge.Because) { b.Children = nil },
		func(b *judge.Because) { b.Kind, b.ID = `a" "b`, "" },
		func(b *judge.Because) { b.Fact = &fact.Resolved{} }}
	all := []judge.Because{whole, whole}
	for _, f := range change {
		b := whole
		f(&b)
		all = append(all, b)
	}
	v := judge.Verdict{Provision: &law.Provision{ID: "xx/a/1"}, Given: all}
	if got := linesOf(t, v); len(got["because"]) != len(change)+2 { // the child, too
		t.Errorf("%d nodes, want %d: %q", len(got["because"]), len(change)+2, got["because"])
	}
}

func TestTheSameVerdictsGiveTheSameBytes(t *testing.T) {
	r := &judge.Result{}
	for i := range 50 {
		r.Verdicts = append(r.Verdicts, reasoned(fmt.Sprint("xx/a/", i), fmt.Sprint(i%7)))
	}
	a, err := EncodeVerdicts(r)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if b, err := EncodeVerdicts(r); err != nil || !bytes.Equal(a, b) {
			t.Fatalf("%v: other bytes", err)
		}
	}
}
