// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package assess

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/demo"
	"github.com/writ-iot/writ/internal/observe"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

var compiled = sync.OnceValues(func() (*judge.Engine, error) {
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		return nil, err
	}
	return judge.Compile(cat)
})

// now is after the demo's day.
var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// options are those of a run on a law day, with this profile.
func options(t *testing.T, text string) Options {
	t.Helper()
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Catalogue: cat, Engine: engine, Now: now, Question: proof.Question{Day: fact.DayOf(now), All: true}}
	if text != "" {
		if o.Profile, err = profile.Parse("us.yaml", []byte(text), cat); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// ward is the demo's capture.
func ward(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ward.pcap")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = demo.Capture(f); err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

const us = `version: 1
organisation:
  name: Saint Nowhere
  declared-by: its officer
  declared-on: 2026-11-02
  answers: {hipaa.covered_entity: yes}
products:
  - {id: camera, vendor: Example Cameras, model: IPC-3060}
devices:
  - {id: by-mac, mac: "00:0b:ab:20:00:01"}
  - {id: by-address, ip: 10.20.3.40}
  - {id: by-name, hostname: ipc-3060, product: camera, label-read-by: the porter}
  - {id: never-seen, mac: "02:00:00:00:99:99"}
`

// thing gives the device of this name.
func (a *Assessment) thing(t *testing.T, name string) *Thing {
	t.Helper()
	for i := range a.Things {
		if a.Things[i].Name == name {
			return &a.Things[i]
		}
	}
	t.Fatalf("no device is called %s", name)
	return nil
}

func TestNothingKnownIsNothingDecided(t *testing.T) {
	a, err := Run(t.Context(), nil, options(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	if c := a.Result.Own; c.Met != 0 || c.Violated != 0 || c.NotShown == 0 {
		t.Errorf("%+v", c)
	}
}

func TestTheProfilesDevicesAreFoundByWhatNamesThem(t *testing.T) {
	a, err := Run(t.Context(), []string{ward(t)}, options(t, us))
	if err != nil {
		t.Fatal(err)
	}
	for name, address := range map[string]string{"by-mac": "10.20.3.20", "by-address": "10.20.3.40",
		"by-name": "10.20.3.60"} {
		if th := a.thing(t, name); len(th.IPs) == 0 || th.IPs[0] != address || !th.Last.After(th.First) {
			t.Errorf("%s is %+v", name, th)
		}
	}
	if th := a.thing(t, "never-seen"); len(th.IPs) != 0 || th.Product.IsZero() {
		t.Errorf("never-seen is %+v", th)
	}
	if p := a.Name(a.thing(t, "by-name").Product); p != "Example Cameras IPC-3060" {
		t.Errorf("the camera is a unit of %s", p)
	}
	if a.Profile != "Saint Nowhere" {
		t.Errorf("the organisation is %q", a.Profile)
	}
}

// Each thing is judged at the end of the newest input that shows it: three weeks later what was seen there
// still counts. Asked of the time of the run, it has gone stale.
func TestEachSubjectHasItsOwnEvidenceTime(t *testing.T) {
	indicated := func(at time.Time) (n int) {
		o := options(t, strings.Replace(us, "answers: {",
			"answers: {role.controller: yes, org.established_eu: yes, org.processes_personal_data: yes, ", 1))
		o.Question.At = at
		a, err := Run(t.Context(), []string{ward(t)}, o)
		if err != nil {
			t.Fatal(err)
		}
		camera := a.thing(t, "by-name").Subject
		for _, v := range a.Result.Verdicts {
			if v.Subject == camera && slices.Contains(v.Flags, judge.BreachIndicated) {
				n++
			}
		}
		return n
	}
	if n := indicated(time.Time{}); n == 0 {
		t.Error("the camera's faults are gone before anybody looked again")
	}
	if n := indicated(now); n != 0 {
		t.Errorf("%d verdicts point to a breach by evidence that is three weeks old", n)
	}
}

// A case and a run that keeps nothing judge the same; the same again says nothing new.
func TestACaseJudgesAsTheRunDoes(t *testing.T) {
	input := ward(t)
	free, err := Run(t.Context(), []string{input}, options(t, us))
	if err != nil {
		t.Fatal(err)
	}
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "x.case"),
		casefile.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	var before int
	for round := range 2 {
		o := options(t, us)
		o.Ledger, o.Observe.Keys = kept{c}, c.Keyer()
		a, err := Run(t.Context(), []string{input, input}, o)
		if err != nil {
			t.Fatal(err)
		}
		if a.Result.Own != free.Result.Own || a.Result.Supplier != free.Result.Supplier || len(a.Inputs) != 1 {
			t.Errorf("round %d: %+v %+v of %d inputs, without a case %+v %+v", round, a.Result.Own,
				a.Result.Supplier, len(a.Inputs),
				free.Result.Own, free.Result.Supplier)
		}
		book, err := c.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if round == 1 && len(book.Leaves) != before {
			t.Errorf("the same again made %d leaves into %d", before, len(book.Leaves))
		}
		before = len(book.Leaves)
	}
}

// kept is a case as a ledger.
type kept struct{ *casefile.Case }

func (k kept) Append(ctx context.Context, drafts []Draft) error {
	out := make([]casefile.Draft, len(drafts))
	for i, d := range drafts {
		out[i] = casefile.Draft(d)
	}
	_, err := k.Case.Append(ctx, out)
	return err
}

// What people are called, and how devices are found, stands in payloads alone: erasing them breaks no proof.
func TestNoNameStandsInAStatement(t *testing.T) {
	o := options(t, us)
	o.Observe.Vocabulary = o.Catalogue.Vocabulary
	seen, err := observe.Look(t.Context(), []string{ward(t)}, o.Observe)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWorld(o.Profile, seen, numbered())
	if err != nil {
		t.Fatal(err)
	}
	drafts := w.drafts(seen, now)
	if len(drafts) < 30 {
		t.Fatalf("%d drafts", len(drafts))
	}
	said := 0
	for _, d := range drafts {
		s, err := evidence.Unsigned(d.Statement, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Nowhere", "officer", "porter", "IPC-3060", "10.20.3.", "00:0b:ab",
			"Example Cameras", "pump-3", "ward.pcap"} {
			if strings.Contains(string(s.Bytes), name) {
				t.Errorf("a statement says %q: %s", name, s.Bytes)
			}
		}
		if d.Payload != nil {
			said++
		}
	}
	if said == 0 {
		t.Error("no payload says any name")
	}
}

func TestTheSameWorldGivesTheSameStatements(t *testing.T) {
	o, input := options(t, us), ward(t)
	o.Observe.Vocabulary = o.Catalogue.Vocabulary
	o.Observe.Keys = nil
	var first []Draft
	for range 2 {
		seen, err := observe.Look(t.Context(), []string{input}, o.Observe)
		if err != nil {
			t.Fatal(err)
		}
		w, err := newWorld(o.Profile, seen, numbered())
		if err != nil {
			t.Fatal(err)
		}
		drafts := w.drafts(seen, now)
		if first == nil {
			first = drafts
		} else if !reflect.DeepEqual(drafts, first) {
			t.Error("two looks at one input state it differently")
		}
	}
}

// An input is kept before anything is stated of it; where that fails nothing is.
func TestAnInputThatCannotBeKeptIsNotStated(t *testing.T) {
	o, input := options(t, ""), ward(t)
	l := &counting{}
	o.Ledger = l
	full := errors.New("no room")
	o.Keep = func(_ context.Context, in *observe.Input) error {
		if in.Path != input || len(in.SHA256) != 64 {
			t.Errorf("asked to keep %+v", in)
		}
		l.kept++
		return full
	}
	if _, err := Run(t.Context(), []string{input, input}, o); !errors.Is(err, full) || l.kept != 1 ||
		l.appended != 0 {
		t.Errorf("%v after %d inputs and %d statements", err, l.kept, l.appended)
	}
}

// counting is a ledger that only counts.
type counting struct{ kept, appended int }

func (*counting) Subject(_ context.Context, k fact.SubjectKind, keys ...string) (fact.Subject, error) {
	return fact.Subject{Kind: k, ID: "x" + keys[0]}, nil
}
func (c *counting) Append(_ context.Context, drafts []Draft) error {
	c.appended += len(drafts)
	return nil
}
func (*counting) Read(context.Context) (*proof.Book, error) { return &proof.Book{}, nil }

// A name known by two keys is one subject; kinds are kept apart.
func TestNumberedSubjectsAreNamedByAnyKey(t *testing.T) {
	name := numbered()
	id := func(k fact.SubjectKind, keys ...string) string {
		s, err := name(k, keys...)
		if err != nil {
			t.Fatal(err)
		}
		return s.ID
	}
	if a, b, c := id(fact.Device, "mac:1"), id(fact.Device, "profile:x", "mac:1"), id(fact.Device,
		"mac:2"); a != b || a == c || a != "device-1" {
		t.Error(a, b, c)
	}
	if id(fact.Product, "mac:1") != "product-1" {
		t.Error("a product took a device's number")
	}
}
