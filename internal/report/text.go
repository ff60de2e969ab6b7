// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

var (
	bold  = lipgloss.NewStyle().Bold(true)
	faint = lipgloss.NewStyle().Faint(true)
	bad   = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Red)
	warn  = lipgloss.NewStyle().Foreground(lipgloss.Yellow)
	good  = lipgloss.NewStyle().Foreground(lipgloss.Green)
	none  = lipgloss.NewStyle()
)

// Text writes the assessment for a terminal; the writer strips colour where there is none. width is
// the terminal's, 0 where nobody knows.
func Text(w io.Writer, a *assess.Assessment, width int) error {
	p := newPrinter(w, width)
	all := findings(a)
	p.header(a)
	p.matrix(a)
	p.persons(a)
	p.findings(a, all, 5)
	p.cheapest(a)
	p.first(a, all)
	p.footer(a)
	return p.err
}

type printer struct {
	w     io.Writer
	width int
	err   error
}

// newPrinter writes lines as long as a terminal takes, within what is pleasant to read.
func newPrinter(w io.Writer, width int) *printer {
	if width <= 0 {
		width = 100
	}
	return &printer{w: w, width: max(60, min(width, 120))}
}

func (p *printer) f(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) title(s string) { p.f("\n%s\n", bold.Render(s)) }

// text writes a paragraph behind an indent, each line painted by itself.
func (p *printer) text(indent int, s lipgloss.Style, text string) {
	for l := range strings.SplitSeq(wrapWords(text, p.width-indent), "\n") {
		p.f("%s%s\n", strings.Repeat(" ", indent), s.Render(l))
	}
}

// field writes a named paragraph; further lines stand below its text.
func (p *printer) field(wide int, label, text string) {
	for i, l := range strings.Split(wrapWords(text, p.width-wide-1), "\n") {
		if i > 0 {
			label = ""
		}
		p.f("%s %s\n", faint.Render(fmt.Sprintf("%-*s", wide, label)), l)
	}
}

func (p *printer) header(a *assess.Assessment) {
	p.f("%s\n", bold.Render("Writ: "+Clean(a.Profile)))
	put := func(label, text string) { p.field(len(label), label, text) }
	put("law of", a.Day.String())
	put("evidence until", evidenceUntil(a))
	put("known at", stamp(a.KnownAt))
	put("catalogue", a.Catalogue.Version+" "+short(a.Catalogue.Digest))
	for _, in := range a.Inputs {
		put("input", fmt.Sprintf("%s %s, %d packets, %s to %s", Clean(in.Path), short(in.SHA256), in.Packets,
			stamp(in.First), stamp(in.Last)))
	}
	for _, n := range a.Notices {
		put("notice", Clean(n))
	}
}

// figures begins a table of vectors, with two columns of words before them.
func (p *printer) figures(first, second string) *grid {
	g := &grid{width: p.width, right: map[int]bool{2: true, 3: true, 4: true, 5: true, 6: true}}
	heads := []string{first, second, "met", "contradicted", "indicated", "not shown", "not applicable"}
	if p.width < 76 {
		copy(heads[3:], []string{"contra", "indic", "open", "n/a"})
	}
	g.head(heads...)
	return g
}

// figures adds a vector.
func (g *grid) figures(name string, l line) {
	g.row(name, l.Whose, itoa(l.Counts.Met), itoa(l.Counts.Violated), itoa(l.Counts.BreachIndicated), itoa(l.Open()),
		itoa(l.Counts.NotApplicable))
	for col, c := range map[int]struct {
		n int
		s lipgloss.Style
	}{2: {l.Counts.Met, good}, 3: {l.Counts.Violated, bad}, 4: {l.Counts.BreachIndicated, warn}} {
		if c.n > 0 {
			g.paint(col, c.s)
		}
	}
}

func (p *printer) matrix(a *assess.Assessment) {
	p.title("Verdicts by law (duties that must be met)")
	g := p.figures("law", "whose")
	put := g.figures
	bind, open, out := sorted(matrix(a))
	for _, r := range bind {
		name := r.Instrument.Short
		if r.Displaced != "" {
			name += " (gives way to " + string(r.Displaced) + ")"
		}
		for _, l := range r.lines() {
			put(name, l)
			name = ""
		}
	}
	if len(open) > 0 {
		own, supplier := sum(open)
		put(count(len(open), "law", "laws")+" that may bind", line{"ours", own})
		put("", line{"suppliers'", supplier})
	}
	put("all", line{"ours", a.Result.Own})
	g.paint(0, bold)
	put("", line{"suppliers'", a.Result.Supplier})
	p.f("%s", g)
	p.text(0, faint, "contradicted: by evidence. indicated: evidence points to a breach that it does not establish; not shown, too. "+
		"Suppliers' duties are theirs and are never added to ours.")
	if len(open) > 0 {
		p.text(0, faint, "Whether they bind is open: "+shorts(open)+". writ law applies asks what would decide it.")
	}
	if len(out) > 0 {
		p.text(0, faint, "They bind nobody here: "+shorts(out)+".")
	}
}

