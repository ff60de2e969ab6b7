// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/intake"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
	"github.com/writ-iot/writ/internal/sheet"
)

// withLists lets an import also take in lists of others (--map), and lists that went out and come back (--back).
func withLists(d *door, c *cobra.Command) *cobra.Command {
	var m mapFlags
	var lists, back bool
	plain := c.RunE
	c.Long += `

With --map the file is a list that people keep already (training, control status, assets, risks): what each column
is taken for is printed, and nothing is kept before --apply --by NAME. What was said of the columns is remembered:
the next file with the same headings needs nothing. With --back the file is one that writ record export wrote:
only what changed in it becomes records, after it was printed.`
	c.Example += `
  writ record import --map schulungen.xlsx --case hospital.case
  writ record import --map soa.xlsx --case hospital.case --column "Umsetzung=status" --apply --by "compliance office"
  writ record import --back records.xlsx --case hospital.case --apply --by "people office"`
	f := c.Flags()
	f.BoolVar(&lists, "map", false, "the file is a list that people keep already: find out what its columns are")
	f.BoolVar(&back, "back", false, "the file is a list that went out from here and comes back changed")
	m.add(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if !lists && !back {
			return plain(c, args)
		}
		if lists && back {
			return errors.New("--map reads lists of others, --back our own: give one of them")
		}
		text := func(name string) string { return c.Flag(name).Value.String() }
		m.by, m.sheet, m.partial = text("by"), text("sheet"), text("partial") == "true"
		if text("dry-run") == "true" {
			m.apply = false
		}
		return d.inDesk(c.Context(), text("case"), func(desk *register.Desk) error {
			if back {
				return d.importBack(c.Context(), desk, args[0], &m, text("format") == "json")
			}
			return d.importMapped(c.Context(), desk, args[0], &m, text("format") == "json")
		})
	}
	return c
}

// Columns of every list of records.
const (
	colKind, colTopic, colAbout, colTitle, colDay, colUntil, colReasons = "kind", "topic", "about", "title", "day",
		"until", "reasons"
	fieldPrefix = "field:"
)

// recordList is the list of records with some fields. Kind, topic and about of a record do not change: it is made
// anew.
func recordList(name string, fields []register.Field) *sheet.List {
	l := &sheet.List{Name: name, Columns: []sheet.Column{{Key: colKind, Title: "Kind", Fixed: true}, {Key: colTopic,
		Title: "Topic", Fixed: true},
		{Key: colAbout, Title: "About", Fixed: true}, {Key: colTitle, Title: "Title", Width: 30}, {Key: colDay,
			Title: "Day", Day: true, Width: 12},
		{Key: colUntil, Title: "Until", Day: true, Width: 12}, {Key: colReasons, Title: "Reasons", Width: 30}}}
	seen := map[string]bool{}
	for i := range l.Columns {
		seen[strings.ToLower(l.Columns[i].Title)] = true
	}
	for i := range fields {
		f := &fields[i]
		if key := fieldPrefix + f.Name; !seen[key] {
			title := f.Name
			if seen[title] {
				title += " (field)"
			}
			seen[key] = true
			l.Columns = append(l.Columns, sheet.Column{Key: key, Title: title, Day: f.Type == "day"})
		}
	}
	return l
}

// fieldsOf are all fields of kinds; of one alone where it is named.
func fieldsOf(k *register.Kinds, name string) (out []register.Field, err error) {
	all := k.All()
	if name != "" {
		one, err := k.Of(name)
		if err != nil {
			return nil, err
		}
		all = []*register.Kind{one}
	}
	for _, one := range all {
		out = append(out, one.Fields...)
		for i := range one.Topics {
			out = append(out, one.Topics[i].Fields...)
		}
	}
	return out, nil
}

// cells are a record's in the order of a list's columns.
func cells(l *sheet.List, it *register.Item, about string) []string {
	b := &it.Body
	out := make([]string, len(l.Columns))
	for i := range l.Columns {
		key := l.Columns[i].Key
		out[i] = map[string]string{colKind: b.Kind, colTopic: b.Topic, colAbout: about, colTitle: b.Title, colDay: b.Day,
			colUntil:   b.Until,
			colReasons: b.Reasons}[key]
		if name, ok := strings.CutPrefix(key, fieldPrefix); ok {
			out[i] = b.Fields[name]
		}
	}
	return out
}

