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
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/law"
)

// paints are what standings look like.
var paints = [standings]lipgloss.Style{contradicted: bad, indicated: warn, shown: good}

var bold, faint, bad, warn, good, none = paper.Bold, paper.Faint, paper.Bad, paper.Warn, paper.Good, paper.None

// printer writes a report.
type printer struct{ *paper.Printer }

func newPrinter(w io.Writer, width int) *printer { return &printer{paper.New(w, width)} }

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
	p.first(a)
	p.footer(a)
	return p.Err
}

func (p *printer) header(a *assess.Assessment) {
	p.F("%s\n", bold.Render("Writ: "+Clean(a.Profile)))
	put := func(label, text string) { p.Field(len(label), label, text) }
	put("standing", Standing(a))
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
func (p *printer) figures(first, second string) *paper.Grid {
	g := &paper.Grid{Width: p.Width, Right: map[int]bool{2: true, 3: true, 4: true, 5: true, 6: true}}
	heads := []string{first, second, "met", "contradicted", "indicated", "not shown", "not applicable"}
	if p.Width < 76 {
		copy(heads[3:], []string{"contra", "indic", "open", "n/a"})
	}
	g.Head(heads...)
	return g
}

// figures adds a vector.
func figures(g *paper.Grid, name string, l line) {
	g.Row(name, l.Whose, itoa(l.Counts.Met), itoa(l.Counts.Violated), itoa(l.Counts.BreachIndicated), itoa(l.Open()),
		itoa(l.Counts.NotApplicable))
	for col, c := range map[int]struct {
		n int
		s lipgloss.Style
	}{2: {l.Counts.Met, good}, 3: {l.Counts.Violated, bad}, 4: {l.Counts.BreachIndicated, warn}} {
		if c.n > 0 {
			g.Paint(col, c.s)
		}
	}
}

func (p *printer) matrix(a *assess.Assessment) {
	p.Title("Verdicts by law (duties that must be met)")
	g := p.figures("law", "whose")
	put := func(name string, l line) { figures(g, name, l) }
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
	g.Paint(0, bold)
	put("", line{"suppliers'", a.Result.Supplier})
	p.F("%s", g)
	p.Text(0, faint, "contradicted: by evidence. indicated: evidence points to a breach that it does not establish; not shown, too. "+
		"Suppliers' duties are theirs and are never added to ours.")
	if len(open) > 0 {
		p.Text(0, faint, "Whether they bind is open: "+shorts(open)+". writ law applies asks what would decide it.")
	}
	if len(out) > 0 {
		p.Text(0, faint, "They bind nobody here: "+shorts(out)+".")
	}
}

func (p *printer) findings(a *assess.Assessment, all []*finding, n int) {
	worst := top(all, n)
	p.Title(fmt.Sprintf("Worst findings (%d of %d)", len(worst), len(all)))
	if len(all) == 0 {
		p.Text(0, none, "none: nothing that was seen contradicts a duty. That is not the same as met.")
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
		p.F("%d. %s\n", i+1, head)
		p.Text(3, none, f.Title)
		p.Text(3, none, "on "+listed(names(a, f.Subjects), 4))
		for _, l := range citeLines(f) {
			p.Text(3, none, l)
		}
		if s := sightings(a, f, 1); len(s) > 0 {
			p.Text(3, faint, "seen: "+s[0])
		}
		for _, l := range besideOf(a, f, 2) {
			p.Text(3, none, "beside it: "+l)
		}
		p.F("   %s\n", faint.Render("writ why "+f.Cites[0].Verdicts[0].ID()))
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
	p.Title("What would decide most for its effort")
	for i, it := range items {
		head := fmt.Sprintf("%2d. ", i+1)
		lines := strings.Split(paper.Wrap(it.Text, p.Width-len(head)), "\n")
		p.F("%s%s\n", head, strings.Join(lines, "\n    "))
		p.Text(len(head), faint, it.Says())
	}
}

func (p *printer) first(a *assess.Assessment) {
	const few = 5
	pl := planned(a)
	if pl == nil || len(pl.Actions) == 0 {
		return
	}
	p.Title("What to do first")
	for i := range pl.Actions[:min(few, len(pl.Actions))] {
		act := &pl.Actions[i]
		p.Text(0, none, fmt.Sprintf("%d. %s", i+1, Clean(act.Title)))
		p.Text(3, faint, fmt.Sprintf("%s; clears %d of the %d duties of ours that evidence speaks against, %.0f %% with those before",
			count(act.Hours, "person-hour", "person-hours"), act.Clears, pl.Pressing, 100*act.Share))
		for _, text := range doing(a, act) {
			p.Text(3, none, text)
		}
	}
	p.Text(0, faint, fmt.Sprintf("%s in all clear what can be cleared; writ plan lists each with its proof. A plan changes no verdict.",
		count(len(pl.Actions), "action", "actions")))
}

func (p *printer) footer(a *assess.Assessment) {
	d := depths(a)
	p.F("\n")
	p.Text(0, faint, fmt.Sprintf("Verdicts by depth of law: listed %d, modelled %d, tested %d, reviewed by a jurist %d.",
		d[law.Listed], d[law.Modelled], d[law.Tested], d[law.Reviewed]))
	p.Text(0, faint, Disclaimer)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func short(digest string) string { return digest[:min(12, len(digest))] }