func (p *printer) findings(a *assess.Assessment, all []*finding, n int) {
	worst := top(all, n)
	p.title(fmt.Sprintf("Worst findings (%d of %d)", len(worst), len(all)))
	if len(all) == 0 {
		p.text(0, none, "none: nothing that was seen contradicts a duty. That is not the same as met.")
	}
	for i, f := range worst {
		mark := warn
		if f.worst() == contradicted {
			mark = bad
		}
		head := mark.Render(wordOf(f.worst(), f.Bearer))
		for _, s := range []string{f.Severity, f.whose()} {
			if s != "" {
				head += ", " + s
			}
		}
		p.f("%d. %s\n", i+1, head)
		p.text(3, none, f.Title)
		p.text(3, none, "on "+listed(names(a, f.Subjects), 4))
		for _, l := range citeLines(f) {
			p.text(3, none, l)
		}
		if s := sightings(a, f, 1); len(s) > 0 {
			p.text(3, faint, "seen: "+s[0])
		}
		p.f("   %s\n", faint.Render("writ why "+f.Cites[0].Verdicts[0].ID()))
	}
}

// citeLines names the articles by law, those that evidence contradicts apart from those it points against.
func citeLines(f *finding) []string {
	const most = 6
	var out []string
	for s := contradicted; s <= indicated; s++ {
		of := slicesOf(f.Cites, s)
		laws, by := byLaw(of)
		for _, l := range laws {
			var pins []string
			for _, c := range by[l] {
				pins = append(pins, c.Provision.Pinpoint)
			}
			out = append(out, fmt.Sprintf("%s: %s %s", wordOf(s, f.Bearer), l, listed(pins, most)))
		}
	}
	return out
}

func slicesOf(all []*cite, s standing) (out []*cite) {
	for _, c := range all {
		if c.Standing == s {
			out = append(out, c)
		}
	}
	return out
}

// sightings says where a finding was seen, at most n: what the wire showed before what people said.
func sightings(a *assess.Assessment, f *finding, n int) []string {
	var seen, said []string
	for _, s := range f.Seen {
		if len(s.Claim.Sources) == 0 {
			add(&said, saidText(a, s))
			continue
		}
		for _, src := range s.Claim.Sources {
			add(&seen, name(a, s.Subject)+", "+placeText(a, src))
		}
	}
	all := append(seen, said...)
	return all[:min(n, len(all))]
}

func saidText(a *assess.Assessment, s sighting) string {
	c := s.Claim
	return fmt.Sprintf("%s of %s is %s, by %s of %s", c.Fact, name(a, s.Subject), c.Value, c.Method, fact.DayOf(c.ObservedAt))
}

func (p *printer) cheapest(a *assess.Assessment) {
	items := plan.Cheapest(PlanOf(a), 10)
	if len(items) == 0 {
		return
	}
	p.title("What would decide most for its effort")
	for i, it := range items {
		head := fmt.Sprintf("%2d. ", i+1)
		lines := strings.Split(wrapWords(it.Text, p.width-len(head)), "\n")
		p.f("%s%s\n", head, strings.Join(lines, "\n    "))
		p.text(len(head), faint, itemText(it))
	}
}

// itemText says who can end an item, whose duties wait for it, and what it decides.
func itemText(it *plan.Item) string {
	whose := "our duties"
	if it.Bearer == judge.Supplier {
		whose = "suppliers' duties"
	}
	s := fmt.Sprintf("%s: %s; decides %s of %s", it.Fact, classWord(it.Class), count(it.Provisions(), "provision", "provisions"), whose)
	if n := it.Subjects(); n > 1 {
		s += fmt.Sprintf(", asked of %d", n)
	}
	return s + fmt.Sprintf("; ends %s alone", count(it.Alone, "verdict", "verdicts")) + helps(it)
}

func helps(it *plan.Item) string {
	if n := it.Decides - it.Alone; n > 0 {
		return fmt.Sprintf(", helps with %d more", n)
	}
	return ""
}

func (p *printer) first(a *assess.Assessment, all []*finding) {
	acts := first(a, all, 5)
	if len(acts) == 0 {
		return
	}
	p.title("What to do first")
	for i, act := range acts {
		p.text(0, none, fmt.Sprintf("%d. %s", i+1, act.Control.Remedy))
		p.text(3, faint, fmt.Sprintf("%s; bears on %s under %s; on %s", who(act.Control), count(act.Clears, "verdict", "verdicts"),
			strings.Join(act.Laws, ", "), listed(names(a, act.Subjects), 4)))
	}
}

func (p *printer) footer(a *assess.Assessment) {
	d := depths(a)
	p.f("\n")
	p.text(0, faint, fmt.Sprintf("Verdicts by depth of law: listed %d, modelled %d, tested %d, reviewed by a jurist %d.",
		d[law.Listed], d[law.Modelled], d[law.Tested], d[law.Reviewed]))
	p.text(0, faint, Disclaimer)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func short(digest string) string { return digest[:min(12, len(digest))] }
