// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"fmt"
	"maps"
	"strings"

	"github.com/writ-iot/writ/internal/register"
	"github.com/writ-iot/writ/internal/sheet"
)

// Said is a row that makes nothing known: what somebody else says.
type Said struct {
	List      string            `json:"list"`
	Fields    map[string]string `json:"fields"`
	Stance    Stance            `json:"stance,omitempty"`    // of a status
	Provision string            `json:"provision,omitempty"` // of a status: the ID, where the law has one so called
	By        string            `json:"by"`
}

// Reading is what the rows of a sheet say under a mapping.
type Reading struct {
	Rows     int
	Given    []register.Given // of a list of records
	Said     []Said           // of all others
	Wrong    []sheet.Wrong    // rows that cannot be read
	More     int              // such rows beyond those that are named
	Statuses map[string]int   // words of which nobody said what they claim
	Computed int              // cells that were computed by a formula, and read
}

// How rows are read.
type How struct {
	By       string
	Fixed    map[string]string // fields that are the same in every row
	Statuses map[string]Stance // what words claim, by plain words
	Computed bool              // cells computed by formulas count as what was last computed
	File     string
}

// Recall takes what was told before; what is told now goes before it.
func (h *How) Recall(m *Memory) {
	fixed := maps.Clone(m.Fixed)
	if fixed == nil {
		fixed = map[string]string{}
	}
	maps.Copy(fixed, h.Fixed)
	h.Fixed = fixed
	for words, s := range m.Statuses {
		h.Say(words, s)
	}
}

// Say says what the words of a status claim.
func (h *How) Say(words string, s Stance) {
	if h.Statuses == nil {
		h.Statuses = map[string]Stance{}
	}
	h.Statuses[plain(words)] = s
}

// maxWrong is how many faulty rows are named.
const maxWrong = 200

// Read reads a sheet's rows.
func (m *Mapping) Read(t *sheet.Table, l *Lists, law *Index, how How) (*Reading, error) {
	r := &Reading{Statuses: map[string]int{}}
	x := &rowReader{m: m, lists: l, law: law, how: &how, out: r, columns: map[string][]Column{}}
	for i := range m.List.Fields {
		f := m.List.Fields[i].Name
		x.columns[f] = m.of(f)
	}
	for row, err := range t.Rows() {
		if err != nil {
			return nil, err
		}
		r.Rows++
		if err := x.take(&row); err != nil {
			if len(r.Wrong) < maxWrong {
				r.Wrong = append(r.Wrong, sheet.Wrong{Row: row.Number, What: err.Error()})
			} else {
				r.More++
			}
		}
	}
	return r, nil
}

type rowReader struct {
	m       *Mapping
	lists   *Lists
	law     *Index
	how     *How
	out     *Reading
	columns map[string][]Column
}

func (x *rowReader) take(row *sheet.Row) error {
	fields := map[string]string{}
	for i := range x.m.List.Fields {
		f := &x.m.List.Fields[i]
		v, err := x.cell(f, row)
		if err != nil {
			return err
		}
		if v == "" {
			v = x.how.Fixed[f.Name]
		}
		if v == "" && f.Required {
			return fmt.Errorf("%s is empty: %s", f.Name, f.Means)
		}
		if v != "" {
			fields[f.Name] = v
		}
	}
	if x.m.List.Record != "" {
		x.given(row, fields)
		return nil
	}
	return x.said(fields)
}

// cell gives a field's text from its columns.
func (x *rowReader) cell(f *Field, row *sheet.Row) (string, error) {
	var parts []string
	for _, c := range x.columns[f.Name] {
		cell := row.At(c.at)
		switch {
		case cell.Formula && !x.how.Computed:
			return "", fmt.Errorf("column %s (%s) is computed by a formula: write the value itself, or take what was last computed with --computed",
				c.Letter, c.Heading)
		case cell.Kind == sheet.Fault:
			return "", fmt.Errorf("column %s (%s) shows %s", c.Letter, c.Heading, cell.Text)
		case cell.Text == "":
			continue
		}
		if cell.Formula {
			x.out.Computed++
		}
		v, err := f.read(cell)
		if err != nil {
			return "", fmt.Errorf("column %s (%s): %w", c.Letter, c.Heading, err)
		}
		parts = append(parts, v)
	}
	return strings.Join(parts, " "), nil
}

// read is a cell's text as a field takes it.
func (f *Field) read(c sheet.Cell) (string, error) {
	switch f.Type {
	case "day":
		d, err := c.Day()
		return d.String(), err
	case "bool":
		switch plain(c.Text) {
		case "yes", "y", "true", "x", "1", "ja", "j", "wahr":
			return "yes", nil
		case "no", "n", "false", "0", "nein", "falsch":
			return "no", nil
		}
		return "", fmt.Errorf("%.40q: want yes or no", c.Text)
	case "words":
		for _, w := range f.Words {
			if plain(w) == plain(c.Text) {
				return w, nil
			}
		}
	}
	return c.Text, nil
}

func (x *rowReader) given(row *sheet.Row, fields map[string]string) {
	g := register.Given{Kind: x.m.List.Record, By: x.how.By, About: x.how.Fixed["about"], Topic: x.how.Fixed["topic"],
		Where: x.how.File + ": " + where(row), Fields: map[string]string{}}
	for name, v := range fields {
		switch name {
		case "day":
			g.Day = v
		case "until":
			g.Until = v
		case "title":
			g.Title = v
		default:
			g.Fields[name] = v
		}
	}
	x.out.Given = append(x.out.Given, g)
}

func where(row *sheet.Row) string {
	if row.Sheet == "" {
		return fmt.Sprintf("row %d", row.Number)
	}
	return fmt.Sprintf("sheet %s: row %d", row.Sheet, row.Number)
}

func (x *rowReader) said(fields map[string]string) error {
	s := Said{List: x.m.List.Name, Fields: fields, By: x.how.By}
	if s.List == "status" {
		stance, ok := x.lists.stance(fields["status"], x.how.Statuses)
		if !ok {
			x.out.Statuses[fields["status"]]++
			return fmt.Errorf("nobody said what the status %.60q claims: say so with --status %q=met (partly, not-met, not-applicable)",
				fields["status"], fields["status"])
		}
		s.Stance, s.Provision = stance, x.law.Find(fields["law"], fields["provision"])
	}
	x.out.Said = append(x.out.Said, s)
	return nil
}
