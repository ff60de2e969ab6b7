// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/sheet"
)

// Column is a column of a sheet, and what it is taken for.
type Column struct {
	Heading string `json:"heading"`
	Letter  string `json:"letter"`
	Field   string `json:"field"` // "": it is not read
	Why     string `json:"why"`
	Means   string `json:"means,omitempty"`
	at      int
}

// Mapping is what the columns of a sheet are taken for.
type Mapping struct {
	List    *List
	Columns []Column
	Others  []string // lists that it could be as well
	Known   bool     // all of it was said before
}

// of gives the columns of a field, in their order.
func (m *Mapping) of(field string) []Column {
	var out []Column
	for _, c := range m.Columns {
		if c.Field == field {
			out = append(out, c)
		}
	}
	return out
}

// sample is how many rows are looked at to see what a column holds.
const sample = 200

// look is what columns hold: how many of the cells that are filled are days, link addresses, addresses.
type look struct{ filled, days, macs, ips []int }

func lookAt(t *sheet.Table) (*look, error) {
	n := len(t.Headings)
	l := &look{make([]int, n), make([]int, n), make([]int, n), make([]int, n)}
	rows := 0
	for r, err := range t.Rows() {
		if err != nil {
			return nil, err
		}
		for i := range n {
			c := r.At(i)
			if c.Text == "" {
				continue
			}
			l.filled[i]++
			if _, err := c.Day(); err == nil || strings.Contains(err.Error(), "two dates") {
				l.days[i]++
			}
			if _, err := net.ParseMAC(c.Text); err == nil {
				l.macs[i]++
			}
			if _, err := netip.ParseAddr(c.Text); err == nil {
				l.ips[i]++
			}
		}
		if rows++; rows == sample {
			break
		}
	}
	return l, nil
}

// mostly says whether nearly all of a column's cells are of a sort.
func (l *look) mostly(n []int, i int) bool { return l.filled[i] > 0 && n[i]*10 >= l.filled[i]*8 }

// Marks of how well a heading names a field.
const (
	exact   = 100
	inside  = 70 // a known name is part of the heading
	holding = 60 // the cells say so
	least   = 60
)

// match says how well a column fits a field, and why.
func (l *List) match(f *Field, heading string, i int, seen *look) (int, string) {
	score, why := 0, ""
	name := plain(heading)
	for _, known := range append(l.Headings[f.Name], l.Joined[f.Name]...) {
		switch k := plain(known); {
		case k == name:
			score, why = exact, "its heading"
		case score < inside && len(k) > 3 && strings.Contains(" "+name+" ", " "+k+" "):
			score, why = inside, fmt.Sprintf("%q in its heading", known)
		}
	}
	holds := map[string][]int{"mac": seen.macs, "ip": seen.ips}[f.Name]
	if f.Type == "day" {
		holds = seen.days
	}
	switch {
	case holds == nil:
		return score, why
	case seen.mostly(holds, i) && score > 0:
		return score + 10, why + fmt.Sprintf(", and %d of %d cells fit", holds[i], seen.filled[i])
	case seen.mostly(holds, i) && f.Type != "day":
		return holding, fmt.Sprintf("%d of %d cells fit", holds[i], seen.filled[i])
	case score < exact && seen.filled[i] > 0:
		return 0, "" // not a day in it
	}
	return score, why
}

// guess takes each column of a sheet for what fits it best. mark says how well all of it fits.
func (l *List) guess(t *sheet.Table, seen *look) (m *Mapping, mark int) {
	type fit struct {
		column, field, score int
		why                  string
	}
	var fits []fit
	for i, h := range t.Headings {
		for j := range l.Fields {
			if score, why := l.match(&l.Fields[j], h, i, seen); score >= least && h != "" {
				fits = append(fits, fit{i, j, score, why})
			}
		}
	}
	slices.SortStableFunc(fits, func(a, b fit) int { return cmp.Compare(b.score, a.score) })
	m = &Mapping{List: l}
	for i, h := range t.Headings {
		if h != "" {
			m.Columns = append(m.Columns, Column{Heading: h, Letter: sheet.Letters(i), at: i, Why: "no field is called so"})
		}
	}
	taken := map[int]bool{} // fields
	for _, f := range fits {
		c, field := m.at(f.column), &l.Fields[f.field]
		if c.Field != "" || taken[f.field] && !l.joins(field.Name, c.Heading) {
			continue
		}
		taken[f.field] = true
		c.Field, c.Why, c.Means = field.Name, f.why, field.Means
		if mark += f.score; field.Required {
			mark += 50
		}
	}
	return m, mark
}

