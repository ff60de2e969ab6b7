// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/risk/register"
)

// List writes the register, gravest first: all risks from a level on, at most n where n is not 0.
func (s *Sheet) List(w io.Writer, width, from, n int) error {
	t := &printer{paper.New(w, width), s}
	t.head("Writ risks: ")
	t.Text(0, paper.None, s.summary())
	var shown []*register.Risk
	for i := range s.Risks {
		if s.Risks[i].Level >= from && (n == 0 || len(shown) < n) {
			shown = append(shown, &s.Risks[i])
		}
	}
	t.F("\n")
	if len(shown) > 0 {
		t.table(shown)
	}
	for i, r := range shown {
		t.risk(i+1, r)
	}
	if left := len(s.Risks) - len(shown); left > 0 {
		t.F("\n%d more: writ risk list --all\n", left)
	}
	t.closed()
	t.F("\n")
	t.Text(0, paper.Faint, page.Disclaimer)
	return t.Err
}

type printer struct {
	*paper.Printer
	*Sheet
}

func (t *printer) head(title string) {
	t.F("%s\n", paper.Bold.Render(title+paper.Clean(t.a.Profile)))
	t.Field(6, "law of", t.a.Day.String()+", catalogue "+t.a.Catalogue.Version)
	t.F("\n")
}

func (t *printer) table(risks []*register.Risk) {
	g := &paper.Grid{Width: t.Width, Right: map[int]bool{0: true}}
	g.Head("#", "level", "what may happen", "to", "likelihood", "impact", "treatment", "left")
	for i, r := range risks {
		g.Row(strconv.Itoa(i+1), t.level(r.Level), r.Threat.Title, t.name(r.Asset), t.Sheet.likelihood(r),
			t.Sheet.impact(r), treatment(r),
			t.level(r.Residual))
		g.Paint(1, paint(len(t.Data.Scales.Levels), r.Level))
	}
	t.F("%s", g)
}

// paint is the colour of a level.
func paint(levels, level int) lipgloss.Style {
	switch levels - level {
	case 1:
		return paper.Bad
	case 2:
		return paper.Warn
	}
	return paper.None
}

func (t *printer) risk(n int, r *register.Risk) {
	t.F("\n")
	t.Text(0, paper.Bold, fmt.Sprintf("%d. %s: %s", n, r.Threat.Title, t.name(r.Asset)))
	t.hanging("id", r.ID)
	for _, s := range r.Signs {
		t.hanging("seen", s)
	}
	for i := range r.Weaknesses {
		t.hanging("weak", t.weakness(&r.Weaknesses[i]))
	}
	t.hanging("likely", t.Sheet.likelihood(r)+": "+strings.Join(r.Likelihood.Why, "; "))
	t.hanging("impact", t.Sheet.impact(r)+": "+strings.Join(r.Impact.Why, "; "))
	if o := t.offers(r); len(o) > 0 {
		t.hanging("plan", strings.Join(o, "; "))
	}
	t.hanging("decided", t.decided(r))
}

// decided says what people decided, and how it stands.
func (s *Sheet) decided(r *register.Risk) string {
	t := r.Treatment
	if t == nil {
		return "nothing yet"
	}
	text := fmt.Sprintf("%s (%s: %s)", t.Option, t.State, t.Why)
	if t.Text != "" {
		text += ": " + paper.Clean(t.Text)
	}
	text += "; because " + paper.Clean(t.Reasons)
	for _, x := range [][2]string{{"asked by", t.By}, {"approved by", t.Approver}, {"owned by", t.Owner}} {
		if x[1] != "" {
			text += "; " + x[0] + " " + paper.Clean(x[1])
		}
	}
	if p := t.Residual; p != nil {
		text += fmt.Sprintf("; a person expects to be left %s", s.level(s.Data.Scales.Level(p.Likelihood, p.Impact)))
	}
	return text
}

func (t *printer) hanging(label, text string) {
	const indent, wide = 3, 8
	for i, l := range strings.Split(paper.Wrap(text, t.Width-indent-wide), "\n") {
		if i > 0 {
			label = ""
		}
		t.F("%*s%s%s\n", indent, "", paper.Faint.Render(fmt.Sprintf("%-*s", wide, label)), l)
	}
}

func (t *printer) closed() {
	if len(t.Closed) == 0 {
		return
	}
	t.Title("Treated, and not shown any more")
	for i := range t.Closed {
		k := &t.Closed[i]
		t.Text(0, paper.None,
			fmt.Sprintf("%s of %s: %s. The evidence does not show the risk; see that it was looked for.",
				k.Threat, t.name(k.Asset), k.Option))
	}
}

