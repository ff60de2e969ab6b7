// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/writ-iot/writ/internal/kind"
)

func file(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read gives a file's rows as text: number, then cells; formulas with a leading ƒ.
func read(t testing.TB, path string, l Limits) (string, error) {
	t.Helper()
	s, err := Open(path, l)
	if err != nil {
		return "", err
	}
	defer s.Close()
	var out []string
	for _, tab := range s.Tabs {
		for r, err := range s.Rows(tab) {
			if err != nil {
				return strings.Join(out, "\n"), err
			}
			line := fmt.Sprint(r.Number)
			for _, c := range r.Cells {
				text := c.Text
				if c.Formula {
					text = "ƒ" + text
				}
				line += "|" + text
			}
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n"), nil
}

func utf16Of(s string, big bool, mark bool) []byte {
	if mark {
		s = "\ufeff" + s
	}
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

func TestCSVIsReadAsItWasMeant(t *testing.T) {
	const want = "1|Name|Größe\n2|Kamera|3,5\n4|a;b|😀"
	const text = "Name;Größe\r\nKamera;3,5\r\n\r\n\"a;b\";😀\r\n"
	for what, c := range map[string]struct{ in, want string }{
		"UTF-8":                       {text, want},
		"with a byte order mark":      {"\ufeff" + text, want},
		"UTF-16, little end first":    {string(utf16Of(text, false, true)), want},
		"UTF-16, big end first":       {string(utf16Of(text, true, true)), want},
		"UTF-16 without a mark":       {string(utf16Of(text, false, false)), want},
		"big end first, no mark":      {string(utf16Of(text, true, false)), want},
		"commas":                      {"a,b\n1,2\n", "1|a|b\n2|1|2"},
		"tabs":                        {"a\tb, c\n1\t2\n", "1|a|b, c\n2|1|2"},
		"the separator is said":       {"sep=;\na,x;b,y\n", "2|a,x|b,y"},
		"one column":                  {"name\nx\n", "1|name\n2|x"},
		"a break inside a cell":       {"a,b\n\"1\n2\",3\n4,5\n", "1|a|b\n2|1\n2|3\n3|4|5"},
		"formulas are flagged":        {"a,b\n=1+1,+49 170\n@SUM(A1),-5\n", "1|a|b\n2|ƒ=1+1|+49 170\n3|ƒ@SUM(A1)|-5"},
		"guarded cells are as before": {"a,b\n'=1+1,'tis\n", "1|a|b\n2|=1+1|'tis"},
	} {
		if got, err := read(t, file(t, "a.csv", []byte(c.in)), Limits{}); err != nil || got != c.want {
			t.Errorf("%s: %q, %v\nwant %q", what, got, err, c.want)
		}
	}
}

func TestWhatCannotBeReadIsNamedByRow(t *testing.T) {
	lone := utf16Of("a,b\n1,2\n3,X\n", false, true)
	at := bytes.LastIndex(lone, []byte{'X', 0})
	lone[at], lone[at+1] = 0x00, 0xd8
	for what, c := range map[string]struct {
		in   []byte
		l    Limits
		want string
	}{
		"another encoding":  {[]byte("Name;Gr\xf6\xdfe\nx;y\n"), Limits{}, "row 1: column B is not UTF-8"},
		"later":             {[]byte("a;b\n1;2\n3;\xfc\n"), Limits{}, "row 3: column B is not UTF-8"},
		"a lone surrogate":  {lone, Limits{}, "row 3: column B is not UTF-8"},
		"an open quote":     {[]byte("a,b\n1,\"2\n3,4\n"), Limits{}, "row 2: a quoted cell"},
		"a quote in a cell": {[]byte("a,b\n1,2\"3\n"), Limits{}, "row 2: a quote stands inside"},
		"too many rows":     {[]byte("a\nb\nc\n"), Limits{Rows: 2}, "row 3: more than 2 rows"},
		"too many columns":  {[]byte("a,b,c\n"), Limits{Columns: 2}, "row 1: 3 cells"},
		"a long cell":       {[]byte("a,b\n1,234\n"), Limits{Cell: 2}, "row 2: column B holds 3 bytes"},
		"too large":         {[]byte("a,b\n"), Limits{Bytes: 3}, "it has 4 bytes"},
		"empty":             {nil, Limits{}, "it is empty"},
		"bytes":             {[]byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00"), Limits{}, "it is no sheet"},
		"an old workbook":   {append(ole, 0, 0), Limits{}, "old .xls"},
		"a PDF":             {[]byte("%PDF-1.7\n"), Limits{}, "PDF"},
		"no zip":            {[]byte("PK\x03\x04 and no more"), Limits{}, "it begins like a workbook and is none"},
		"another zip":       {zipped(t, map[string]string{"a": "b"}), Limits{}, "xl/workbook.xml is missing"},
		"a zip bomb": {zipped(t, map[string]string{"xl/workbook.xml": strings.Repeat(" ", 1<<20)}),
			Limits{Unpacked: 1 << 19}, "unpacks to more"},
		"too many parts":     {append([]byte("PK\x03\x04"), bytes.Repeat([]byte("PK\x01\x02"+strings.Repeat("\x00", 42)), 20_000)...), Limits{}, "more than 10000 parts"},
		"a quote never shut": {[]byte("a,b\n\"" + strings.Repeat("x,\n", 2<<20)), Limits{}, "row 2: a row of more than"},
	} {
		_, err := read(t, file(t, "a.csv", c.in), c.l)
		if err == nil || !strings.Contains(err.Error(), c.want) || kind.Of(err) != kind.Invalid {
			t.Errorf("%s: %v; want %q", what, err, c.want)
		}
	}
}

func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// book makes a workbook of the least parts; sheet is what lies in <worksheet>.
func book(t testing.TB, sheet string, more map[string]string) []byte {
	t.Helper()
	parts := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
	for k, v := range more {
		parts[k] = v
	}
	return zipped(t, parts)
}

func TestWorkbooksOfOthersAreReadWithTheirKinds(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	day := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for cell, v := range map[string]any{"A1": "Name", "B1": "Bought", "C1": "Units", "D1": "On", "E1": "Sum",
		"A2": "Kamera Süd", "B2": day, "C2": 12.5, "D2": true, "A5": " spaced ", "E5": "=no formula",
		"B5": day.Add(90 * time.Minute)} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "E2", "C2*2"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet("Zweites"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	path := file(t, "a.txt", b.Bytes())
	got, err := read(t, path, Limits{})
	want := "1|Name|Bought|Units|On|Sum\n2|Kamera Süd|2026-11-25|12.5|TRUE|ƒ\n5|spaced|2026-11-25T01:30:00|||=no formula"
	if err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	s, err := Open(path, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if len(s.Tabs) != 2 || s.Tabs[1].Name != "Zweites" {
		t.Errorf("tabs: %+v", s.Tabs)
	}
}

func TestWhatAWorkbookHoldsBesideCellsIsNamedAndNotOpened(t *testing.T) {
	b := book(t,
		`<worksheet><sheetData><row r="2"><c r="B2" t="inlineStr"><is><r><t>a</t></r><rPh><t>no</t></rPh><r><t>b</t></r></is></c>`+
			`<c r="C2"><f>cmd|' /C calc'!A0</f><v>7</v></c></row></sheetData></worksheet>`, map[string]string{
			"xl/vbaProject.bin": "MZ", "xl/externalLinks/externalLink1.xml": "<", "xl/embeddings/oleObject1.bin": "x"})
	path := file(t, "a.xlsm", b)
	s, err := Open(path, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := strings.Join(s.Ignored, ", "); got != "macros (1), links to other files (1), embedded objects (1)" {
		t.Errorf("ignored: %s", got)
	}
	if got, err := read(t, path, Limits{}); err != nil || got != "2||ab|ƒ7" {
		t.Errorf("%q %v", got, err)
	}
}

func TestAWorkbookThatIsBrokenIsRefusedNotReadInPart(t *testing.T) {
	row := `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row>`
	for what, c := range map[string]struct{ sheet, want string }{
		"breaks off":          {row, "after row 1: unexpected EOF"},
		"breaks off in a row": {row + `<row r="2"><c r="A2"><v>1`, "row 2: unexpected EOF"},
		"rows out of order":   {row + `<row r="1">`, "says that it is row"},
		"a far column":        {row + `<row r="2"><c r="XFD2"><v>1</v></c></row>`, "row 2: column XFD: more than"},
		"no column":           {row + `<row r="2"><c r="ZZZZ2"><v>1</v></c></row>`, "row 2: a cell says that it is"},
		"no number":           {row + `<row r="2"><c r="A2"><v>one</v></c></row>`, "row 2: column A: \"one\" is no number"},
		"a text that is not":  {row + `<row r="2"><c r="A2" t="s"><v>4</v></c></row>`, "names shared text"},
		"a long text":         {row + `<row r="2"><c r="A2" t="str"><v>` + strings.Repeat("x", 40000), "row 2: "},
		"an unknown entity":   {row + `<row r="2"><c r="A2" t="str"><v>&lol;</v></c></row>`, "row 2: "},
	} {
		_, err := read(t, file(t, "a.xlsx", book(t, c.sheet, nil)), Limits{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", what, err, c.want)
		}
	}
}

func TestNumbersThatAreDatesAreToldByTheirFormat(t *testing.T) {
	for code, want := range map[string]bool{"0.00": false, "yyyy-mm-dd": true, `0 "days"`: false, "[Red]0": false,
		"dd.mm.yy": true, `\d0`: false, "h:mm": true, "General": false, `#,##0_);[Red](#,##0)`: false} {
		if code != "General" && showsDate(code) != want {
			t.Errorf("%s: %t", code, !want)
		}
	}
	for f, want := range map[float64]string{1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01", 46351: "2026-11-25"} {
		if got, _ := date(f, 0); got != want {
			t.Errorf("day %v: %s, want %s", f, got, want)
		}
	}
	if got, _ := date(44889, 1462); got != "2026-11-25" {
		t.Errorf("since 1904: %s", got)
	}
}

func TestHeadingsAreFoundUnderATitle(t *testing.T) {
	s, err := Open(file(t, "a.csv", []byte("Training list 2026;;\n;;\nName;Course;Date\nA;Fire;1.2.2026\n")), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tab, err := s.Table(s.Tabs[0])
	if err != nil || strings.Join(tab.Headings, "|") != "Name|Course|Date" || tab.Above != 1 ||
		tab.Column("course") != 1 {
		t.Fatalf("%+v %v", tab, err)
	}
	for r, err := range tab.Rows() {
		if err != nil || r.Number != 4 {
			t.Fatalf("%+v %v", r, err)
		}
		if d, err := r.At(2).Day(); err != nil || d.String() != "2026-02-01" {
			t.Errorf("%v %v", d, err)
		}
	}
}

func TestADateThatCanBeTwoIsNotGuessed(t *testing.T) {
	for text, want := range map[string]string{"2026-11-25": "2026-11-25", "25.11.2026": "2026-11-25",
		"25/11/2026": "2026-11-25",
		"11/25/2026": "2026-11-25", "3/3/2026": "2026-03-03", "3/4/2026": "", "31.2.2026": "", "soon": "", "1.2.26": "",
		"": ""} {
		d, err := Cell{Text: text, Kind: Text}.Day()
		if (err == nil) != (want != "") || err == nil && d.String() != want {
			t.Errorf("%q: %v, %v", text, d, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a;b\n1;2\n"))
	f.Add(utf16Of("a,b\n\"1\n", true, true))
	f.Add(book(f, `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row></sheetData></worksheet>`, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "a")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, Limits{Unpacked: 1 << 20, Rows: 1000})
		if err != nil {
			return
		}
		defer s.Close()
		for _, tab := range s.Tabs {
			last := 0
			for r, err := range s.Rows(tab) {
				if err == nil && r.Number <= last {
					t.Fatalf("row %d after row %d", r.Number, last)
				}
				last = r.Number
			}
			_, _ = s.Table(tab)
		}
	})
}
