// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"maps"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
)

func TestACorrectionTakesTheOthersPlaceInOneAct(t *testing.T) {
	d, _ := newDesk(t)
	given := Given{Kind: "training", Day: "2026-03-01", By: "people office", Fields: map[string]string{"person": "Eva", "course": "Phishing"}}
	added, err := d.Add(t.Context(), []Given{given}, How{})
	if err != nil {
		t.Fatal(err)
	}
	before, err := d.Case.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changed := given
	changed.Fields = maps.Clone(given.Fields)
	changed.Fields["course"] = "Phishing II"
	all := []Correction{{added.IDs[0], changed}}
	if out, err := d.Correct(t.Context(), all, How{DryRun: true}); err != nil || out.New != 1 {
		t.Fatalf("%+v %v", out, err)
	}
	if now, err := d.Case.Read(t.Context()); err != nil || len(now.Entries) != len(before.Entries) {
		t.Errorf("a dry run kept something: %v", err)
	}
	out, err := d.Correct(t.Context(), all, How{})
	if err != nil || len(out.IDs) != 1 {
		t.Fatalf("%+v %v", out, err)
	}
	old, err := journal.Find(t.Context(), d.Case, "record.", added.IDs[0])
	if err != nil || old.Stands {
		t.Errorf("the old one stands: %v", err)
	}
	if it, err := d.Show(t.Context(), out.IDs[0]); err != nil || it.Body.Fields["course"] != "Phishing II" || !it.Stands {
		t.Errorf("%+v %v", it, err)
	}
	if _, err := d.Correct(t.Context(), all, How{}); kind.Of(err) != kind.Conflict || !strings.Contains(err.Error(), "taken back since") {
		t.Errorf("what was corrected meanwhile: %v", err)
	}
}

func TestACorrectionKeepsWhatTheRecordSaidBeside(t *testing.T) {
	d, _ := newDesk(t)
	name := ""
	for _, def := range d.Law.Vocabulary.Names() {
		if n, _ := d.Law.Vocabulary.Lookup(def); n.Subject == "organisation" && n.Type.String() == "bool" && strings.HasPrefix(string(def), "record.") {
			name = string(def)
			break
		}
	}
	given := Given{Kind: "training", Day: "2026-03-01", By: "people office", Fields: map[string]string{"person": "Eva", "course": "Phishing"},
		Facts: map[string]string{name: "no"}}
	added, err := d.Add(t.Context(), []Given{given}, How{})
	if err != nil {
		t.Fatal(err)
	}
	given.Facts, given.Title = nil, "a title"
	out, err := d.Correct(t.Context(), []Correction{{added.IDs[0], given}}, How{})
	if err != nil {
		t.Fatal(err)
	}
	it, err := d.Show(t.Context(), out.IDs[0])
	if err != nil || len(it.Claims) != 1 || string(it.Claims[0].Fact) != name || it.Claims[0].Value.String() != "no" {
		t.Errorf("%+v %v", it, err)
	}
}

func TestOneFaultRefusesAllCorrections(t *testing.T) {
	d, _ := newDesk(t)
	good := Given{Kind: "training", Day: "2026-03-01", By: "p", Fields: map[string]string{"person": "Eva", "course": "x"}}
	bad := good
	bad.Day = "2999-01-01"
	bad.Where = "back.xlsx: row 3"
	out, err := d.Correct(t.Context(), []Correction{{"", good}, {"", bad}}, How{})
	if err == nil || !strings.Contains(err.Error(), "row 3") || len(out.IDs) != 0 {
		t.Errorf("%+v %v", out, err)
	}
	if p, err := d.List(t.Context(), Filter{}); err != nil || p.Total != 0 {
		t.Errorf("%+v %v", p, err)
	}
}
