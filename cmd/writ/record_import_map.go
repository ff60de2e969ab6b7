// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/intake"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
	"github.com/writ-iot/writ/internal/sheet"
)

// mapFlags are how a list of others is taken in.
type mapFlags struct {
	list, sheet, by           string
	columns, fixed, statuses  []string
	apply, partial, computed  bool
	columnOf, fixedOf, saidOf map[string]string
}

// add adds the flags that only a list of others needs; whether it is one, who takes it in and the sheet are the
// command's.
func (f *mapFlags) add(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.list, "list", "",
		"with --map: which list it is (training, status, asset, risk); found out by default")
	fl.StringArrayVar(&f.columns, "column", nil,
		"with --map: HEADING=FIELD, what a column is; FIELD - is none; may be given again")
	fl.StringArrayVar(&f.fixed, "set", nil, "with --map: FIELD=VALUE, the same in every row; may be given again")
	fl.StringArrayVar(&f.statuses, "status", nil,
		"with --map: WORDS=met, partly, not-met or not-applicable: what a status claims")
	fl.BoolVar(&f.computed, "computed", false, "with --map: cells computed by formulas count as what was last computed")
	fl.BoolVar(&f.apply, "apply", false, "with --map or --back: keep it; without, everything is only shown")
}

func (f *mapFlags) read() error {
	var errs []error
	for _, p := range []struct {
		flag string
		all  []string
		to   *map[string]string
	}{{"column", f.columns, &f.columnOf}, {"set", f.fixed, &f.fixedOf}, {"status", f.statuses, &f.saidOf}} {
		*p.to = map[string]string{}
		for _, text := range p.all {
			i := strings.LastIndexByte(text, '=')
			if p.flag == "set" {
				i = strings.IndexByte(text, '=')
			}
			if i <= 0 {
				errs = append(errs, fmt.Errorf("--%s %q: want NAME=VALUE", p.flag, text))
				continue
			}
			(*p.to)[strings.TrimSpace(text[:i])] = strings.TrimSpace(text[i+1:])
		}
	}
	if f.apply {
		errs = append(errs, intake.Named(f.by))
	}
	return errors.Join(errs...)
}

// nobodyYet stands for who enters a record as long as nothing is kept.
const nobodyYet = "nobody yet"

// mapped is a list of others as it was read.
type mapped struct {
	Name     string          `json:"file"`
	Sheet    string          `json:"sheet,omitempty"`
	Others   []string        `json:"other_sheets,omitempty"`
	List     string          `json:"list"`
	Could    []string        `json:"could_be,omitempty"`
	Known    bool            `json:"known"` // its headings were met before
	HeadRow  int             `json:"heading_row"`
	Columns  []intake.Column `json:"columns"`
	Missing  []string        `json:"missing,omitempty"`
	Ignored  []string        `json:"not_opened,omitempty"`
	Rows     int             `json:"rows"`
	Good     int             `json:"good"`
	New      int             `json:"new"`
	Repeated int             `json:"repeated"`
	Strange  int             `json:"about_nobody_known,omitempty"`
	Computed int             `json:"computed,omitempty"`
	Faults   []string        `json:"faults,omitempty"`
	More     int             `json:"more_faults,omitempty"`
	Notes    []string        `json:"notes,omitempty"`
	Applied  bool            `json:"applied"`
	title    string
}

// importMapped takes in a list that people have already: shown first, kept when that is asked for.
func (d *door) importMapped(ctx context.Context, desk *register.Desk, path string, f *mapFlags, asJSON bool) error {
	if err := f.read(); err != nil {
		return err
	}
	lists, err := intake.Load(desk.Kinds)
	if err != nil {
		return err
	}
	file, err := sheet.Open(path, sheet.Limits{})
	if err != nil {
		return err
	}
	defer file.Close()
	out := &mapped{Name: filepath.Base(path), Ignored: file.Ignored}
	t, err := tabled(file, f.sheet, path, out)
	if err != nil {
		return err
	}
	i := &importing{door: d, desk: desk, flags: f, lists: lists, table: t, out: out}
	err = i.run(ctx, path)
	if err != nil && out.List == "" {
		return err
	}
	return errors.Join(d.mappedOut(out, asJSON), err)
}

