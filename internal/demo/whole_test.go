// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package demo_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/examples"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/demo"
	"github.com/writ-iot/writ/internal/observe"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// hospital is the demo's capture and its assessment, made once for all tests.
type hospital struct {
	capture string
	a       *assess.Assessment
}

var hospitals = sync.OnceValues(func() (*hospital, error) {
	dir, err := os.MkdirTemp("", "writ-demo-*")
	if err != nil {
		return nil, err
	}
	h := &hospital{capture: filepath.Join(dir, "hospital.pcap")}
	var b bytes.Buffer
	if _, err := demo.Capture(&b); err != nil {
		return nil, err
	}
	if err := os.WriteFile(h.capture, b.Bytes(), 0o644); err != nil {
		return nil, err
	}
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		return nil, err
	}
	engine, err := judge.Compile(cat)
	if err != nil {
		return nil, err
	}
	text, err := examples.FS.ReadFile("hospital.yaml")
	if err != nil {
		return nil, err
	}
	p, err := profile.Parse("hospital.yaml", text, cat)
	if err != nil {
		return nil, err
	}
	o := assess.Options{Catalogue: cat, Engine: engine, Profile: p, Now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	o.Question.Day, o.Question.All = fact.DayOf(o.Now), true
	h.a, err = assess.Run(context.Background(), []string{h.capture}, o)
	return h, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if h, _ := hospitals(); h != nil {
		os.RemoveAll(filepath.Dir(h.capture))
	}
	os.Exit(code)
}

func theHospital(t *testing.T) *hospital {
	t.Helper()
	h, err := hospitals()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestTheHospitalShowsTheWholeRange(t *testing.T) {
	a := theHospital(t).a
	own, supplier := a.Result.Own, a.Result.Supplier
	for what, c := range map[string]judge.Counts{"own": own, "supplier": supplier} {
		if c.Met == 0 || c.Violated == 0 || c.NotShown == 0 || c.BreachIndicated == 0 || c.NotApplicable == 0 {
			t.Errorf("%s duties do not show every verdict: %+v", what, c)
		}
	}
	want := map[string]judge.Outcome{
		"uk/psti/schedule-1/1 Example Cameras IPC-3060":       judge.Violated, // seen twice, set up, label read
		"uk/psti/schedule-1/2 Example Cameras IPC-3060":       judge.Met,
		"uk/psti/schedule-1/3 Example Cameras IPC-3060":       judge.Violated, // a record says that no end date is published
		"us/hipaa-security/164.312/a/2/i pump-3a":             judge.Violated,
		"us/hipaa-security/164.312/e/2/ii pump-3a":            judge.NotShown, // clear text alone is no violation
		"us/hipaa-security/164.308/a/2 Example Hospital":      judge.Met,
		"eu/gdpr/art-28/3 Example Hospital":                   judge.Violated,
		"eu/gdpr/art-32/1/a tablet-3a":                        judge.Met, // a signed judgement
		"eu/gdpr/art-32/1/a tablet-3b":                        judge.NotShown,
		"eu/gdpr/art-32/1/b thermostat-ward-3":                judge.NotApplicable,
		"us/hipaa-security/164.308/a/1/ii/A Example Hospital": judge.NotShown, // older than the hospital's own period
	}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		k := string(v.Provision.ID) + " " + a.Name(v.Subject)
		if o, ok := want[k]; ok {
			if v.Outcome != o {
				t.Errorf("%s is %s, want %s", k, v.Outcome, o)
			}
			delete(want, k)
		}
	}
	for k := range want {
		t.Errorf("%s has no verdict", k)
	}
}

func TestWhatIsWrittenOfTheHospitalIsWhatTheSchemasSay(t *testing.T) {
	h := theHospital(t)
	var a, o bytes.Buffer
	if err := report.JSON(&a, h.a, true); err != nil {
		t.Fatal(err)
	}
	if _, err := observe.JSON(context.Background(), &o, []string{h.capture}, observe.Options{}); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*bytes.Buffer{"assess": &a, "observe": &o} {
		s, err := jsonschema.NewCompiler().Compile("../../docs/schema/" + name + ".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(b)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %.2000v", name, err)
		}
	}
}
