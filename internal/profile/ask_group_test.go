// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
)

func askGroup(t *testing.T, lines ...string) *profile.Asked {
	t.Helper()
	cat, err := aFew()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := judge.Compile(cat)
	if err != nil {
		t.Fatal(err)
	}
	today, err := fact.ParseDay("2026-11-24")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	g, err := profile.AskGroup(strings.NewReader(strings.Join(lines, "\n")+"\n"), &out, cat, engine, today)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestEachPersonOfAGroupAnswersForItself(t *testing.T) {
	g := askGroup(t, "We all", "the group's officer", "", "Ward gGmbH", "defined", "yes", "q", "Clinic LLC", "not-adopted",
		"q", "Ward gGmbH", "q", "")
	if len(g.Persons) != 3 || g.Group["name"] != "We all" || g.Group["declared-by"] != "the group's officer" {
		t.Fatalf("asked %+v", g)
	}
	ward, clinic := g.Persons[0], g.Persons[1]
	if ward["id"] != "ward-ggmbh" || ward["pci.approach"] != "defined" || ward["pci.handles_account_data"] != "yes" {
		t.Errorf("the ward said %v", ward)
	}
	if clinic["id"] != "clinic-llc" || clinic["pci.approach"] != "not-adopted" || len(clinic) != 3 {
		t.Errorf("the clinic said %v", clinic)
	}
	if id := g.Persons[2]["id"]; id != "ward-ggmbh-2" {
		t.Errorf("another person of the same name is %q", id)
	}
}

func TestWhatAGroupSaidIsAProfile(t *testing.T) {
	cat := theLaw(t)
	for _, g := range []*profile.Asked{
		askGroup(t, "We", "an officer", "Ä & Ö", "defined", "q", "Clinic", "not-adopted", "q", ""),
		{Group: map[fact.Name]string{"declared-on": "2026-11-24"}}, // nobody was asked
		askGroup(t),
	} {
		var b bytes.Buffer
		if err := profile.GroupTemplate(&b, cat, g); err != nil {
			t.Fatal(err)
		}
		p, err := profile.Parse("group.yaml", b.Bytes(), cat)
		if err != nil {
			t.Fatalf("it does not read: %v", err)
		}
		if p.Group == nil || len(p.People()) != len(g.People()) {
			t.Errorf("%d persons of %d", len(p.People()), len(g.People()))
		}
	}
}
