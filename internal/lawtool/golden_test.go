// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/lawlint"
	"github.com/writ-iot/writ/internal/lawtest"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden holds what was written against testdata/<name>.
func golden(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%s differs; got\n%s", file, &b)
	}
}

// sample is a small catalogue of an invented law, to be spoilt.
func sample(t *testing.T) fstest.MapFS {
	t.Helper()
	return copyOf(t, os.DirFS("testdata/catalogue"))
}

func sampleLaw(t *testing.T, fsys fs.FS) (*law.Catalogue, *judge.Engine) {
	t.Helper()
	cat, err := law.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := judge.Compile(cat)
	if err != nil {
		t.Fatal(err)
	}
	return cat, engine
}

func dayOf(t *testing.T, s string) fact.Day {
	t.Helper()
	d, err := fact.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhatPeopleRead(t *testing.T) {
	m := sample(t)
	cat, engine := sampleLaw(t, m)
	day := dayOf(t, "2026-11-24")
	golden(t, "list.txt", func(w io.Writer) error { return WriteList(w, List(cat, day)) })
	golden(t, "list-before.txt", func(w io.Writer) error { return WriteList(w, List(cat, dayOf(t, "2020-12-31"))) })
	for name, id := range map[string]string{
		"show-instrument.txt": "xx/sample", "show-provision.txt": "xx/sample/s-3",
		"show-control.txt": "no-telnet", "show-fact.txt": "service.telnet",
	} {
		golden(t, name, func(w io.Writer) error { return Show(w, cat, id, day) })
	}
	v, err := View(cat, "xx/sample", day)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "view.json", asJSON(v))
	golden(t, "search.txt", func(w io.Writer) error { return WriteHits(w, Search(cat, "telnet device"), 2) })
	golden(t, "test.txt", func(w io.Writer) error { return WriteTests(w, lawtest.Run(cat, m, engine)) })
}

// asJSON writes what a door would.
func asJSON(v any) func(io.Writer) error {
	return func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
}

func TestWhatChanges(t *testing.T) {
	m := sample(t)
	before, _ := sampleLaw(t, m)
	golden(t, "calendar.txt", func(w io.Writer) error {
		return WriteCalendar(w, Calendar(before, dayOf(t, "2020-06-01"), dayOf(t, "2027-06-15")))
	})
	meetings, err := Crosswalk(before, "xx/sample", "xx/sample")
	if err != nil || len(meetings) != 0 {
		t.Errorf("a law of two unlike provisions meets itself: %v, %v", meetings, err)
	}
	spoil(t, m, "instruments/xx/sample.yaml", "id: s-3", "id: s-4")
	spoil(t, m, "instruments/xx/sample.yaml", "text: Devices of a clinic serve no telnet.", "text: Devices of a clinic serve no telnet at all.")
	spoil(t, m, "facts/sample.yaml", "absence-hours: 24", "absence-hours: 48")
	after, _ := sampleLaw(t, m)
	golden(t, "diff.txt", func(w io.Writer) error { return WriteDiff(w, Diff(before, after)) })
	if same := Diff(before, before); len(same) != 0 {
		t.Errorf("a catalogue differs from itself: %v", same)
	}
}

func TestWhatLintWrites(t *testing.T) {
	m := sample(t)
	golden(t, "lint-clean.txt", func(w io.Writer) error { return WriteProblems(w, lawlint.Lint(m)) })
	spoil(t, m, "instruments/xx/sample.yaml", "pinpoint: s. 3", "pinpoint: s. 33")
	spoil(t, m, "controls/sample.yaml", "'!service.telnet'", "'service.telnett ? true : false'")
	spoil(t, m, "lawtests/xx/sample.lawtest", "s-2: met", "s-2: not-shown")
	spoil(t, m, "facts/sample.yaml", "facts:", "facts:\n  - {name: org.spare, subject: organisation, type: bool, meaning: nothing, known: [record], source: none}")
	golden(t, "lint.txt", func(w io.Writer) error { return WriteProblems(w, lawlint.Lint(m)) })
}

