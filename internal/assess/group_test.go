// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package assess

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/examples"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// laws of the two sides of the example.
var laws = []law.InstrumentID{"eu/gdpr", "us/hipaa-security", "us/hipaa-breach"}

// theGroup is the example's profile, changed, judged on the ward's capture by the laws of both sides.
func theGroup(t *testing.T, input string, changes ...string) *Assessment {
	t.Helper()
	b, err := examples.FS.ReadFile("group.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(changes...).Replace(string(b))
	if len(changes) > 0 && text == string(b) {
		t.Fatalf("the example does not hold %q", changes)
	}
	o := options(t, text)
	o.Engine = o.Engine.Only(laws...)
	a, err := Run(t.Context(), []string{input}, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// standing of a person, by name.
func (a *Assessment) standing(t *testing.T, name string) *judge.Standing {
	t.Helper()
	for i := range a.Result.Persons {
		if p := &a.Result.Persons[i]; a.Name(p.Person) == name {
			return p
		}
	}
	t.Fatalf("no person is called %s", name)
	return nil
}

const (
	hospital = "Example Hospital gGmbH"
	clinic   = "Example Clinic LLC"
	archive  = "Example Archive GmbH"
)

func TestEachPersonHasItsOwnLaw(t *testing.T) {
	a := theGroup(t, ward(t))
	if a.Profile != "Example Hospitals" || len(a.Result.Persons) != 3 {
		t.Fatalf("%q of %d persons", a.Profile, len(a.Result.Persons))
	}
	for name, want := range map[string][3]string{ // GDPR, HIPAA Security, HIPAA Breach
		hospital: {"own", "no", "no"}, clinic: {"no", "own", "own"}, archive: {"own", "own", "own"},
	} {
		for _, i := range a.standing(t, name).Instruments {
			if want := want[slices.Index(laws, i.Instrument.ID)]; i.Bound != want {
				t.Errorf("%s binds %s: %s (%s), want %s", i.Instrument.Short, name, i.Bound, i.Because, want)
			}
		}
	}
	hipaa := slices.IndexFunc(a.standing(t, hospital).Instruments, func(i judge.Applicability) bool {
		return i.Instrument.ID == "us/hipaa-security"
	})
	rests := a.standing(t, hospital).Instruments[hipaa].Rests
	if len(rests) != 2 || rests[1].Fact != "hipaa.covered_entity" || !rests[1].Value.IsFalse() {
		t.Errorf("what keeps HIPAA from the ward is %v", rests)
	}
}

func TestOneBackboneHasManyRunners(t *testing.T) {
	a := theGroup(t, ward(t))
	under := map[string]map[string]int{} // device: person and law: verdicts that may hold
	for _, v := range a.Result.Verdicts {
		if v.Subject.Kind != fact.Device {
			continue
		}
		name := a.Name(v.Subject)
		if under[name] == nil {
			under[name] = map[string]int{}
		}
		if v.Outcome != judge.NotApplicable {
			under[name][a.Name(v.Person)+" "+string(v.Provision.Instrument.ID)]++
		} else {
			under[name][a.Name(v.Person)] += 0
		}
	}
	for device, want := range map[string][]string{
		"pump-3a":   {hospital + " eu/gdpr"},
		"IPC-3060":  {hospital + " eu/gdpr"}, // in the ward's network, and in no entry
		"pump-us-1": {clinic + " us/hipaa-security"},
		"archive":   {archive + " eu/gdpr", archive + " us/hipaa-security"},
	} {
		var got []string
		for k, n := range under[device] {
			if n > 0 {
				got = append(got, k)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s is judged under %q, want %q (of %v)", device, got, want, under[device])
		}
	}
}

// What one person answers moves no verdict of another: neither its name nor a byte of it.
func TestAnAnswerOfOneMovesNothingOfAnother(t *testing.T) {
	input := ward(t)
	of := func(a *Assessment, name string) (ids []string, text string) {
		r := judge.Result{}
		for _, v := range a.Result.Verdicts {
			if v.Bearer == judge.Own && a.Name(v.Person) == name {
				ids, r.Verdicts = append(ids, v.ID()), append(r.Verdicts, v)
			}
		}
		b, err := proof.EncodeVerdicts(&r)
		if err != nil {
			t.Fatal(err)
		}
		return ids, string(b)
	}
	before := theGroup(t, input)
	for _, change := range [][2]string{
		{"      hipaa.covered_entity: yes\n", "      hipaa.covered_entity: no\n"},
		{"      org.offers_to_eu: no ", "      org.offers_to_eu: yes "},
		{"      org.employees: 220\n", ""},
	} {
		after := theGroup(t, input, change[0], change[1])
		for _, name := range []string{hospital, archive} {
			ids, was := of(before, name)
			same, is := of(after, name)
			if len(ids) == 0 || !slices.Equal(ids, same) || was != is {
				t.Errorf("the clinic's %q becomes %q, and verdicts of %s move", change[0], change[1], name)
			}
		}
	}
	_, was := of(before, clinic)
	if _, is := of(theGroup(t, input, "      org.offers_to_eu: no ", "      org.offers_to_eu: yes "), clinic); was == is {
		t.Error("the clinic offers to the EU, and none of its own verdicts moves")
	}
}

// Nobody becomes a processor or a business associate by being of the group: take the services out, and only what
// the persons themselves say is left.
func TestNoRoleIsSupposed(t *testing.T) {
	a := theGroup(t, ward(t), "  - {from: archive-company, to: clinic, kind: business-associate}\n", "")
	for _, i := range a.standing(t, archive).Instruments {
		want := map[law.InstrumentID]string{"eu/gdpr": "own"}[i.Instrument.ID]
		if want == "" {
			want = "undetermined"
		}
		if i.Bound != want {
			t.Errorf("%s binds the archive: %s, want %s", i.Instrument.ID, i.Bound, want)
		}
	}
}

func TestWhoOfUsRunsItMayBeOpen(t *testing.T) {
	a := theGroup(t, ward(t), "10.20.0.0/16", "10.21.0.0/16", "  - {id: backbone, person: archive-company, networks: [10.0.0.0/8]}\n", "",
		"person: archive-company, product", "product", "\nproducts:\n", "\nnetworks: [10.20.0.0/16]\nproducts:\n")
	first := a.Result.Persons[0]
	if !first.Person.IsZero() || first.Counts.NotShown == 0 || first.Counts.Met+first.Counts.Violated != 0 {
		t.Errorf("%+v", first.Counts)
	}
}

// A case keeps persons by their IDs, and judges them as the run does.
func TestACaseKeepsAGroup(t *testing.T) {
	input := ward(t)
	free := theGroup(t, input)
	c, err := casefile.Create(t.Context(), t.TempDir()+"/g.case", casefile.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	b, err := examples.FS.ReadFile("group.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		o := options(t, string(b))
		o.Engine = o.Engine.Only(laws...)
		o.Ledger, o.Observe.Keys = kept{c}, c.Keyer()
		a, err := Run(t.Context(), []string{input}, o)
		if err != nil {
			t.Fatal(err)
		}
		if a.Profile != free.Profile || len(a.Result.Persons) != 3 {
			t.Fatalf("%q of %d persons", a.Profile, len(a.Result.Persons))
		}
		for _, name := range []string{hospital, clinic, archive} {
			if got, want := a.standing(t, name).Counts, free.standing(t, name).Counts; got != want {
				t.Errorf("%s: %+v in a case, %+v without", name, got, want)
			}
		}
	}
}