// tabled finds the sheet and its headings.
func tabled(file *sheet.File, name, path string, out *mapped) (*sheet.Table, error) {
	var chosen *sheet.Tab
	for i := range file.Tabs {
		t := &file.Tabs[i]
		if chosen == nil && (name == "" && !t.Hidden || name != "" && strings.EqualFold(t.Name, name)) {
			chosen = t
			continue
		}
		out.Others = append(out.Others, t.Name)
	}
	if chosen == nil {
		return nil, kind.Errorf(kind.Invalid, "reading %s: there is no sheet %q: it has %s", path, name,
			strings.Join(out.Others, ", "))
	}
	t, err := file.Table(*chosen)
	if err == nil {
		out.Sheet, out.HeadRow = chosen.Name, t.Head.Number
	}
	return t, err
}

// importing is one run of it.
type importing struct {
	door   *door
	desk   *register.Desk
	flags  *mapFlags
	lists  *intake.Lists
	table  *sheet.Table
	out    *mapped
	before *intake.Memory
	how    intake.How
}

func (i *importing) run(ctx context.Context, path string) error {
	m, err := i.mapping(ctx)
	if err != nil {
		return err
	}
	o := i.out
	o.List, o.title, o.Could, o.Known, o.Columns = m.List.Name, m.List.Title, m.Others, m.Known, m.Columns
	if o.Missing = m.Lacks(i.how.Fixed); len(o.Missing) > 0 {
		return kind.Errorf(kind.Invalid,
			"no column is taken for %s, which a %s cannot do without: --column HEADING=%s says which one is, "+
				"--set %s=VALUE what it is in every row", strings.Join(o.Missing, ", "), m.List.Title, o.Missing[0], o.Missing[0])
	}
	r, err := m.Read(i.table, i.lists, intake.IndexOf(i.desk.Law), i.how)
	if err != nil {
		return err
	}
	o.Rows, o.Computed = r.Rows, r.Computed
	for _, w := range r.Wrong {
		o.Faults = append(o.Faults, fmt.Sprintf("row %d: %s", w.Row, w.What))
	}
	o.More = r.More
	if m.List.Record != "" {
		err = i.records(ctx, r)
	} else {
		err = i.said(ctx, r)
	}
	if err != nil || !i.flags.apply {
		return err
	}
	o.Applied = true
	return i.remember(ctx, m, path)
}

// mapping is what the columns are: as before, or as guessed, and as corrected.
func (i *importing) mapping(ctx context.Context) (*intake.Mapping, error) {
	f := i.flags
	i.how = intake.How{By: cmp.Or(f.by, nobodyYet), Fixed: f.fixedOf, Statuses: map[string]intake.Stance{},
		Computed: f.computed, File: i.out.Name}
	var err error
	if i.before, err = intake.Recall(ctx, i.desk.Case, i.table.Headings); err != nil {
		return nil, err
	}
	if b := i.before; b != nil {
		i.how.Recall(b)
	}
	for words, text := range f.saidOf {
		s, err := intake.StanceOf(text)
		if err != nil {
			return nil, fmt.Errorf("--status %s=%s: %w", words, text, err)
		}
		i.how.Say(words, s)
	}
	var m *intake.Mapping
	if b := i.before; b != nil && (f.list == "" || f.list == b.List) {
		m, err = b.Apply(i.lists, i.table)
	} else {
		m, err = i.lists.Guess(i.table, f.list, f.fixedOf)
	}
	if err != nil {
		return nil, err
	}
	return m, m.Correct(f.columnOf)
}

var errFaulty = errors.New("rows have a fault, and none was kept: mend them, or take the others with --partial")

// records keeps rows as records, or tries to.
func (i *importing) records(ctx context.Context, r *intake.Reading) error {
	o := i.out
	refused := i.flags.apply && !i.flags.partial && len(o.Faults)+o.More > 0
	how := register.How{Partial: true, DryRun: refused || !i.flags.apply, Progress: i.door.counted("records")}
	if !how.DryRun {
		how.Partial = i.flags.partial
	}
	added, err := i.desk.Add(ctx, r.Given, how)
	i.door.settle()
	if added != nil {
		faulty(o, added.Faults)
		o.Good, o.New, o.Repeated, o.Notes = added.New+added.Repeated, added.New, added.Repeated, added.Notes
	}
	if n := len(o.Faults) + o.More; refused || err != nil && n > 0 {
		return kind.Errorf(kind.Invalid, "%d of %d %w", n, o.Rows, errFaulty)
	}
	return err
}

