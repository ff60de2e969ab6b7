// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/plan/plantest"
	"github.com/writ-iot/writ/internal/plan/show"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
)

var update = flag.Bool("update", false, "write what is shown into the golden files")

func planned(t *testing.T, o plan.Options) (*assess.Assessment, *plan.Plan) {
	t.Helper()
	a := plantest.Hospital(t)
	v, err := plan.LoadVocabulary(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	return a, plan.Make(report.PlanOf(a), v, o)
}

// golden compares what is shown with a file. The catalogue's version changes with the law, not with the page.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; go test -update writes it anew\n%s", path, got)
	}
}

func TestTheTextOfTheDemo(t *testing.T) {
	for name, o := range map[string]plan.Options{"plan.txt": {}, "plan-limit.txt": {Limit: 3},
		"plan-suppliers.txt": {For: judge.Supplier}} {
		a, p := planned(t, o)
		p.Evidence = p.Evidence[:3]
		var b bytes.Buffer
		plain := &colorprofile.Writer{Forward: &b, Profile: colorprofile.NoTTY}
		if err := show.Text(plain, a, p, 0); err != nil {
			t.Fatal(err)
		}
		golden(t, name, strings.ReplaceAll(b.String(), a.Catalogue.Version, "VERSION"))
	}
}

func TestTheJSONIsWhatItsSchemaSays(t *testing.T) {
	s, err := jsonschema.NewCompiler().Compile("../../../docs/plan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []plan.Options{{}, {Limit: 2}, {For: judge.Supplier}} {
		a, p := planned(t, o)
		var b bytes.Buffer
		if err := show.JSON(&b, a, p); err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestTheSheetHasARowForEachPart(t *testing.T) {
	a, p := planned(t, plan.Options{})
	rows := 1
	for _, act := range p.Actions {
		rows += len(act.Parts)
	}
	p.Actions[0].Title = "=HYPERLINK(0)"
	var b bytes.Buffer
	if err := show.CSV(&b, a, p); err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != rows || all[1][2] != "'=HYPERLINK(0)" {
		t.Errorf("%d rows, want %d; %q", len(all), rows, all[1][2])
	}
}

// A plan of nothing says that nothing to clear is not the same as met.
func TestNothingToClearIsNotMet(t *testing.T) {
	if s := show.Summary(&plan.Plan{For: judge.Own}); !strings.Contains(s, "not the same as met") {
		t.Error(s)
	}
}
