// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/chromedp/chromedp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/browsertest"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/plan/plantest"
	"github.com/writ-iot/writ/internal/risk/register"
	"github.com/writ-iot/writ/internal/risk/show"
)

var update = flag.Bool("update", false, "write what is shown into the golden files")

// sheet is the register of the demo with two decisions, or of another assessment without any.
func sheet(t *testing.T, a *assess.Assessment) *show.Sheet {
	t.Helper()
	v, err := plan.LoadVocabulary(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	d, err := register.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	s := show.Of(a, v, d, nil)
	if len(s.Risks) == 0 {
		return s
	}
	var kept []register.Kept
	for _, x := range []struct {
		risk string
		t    register.Treatment
	}{
		{"interception@pump-3a", register.Treatment{Option: register.Mitigate,
			Text: "encrypting gateway before the pumps", By: "head of medical engineering",
			Owner: "network operations", Due: "2027-03-31", Reasons: "patient data crosses the ward in clear"}},
		{"unmanaged-risk@Example Hospital", register.Treatment{Option: register.Accept,
			By:       "head of information security",
			Approver: "board of management", Until: "2027-01-31", Reasons: "the analysis is under way"}},
	} {
		r := s.Find(x.risk)[0]
		x.t.Threat, x.t.Before = r.Threat.ID, register.Pair{Likelihood: r.Likelihood.Step, Impact: r.Impact.Step}
		x.t.Frozen = r.Freeze()
		kept = append(kept, register.Kept{Treatment: x.t, ID: "0123456789ab", Asset: r.Asset, At: plantest.Now})
	}
	return show.Of(a, v, d, kept)
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

func text(t *testing.T, a *assess.Assessment, write func(*colorprofile.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&colorprofile.Writer{Forward: &b, Profile: colorprofile.NoTTY}); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), a.Catalogue.Version, "VERSION")
}

func TestTheTextOfTheDemo(t *testing.T) {
	a := plantest.Hospital(t)
	s := sheet(t, a)
	golden(t, "list.txt", text(t, a, func(w *colorprofile.Writer) error { return s.List(w, 0, 0, 8) }))
	golden(t, "report.txt", text(t, a, func(w *colorprofile.Writer) error {
		return s.Report(w, 0,
			"us/hipaa-security")
	}))
}

func TestOfNothingNothingIsSaidToBeSound(t *testing.T) {
	a := plantest.Nothing(t)
	s := sheet(t, a)
	got := text(t, a, func(w *colorprofile.Writer) error { return s.List(w, 0, 0, 0) })
	if !strings.Contains(got, "That is no low risk: it is not known.") {
		t.Error(got)
	}
	if err := s.HTML(&bytes.Buffer{}, ""); err != nil {
		t.Error(err)
	}
}

func TestTheJSONIsWhatItsSchemaSays(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../../docs/risk.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []*assess.Assessment{plantest.Hospital(t), plantest.Nothing(t)} {
		var b bytes.Buffer
		if err := sheet(t, a).JSON(&b, ""); err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Error(err)
		}
	}
}

// The sheet has a row for each asset, threat and weakness.
func TestTheSheetHasARowForEachWeakness(t *testing.T) {
	s := sheet(t, plantest.Hospital(t))
	rows := 1
	for i := range s.Risks {
		rows += len(s.Risks[i].Weaknesses)
	}
	var b bytes.Buffer
	if err := s.CSV(&b); err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(all) != rows {
		t.Errorf("%d rows, want %d (%v)", len(all), rows, err)
	}
}

// What a person wrote is text on the page, whatever it holds.
func TestWhatPeopleWriteStaysText(t *testing.T) {
	a := plantest.Hospital(t)
	s := sheet(t, a)
	r := s.Find("interception@pump-3a")[0]
	r.Treatment.Reasons = `<script>alert(1)</script>` + "\x1b[31m"
	var page bytes.Buffer
	if err := s.HTML(&page, ""); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "<script>") || strings.Contains(page.String(), "\x1b") {
		t.Error("what a person wrote is part of the page")
	}
}

func TestThePageIsFitToHandOn(t *testing.T) {
	var page bytes.Buffer
	if err := sheet(t, plantest.Hospital(t)).HTML(&page, ""); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	b := browsertest.Open(t, "file://"+file)
	b.Do(t, "opening", chromedp.Navigate("file://"+file))
	b.Faults(t, "structure", browsertest.Structure)
	b.Narrow(t, "the page")
	for _, theme := range []string{"light", "dark"} {
		b.Theme(t, theme)
		b.Faults(t, "contrast, "+fmt.Sprint(theme), browsertest.Contrast(15))
	}
	b.Quiet(t)
}