// faulty tells faults, so many as anybody reads.
func faulty(o *mapped, faults []error) {
	for n, err := range faults {
		if len(o.Faults) >= 200 {
			o.More += len(faults) - n
			return
		}
		o.Faults = append(o.Faults, strings.TrimPrefix(err.Error(), o.Name+": "))
	}
}

// said keeps what others say, or tries to.
func (i *importing) said(ctx context.Context, r *intake.Reading) error {
	o := i.out
	o.Good = len(r.Said)
	if n := len(o.Faults) + o.More; i.flags.apply && n > 0 && !i.flags.partial {
		return kind.Errorf(kind.Invalid, "%d of %d %w", n, o.Rows, errFaulty)
	}
	k, err := intake.Keep(ctx, i.desk.Case, r.Said, !i.flags.apply)
	if err == nil {
		o.New, o.Repeated, o.Strange = k.New, k.Repeated, k.Strangers
	}
	return err
}

// remember keeps the file, and what was taken for what.
func (i *importing) remember(ctx context.Context, m *intake.Mapping, path string) error {
	b, err := durable.ReadFile(path, 128<<20)
	if err != nil {
		return err
	}
	return intake.Remember(ctx, i.desk.Case, m.Memory(&i.how), i.before,
		intake.FileEntry{Name: i.out.Name, Sheet: i.out.Sheet, List: i.out.List, Rows: i.out.Rows, New: i.out.New,
			By: i.flags.by}, b)
}

func (d *door) mappedOut(o *mapped, asJSON bool) error {
	if asJSON {
		return d.json(o)
	}
	p := paper.New(d.out, d.width)
	where := paper.Clean(o.Name)
	if o.Sheet != "" {
		where += ", sheet " + paper.Clean(o.Sheet)
	}
	p.F("%s: a %s; its headings are in row %d", where, o.title, o.HeadRow)
	if o.Known {
		p.F(", and were met before")
	}
	p.F("\n")
	g := &paper.Grid{Width: p.Width}
	g.Head("column", "heading", "is taken for", "because of")
	for _, c := range o.Columns {
		field := c.Field
		if field == "" {
			field = "– not read"
		}
		g.Row(c.Letter, paper.Clean(c.Heading), field, paper.Clean(c.Why))
	}
	p.F("%s", g)
	for _, n := range mappedNotes(o) {
		p.Text(0, paper.None, paper.Clean(n))
	}
	for _, f := range o.Faults {
		p.Text(2, paper.Warn, paper.Clean(f))
	}
	if o.More > 0 {
		p.F("  and %d more\n", o.More)
	}
	switch {
	case o.Applied:
		p.F("kept: %d new, %d were there\n", o.New, o.Repeated)
	case len(o.Missing) == 0:
		p.F("nothing was kept: --apply --by NAME keeps %d new of %d rows; --column HEADING=FIELD corrects a column\n",
			o.New, o.Rows)
	}
	return p.Err
}

// mappedNotes is what a person should know before keeping it.
func mappedNotes(o *mapped) (notes []string) {
	if len(o.Could) > 0 {
		notes = append(notes, "It could be another list as well ("+strings.Join(o.Could,
			", ")+"): --list says which it is.")
	}
	if len(o.Others) > 0 {
		notes = append(notes, "Other sheets of the workbook, not read: "+strings.Join(o.Others, ", ")+" (--sheet NAME).")
	}
	if len(o.Ignored) > 0 {
		notes = append(notes, "Not opened: "+strings.Join(o.Ignored, ", ")+".")
	}
	if o.Computed > 0 {
		notes = append(notes, fmt.Sprintf("%d cells were computed by formulas, and count as what was last computed.",
			o.Computed))
	}
	if o.Strange > 0 {
		notes = append(notes,
			fmt.Sprintf("%d rows are about somebody or something that the case does not know by that name.", o.Strange))
	}
	if o.List == "status" {
		notes = append(notes,
			"A status is kept as a claim beside what is computed, never as a fact: writ record claims holds them against each other.")
	}
	notes = append(notes, o.Notes...)
	return append(notes, fmt.Sprintf("%d rows: %d can be kept, %d cannot.", o.Rows, o.Good, o.Rows-o.Good))
}
