// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/plan/plantest"
	"github.com/writ-iot/writ/judge"
)

func words(t *testing.T) *plan.Vocabulary {
	t.Helper()
	v, err := plan.LoadVocabulary(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func worldOf(a *assess.Assessment) *plan.World {
	w := &plan.World{Catalogue: a.Catalogue, Result: a.Result, Day: a.Day, At: fact.DayOf(a.At),
		Claims: a.Facts, Name: a.Name}
	for _, t := range a.Things {
		w.Things = append(w.Things, plan.Thing{Device: t.Subject, Product: t.Product, Type: t.Type})
	}
	return w
}

func TestFewerThanTenActionsClearMostOfTheDemo(t *testing.T) {
	a := plantest.Hospital(t)
	p := plan.Make(worldOf(a), words(t), plan.Options{})
	if own := a.Result.Own; p.Violated != own.Violated || p.Indicated != own.BreachIndicated {
		t.Errorf("%d contradicted and %d indicated, the verdicts count %+v", p.Violated, p.Indicated, own)
	}
	if theirs := a.Result.Supplier; p.Others != theirs.Violated+theirs.BreachIndicated {
		t.Errorf("%d suppliers' duties press, the verdicts count %+v", p.Others, theirs)
	}
	n := slices.IndexFunc(p.Actions, func(a plan.Action) bool { return a.Share > 0.8 }) + 1
	if n == 0 || n >= 10 {
		t.Errorf("%d of %d actions clear four fifths", n, len(p.Actions))
	}
	for _, act := range p.Actions {
		if act.Hours <= 0 || len(act.Parts) == 0 || len(act.Duties) == 0 || len(act.Proof) == 0 {
			t.Errorf("%s is incomplete: %+v", act.ID, act)
		}
	}
	if len(p.Evidence) != 10 {
		t.Errorf("%d items of evidence", len(p.Evidence))
	}
}

// Whoever runs a medical device of another maker is told what to do around it, and what to ask.
func TestAMedicalDeviceIsNeverChangedByItsOperator(t *testing.T) {
	a := plantest.Hospital(t)
	p := plan.Make(worldOf(a), words(t), plan.Options{})
	around, asked := map[string]bool{}, map[string]bool{}
	for _, act := range p.Actions {
		for _, part := range act.Parts {
			for _, s := range part.Subjects {
				name := a.Name(s)
				medical := strings.HasPrefix(name, "pump-") || name == "ct-ward-3"
				switch {
				case medical && part.How != plan.Around && part.How != plan.Paper:
					t.Errorf("%s: %s of %s", act.ID, part.How, name)
				case medical && part.How == plan.Around:
					around[name] = true
				case part.How == plan.Ask && part.Who == "maker":
					asked[name] = true
				}
			}
		}
	}
	for _, name := range []string{"pump-3a", "pump-3b", "pump-3c", "ct-ward-3"} {
		if !around[name] {
			t.Errorf("nothing is offered around %s", name)
		}
	}
	for _, name := range []string{"Medusa Infusion MP-2", "Tomaris Imaging TX-64"} {
		if !asked[name] {
			t.Errorf("the maker of %s is asked nothing", name)
		}
	}
	if len(p.Notes) == 0 || !strings.Contains(p.Notes[0].Pinpoint, "2017/745") {
		t.Errorf("the law is not named: %+v", p.Notes)
	}
}

// What identification found counts, too: a pump of which no paper says so is a medical device all the same.
func TestWhatLooksMedicalIsGuarded(t *testing.T) {
	a := plantest.Hospital(t)
	w := worldOf(a)
	for i := range w.Things {
		w.Things[i].Type = "patient-monitor"
	}
	for _, act := range plan.Make(w, words(t), plan.Options{}).Actions {
		for _, part := range act.Parts {
			if part.How == plan.AtDevice {
				t.Errorf("%s: %s", act.ID, part.Text)
			}
		}
	}
}

// A plan answers what evidence points against, never what is merely not shown.
func TestNothingIsPlannedForWhatIsNotShown(t *testing.T) {
	a := plantest.Hospital(t)
	for _, side := range []judge.Bearer{judge.Own, judge.Supplier} {
		p := plan.Make(worldOf(a), words(t), plan.Options{For: side})
		for _, act := range p.Actions {
			for _, d := range act.Duties {
				for _, v := range d.Verdicts {
					if v.Bearer != side || v.Outcome != judge.Violated && !slices.Contains(v.Flags,
						judge.BreachIndicated) {
						t.Errorf("%s is planned for %s, %s", act.ID, v.ID(), v.Outcome)
					}
				}
			}
		}
	}
}

func TestOfNothingNothingIsPlanned(t *testing.T) {
	p := plan.Make(worldOf(plantest.Nothing(t)), words(t), plan.Options{})
	if p.Pressing != 0 || len(p.Actions) != 0 || len(p.Left) != 0 || p.Cleared != 0 {
		t.Errorf("%+v", p)
	}
}

// Every pressing duty is either cleared or left with a reason; a limit changes which, and loses none.
func TestNoDutyIsLost(t *testing.T) {
	a := plantest.Hospital(t)
	for _, o := range []plan.Options{{}, {Limit: 3}, {Budget: 40}, {For: judge.Supplier}, {For: judge.Supplier,
		Limit: 1}} {
		p := plan.Make(worldOf(a), words(t), o)
		left := 0
		for _, l := range p.Left {
			left += l.Count
		}
		if p.Cleared+left != p.Pressing {
			t.Errorf("%+v: %d cleared and %d left of %d", o, p.Cleared, left, p.Pressing)
		}
		if o.Limit > 0 && len(p.Actions) > o.Limit || o.Budget > 0 && p.Hours > o.Budget {
			t.Errorf("%+v: %d actions of %d hours", o, len(p.Actions), p.Hours)
		}
	}
}

// One letter goes to each maker.
func TestASupplierGetsOneLetter(t *testing.T) {
	a := plantest.Hospital(t)
	p := plan.Make(worldOf(a), words(t), plan.Options{For: judge.Supplier})
	seen := map[string]bool{}
	for _, act := range p.Actions {
		if seen[act.Title] {
			t.Errorf("%s twice", act.Title)
		}
		seen[act.Title] = true
		for _, part := range act.Parts {
			if part.How != plan.Ask {
				t.Errorf("%s: a supplier's duty is cleared by %s", act.Title, part.How)
			}
		}
	}
	if !seen["Write to the maker of Example Cameras IPC-3060"] {
		t.Errorf("no letter to the camera's maker in %v", seen)
	}
}

// Each pattern of the vocabulary names facts that there are.
func TestTheVocabularyMatchesFacts(t *testing.T) {
	for _, p := range words(t).Unmatched(plantest.Catalogue(t).Vocabulary) {
		t.Errorf("no fact is called %s", p)
	}
}

// Where care is given, a device of which nobody has said what it is may be a medical device.
func TestADoubtfulDeviceIsLeftAsItIs(t *testing.T) {
	a := plantest.Hospital(t, "hostname: pump-3a, product: infusion-pump,", "hostname: pump-3a,")
	found := false
	for _, act := range plan.Make(worldOf(a), words(t), plan.Options{}).Actions {
		for _, part := range act.Parts {
			for _, s := range part.Subjects {
				if a.Name(s) != "pump-3a" {
					continue
				}
				found = true
				if part.How == plan.AtDevice || part.How == plan.Around && !strings.Contains(part.Caution,
					"medical device") {
					t.Errorf("%s: %s, %q", act.ID, part.How, part.Caution)
				}
			}
		}
	}
	if !found {
		t.Error("nothing is planned for the pump")
	}
}

func TestAnOwnerIsWhomARecordNames(t *testing.T) {
	w := worldOf(plantest.Hospital(t))
	w.Owner = func(id string) string {
		return map[string]string{"encrypt-patient-data": "medical engineering",
			"processors-under-contract": "purchasing"}[id]
	}
	owners := map[string]string{}
	for _, act := range plan.Make(w, words(t), plan.Options{}).Actions {
		owners[act.ID] = act.Owner
	}
	if owners["encrypt-patient-data"] != "medical engineering" || owners["sign-contracts"] != "purchasing" ||
		owners["own-credentials"] != "" {
		t.Errorf("%v", owners)
	}
}
