// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package readiness

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

var compiled = sync.OnceValues(func() (*judge.Engine, error) { return judge.Compile(theLaw()) })

var theLaw = sync.OnceValue(func() *law.Catalogue {
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		panic(err)
	}
	return cat
})

var (
	noon    = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	us      = fact.Subject{Kind: fact.Organisation, ID: "us"}
	gadget  = fact.Subject{Kind: fact.Product, ID: "gadget"}
	gadget1 = fact.Subject{Kind: fact.Device, ID: "gadget-1"}
)

func find(t *testing.T, id string) *Scheme {
	t.Helper()
	s, err := Find(theLaw(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ready judges one product, ours or not, and one unit of it.
func ready(t *testing.T, id string, ours bool, claims ...fact.Claim) *Report {
	t.Helper()
	e, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	s := find(t, id)
	m := judge.Member{Subject: gadget}
	if ours {
		m.Maker = us
	}
	day := s.Day(fact.DayOf(noon))
	r := e.Only(s.Instrument.ID).AsAdopted().Judge(judge.Input{Day: day, At: noon, All: true, Claims: claims,
		Members: []judge.Member{{Subject: us, Own: true}, m, {Subject: gadget1, Product: gadget, Runner: us}}})
	return Of(theLaw(), s, r, day, fact.Subject.String)
}

func says(s fact.Subject, n fact.Name, v fact.Value, m fact.Method) fact.Claim {
	return fact.Claim{Subject: s, Fact: n, Value: v, Method: m, ObservedAt: noon.Add(-time.Hour), Documented: true,
		Coverage: fact.Coverage{Hours: 999, BothWays: true, CompletedScan: true, Vantage: "the segment"}}
}

func (r *Report) unit(t *testing.T, pinpoint string) *Unit {
	t.Helper()
	for i := range r.Subjects {
		for k := range r.Subjects[i].Units {
			if u := &r.Subjects[i].Units[k]; strings.HasSuffix(u.Pinpoint, pinpoint) {
				return u
			}
		}
	}
	t.Fatalf("no unit %s in %s", pinpoint, r.Instrument)
	return nil
}

func TestASchemeIsAnInstrumentOrAPartOfOne(t *testing.T) {
	whole, part := find(t, "eu/cra"), find(t, "eu/cra/annex-1")
	if part.Part != "annex-1" || len(part.Units) == 0 || len(part.Units) >= len(whole.Units) {
		t.Errorf("%d units of %d", len(part.Units), len(whole.Units))
	}
	if s := find(t, "etsi/en-303-645-v2.1.1"); s.Instrument.ID != "etsi/en-303-645-v2.1.1" || s.Part != "" {
		t.Errorf("%+v", s)
	}
	for id, want := range map[string]string{
		"etsi/en-303-654": `did you mean "etsi/en-303-645"?`, "eu/cra/annex-99": `has no part "annex-99"`, "": "writ law list",
		"zzz": "writ law list",
	} {
		if _, err := Find(theLaw(), id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", id, err, want)
		}
	}
}

func TestWhatIsComingIsAskedOfItsDay(t *testing.T) {
	today := fact.DayOf(noon)
	if d := find(t, "eu/cra/annex-1").Day(today); d.String() != "2027-12-11" {
		t.Errorf("readiness for the CRA's Annex I is asked of %s", d)
	}
	if d := find(t, "etsi/en-303-645").Day(today); d != today {
		t.Errorf("readiness for a text in force is asked of %s", d)
	}
}

// Who knows nothing is ready for nothing, and every unit says what is missing and who can bring it.
func TestNothingKnownIsNothingReady(t *testing.T) {
	for _, i := range theLaw().Instruments {
		s, err := Find(theLaw(), string(i.ID))
		if err != nil || !i.Kind.Voluntary() && i.ID != "eu/cra" {
			continue
		}
		r := ready(t, string(i.ID), true)
		if r.Reach.Units != len(s.Units) || r.Reach.Whole+r.Reach.Breach+r.Reach.Points+r.Reach.Document+r.Reach.Judged != r.Reach.Units {
			t.Errorf("%s: %+v of %d units", i.ID, r.Reach, len(s.Units))
		}
		for _, sub := range r.Subjects {
			if c := sub.Must; c.Met+c.Contradicted+c.Automatic+sub.Should.Met+sub.Should.Contradicted != 0 {
				t.Errorf("%s: %+v of %s where nothing is known", i.ID, c, sub.Name)
			}
			for _, u := range sub.Units {
				if u.State == NotShown && (len(u.Missing) == 0 || u.Missing[0].By == "" || u.Missing[0].What == "") {
					t.Errorf("%s is not shown, and nothing is missing: %+v", u.ID, u.Missing)
				}
			}
		}
	}
}

func TestAUnitSaysWhoDecidedIt(t *testing.T) {
	yes, no := fact.BoolValue(true), fact.BoolValue(false)
	consumer := says(gadget, "product.consumer", yes, fact.Record)
	r := ready(t, "etsi/en-303-645", true, consumer)
	policy := r.unit(t, "5.2-1")
	if policy.State != NotShown || len(policy.Missing) == 0 {
		t.Fatalf("%+v", policy)
	}
	all := []fact.Claim{consumer}
	for _, m := range policy.Missing {
		all = append(all, says(gadget, m.Fact, yes, fact.Record))
	}
	if u := ready(t, "etsi/en-303-645", true, all...).unit(t, "5.2-1"); u.State != Met || !slices.Equal(u.By, []Who{Document}) || u.automatic() {
		t.Errorf("with its documents: %+v", u)
	}
	for i := range all[1:] {
		all[i+1].Value = no
	}
	if u := ready(t, "etsi/en-303-645", true, all...).unit(t, "5.2-1"); u.State != Contradicted || u.automatic() {
		t.Errorf("with documents that say no: %+v", u)
	}
}

// The wire points to a breach that a text lets nobody establish alone: it is not shown, and says so.
func TestWhatTheWirePointsToIsIndicated(t *testing.T) {
	clear := says(gadget1, "credentials.cleartext", fact.BoolValue(true), fact.Passive)
	r := ready(t, "etsi/ts-103-701", true, says(gadget, "product.consumer", fact.BoolValue(true), fact.Record), clear)
	u := r.unit(t, "TG 5.1-3")
	if u.State != NotShown || !u.Indicated || u.Missing[0].By != Judgement {
		t.Errorf("%+v", u)
	}
	if c := r.Subjects[0].Must; c.Indicated == 0 || c.Indicated > c.NotShown {
		t.Errorf("%+v", c)
	}
}

func TestTheWireAloneIsCountedAlone(t *testing.T) {
	for by, want := range map[string]bool{"": false, "wire": true, "wire test": true, "wire answer": false, "document": false} {
		u := Unit{State: Contradicted}
		for _, w := range strings.Fields(by) {
			u.By = append(u.By, Who(w))
		}
		if u.automatic() != want {
			t.Errorf("decided by %q: automatic is %t", by, !want)
		}
	}
	if u := (Unit{State: NotShown, By: []Who{Wire}}); u.automatic() {
		t.Error("what is not shown is decided")
	}
}
