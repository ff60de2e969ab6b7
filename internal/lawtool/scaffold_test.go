// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/internal/lawlint"
	"github.com/writ-iot/writ/internal/lawtest"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// laid is the sample's law with a new instrument beside it.
func laid(t *testing.T, sheets []Sheet) fstest.MapFS {
	t.Helper()
	m := sample(t)
	for _, s := range sheets {
		m[s.Path] = &fstest.MapFile{Data: []byte(s.Text)}
	}
	return m
}

// TestLintSaysExactlyWhatIsToFill: each FILL, its own words as the hint, and nothing else.
func TestLintSaysExactlyWhatIsToFill(t *testing.T) {
	for _, kind := range law.Kinds() {
		sheets, err := Scaffold("yy/act", kind)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{}
		for _, s := range sheets {
			for line := range strings.SplitSeq(s.Text, "\n") {
				if _, what, ok := strings.Cut(line, law.Fill); ok && !strings.HasPrefix(line, "#") {
					want[strings.TrimSuffix(strings.TrimSuffix(what, ": yes"), ": no")]++
				}
			}
		}
		for _, p := range lawlint.Lint(laid(t, sheets)) {
			switch {
			case p.Warning:
			case p.What != law.Unfilled || want[p.Hint] == 0:
				t.Errorf("%s: lint says also %v", kind, p)
			case p.Line == "" || p.Pos.Line == 0:
				t.Errorf("%s: %v has no place", kind, p)
			default:
				want[p.Hint]--
			}
		}
		for what, n := range want {
			if n != 0 {
				t.Errorf("%s: lint does not say %q", kind, what)
			}
		}
	}
}

// TestAFilledScaffoldIsLaw: with each value in its place lint is content, and the three cases come true.
func TestAFilledScaffoldIsLaw(t *testing.T) {
	for _, kind := range []law.Kind{law.Statute, law.Standard} {
		sheets, err := Scaffold("yy/act", kind)
		if err != nil {
			t.Fatal(err)
		}
		for k := range sheets {
			for _, f := range []struct{ what, with string }{
				{"the day on which you read|the first day|the same day|a day on which", "2021-01-01"},
				{"a condition over facts|the fact that makes it apply", "org.clinic"},
				{"the fact that its control asks for", "org.policy_written"},
				{"a control that decides", "policy-written"}, {"a role|one of the addressees", "clinic"},
				{"the place of the duty|the places of the text", "s. 1"}, {"", "some words"},
			} {
				form := regexp.MustCompile("FILL (" + f.what + ")[^\n:]*(\n|: yes\n|: no\n)")
				sheets[k].Text = form.ReplaceAllString(sheets[k].Text, f.with+"$2")
			}
		}
		m := laid(t, sheets)
		m["facts/yy.yaml"] = &fstest.MapFile{Data: []byte("facts:\n  - {name: org.policy_written, subject: organisation, type: bool, " +
			"meaning: a policy is written, known: [record], source: us}\n")}
		m["controls/yy.yaml"] = &fstest.MapFile{Data: []byte("controls:\n  - {id: policy-written, title: A policy is written, " +
			"subject: organisation, expr: org.policy_written, severity: low, remedy: Write it., actor: operator}\n")}
		for _, p := range lawlint.Lint(m) {
			if !p.Warning {
				t.Errorf("%s: %v", kind, p)
			}
		}
		cat, err := law.Load(m)
		if err != nil {
			t.Fatal(err)
		}
		engine, err := judge.Compile(cat)
		if err != nil {
			t.Fatal(err)
		}
		if s := lawtest.Run(cat, m, engine); !s.OK() {
			t.Errorf("%s: %v %v", kind, s.Failures, s.Problems)
		}
	}
}

func TestAScaffoldOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	sheets, err := Scaffold("yy/act", law.Statute)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteSheets(dir, sheets[1:2]); err != nil {
		t.Fatal(err)
	}
	if err := WriteSheets(dir, sheets); err == nil || !strings.Contains(err.Error(), "is there already, and stays as it is") {
		t.Errorf("it says %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, sheets[0].Path)); err == nil {
		t.Error("half a scaffold was left")
	}
	if _, err := os.Stat(filepath.Join(dir, sheets[1].Path)); err != nil {
		t.Error(err)
	}
	for _, id := range []law.InstrumentID{"", "act", "../act", "yy/../act", "YY/act", "yy/act/1"} {
		if _, err := Scaffold(id, law.Statute); err == nil {
			t.Errorf("%q is taken for an ID", id)
		}
	}
}
