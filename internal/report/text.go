// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

var (
	bold  = lipgloss.NewStyle().Bold(true)
	faint = lipgloss.NewStyle().Faint(true)
	bad   = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Red)
	warn  = lipgloss.NewStyle().Foreground(lipgloss.Yellow)
	good  = lipgloss.NewStyle().Foreground(lipgloss.Green)
)

// Text writes the assessment for a terminal; the writer strips colour where there is none. width is
// the terminal's, 0 where nobody knows.
func Text(w io.Writer, a *assess.Assessment, width int) error {
	if width <= 0 || width > 120 {
		width = 120
	}
	p := &printer{w: w, width: width}
	p.header(a)
	p.matrix(a)
	p.findings(a, 5)
	p.cheapest(a)
	p.first(a)
	p.footer(a)
	return p.err
}

type printer struct {
	w     io.Writer
	width int
	err   error
}

func (p *printer) f(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) title(s string) { p.f("\n%s\n", bold.Render(s)) }

func (p *printer) header(a *assess.Assessment) {
	p.f("%s\n", bold.Render("Writ: "+Clean(a.Profile)))
	p.f("law of %s   evidence until %s   known at %s\n", a.Day, stamp(a.At), stamp(a.KnownAt))
	p.f("%s\n", faint.Render("catalogue "+a.Catalogue.Version+" "+short(a.Catalogue.Digest)))
	for _, in := range a.Inputs {
		p.f("%s %s, %d packets, %s to %s\n", Clean(in.Path), faint.Render(short(in.SHA256)), in.Packets, stamp(in.First), stamp(in.Last))
	}
	for _, n := range a.Notices {
		p.f("%s %s\n", warn.Render("notice:"), Clean(n))
	}
}

func (p *printer) matrix(a *assess.Assessment) {
	p.title("Verdicts by law (duties that must be met)")
	t := table.New().Border(lipgloss.HiddenBorder()).BorderHeader(false).
		Headers("law", "bound", "met", "violated", "not shown", "of these a breach is indicated", "not applicable").
		StyleFunc(func(row, col int) lipgloss.Style {
			s := lipgloss.NewStyle().PaddingRight(1)
			if col > 1 {
				s = s.Align(lipgloss.Right)
			}
			if row == table.HeaderRow {
				return s.Faint(true)
			}
			return s
		})
	line := func(name, bound string, c judge.Counts) {
		t.Row(name, bound, paint(good, c.Met), paint(bad, c.Violated), strconv.Itoa(c.NotShown), paint(warn, c.BreachIndicated), strconv.Itoa(c.NotApplicable))
	}
	for _, r := range Matrix(a) {
		name := r.Instrument.Short
		if r.Displaced != "" {
			name += " (gives way to " + string(r.Displaced) + ")"
		}
		if r.Own != (judge.Counts{}) || r.Bound == "own" || r.Bound == "no" || r.Bound == "undetermined" {
			line(name, r.Bound, r.Own)
		}
		if r.Supplier != (judge.Counts{}) {
			line(name, "suppliers", r.Supplier)
		}
	}
	line(bold.Render("all, own duties"), "", a.Result.Own)
	line(bold.Render("all, suppliers' duties"), "", a.Result.Supplier)
	p.f("%s\n", t.Render())
}

func paint(s lipgloss.Style, n int) string {
	if n == 0 {
		return "0"
	}
	return s.Render(strconv.Itoa(n))
}

func (p *printer) findings(a *assess.Assessment, n int) {
	all := Findings(a)
	p.title(fmt.Sprintf("Worst findings (%d of %d)", min(n, len(all)), len(all)))
	if len(all) == 0 {
		p.f("none: nothing that was seen contradicts a duty. That is not the same as met.\n")
	}
	for i, f := range all[:min(n, len(all))] {
		word := bad.Render("violated")
		if f.Indicated {
			word = warn.Render("breach indicated")
		}
		p.f("%d. %s  %s %s  %s%s\n", i+1, word, f.Provision.Instrument.Short, f.Provision.Pinpoint, severity(f.Severity), bearer(f.Bearer))
		p.f("   %s\n", f.Provision.Text)
		p.f("   on %s\n", p.subjects(a, f.Verdicts))
		if line := seen(f.Verdicts[0]); line != "" {
			p.f("   %s\n", faint.Render(line))
		}
		p.f("   %s\n", faint.Render("writ why "+f.Verdicts[0].ID()))
	}
}

func severity(s string) string {
	if s == "" {
		return ""
	}
	return s
}

func bearer(b judge.Bearer) string {
	if b == judge.Supplier {
		return ", a supplier's duty"
	}
	return ""
}

func (p *printer) subjects(a *assess.Assessment, vs []*judge.Verdict) string {
	var names []string
	for _, v := range vs {
		add(&names, Clean(a.Name(v.Subject)))
	}
	const most = 4
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// seen is the first frame range of each fact that the reasons rest on.
func seen(v *judge.Verdict) string {
	var parts []string
	for _, c := range Evidence(v) {
		if c.Method != fact.Passive && c.Method != fact.Active && c.Method != fact.Import {
			continue
		}
		for _, s := range c.Sources {
			if len(s.Frames) > 0 {
				add(&parts, fmt.Sprintf("%s: frames %d to %d of %s", c.Fact, s.Frames[0][0], s.Frames[0][1], short(s.Input)))
				break
			}
		}
	}
	return strings.Join(parts[:min(3, len(parts))], "; ")
}

func (p *printer) cheapest(a *assess.Assessment) {
	items := Cheapest(a, 10)
	if len(items) == 0 {
		return
	}
	p.title("What would decide most of what is not shown")
	for i, it := range items {
		p.f("%2d. %-44s decides %d alone, helps %d   %s\n", i+1, it.Fact, it.Alone, it.Decides, faint.Render(string(it.Class)))
		if it.Question != "" {
			p.f("    %s\n", faint.Render(it.Question))
		}
	}
}

func (p *printer) first(a *assess.Assessment) {
	acts := First(a, 5)
	if len(acts) == 0 {
		return
	}
	p.title("What to do first")
	for i, act := range acts {
		p.f("%d. %s  %s\n", i+1, act.Control.Remedy, faint.Render(who(act.Control)))
		p.f("   clears %d findings under %s, on %s\n", act.Clears, strings.Join(act.Laws, ", "), Clean(strings.Join(act.Subjects[:min(4, len(act.Subjects))], ", ")))
	}
}

func who(c *law.Control) string {
	switch c.Actor {
	case "maker":
		return "for the maker to do; ask it, and put measures around the device meanwhile"
	case "operator":
		return "for the operator to do"
	}
	return "for the operator or the maker to do"
}

func (p *printer) footer(a *assess.Assessment) {
	depth := map[law.Depth]int{}
	for i := range a.Result.Verdicts {
		depth[a.Result.Verdicts[i].Provision.Depth]++
	}
	p.f("\n%s\n", faint.Render(fmt.Sprintf("Verdicts by depth of law: listed %d, modelled %d, tested %d, reviewed by a jurist %d.",
		depth[law.Listed], depth[law.Modelled], depth[law.Tested], depth[law.Reviewed])))
	p.f("%s\n", faint.Render(Disclaimer))
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func short(digest string) string { return digest[:min(12, len(digest))] }

// Clean makes a name that came from outside safe to print: control, format and line-breaking
// characters become U+FFFD.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x20, r >= 0x7f && r < 0xa0, r == 0x2028, r == 0x2029, r >= 0x200b && r <= 0x200f,
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff, r == 0xad:
			return 0xfffd
		}
		return r
	}, s)
}
