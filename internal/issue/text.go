// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package issue

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/judge"
)

// heads are the columns of a vector.
var heads = []string{"met", "contradicted", "indicated", "not shown", "not applicable"}

// figures are a vector's columns; what is indicated is no part of what is only not shown.
func figures(c judge.Counts) []string {
	return []string{strconv.Itoa(c.Met), strconv.Itoa(c.Violated), strconv.Itoa(c.BreachIndicated),
		strconv.Itoa(c.NotShown - c.BreachIndicated), strconv.Itoa(c.NotApplicable)}
}

// said is a label with its text, in the order in which people read them.
func (a *Assessment) said() [][2]string {
	all := [][2]string{{"number", a.Number}, {"issued", a.Issued.Format("2006-01-02 15:04 MST")}, {"of", a.Of},
		{"purpose", a.Purpose}, {"scope", a.Scope.Words}}
	add := func(label, text string) {
		if text != "" {
			all = append(all, [2]string{label, text})
		}
	}
	add("laws", strings.Join(a.Scope.Laws, ", "))
	add("persons", strings.Join(a.Scope.Persons, ", "))
	for _, x := range a.Scope.Without {
		add("without", x.What+": "+x.Why)
	}
	add("period", a.Period.From+" to "+a.Period.To)
	until := a.At
	if a.PerSubject {
		until = "the end of the newest input that shows a thing; for all else, " + a.At
	}
	add("law of", a.Day)
	add("evidence until", until)
	add("known at", a.KnownAt)
	add("catalogue", a.Law.Version+" (SHA-256 "+a.Law.Digest+")")
	add("engine", a.Engine)
	add("supersedes", a.Supersedes)
	add("changed", a.Changes)
	return all
}

func (a *Assessment) signed() [][2]string {
	line := func(s Signatory) string { return s.Name + ", " + s.Day }
	return [][2]string{{"prepared by", line(a.Prepared)}, {"reviewed by", line(a.Reviewed)},
		{"approved by", line(a.Approved)}}
}

// View is what stands beside an issued assessment when it is shown.
type View struct {
	Table     *Table                      // nil: without
	Name      func(subject string) string // what people call a subject; nil: by its number
	Successor string                      // the number of the assessment that took its place
}

func (v *View) name(subject string) string {
	if v.Name == nil {
		return subject
	}
	return v.Name(subject)
}

// Text writes an issued assessment for a terminal.
func (a *Assessment) Text(w io.Writer, width int, v View) error {
	p := paper.New(w, width)
	p.F("%s\n", paper.Bold.Render("Assessment "+a.Number+" of "+paper.Clean(a.Of)))
	if v.Successor != "" {
		p.F("%s\n", paper.Warn.Render("Superseded by "+v.Successor+"."))
	}
	for _, s := range a.said() {
		p.Field(15, s[0], paper.Clean(s[1]))
	}
	p.Title("Duties that must be met, on the law day")
	g := &paper.Grid{Width: p.Width, Right: map[int]bool{2: true, 3: true, 4: true, 5: true, 6: true}}
	g.Head(append([]string{"law", "whose"}, heads...)...)
	for _, r := range a.rows() {
		g.Row(append([]string{r.name, r.whose}, figures(r.counts)...)...)
	}
	p.F("%s", g)
	if v.Table != nil {
		v.worst(p, a)
	}
	p.Title("Reservations")
	for _, r := range a.Reservations {
		p.Text(2, paper.None, "- "+paper.Clean(r))
	}
	p.Title("Signed for")
	for _, s := range a.signed() {
		p.Field(15, s[0], paper.Clean(s[1]))
	}
	p.F("\n")
	p.Text(0, paper.Faint, page.Disclaimer)
	return p.Err
}

// listed is how many duties of a period a terminal shows.
const listed = 12

// worst writes the duties that stood worst over the period.
func (v *View) worst(p *paper.Printer, a *Assessment) {
	p.Title(fmt.Sprintf("The period's %d days: own duties that were contradicted or indicated longest "+
		"(of several subjects, the worst)", v.Table.Days))
	bad := v.Table.bad(a)
	if len(bad) == 0 {
		p.Text(2, paper.None, "None was, on any day.")
		return
	}
	g := &paper.Grid{Width: p.Width, Right: map[int]bool{2: true, 3: true, 4: true, 5: true}}
	g.Head("duty", "of", "met", "contradicted", "indicated", "not shown")
	for _, s := range bad[:min(listed, len(bad))] {
		g.Row(append([]string{s.Provision, paper.Clean(s.of(v))}, s.figures()...)...)
	}
	p.F("%s", g)
	if n := len(bad) - listed; n > 0 {
		p.F("and %d more: --format json has every duty, of each subject\n", n)
	}
}

// long is a duty of ours over the period, of all subjects that it was judged of: the days of the one that stood
// worst.
type long struct {
	Stood
	subjects []string
}

// of names the one subject, or says how many there are.
func (l *long) of(v *View) string {
	if len(l.subjects) == 1 {
		return v.name(l.Subject)
	}
	kind, _, _ := strings.Cut(l.Subject, ":")
	return fmt.Sprintf("%d %ss", len(l.subjects), kind)
}

func (l *long) figures() []string {
	return []string{strconv.Itoa(l.Met), strconv.Itoa(l.Violated), strconv.Itoa(l.BreachIndicated),
		strconv.Itoa(l.NotShown - l.BreachIndicated)}
}

func worse(a, b *Stood) int {
	return cmp.Or(b.Violated-a.Violated, b.BreachIndicated-a.BreachIndicated)
}

// bad are own duties, under laws that bind us, that were contradicted or indicated on some day, the longest first.
func (t *Table) bad(a *Assessment) []*long {
	binds := map[string]bool{}
	for _, l := range a.ByLaw {
		binds[l.ID] = l.Bound == "own"
	}
	by := map[string]*long{}
	for i := range t.Stood {
		s := &t.Stood[i]
		if !binds[s.Law] || s.Bearer != string(judge.Own) || s.Violated+s.BreachIndicated == 0 {
			continue
		}
		l := by[s.Provision]
		if l == nil {
			l = &long{Stood: *s}
			by[s.Provision] = l
		} else if worse(s, &l.Stood) < 0 {
			l.Stood = *s
		}
		l.subjects = append(l.subjects, s.Subject)
	}
	return slices.SortedFunc(maps.Values(by), func(a, b *long) int {
		return cmp.Or(worse(&a.Stood, &b.Stood), cmp.Compare(a.Provision, b.Provision))
	})
}

// row is a line of the counts.
type row struct {
	name, whose string
	counts      judge.Counts
}

// rows are the counts by law, those under which nobody in scope owes anything left out, and their sum.
func (a *Assessment) rows() []row {
	var out []row
	add := func(name, whose string, c judge.Counts) {
		if c.Met+c.Violated+c.NotShown > 0 {
			out = append(out, row{name, whose, c})
		}
	}
	for _, l := range a.ByLaw {
		if l.Bound == "own" || l.Bound == "supplier" || l.Counts.Met+l.Counts.Violated > 0 {
			add(l.Short, "ours", l.Counts)
			add(l.Short, "suppliers'", l.Supplier)
		}
	}
	out = append(out, row{"all", "ours", a.Counts})
	add("all", "suppliers'", a.Supplier)
	return out
}