// Report writes the risk analysis documents that laws ask for: all, or one law's.
func (s *Sheet) Report(w io.Writer, width int, only string) error {
	t := &printer{paper.New(w, width), s}
	t.head("Risk analysis: ")
	t.Text(0, paper.None, s.summary())
	for _, d := range s.Documents(only) {
		t.document(&d)
	}
	t.Title("The register")
	all := make([]*register.Risk, len(s.Risks))
	for i := range s.Risks {
		all[i] = &s.Risks[i]
	}
	if len(all) > 0 {
		t.table(all)
	}
	for i, r := range all {
		t.risk(i+1, r)
	}
	t.closed()
	t.scales()
	t.F("\n")
	t.Text(0, paper.None, draft)
	t.Text(0, paper.Faint, page.Disclaimer)
	return t.Err
}

// Documents are those of one law, or all that bind us or may.
func (s *Sheet) Documents(only string) (out []register.Document) {
	for _, d := range s.documents {
		if only == string(d.Law) || only == "" && (d.Bound == "own" || d.Bound == "undetermined") {
			out = append(out, d)
		}
	}
	return out
}

// Laws lists those that ask for an analysis.
func (s *Sheet) Laws() (out []string) {
	for _, d := range s.documents {
		out = append(out, string(d.Law))
	}
	return out
}

// boundWord says whether a law binds us.
func boundWord(d *register.Document) string {
	switch d.Bound {
	case "own":
		return "binds us"
	case "supplier":
		return "binds our suppliers, not us"
	case "undetermined":
		return "whether it binds us is open"
	}
	if d.From != nil {
		return "binds nobody before " + d.From.String()
	}
	return "does not bind us"
}

// standingWord is how people read a standing.
func standingWord(s register.Standing) string {
	switch s {
	case register.Human:
		return "for a person"
	case register.Incomplete:
		return "in part"
	}
	return string(s)
}

func documentSummary(d *register.Document) string {
	n := d.Counts()
	return fmt.Sprintf("%s, %s; %d of %d elements present, %d in part, %d missing, %d for a person to complete",
		d.Pinpoint, boundWord(d),
		n[register.Present], len(d.Elements), n[register.Incomplete], n[register.Missing], n[register.Human])
}

func (t *printer) document(d *register.Document) {
	t.Title(d.Short + ": " + d.Title)
	t.Text(0, paper.Faint, documentSummary(d))
	g := &paper.Grid{Width: t.Width}
	g.Head("element", "pinpoint", "stands", "what there is, and what a person must complete")
	for _, e := range d.Elements {
		g.Row(e.Text, e.Pinpoint, standingWord(e.Standing), says(&e))
		switch e.Standing {
		case register.Present:
			g.Paint(2, paper.Good)
		case register.Missing:
			g.Paint(2, paper.Bad)
		default:
			g.Paint(2, paper.Warn)
		}
	}
	t.F("%s", g)
}

// says is what an element has, and what a person must complete.
func says(e *register.Shown) string {
	if e.Human == "" || e.Standing == register.Present {
		return e.Says
	}
	if e.Says == "" {
		return "to complete: " + e.Human
	}
	return e.Says + "; to complete: " + e.Human
}

func (t *printer) scales() {
	s := &t.Data.Scales
	t.Title("How risks are weighed")
	t.Text(0, paper.Faint, s.Source)
	for _, x := range []struct {
		title string
		steps []register.Step
	}{{"likelihood", s.Likelihood}, {"impact", s.Impact}, {"level", s.Levels}} {
		g := &paper.Grid{Width: t.Width, Right: map[int]bool{0: true}}
		g.Head("", x.title, "")
		for i, step := range x.steps {
			g.Row(strconv.Itoa(i+1), step.Name, step.Text)
		}
		t.F("%s", g)
	}
	g := &paper.Grid{Width: t.Width}
	heads := []string{"likelihood \\ impact"}
	for _, step := range s.Impact {
		heads = append(heads, step.Name)
	}
	g.Head(heads...)
	for i := range s.Likelihood {
		row := []string{s.Likelihood[i].Name}
		for k := range s.Impact {
			row = append(row, t.level(s.Level(i+1, k+1)))
		}
		g.Row(row...)
	}
	t.F("%s", g)
}

// draft says what the analysis is until a person has made it theirs.
const draft = "A draft until a person has completed, dated and signed it: writ record add risk-analysis keeps that. " +
	"What is derived here can be derived again from the same case."
