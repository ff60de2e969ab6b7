// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/internal/readiness"
	"github.com/writ-iot/writ/law"
)

// WriteReadiness writes a report on readiness for people: all subjects in a table, then the units of those that
// only names, or of one that stands alone.
func WriteReadiness(w io.Writer, r *readiness.Report, only string) error {
	p := &paper{w: w}
	title := r.Short
	if r.Part != "" {
		title += ", " + r.Part
	}
	as := "by the law of " + r.Day
	if r.Adopted {
		as += ", as if it had been adopted"
	}
	p.line("Readiness for %s (%s), %s", title, r.Instrument, as)
	p.line("%s. Readiness is not compliance, and no assessment by a laboratory or an authority.",
		plural(r.Reach.Units, "unit", "units"))
	p.head("What the wire and tests can do, whatever the product")
	for _, row := range []struct {
		n    int
		what string
	}{
		{r.Reach.Whole, "decide a unit alone"}, {r.Reach.Breach, "contradict it alone; to show it met takes more"},
		{r.Reach.Points, "bear on it, beside something else"}, {r.Reach.Document,
			"nothing: a record or a document decides"},
		{r.Reach.Judged, "nothing: a person's signed judgement decides"},
	} {
		p.line("  %4d  %3s  %s", row.n, share(row.n, r.Reach.Units), row.what)
	}
	p.subjects(r)
	shown := 0
	for i := range r.Subjects {
		if s := &r.Subjects[i]; only == "" && len(r.Subjects) == 1 || only != "" && strings.EqualFold(s.Name, only) {
			p.units(s)
			shown++
		}
	}
	if shown == 0 && len(r.Subjects) > 0 {
		p.line("\n--product NAME lists the units of one: what is missing, and who can bring it.")
	}
	return p.err
}

func share(n, of int) string {
	if of == 0 {
		return "-"
	}
	return strconv.Itoa((100*n+of/2)/of) + "%"
}

func (p *paper) subjects(r *readiness.Report) {
	p.head("Products")
	if len(r.Subjects) == 0 {
		p.line("  none: no product is known. List them in the profile, or give inputs that show them.")
		return
	}
	var rows [][]string
	for i := range r.Subjects {
		s := &r.Subjects[i]
		for _, f := range []struct {
			force string
			c     *readiness.Counts
		}{{"must", &s.Must}, {"should", &s.Should}} {
			if f.c.Units == 0 {
				continue
			}
			called := s.Name
			if f.force == "should" && s.Must.Units > 0 {
				called = ""
			}
			rows = append(rows, []string{called, string(s.Bearer), f.force, strconv.Itoa(f.c.Met),
				strconv.Itoa(f.c.Contradicted), strconv.Itoa(f.c.Indicated),
				strconv.Itoa(f.c.NotShown - f.c.Indicated),
				strconv.Itoa(f.c.Outside),
				fmt.Sprintf("%d of %d (%s)", f.c.Automatic, f.c.Units-f.c.Outside, share(f.c.Automatic,
					f.c.Units-f.c.Outside))})
		}
	}
	p.table([]string{"PRODUCT", "WHOSE", "FORCE", "MET", "CONTRADICTED", "INDICATED", "NOT SHOWN", "N/A",
		"BY WIRE AND TESTS ALONE"}, rows)
}

func (p *paper) units(s *readiness.Subject) {
	p.head(s.Name)
	for i := range s.Units {
		u := &s.Units[i]
		state := strings.ReplaceAll(string(u.State), "-", " ")
		if u.Indicated {
			state += ", breach indicated"
		}
		if u.Force != law.Must {
			state += " (recommended)"
		}
		p.line("  %s  %s%s", u.Pinpoint, state, decided(u))
		p.entry("", u.Text)
		p.entry("note", u.Note)
		for _, by := range u.Bringers() {
			p.entry(string(by), strings.Join(u.Brings(by), "; "))
		}
	}
}

func decided(u *readiness.Unit) string {
	if len(u.By) == 0 {
		return ""
	}
	var by []string
	for _, w := range u.By {
		by = append(by, string(w))
	}
	slices.Sort(by)
	return ", by " + strings.Join(by, ", ")
}
