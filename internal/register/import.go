// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/sheet"
	"github.com/writ-iot/writ/law"
)

// maxYAML bounds a file of records, in bytes.
const maxYAML = 8 << 20

// Defaults are what a file need not say of each record.
type Defaults struct {
	Kind, Topic, About, By string
	Sheet                  string // of a workbook; "": its first
}

// Import reads records from a file, .yaml or a sheet (.csv, .xlsx), and adds them. Columns whose headings say nothing
// to the kind are named in the notes.
func (d *Desk) Import(ctx context.Context, path string, def Defaults, how How) (*Added, error) {
	var given []Given
	var notes []string
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		given, err = readYAML(path, def)
	default:
		given, notes, err = d.readSheet(path, def)
	}
	if err != nil {
		return &Added{}, err
	}
	out, err := d.Add(ctx, given, how)
	if out != nil {
		out.Notes = append(notes, out.Notes...)
	}
	return out, err
}

// readYAML reads a file of many records.
func readYAML(path string, def Defaults) ([]Given, error) {
	b, err := durable.ReadFile(path, maxYAML)
	if err != nil {
		return nil, fmt.Errorf("reading records: %w", err)
	}
	root, err := law.ParseYAML(path, b)
	if err != nil {
		return nil, err
	}
	r := law.NewReader(path, b)
	var all []Given
	r.Object(root, "a file of records", law.Need("records", r.List(func(n *law.Node) {
		all = append(all, givenIn(r, n, def, filepath.Dir(path)))
	})))
	if err := r.Err(); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, kind.Errorf(kind.Invalid, "%s holds no records: want records: and a list below it", path)
	}
	return all, nil
}

// givenIn reads one record of a file. What else is wrong with it is found as with any other.
func givenIn(r *law.Reader, n *law.Node, def Defaults, dir string) Given {
	g := Given{Kind: def.Kind, Topic: def.Topic, About: def.About, By: def.By, Where: fmt.Sprintf("%s:%d", n.Pos.File, n.Pos.Line)}
	r.Object(n, "a record", law.Opt("kind", r.Text(&g.Kind)), law.Opt("topic", r.Text(&g.Topic)), law.Opt("about", r.Text(&g.About)),
		law.Opt("title", r.Text(&g.Title)), law.Opt("day", r.Text(&g.Day)), law.Opt("until", r.Text(&g.Until)), law.Opt("by", r.Text(&g.By)),
		law.Opt("reasons", r.Text(&g.Reasons)), law.Opt("fields", texts(r, &g.Fields)), law.Opt("facts", texts(r, &g.Facts)),
		law.Opt("attach", r.Texts(&g.Attach)))
	for i, path := range g.Attach {
		if !filepath.IsAbs(path) {
			g.Attach[i] = filepath.Join(dir, path)
		}
	}
	return g
}

// texts reads a map of texts.
func texts(r *law.Reader, to *map[string]string) func(*law.Node) {
	return func(n *law.Node) {
		if n.Kind != law.Map {
			r.Add(n.Pos, "want a map here: {name: value}", "")
			return
		}
		*to = map[string]string{}
		for _, e := range n.Entries {
			var v string
			r.Text(&v)(e.Value)
			(*to)[e.Key] = v
		}
	}
}

// column says what a sheet's column is taken for.
type column struct {
	at   int
	name string
	day  bool
	set  func(*Given, string)
}

// readSheet reads the rows of a sheet under headings that the kind knows.
func (d *Desk) readSheet(path string, def Defaults) (given []Given, notes []string, err error) {
	if def.Kind == "" {
		return nil, nil, kind.Errorf(kind.Invalid, "reading %s: which kind of record is each row? say it with --kind "+
			"(training, contract …)", path)
	}
	k, err := d.Kinds.Of(def.Kind)
	if err != nil {
		return nil, nil, err
	}
	f, err := sheet.Open(path, sheet.Limits{})
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	tab, err := tabOf(f, def.Sheet, path)
	if err != nil {
		return nil, nil, err
	}
	t, err := f.Table(tab)
	if err != nil {
		return nil, nil, err
	}
	columns, notes, err := columnsOf(k, t, path)
	if err != nil {
		return nil, nil, err
	}
	for r, err := range t.Rows() {
		if err != nil {
			return nil, nil, fmt.Errorf("reading %s: %w", path, err)
		}
		given = append(given, givenOf(&r, columns, def, path))
	}
	if len(given) == 0 {
		return nil, nil, kind.Errorf(kind.Invalid, "reading %s: there is no row under the headings", path)
	}
	return given, notes, nil
}