func TestWhatAFailedLawTestSays(t *testing.T) {
	m := sample(t)
	spoil(t, m, "lawtests/xx/sample.lawtest", "s-2: violated because no-telnet", "s-2: met")
	cat, engine := sampleLaw(t, m)
	s := lawtest.Run(cat, m, engine)
	if s.OK() {
		t.Error("a test that expects met of a telnet service comes true")
	}
	golden(t, "test-failed.txt", func(w io.Writer) error { return WriteTests(w, s) })
	golden(t, "test-failed.json", asJSON(s))
}

func TestApplies(t *testing.T) {
	cat, engine := sampleLaw(t, sample(t))
	day := dayOf(t, "2026-11-24")
	for name, answer := range map[string]string{"applies-own.txt": "yes", "applies-no.txt": "no", "applies-open.txt": "unknown"} {
		p, err := profile.Parse("profile.yaml", []byte("version: 1\norganisation:\n  name: Example\n  declared-by: officer\n"+
			"  declared-on: 2026-11-01\n  answers: {org.clinic: "+answer+"}\ndevices: [{ip: 10.0.0.1}]\n"), cat)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, func(w io.Writer) error { return WriteHolds(w, Applies(cat, engine, p, day, day.Time())) })
	}
}

// Of a group it is said of each person what binds it.
func TestAppliesToEachPerson(t *testing.T) {
	cat, engine := sampleLaw(t, sample(t))
	day := dayOf(t, "2026-11-24")
	p, err := profile.Parse("profile.yaml", []byte("version: 1\ngroup: {name: Both, declared-by: officer, declared-on: 2026-11-01}\n"+
		"persons:\n  - {id: clinic, name: Clinic, answers: {org.clinic: yes}}\n  - {id: shop, name: Shop, answers: {org.clinic: no}}\n"+
		"  - {id: third, name: Third}\n"+
		"devices: [{ip: 10.0.0.1, person: clinic}, {ip: 10.0.0.2, person: shop}, {ip: 10.0.0.3, person: third}]\n"), cat)
	if err != nil {
		t.Fatal(err)
	}
	holds := Applies(cat, engine, p, day, day.Time())
	golden(t, "applies-group.txt", func(w io.Writer) error { return WriteHolds(w, holds) })
	golden(t, "applies-group.json", asJSON(holds))
}

func TestUnknownIDsAreHintedAt(t *testing.T) {
	cat, _ := sampleLaw(t, sample(t))
	for id, hint := range map[string]string{
		"xx/sampl": `did you mean "xx/sample"?`, "no-telne": `did you mean "no-telnet"?`, "zzz": "writ law search zzz", "judgement:xx": "search",
	} {
		err := Show(io.Discard, cat, id, 0)
		if err == nil || !bytes.Contains([]byte(err.Error()), []byte(hint)) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func copyOf(t *testing.T, fsys fs.FS) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(fsys, name)
		m[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func spoil(t *testing.T, m fstest.MapFS, file, from, to string) {
	t.Helper()
	s := string(m[file].Data)
	if strings.Count(s, from) == 0 {
		t.Fatalf("%s holds no %q to spoil", file, from)
	}
	m[file] = &fstest.MapFile{Data: []byte(strings.Replace(s, from, to, 1))}
}

// TestLawsMeetInControls: the clear login that a bank's contract forbids is what the makers' standard forbids.
func TestLawsMeetInControls(t *testing.T) {
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	meetings, err := Crosswalk(cat, "pci/dss-4.0.1", "us/hipaa-security")
	if err != nil {
		t.Fatal(err)
	}
	found := slices.ContainsFunc(meetings, func(m Meeting) bool {
		return m.From == "pci/dss-4.0.1/8.3.2" && m.To == "us/hipaa-security/164.312/d" && slices.Contains(m.Controls, "no-cleartext-credentials")
	})
	if !found {
		t.Errorf("8.3.2 and 164.312(d) do not meet in no-cleartext-credentials: %v", meetings)
	}
	if _, err := Crosswalk(cat, "pci/dss-4.0.2", "eu/cra"); err == nil {
		t.Error("an unknown instrument has a crosswalk")
	}
}
