// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"fmt"
	"iter"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
)

// Table is a sheet under its headings.
type Table struct {
	Tab
	Head     Row      // the row of the headings
	Headings []string // by column; "" where a column has none
	Above    int      // rows above the headings that were passed by: a title, a logo
	file     *File
}

// lookFor is how many rows are looked at to find the headings.
const lookFor = 20

// Table finds a sheet's headings: the first of its rows that is filled with texts nearly as wide as the sheet
// is there, and whose texts differ.
func (s *File) Table(t Tab) (*Table, error) {
	var first []Row
	wide := 0
	for r, err := range s.Rows(t) {
		if err != nil {
			return nil, err
		}
		first = append(first, r)
		wide = max(wide, filled(&r))
		if len(first) == lookFor {
			break
		}
	}
	for i := range first {
		if heads(&first[i], wide) {
			return &Table{Tab: t, Head: first[i], Headings: headings(&first[i]), Above: i, file: s}, nil
		}
	}
	where := s.name
	if t.Name != "" {
		where += ": sheet " + t.Name
	}
	return nil, kind.Errorf(kind.Invalid, "reading %s: no row of headings is found among its first %d rows: "+
		"name each column in one row above the rest", where, lookFor)
}

func filled(r *Row) int {
	n := 0
	for _, c := range r.Cells {
		if c.Text != "" {
			n++
		}
	}
	return n
}

// heads says whether a row can be that of the headings of a sheet so wide.
func heads(r *Row, wide int) bool {
	seen := map[string]bool{}
	n := 0
	for _, c := range r.Cells {
		if c.Text == "" {
			continue
		}
		key := strings.ToLower(c.Text)
		if c.Kind != Text || c.Formula || seen[key] {
			return false
		}
		seen[key] = true
		n++
	}
	return n > 0 && n*3 >= wide*2
}

func headings(r *Row) []string {
	out := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		out[i] = strings.Join(strings.Fields(c.Text), " ")
	}
	return out
}

// Column gives the column of a heading, whatever its case; -1 where there is none.
func (t *Table) Column(heading string) int {
	for i, h := range t.Headings {
		if h != "" && strings.EqualFold(h, heading) {
			return i
		}
	}
	return -1
}

// Rows gives the rows under the headings.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for r, err := range t.file.Rows(t.Tab) {
			if err == nil && r.Number <= t.Head.Number {
				continue
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Day reads a cell as a day: a date, YYYY-MM-DD, or D.M.YYYY. With slashes days and months cannot be told
// apart by every reader alike: that is refused unless only one reading is a date.
func (c Cell) Day() (fact.Day, error) {
	text := c.Text
	if c.Kind == Date || len(text) > 10 && text[4] == '-' && (text[10] == 'T' || text[10] == ' ') {
		text = text[:min(len(text), 10)]
	}
	if d, err := fact.ParseDay(text); err == nil {
		return d, nil
	}
	var a, b, y int
	if n, _ := fmt.Sscanf(text, "%d.%d.%d", &a, &b, &y); n == 3 && y > 999 && plain(text, '.') {
		return day(y, b, a, text)
	}
	if n, _ := fmt.Sscanf(text, "%d/%d/%d", &a, &b, &y); n == 3 && y > 999 && plain(text, '/') {
		switch {
		case a > 12 || a == b:
			return day(y, b, a, text)
		case b > 12:
			return day(y, a, b, text)
		}
		return 0, fmt.Errorf("%q can be two dates: write YYYY-MM-DD", text)
	}
	return 0, fmt.Errorf("%.40q is no date: want YYYY-MM-DD", text)
}

func plain(text string, sep rune) bool {
	return strings.Trim(text, "0123456789"+string(sep)) == ""
}

func day(y, m, d int, text string) (fact.Day, error) {
	got, err := fact.ParseDay(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	if err != nil {
		return got, fmt.Errorf("%q is no day of the calendar", text)
	}
	return got, nil
}