func tabOf(f *sheet.File, name, path string) (sheet.Tab, error) {
	var names []string
	for _, t := range f.Tabs {
		if name == "" && !t.Hidden || name != "" && strings.EqualFold(t.Name, name) {
			return t, nil
		}
		names = append(names, t.Name)
	}
	hint := "it has " + strings.Join(names, ", ")
	if near := law.Suggest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return sheet.Tab{}, kind.Errorf(kind.Invalid, "reading %s: there is no sheet %q: %s", path, name, hint)
}

// columnsOf finds what each column holds by its heading.
func columnsOf(k *Kind, t *sheet.Table, path string) (all []column, notes []string, err error) {
	taken := map[int]bool{}
	find := func(name string, required, day bool, headings []string, set func(*Given, string)) error {
		for _, h := range append([]string{name, strings.ReplaceAll(name, "-", " ")}, headings...) {
			if at := t.Column(h); at >= 0 && !taken[at] {
				taken[at] = true
				all = append(all, column{at, t.Headings[at], day, set})
				return nil
			}
		}
		if !required {
			return nil
		}
		return kind.Errorf(kind.Invalid, "reading %s: row %d: no column holds the %s of a %s: head one %s; the headings are %s",
			path, t.Head.Number, name, k.Name, strings.Join(append([]string{name}, headings...), ", or "), strings.Join(titled(t.Headings), ", "))
	}
	faults := []error{find("day", true, true, k.Day.Headings, func(g *Given, v string) { g.Day = v })}
	if k.Until.given {
		faults = append(faults, find("until", k.Until.Required, true, k.Until.Headings, func(g *Given, v string) { g.Until = v }))
	}
	fields := slices.Clone(k.Fields)
	for i := range k.Topics {
		fields = append(fields, k.Topics[i].Fields...)
	}
	for _, f := range fields {
		faults = append(faults, find(f.Name, f.Required, f.Type == "day", f.Headings, func(g *Given, v string) { g.Fields[f.Name] = v }))
	}
	faults = append(faults, find("topic", false, false, nil, func(g *Given, v string) { g.Topic = v }),
		find("about", false, false, nil, func(g *Given, v string) { g.About = v }),
		find("reasons", false, false, nil, func(g *Given, v string) { g.Reasons = v }))
	var ignored []string
	for at, h := range t.Headings {
		if h != "" && !taken[at] {
			ignored = append(ignored, h)
		}
	}
	if ignored != nil {
		notes = append(notes, fmt.Sprintf("%s: not taken over, for a %s has nothing of the kind: %s", filepath.Base(path),
			k.Name, strings.Join(ignored, ", ")))
	}
	slices.SortFunc(all, func(a, b column) int { return a.at - b.at })
	return all, notes, errors.Join(faults...)
}

// titled are the headings that are not empty.
func titled(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(h string) bool { return h == "" })
}

// givenOf reads one row. What a formula makes of others is not taken for anybody's word.
func givenOf(r *sheet.Row, columns []column, def Defaults, path string) Given {
	g := Given{Kind: def.Kind, Topic: def.Topic, About: def.About, By: def.By, Fields: map[string]string{},
		Where: fmt.Sprintf("%s: row %d", cmp.Or(filepath.Base(path), path), r.Number)}
	for i := range columns {
		c := &columns[i]
		cell := r.At(c.at)
		switch {
		case g.broken != nil || cell.Text == "" && !cell.Formula:
			continue
		case cell.Formula:
			g.broken = fmt.Errorf("column %s (%s) holds a formula: what it shows was computed by the program that saved the file, "+
				"and is nobody's record; paste its value", sheet.Letters(c.at), c.name)
		case cell.Kind == sheet.Fault:
			g.broken = fmt.Errorf("column %s (%s) holds the fault %s", sheet.Letters(c.at), c.name, cell.Text)
		}
		text := cell.Text
		if c.day && g.broken == nil {
			day, err := cell.Day()
			if err != nil {
				g.broken = fmt.Errorf("column %s (%s): %w", sheet.Letters(c.at), c.name, err)
			}
			text = day.String()
		}
		c.set(&g, text)
	}
	return g
}