// joins says whether a heading is one of several that fill a field together.
func (l *List) joins(field, heading string) bool {
	return slices.ContainsFunc(l.Joined[field], func(j string) bool { return plain(j) == plain(heading) })
}

func (m *Mapping) at(column int) *Column {
	for i := range m.Columns {
		if m.Columns[i].at == column {
			return &m.Columns[i]
		}
	}
	return nil
}

// Lacks are the fields that a list cannot do without, and no column is taken for.
func (m *Mapping) Lacks(fixed map[string]string) []string {
	var out []string
	for i := range m.List.Fields {
		if f := &m.List.Fields[i]; f.Required && len(m.of(f.Name)) == 0 && fixed[f.Name] == "" {
			out = append(out, f.Name)
		}
	}
	return out
}

// Guess says which list a sheet is and what its columns are. name is that of a list, "" to find out.
func (l *Lists) Guess(t *sheet.Table, name string, fixed map[string]string) (*Mapping, error) {
	seen, err := lookAt(t)
	if err != nil {
		return nil, err
	}
	if name != "" {
		one, err := l.Of(name)
		if err != nil {
			return nil, err
		}
		m, _ := one.guess(t, seen)
		return m, nil
	}
	var best *Mapping
	most := 0
	marks := map[string]int{}
	for _, one := range l.all {
		m, mark := one.guess(t, seen)
		if slices.ContainsFunc(one.Names, func(n string) bool { return plain(n) == plain(t.Name) }) {
			mark += exact
		}
		if len(m.Lacks(fixed)) == 0 {
			marks[one.Name] = mark
		}
		if len(m.Lacks(fixed)) == 0 && mark > most {
			best, most = m, mark
		}
	}
	if best == nil {
		return nil, kind.Errorf(kind.Invalid,
			"what list is it? Its headings %s are none of a list that is known: say so with --list, and what "+
				"its columns are with --column HEADING=FIELD", quoted(t.Headings))
	}
	for _, one := range l.all {
		if n := one.Name; n != best.List.Name && marks[n]*10 >= most*9 {
			best.Others = append(best.Others, n)
		}
	}
	return best, nil
}

func quoted(all []string) string {
	var out []string
	for _, h := range all {
		if h != "" {
			out = append(out, fmt.Sprintf("%.40q", h))
		}
		if len(out) == 12 {
			return strings.Join(out, ", ") + " …"
		}
	}
	return strings.Join(out, ", ")
}

// Correct takes columns for what a person says they are: heading → field, "" or "-" for none. A field that was
// guessed
// for another column is that column's no more.
func (m *Mapping) Correct(said map[string]string) error {
	for heading, field := range said {
		at := slices.IndexFunc(m.Columns, func(c Column) bool {
			return strings.EqualFold(c.Heading, heading) || plain(c.Heading) == plain(heading)
		})
		if at < 0 {
			return kind.Errorf(kind.Invalid, "--column %s=%s: the sheet has no such heading: it has %s", heading, field,
				quoted(m.headings()))
		}
		if field == "-" {
			field = ""
		}
		f := m.List.field(field)
		if field != "" && f == nil {
			return kind.Errorf(kind.Invalid, "--column %s=%s: a %s has no such field: it has %s", heading, field, m.List.Title,
				m.List.names())
		}
		for i := range m.Columns {
			if c := &m.Columns[i]; c.Field == field && field != "" && i != at && said[c.Heading] != field {
				c.Field, c.Why, c.Means = "", "another column was said to be that", ""
			}
		}
		c := &m.Columns[at]
		c.Field, c.Why, c.Means = field, "said so", ""
		if f != nil {
			c.Means = f.Means
		}
	}
	return nil
}

func (l *List) names() string {
	var out []string
	for i := range l.Fields {
		out = append(out, l.Fields[i].Name)
	}
	return strings.Join(out, ", ")
}

func (m *Mapping) headings() []string {
	var out []string
	for _, c := range m.Columns {
		out = append(out, c.Heading)
	}
	return out
}
