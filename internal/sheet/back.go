// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/kind"
)

// Edit is one cell that came back changed.
type Edit struct {
	Column   string // its key
	From, To string
}

// Change is one row that came back changed, or that was added (ID "").
type Change struct {
	ID    string
	Row   int
	Edits []Edit
	Cells []string // the whole row as it came back, by the list's columns
}

// Wrong is one row that cannot be taken as it came back.
type Wrong struct {
	Row  int    `json:"row"`
	What string `json:"what"`
}

// Back is what a list that came back says. A row that is not in it any more says nothing: leaving a row out
// takes nothing back.
type Back struct {
	Changed []Change
	Wrong   []Wrong
	Same    int      // rows as they went out
	Beside  []string // headings that are none of the list's
	Without []string // columns that the file does not have: they stay as they are
}

// maxWrong is how many faults are told.
const maxWrong = 1000

// Back compares a table with the rows as they went out. base gives a row's cells by its ID, and says what is
// wrong with that ID as an error.
func (l *List) Back(t *Table, base func(id string) ([]string, error)) (*Back, error) {
	at := t.Column(IDHeading)
	if at < 0 {
		return nil, kind.Errorf(kind.Invalid,
			"the sheet has no column %s: it is none that went out from here (writ record import --map "+
				"reads other sheets)", IDHeading)
	}
	b := &Back{}
	columns := l.find(t, b)
	seen := map[string]int{}
	for r, err := range t.Rows() {
		if err != nil {
			return nil, err
		}
		if err := l.take(b, &r, at, columns, seen, base); err != nil {
			if b.Wrong = append(b.Wrong, Wrong{r.Number, err.Error()}); len(b.Wrong) >= maxWrong {
				return b, nil
			}
		}
	}
	return b, nil
}

// find gives for each of the list's columns where the table has it; -1 where it has not.
func (l *List) find(t *Table, b *Back) []int {
	columns := make([]int, len(l.Columns))
	known := []string{IDHeading}
	for i, c := range l.Columns {
		known = append(known, strings.ToLower(c.Title))
		if columns[i] = t.Column(c.Title); columns[i] < 0 {
			b.Without = append(b.Without, c.Title)
		}
	}
	for _, h := range t.Headings {
		if h != "" && !slices.Contains(known, strings.ToLower(h)) {
			b.Beside = append(b.Beside, h)
		}
	}
	return columns
}

func (l *List) take(b *Back, r *Row, at int, columns []int, seen map[string]int, base func(string) ([]string,
	error)) error {
	id := r.At(at).Text
	was := make([]string, len(l.Columns))
	if id != "" {
		if first, twice := seen[id]; twice {
			return fmt.Errorf("ID %.64s stands in row %d already: to add a row leave its ID empty", id, first)
		}
		seen[id] = r.Number
		cells, err := base(id)
		if err != nil {
			return err
		}
		copy(was, cells)
	}
	c := Change{ID: id, Row: r.Number, Cells: make([]string, len(l.Columns))}
	for i := range l.Columns {
		now, err := l.cell(&l.Columns[i], r, columns[i], was[i])
		if err != nil {
			return err
		}
		if c.Cells[i] = now; now != was[i] {
			if l.Columns[i].Fixed && id != "" {
				return l.Columns[i].refused(was[i], now)
			}
			c.Edits = append(c.Edits, Edit{l.Columns[i].Key, was[i], now})
		}
	}
	switch {
	case len(c.Edits) > 0:
		b.Changed = append(b.Changed, c)
	case id != "":
		b.Same++
	}
	return nil
}

// refused is what is said of a cell that is shown only and was changed.
func (c *Column) refused(was, now string) error {
	why := ""
	if c.Why != "" {
		why = ", " + c.Why
	}
	return fmt.Errorf("column %s is shown only%s: it was %q and came back as %q", c.Title, why, was, now)
}

// cell is what a cell says now; what cannot be told from how it went out is as it was.
func (l *List) cell(c *Column, r *Row, column int, was string) (string, error) {
	if column < 0 {
		return was, nil
	}
	now := r.At(column)
	if now.Formula && now.Text != was {
		return "", fmt.Errorf("column %s is computed by a formula: write the value itself", c.Title)
	}
	if now.Kind == Fault {
		return "", fmt.Errorf("column %s shows %s", c.Title, now.Text)
	}
	if words(now.Text) == words(was) || words(now.Text) == words(clip(was)) {
		return was, nil
	}
	if c.Day && now.Text != "" {
		day, err := now.Day()
		if err != nil {
			return "", fmt.Errorf("column %s: %w", c.Title, err)
		}
		return day.String(), nil
	}
	return now.Text, nil
}

// words is a text without what programs do to its spaces and line ends.
func words(v string) string { return strings.Join(strings.Fields(v), " ") }
