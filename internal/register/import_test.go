// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/law"
)

func written(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func imports(t testing.TB, d *Desk, path, kind string, how How) (*Added, error) {
	t.Helper()
	return d.Import(t.Context(), path, Defaults{Kind: kind, By: "people office"}, how)
}

func count(t testing.TB, d *Desk, f Filter) int64 {
	t.Helper()
	p, err := d.List(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return p.Total
}

func TestARosterIsTakenWholeOrNotAtAll(t *testing.T) {
	d, _ := newDesk(t)
	path := written(t, "staff.csv", "Employee;Course;Completed;Expires\n"+
		"A. Nurse;Phishing;2026-02-03;\nB. Nurse;Phishing;2026-02-30;\nC. Nurse;;2026-02-03;\nA. Nurse;Phishing;03.02.2026;\nD. Nurse;Phishing;2026-02-03;2026-01-01\n")
	out, err := imports(t, d, path, "training", How{})
	if kind.Of(err) != kind.Invalid || count(t, d, Filter{}) != 0 {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"staff.csv: row 3: column C (Completed): \"2026-02-30\"", "row 4: a training needs course", "row 6: it ends on 2026-01-01, before its day",
		"3 of 5 records have a fault, and none was kept", "--partial"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
	if out, err = imports(t, d, path, "training", How{Partial: true, DryRun: true}); err != nil || out.New != 1 || count(t, d, Filter{}) != 0 {
		t.Errorf("a dry run: %+v, %v", out, err)
	}
	if out, err = imports(t, d, path, "training", How{Partial: true}); err != nil || out.New != 1 || out.Repeated != 1 || len(out.Faults) != 3 {
		t.Errorf("in part: %+v, %v", out, err)
	}
	if out, err = imports(t, d, path, "training", How{Partial: true}); err != nil || out.New != 0 || out.Repeated != 2 || count(t, d, Filter{}) != 1 {
		t.Errorf("again: %+v, %v", out, err)
	}
}

func TestAFormulaIsNobodysRecord(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{"A1": "Employee", "B1": "Course", "C1": "Completed", "A2": "A. Nurse", "B2": "Phishing", "C2": "2026-02-03",
		"A3": "B. Nurse", "B3": "Phishing"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "C3", "TODAY()-1"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "staff.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	d, _ := newDesk(t)
	if _, err := imports(t, d, path, "training", How{}); err == nil || !strings.Contains(err.Error(), "row 3: column C (Completed) holds a formula") {
		t.Errorf("%v", err)
	}
	if out, err := imports(t, d, path, "training", How{Partial: true}); err != nil || out.New != 1 || len(out.Faults) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestWhatASheetDoesNotSayIsAskedFor(t *testing.T) {
	d, _ := newDesk(t)
	for _, row := range []struct{ text, kind, want string }{
		{"Employee,Course,Completed\nA,B,2026-01-01\n", "", "which kind of record is each row?"},
		{"Employee,Course,Completed\nA,B,2026-01-01\n", "trainig", `did you mean "training"?`},
		{"Worker,Course,Completed\nA,B,2026-01-01\n", "training", "no column holds the person of a training: head one person, or name, or employee"},
		{"Employee,Course,Completed\n", "training", "no row under the headings"},
		{"Employee,Course,Completed\nA,B,03/04/2026\n", "training", "can be two dates"},
	} {
		if _, err := imports(t, d, written(t, "a.csv", row.text), row.kind, How{}); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%q: %v, want %q", row.text, err, row.want)
		}
	}
}

func TestAFileOfRecordsIsReadWithItsPlaces(t *testing.T) {
	d, _ := newDesk(t)
	dir := t.TempDir()
	text := `records:
  - kind: policy
    topic: security
    day: 2026-01-15
    attach: [policy.pdf]
    fields: {version: "3"}
  - kind: certificate
    topic: psa
    about: Acme P1
    day: 2025-01-01
    until: 2027-01-01
    fields: {issuer: a laboratory}
  - {kind: other, about: pump, day: 2026-01-01, facts: {hipaa.ephi_system: yes}}
`
	path := filepath.Join(dir, "records.yaml")
	for name, content := range map[string]string{path: text, filepath.Join(dir, "policy.pdf"): "a policy"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := imports(t, d, path, "", How{})
	if err != nil || out.New != 3 {
		t.Fatalf("%+v, %v", out, err)
	}
	if out, err = imports(t, d, path, "", How{}); err != nil || out.New != 0 || out.Repeated != 3 {
		t.Errorf("again: %+v, %v", out, err)
	}
	it, err := d.List(t.Context(), Filter{Kind: "policy"})
	if err != nil || len(it.Items) != 1 || len(it.Items[0].Body.Attached) != 1 || it.Items[0].Body.Attached[0].Size != 8 {
		t.Errorf("%+v, %v", it, err)
	}
	for _, row := range []struct{ old, new, want string }{
		{"topic: security", "topik: security", `records.yaml:3:5: unknown key "topik"`},
		{"topic: security", "topic: securty", `records.yaml:2: "securty" is no topic of a policy: did you mean "security"?`},
		{"until: 2027-01-01", "until: 2027-02-30", `records.yaml:7: day "2027-02-30": February 2027 has 28 days`},
		{"attach: [policy.pdf]", "attach: [none.pdf]", "records.yaml:2: attaching"},
		{"about: pump", "about: pumb", `records.yaml:13: the case knows nobody called "pumb": did you mean "pump"?`},
		{"records:", "recods:", `did you mean "records"?`},
	} {
		_, err := imports(t, d, written(t, "records.yaml", strings.Replace(text, row.old, row.new, 1)), "", How{})
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.new, err, row.want)
		}
	}
}

// Whatever bytes a file of records holds, it is read or refused at a place.
func FuzzFilesOfRecordsAreReadOrRefused(f *testing.F) {
	f.Add("records:\n  - {kind: policy, topic: security, day: 2026-01-15}\n")
	f.Add("records: [{fields: {a: b}, facts: {c: d}, attach: [e]}]")
	f.Add("records:\n  - kind: [policy]\n    facts: no\n")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(dir, "f.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		given, err := readYAML(path, Defaults{})
		if err == nil && len(given) == 0 {
			t.Error("nothing was read, and nothing was wrong")
		}
		if p := (law.Problems)(nil); err != nil && kind.Of(err) == kind.Other && !asProblems(err, &p) {
			t.Errorf("%T %v", err, err)
		}
	})
}

func TestProgressGoesForwardToItsEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString("Employee,Course,Completed\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "Person %d,Phishing,2026-02-03\n", i)
	}
	d, _ := newDesk(t)
	last, calls := 0.0, 0
	out, err := imports(t, d, written(t, "staff.csv", b.String()), "training", How{Progress: func(done, all int) {
		if at := float64(done) / float64(all); at < last || at > 1 {
			t.Errorf("%d of %d after %g", done, all, last)
		} else {
			last = at
		}
		calls++
	}})
	if err != nil || out.New != 3000 || last < 0.9 || calls < 20 {
		t.Errorf("%+v, %v; %d calls, the last at %g", out, err, calls, last)
	}
}