// maxListed is how many records a list can have: a workbook's sheet takes no more rows.
const maxListed = 1_000_000

func recordExportCommand(d *door) *cobra.Command {
	var dir, name, out string
	var form formatFlag
	c := &cobra.Command{
		Use:   "export --case DIR --out FILE",
		Short: "Write records as a list that comes back: each row with an ID that stays",
		Long: `Write the records that stand as a list (.xlsx, or .csv) that people can change and hand back: writ record
import --back takes in what changed. Each row has an ID that stays: leave it as it is; a row that is added has
none. Leaving a row out takes nothing back: writ record revoke does.`,
		Example: `  writ record export --case hospital.case --kind training --out training.xlsx`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				return d.exportRecords(c.Context(), desk, name,
					out, form.json())
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "case", "", "the case")
	f.StringVar(&name, "kind", "", "records of this kind alone")
	f.StringVar(&out, "out", "", "the file: .xlsx or .csv")
	form.add(c, "text", "json")
	return c
}

func (d *door) exportRecords(ctx context.Context, desk *register.Desk, name, path string, asJSON bool) error {
	ext := strings.ToLower(filepath.Ext(path))
	if ext != ".xlsx" && ext != ".csv" {
		return errors.New("write to which file? give --out with a name that ends in .xlsx or .csv")
	}
	fields, err := fieldsOf(desk.Kinds, name)
	if err != nil {
		return err
	}
	page, err := desk.List(ctx, register.Filter{Kind: name, Limit: maxListed})
	if err != nil {
		return err
	}
	called, err := callers(ctx, desk)
	if err != nil {
		return err
	}
	title := name
	if title == "" {
		title, fields = "records", used(page.Items, fields)
	}
	l := recordList(title, fields)
	n := 0
	rows := func(yield func(sheet.Item) bool) {
		for i := range page.Items {
			it := &page.Items[i]
			if it.Erased || !strings.HasPrefix(it.Form, "record.") {
				continue
			}
			if n++; !yield(sheet.Item{ID: it.ID, Cells: cells(l, it, called(it.Subject))}) {
				return
			}
		}
	}
	var b bytes.Buffer
	write := l.CSV
	if ext == ".xlsx" {
		write = l.XLSX
	}
	if err := write(io.Writer(&b), rows); err != nil {
		return err
	}
	if err := durable.Replace(path, b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if asJSON {
		return d.json(exportedJSON{path, title, n})
	}
	_, err = fmt.Fprintf(d.out, "%s: %d records\n", paper.Clean(path), n)
	return err
}

// exportedJSON is a list that went out, for programs.
type exportedJSON struct {
	File    string `json:"file"`
	List    string `json:"list"`
	Records int    `json:"records"`
}

// used are the fields that some record fills.
func used(all []register.Item, fields []register.Field) []register.Field {
	filled := map[string]bool{}
	for i := range all {
		for name := range maps.Keys(all[i].Body.Fields) {
			filled[name] = true
		}
	}
	return slices.DeleteFunc(fields, func(f register.Field) bool { return !filled[f.Name] })
}

// callers says how each subject can be named so that it is found again.
func callers(ctx context.Context, desk *register.Desk) (func(fact.Subject) string, error) {
	all, err := journal.Everybody(ctx, desk.Case)
	if err != nil {
		return nil, err
	}
	times := map[string]int{}
	for i := range all {
		times[strings.ToLower(all[i].Name)]++
	}
	return func(s fact.Subject) string {
		name := journal.NameOf(all, s)
		if times[strings.ToLower(name)] > 1 || name == s.ID {
			return s.String()
		}
		return name
	}, nil
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

// importBack takes in what changed in a list that went out: shown first, kept when that is asked for.
func (d *door) importBack(ctx context.Context, desk *register.Desk, path string, f *mapFlags, asJSON bool) error {
	if f.apply {
		if err := intake.Named(f.by); err != nil {
			return err
		}
	}
	file, err := sheet.Open(path, sheet.Limits{})
	if err != nil {
		return err
	}
	defer file.Close()
	t, err := tabled(file, f.sheet, path, &mapped{})
	if err != nil {
		return err
	}
	out := &returned{Name: filepath.Base(path), Changes: []change{}}
	all, err := d.compare(ctx, desk, t, f.by, out)
	if err != nil {
		return err
	}
	if len(out.Wrong) > 0 {
		return errors.Join(d.returnedOut(out, asJSON), kind.Errorf(kind.Invalid,
			"%d rows cannot be taken as they came back, and nothing was kept", len(out.Wrong)))
	}
	if len(all) == 0 {
		return d.returnedOut(out, asJSON)
	}
	added, err := desk.Correct(ctx, all, register.How{DryRun: true})
	if err != nil {
		return errors.Join(d.returnedOut(out, asJSON), err)
	}
	for i := range added.Voided {
		out.Voided = append(out.Voided, added.Voided[i].Kind)
	}
	if err := d.returnedOut(out, asJSON && !f.apply); err != nil || !f.apply {
		return err
	}
	if _, err := desk.Correct(ctx, all, register.How{}); err != nil {
		return err
	}
	if out.Applied = true; asJSON {
		return d.json(out)
	}
	_, err = fmt.Fprintf(d.out, "kept: %d records, by %s\n", len(all), paper.Clean(f.by))
	return err
}

// compare holds a list that came back against the records as they are.
func (d *door) compare(ctx context.Context, desk *register.Desk, t *sheet.Table, by string,
	out *returned) ([]register.Correction, error) {
	fields, err := fieldsOf(desk.Kinds, "")
	if err != nil {
		return nil, err
	}
	called, err := callers(ctx, desk)
	if err != nil {
		return nil, err
	}
	// A field that the file has no column for stays as it is: so the list has all that any kind has.
	l := recordList("records", fields)
	there, err := standing(ctx, desk)
	if err != nil {
		return nil, err
	}
	was := map[string]*register.Item{}
	b, err := l.Back(t, func(id string) ([]string, error) {
		it := there[id]
		if it == nil { // taken back, or never there: the desk says which
			if it, err = desk.Show(ctx, id); err != nil {
				return nil, err
			}
		}
		if !it.Stands || it.Erased {
			return nil, fmt.Errorf("record %s was taken back, corrected or erased since the list went out: export it again",
				it.ID)
		}
		was[id] = it
		return cells(l, it, called(it.Subject)), nil
	})
	if err != nil {
		return nil, err
	}
	out.Same, out.Wrong, out.Beside = b.Same, b.Wrong, b.Beside
	var all []register.Correction
	for i := range b.Changed {
		c := &b.Changed[i]
		shown := change{ID: c.ID, Row: c.Row, Edits: []edit{}}
		for _, e := range c.Edits {
			shown.Edits = append(shown.Edits, edit{strings.TrimPrefix(e.Column, fieldPrefix), e.From, e.To})
		}
		out.Changes = append(out.Changes, shown)
		all = append(all, corrected(l, c, was[c.ID], fmt.Sprintf("%s: row %d", out.Name, c.Row), by))
	}
	return all, nil
}

// standing are the records that stand, by their IDs.
func standing(ctx context.Context, desk *register.Desk) (map[string]*register.Item, error) {
	page, err := desk.List(ctx, register.Filter{Limit: maxListed})
	if err != nil {
		return nil, err
	}
	out := make(map[string]*register.Item, len(page.Items))
	for i := range page.Items {
		out[page.Items[i].ID] = &page.Items[i]
	}
	return out, nil
}

// corrected is a row that changed, as a record is given. by is who takes it in.
func corrected(l *sheet.List, c *sheet.Change, was *register.Item, where, by string) register.Correction {
	g := register.Given{Fields: map[string]string{}, Where: where, By: cmp.Or(by, nobodyYet)}
	to := map[string]*string{colKind: &g.Kind, colTopic: &g.Topic, colAbout: &g.About, colTitle: &g.Title,
		colDay: &g.Day, colUntil: &g.Until,
		colReasons: &g.Reasons}
	for i := range l.Columns {
		key := l.Columns[i].Key
		if p := to[key]; p != nil {
			*p = c.Cells[i]
		}
		if name, ok := strings.CutPrefix(key, fieldPrefix); ok && c.Cells[i] != "" {
			g.Fields[name] = c.Cells[i]
		}
	}
	out := register.Correction{Given: g}
	if was != nil {
		out.ID = was.ID
		out.About = was.Subject.String()
	}
	return out
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
			p.F("row %d: a new record\n", c.Row)
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
