// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/journal"
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
	if err := listOut(&b, l, ext[1:], rows); err != nil {
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

// importBack takes in what changed in a list of records that went out.
func (d *door) importBack(ctx context.Context, desk *register.Desk, path string, f *mapFlags, asJSON bool) error {
	fields, err := fieldsOf(desk.Kinds, "")
	if err != nil {
		return err
	}
	called, err := callers(ctx, desk)
	if err != nil {
		return err
	}
	there, err := standing(ctx, desk)
	if err != nil {
		return err
	}
	// A field that the file has no column for stays as it is: so the list has all that any kind has.
	l := recordList("records", fields)
	was := map[string]*register.Item{}
	var all []register.Correction
	return d.comeBack(&returning{
		file: backFlags{path: path, sheet: f.sheet, by: f.by, apply: f.apply}, json: asJSON, list: l, things: "records",
		base: func(id string) ([]string, error) {
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
		},
		take: func(c *sheet.Change, where string) error {
			all = append(all, corrected(l, c, was[c.ID], where, f.by))
			return nil
		},
		keep: func(dry bool) (voided []string, err error) {
			added, err := desk.Correct(ctx, all, register.How{DryRun: dry})
			if err != nil {
				return nil, err
			}
			for i := range added.Voided {
				voided = append(voided, added.Voided[i].Kind)
			}
			return voided, nil
		},
	})
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
