// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/law"
)

func exportSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	f, err := catalogue.FS.Open("schema/export.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("export.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("export.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asAny(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestAnExportHasItsSchema(t *testing.T) {
	s := exportSchema(t)
	whole, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	small, _ := sampleLaw(t, sample(t))
	for _, cat := range []*law.Catalogue{whole, small} {
		e := Export(cat)
		doc := asAny(t, e)
		if err := s.Validate(doc); err != nil {
			t.Error(err)
		}
		provisions := 0
		for _, i := range e.Instruments {
			provisions += len(i.Provisions)
		}
		if len(e.Instruments) != len(cat.Instruments) || provisions != len(cat.Provisions) || len(e.Controls) != len(cat.Controls) ||
			len(e.Facts) != len(cat.Vocabulary.Names()) {
			t.Errorf("the export has %d instruments, %d provisions, %d controls, %d facts", len(e.Instruments), provisions, len(e.Controls), len(e.Facts))
		}
		doc.(map[string]any)["more"] = true
		if s.Validate(doc) == nil {
			t.Error("the schema takes a key that no export has")
		}
	}
}

func TestProvisionsAsRows(t *testing.T) {
	m := sample(t)
	spoil(t, m, "instruments/xx/sample.yaml", "text: Devices of a clinic serve no telnet.", "text: '=cmd|calc! Devices, \"all\" of them'")
	spoil(t, m, "instruments/xx/sample.yaml", "needs: [the policy]", "needs: ['-1+1', '@SUM(1)']")
	cat, _ := sampleLaw(t, m)
	golden(t, "provisions.csv", func(w io.Writer) error { return WriteCSV(w, cat) })
	rows := readCSV(t, cat)
	for n, cell := range slices.Concat(rows...) {
		if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
			t.Errorf("cell %d begins a formula: %q", n, cell)
		}
	}
	whole, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	if rows := readCSV(t, whole); len(rows) != len(whole.Provisions)+1 {
		t.Errorf("%d rows of %d provisions", len(rows)-1, len(whole.Provisions))
	}
}

func readCSV(t *testing.T, cat *law.Catalogue) [][]string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteCSV(&b, cat); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll() // refuses rows of unlike length
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTheLawInFigures(t *testing.T) {
	cat, _ := sampleLaw(t, os.DirFS("testdata/catalogue"))
	all := CountAll(cat)
	golden(t, "counts.txt", func(w io.Writer) error { return WriteCounts(w, all) })
	golden(t, "counts.json", asJSON(all))
	whole, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	total := CountAll(whole).Total
	decided := 0
	for _, n := range total.Decided {
		decided += n
	}
	if decided != len(whole.Provisions) || total.Decided[ByWire] == 0 || total.Decided[ByJudgement] == 0 {
		t.Errorf("of %d provisions are decided %v", len(whole.Provisions), total.Decided)
	}
}

func TestACatalogueIsNarrowed(t *testing.T) {
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	few, err := Narrow(cat, Filter{Jurisdiction: "us", Mode: "open"})
	if err != nil {
		t.Fatal(err)
	}
	for id, p := range few.Provisions {
		if p.Instrument.Jurisdiction != "US" || p.Mode != law.Open {
			t.Errorf("%s came through", id)
		}
	}
	if len(few.Provisions) == 0 || len(few.Provisions) == len(cat.Provisions) {
		t.Errorf("%d of %d came through", len(few.Provisions), len(cat.Provisions))
	}
	if same, err := Narrow(cat, Filter{}); err != nil || len(same.Instruments) != len(cat.Instruments) || len(same.Provisions) != len(cat.Provisions) {
		t.Errorf("no filter narrows: %v", err)
	}
	for want, f := range map[string]Filter{
		`"EUU" is no jurisdiction; did you mean "EU"?`:                   {Jurisdiction: "EUU"},
		`"reviewd" is no depth; did you mean "reviewed"?`:                {Depth: "reviewd"},
		`"sure" is no confidence; one of verified, remembered, doubtful`: {Confidence: "sure"},
	} {
		if _, err := Narrow(cat, f); err == nil || err.Error() != want {
			t.Errorf("it says %v, not %s", err, want)
		}
	}
}
