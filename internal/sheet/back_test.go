// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

var (
	people = List{Name: "records", Columns: []Column{{Key: "kind", Title: "Kind", Fixed: true,
		Why: "it stays"}, {Key: "title",
		Title: "Title"},
		{Key: "until", Title: "Until", Day: true}}}
	out = []Item{{"aa11", []string{"training", "=HYPERLINK(\"x\")", "2026-12-31"}}, {"bb22", []string{"policy",
		"+49 'quoted' \"x\"", ""}},
		{"cc33", []string{"policy", "'=kept", "2027-01-01"}}}
)

func base(id string) ([]string, error) {
	for _, i := range out {
		if i.ID == id {
			return i.Cells, nil
		}
	}
	return nil, fmt.Errorf("no entry %s", id)
}

func written(t testing.TB, xlsx bool) []byte {
	t.Helper()
	var b bytes.Buffer
	write := people.CSV
	if xlsx {
		write = people.XLSX
	}
	if err := write(&b, slices.Values(out)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func back(t testing.TB, content []byte) (*Back, error) {
	t.Helper()
	s, err := Open(file(t, "back", content), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tab, err := s.Table(s.Tabs[0])
	if err != nil {
		t.Fatal(err)
	}
	return people.Back(tab, base)
}

func TestAListThatComesBackUntouchedSaysNothing(t *testing.T) {
	for _, xlsx := range []bool{true, false} {
		b, err := back(t, written(t, xlsx))
		if err != nil || b.Same != 3 || len(b.Changed)+len(b.Wrong)+len(b.Beside)+len(b.Without) != 0 {
			t.Errorf("xlsx %t: %+v, %v", xlsx, b, err)
		}
	}
}

// No program takes a cell of a list for a formula.
func TestNothingThatIsWrittenIsAFormula(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(written(t, true)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v, _ := f.GetCellFormula("records", "C2"); v != "" {
		t.Errorf("a formula was written: %s", v)
	}
	if v, _ := f.GetCellValue("records", "C2"); v != out[0].Cells[1] {
		t.Errorf("another reader sees %q", v)
	}
	rows, err := csv.NewReader(bytes.NewReader(written(t, false)[3:])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		for _, c := range r {
			if risky(c) {
				t.Errorf("cell %q would be taken for a formula", c)
			}
		}
	}
}

func TestOnlyWhatChangedComesBack(t *testing.T) {
	text := string(written(t, false))
	text = strings.Replace(text, "2026-12-31", "31.1.2027", 1)
	text = strings.Replace(text, "'+49 'quoted'", "'+49", 1) + ",policy,A new one,2027-05-01\n"
	b, err := back(t, []byte(text))
	if err != nil || len(b.Wrong) != 0 || len(b.Changed) != 3 || b.Same != 1 {
		t.Fatalf("%+v, %v", b, err)
	}
	if c := b.Changed[0]; c.ID != "aa11" || c.Row != 2 || len(c.Edits) != 1 || c.Edits[0] != (Edit{"until", "2026-12-31",
		"2027-01-31"}) {
		t.Errorf("%+v", c)
	}
	if c := b.Changed[1]; c.ID != "bb22" || c.Edits[0].To != "+49 \"x\"" {
		t.Errorf("%+v", c)
	}
	if c := b.Changed[2]; c.ID != "" || c.Row != 5 || c.Cells[1] != "A new one" {
		t.Errorf("%+v", c)
	}
}

func TestWhatCannotComeBackIsToldByRow(t *testing.T) {
	for what, c := range map[string]struct{ rows, want string }{
		"a fixed cell":   {"aa11,policy,x,\n", "2: column Kind is shown only, it stays: it was \"training\""},
		"a formula":      {"aa11,training,=1+1,\n", "2: column Title is computed"},
		"no date":        {"aa11,training,x,soon\n", "2: column Until: \"soon\" is no date"},
		"an unknown ID":  {"zz,training,x,\n", "2: no entry zz"},
		"an ID twice":    {"cc33,policy,'=kept,2027-01-01\ncc33,policy,y,\n", "3: ID cc33 stands in row 2"},
		"two dates in 1": {"aa11,training,x,3/4/2026\n", "2: column Until: \"3/4/2026\" can be two dates"},
	} {
		b, err := back(t, []byte("writ-id,Kind,Title,Until\n"+c.rows))
		if err != nil || len(b.Wrong) != 1 || !strings.HasPrefix(fmt.Sprintf("%d: %s", b.Wrong[0].Row, b.Wrong[0].What),
			c.want) {
			t.Errorf("%s: %+v, %v", what, b, err)
		}
	}
	if _, err := back(t, []byte("Kind,Title\nx,y\n")); err == nil || !strings.Contains(err.Error(),
		"no column writ-id") {
		t.Errorf("a foreign sheet: %v", err)
	}
	b, err := back(t, []byte("writ-id,Title,Mood\naa11,New,good\n"))
	if err != nil || strings.Join(b.Beside, "") != "Mood" || strings.Join(b.Without, " ") != "Kind Until" ||
		len(b.Changed[0].Edits) != 1 {
		t.Errorf("columns gone and come: %+v, %v", b, err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestAListThatCannotBeWrittenSaysSo(t *testing.T) {
	for _, write := range []func() error{func() error { return people.XLSX(full{}, slices.Values(out)) },
		func() error { return people.CSV(full{}, slices.Values(out)) }} {
		if err := write(); err == nil {
			t.Error("a full disk went unnoticed")
		}
	}
}

func BenchmarkWriteHundredThousandRows(b *testing.B) {
	rows := func(yield func(Item) bool) {
		for i := range 100_000 {
			if !yield(Item{fmt.Sprintf("%012x", i), []string{"training", fmt.Sprintf("person %d", i), "2026-12-31"}}) {
				return
			}
		}
	}
	for b.Loop() {
		var w bytes.Buffer
		if err := people.XLSX(&w, rows); err != nil {
			b.Fatal(err)
		}
	}
}
