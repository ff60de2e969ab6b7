// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/intake"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/sheet"
)

// backFlags are those of a list that went out from here and comes back.
type backFlags struct {
	path, sheet, by string
	apply           bool
}

// add makes the flags; --by is the command's own where it has one.
func (f *backFlags) add(c *cobra.Command, out string) {
	g := c.Flags()
	g.StringVar(&f.path, "back", "", "a list that "+out+" wrote, and that comes back changed: print what changed")
	g.StringVar(&f.sheet, "sheet", "", "with --back: the workbook's sheet; the first that is shown by default")
	g.BoolVar(&f.apply, "apply", false, "with --back: keep what changed")
	if g.Lookup("by") == nil {
		g.StringVar(&f.by, "by", "", "with --apply: who takes it in, a function or a name")
	}
}

// alone says what else is given beside a list that comes back: the list says all of it. Nothing of the list is read
// where none comes back.
func (f *backFlags) alone(c *cobra.Command, args []string, flags ...string) error {
	if f.path == "" {
		if f.apply || f.sheet != "" {
			return errors.New("--apply and --sheet are of a list that comes back: --back FILE")
		}
		return nil
	}
	if len(args) > 0 {
		return fmt.Errorf("--back reads a list, and %q stands beside it: give one of them", args[0])
	}
	for _, name := range flags {
		if c.Flags().Changed(name) {
			return fmt.Errorf("--back takes from the list what --%s says: give one of them", name)
		}
	}
	return nil
}

// listOut writes a list as people change it: xlsx, or csv.
func listOut(w io.Writer, l *sheet.List, format string, rows iter.Seq[sheet.Item]) error {
	if format == "xlsx" {
		return l.XLSX(w, rows)
	}
	return l.CSV(w, rows)
}

// returning is a list that comes back, and what becomes of it.
type returning struct {
	file   backFlags
	json   bool
	list   *sheet.List
	things string   // what rows become: records, decisions
	needs  []string // headings without which it cannot be told whether something was changed here meanwhile
	base   func(id string) ([]string, error)
	take   func(c *sheet.Change, where string) error     // a row that changed; its fault is the row's
	keep   func(dry bool) (reopened []string, err error) // all that was taken, or nothing
}

// comeBack takes in what changed in a list that went out: shown first, kept when that is asked for.
func (d *door) comeBack(r *returning) error {
	if r.file.apply {
		if err := intake.Named(r.file.by); err != nil {
			return err
		}
	}
	file, err := sheet.Open(r.file.path, sheet.Limits{})
	if err != nil {
		return err
	}
	defer file.Close()
	t, err := tabled(file, r.file.sheet, r.file.path, &mapped{})
	if err != nil {
		return err
	}
	out := &returned{Name: filepath.Base(r.file.path), Changes: []change{}}
	if err := r.compare(t, out); err != nil {
		return err
	}
	if len(out.Wrong) > 0 {
		return errors.Join(d.returnedOut(out, r.json), kind.Errorf(kind.Invalid,
			"%d rows cannot be taken as they came back, and nothing was kept", len(out.Wrong)))
	}
	if len(out.Changes) == 0 {
		return d.returnedOut(out, r.json)
	}
	if out.Voided, err = r.keep(true); err != nil {
		return errors.Join(d.returnedOut(out, r.json), err)
	}
	if err := d.returnedOut(out, r.json && !r.file.apply); err != nil || !r.file.apply {
		return err
	}
	if _, err := r.keep(false); err != nil {
		return err
	}
	if out.Applied = true; r.json {
		return d.json(out)
	}
	_, err = fmt.Fprintf(d.out, "kept: %d %s, by %s\n", len(out.Changes), r.things, paper.Clean(r.file.by))
	return err
}

// compare holds a list that came back against what there is.
func (r *returning) compare(t *sheet.Table, out *returned) error {
	b, err := r.list.Back(t, r.base)
	if err != nil {
		return err
	}
	for _, title := range r.needs {
		if slices.Contains(b.Without, title) {
			return kind.Errorf(kind.Invalid, "the sheet has no column %s any more: without it nobody can tell what "+
				"was changed here since it went out", title)
		}
	}
	out.Same, out.Wrong, out.Beside = b.Same, b.Wrong, b.Beside
	for i := range b.Changed {
		c := &b.Changed[i]
		shown := change{ID: c.ID, Row: c.Row, Edits: []edit{}}
		for _, e := range c.Edits {
			shown.Edits = append(shown.Edits, edit{strings.TrimPrefix(e.Column, fieldPrefix), e.From, e.To})
		}
		out.Changes = append(out.Changes, shown)
		if err := r.take(c, fmt.Sprintf("%s: row %d", out.Name, c.Row)); err != nil {
			out.Wrong = append(out.Wrong, sheet.Wrong{Row: c.Row, What: err.Error()})
		}
	}
	return nil
}

// returned is what came back, as it is shown.
type returned struct {
	Name    string        `json:"file"`
	Changes []change      `json:"changes"`
	Same    int           `json:"same"`
	Wrong   []sheet.Wrong `json:"wrong,omitempty"`
	Beside  []string      `json:"columns_of_others,omitempty"`
	Without []string      `json:"columns_missing,omitempty"`
	Voided  []string      `json:"registers_open_again,omitempty"`
	Applied bool          `json:"applied"`
}

type change struct {
	ID    string `json:"id,omitempty"`
	Row   int    `json:"row"`
	Edits []edit `json:"edits"`
}

type edit struct {
	Column string `json:"column"`
	From   string `json:"from"`
	To     string `json:"to"`
}

// returnedOut prints what changed, cell by cell.
func (d *door) returnedOut(o *returned, asJSON bool) error {
	if asJSON {
		return d.json(o)
	}
	p := paper.New(d.out, d.width)
	for i := range o.Changes {
		c := &o.Changes[i]
		if c.ID == "" {
			p.F("row %d: a new row\n", c.Row)
		} else {
			p.F("row %d: %s\n", c.Row, c.ID)
		}
		for _, e := range c.Edits {
			if e.From != "" {
				p.Text(2, paper.Bad, fmt.Sprintf("- %s: %s", e.Column, paper.Clean(e.From)))
			}
			if e.To != "" {
				p.Text(2, paper.Good, fmt.Sprintf("+ %s: %s", e.Column, paper.Clean(e.To)))
			}
		}
	}
	for _, w := range o.Wrong {
		p.Text(0, paper.Warn, paper.Clean(fmt.Sprintf("row %d: %s", w.Row, w.What)))
	}
	if len(o.Beside) > 0 {
		p.Text(0, paper.None, paper.Clean("Columns that are none of the list's, not read: "+strings.Join(o.Beside,
			", ")+"."))
	}
	for _, v := range o.Voided {
		p.Text(0, paper.Warn, fmt.Sprintf("The register of %s is open again: a record that it covers changes.", v))
	}
	p.F("%d rows are as they went out, %d changed or were added\n", o.Same, len(o.Changes))
	return p.Err
}
