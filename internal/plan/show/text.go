// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package show writes a plan: text for a terminal, JSON for programs, CSV for a sheet. It orders nothing.
package show

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/judge"
)

// Text writes a plan for a terminal; the writer strips colour where there is none. width is the terminal's, 0 where
// nobody knows.
func Text(w io.Writer, a *assess.Assessment, p *plan.Plan, width int) error {
	t := &printer{paper.New(w, width), a}
	t.head(p)
	t.table(p)
	for i := range p.Actions {
		t.action(i+1, &p.Actions[i])
	}
	t.left(p)
	t.notes(p)
	t.evidence(p)
	t.F("\n")
	t.Text(0, paper.Faint, page.Disclaimer)
	return t.Err
}

type printer struct {
	*paper.Printer
	a *assess.Assessment
}

func (t *printer) head(p *plan.Plan) {
	t.F("%s\n", paper.Bold.Render("Writ plan: "+paper.Clean(t.a.Profile)))
	t.Field(6, "law of", t.a.Day.String()+", catalogue "+t.a.Catalogue.Version)
	t.F("\n")
	t.Text(0, paper.None, Summary(p))
}

// Summary says in a paragraph what a plan comes to.
func Summary(p *plan.Plan) string {
	whose, others := "ours", "suppliers"
	if p.For == judge.Supplier {
		whose, others = others, whose
	}
	if p.Pressing == 0 {
		return fmt.Sprintf("Nothing that was seen contradicts a duty of %s or points against one: "+
			"there is nothing to clear. "+
			"That is not the same as met.%s", whose, beside(p, others))
	}
	s := fmt.Sprintf("%s of %s: %d contradicted by evidence, %d indicated. ", plan.Count(p.Pressing, "duty",
		"duties"), whose,
		p.Violated, p.Indicated)
	if n := len(p.Actions); p.For == judge.Supplier {
		s += fmt.Sprintf("%s of %s in all %s for what clears %d of them once their makers have done it "+
			"and evidence says so",
			plan.Count(n, "letter", "letters"), effort(p.Hours), verb(n, "asks", "ask"), p.Cleared)
	} else {
		s += fmt.Sprintf("%s of %s in all %s %d of them once evidence says so", plan.Count(n, "action", "actions"),
			effort(p.Hours), verb(n, "clears", "clear"), p.Cleared)
	}
	if n := most(p); n > 0 && n < len(p.Actions) {
		s += fmt.Sprintf("; the first %d, %s", n, percent(p.Actions[n-1].Share))
	}
	s += ". "
	if p.Unsure > 0 {
		s += fmt.Sprintf("Of those cleared, %d rest in part on what bears a caution. ", p.Unsure)
	}
	if p.Open > 0 {
		s += fmt.Sprintf("For %d it is open whether their law binds. ", p.Open)
	}
	if !p.Exact {
		s += "No smaller plan was found; that there is none was not shown. "
	}
	return s + "A plan changes no verdict." + beside(p, others)
}

func beside(p *plan.Plan, others string) string {
	if p.Others == 0 {
		return ""
	}
	flag := "suppliers"
	if p.For == judge.Supplier {
		flag = "us"
	}
	return fmt.Sprintf(" Counted apart: %s of %s (--for %s).", plan.Count(p.Others, "duty", "duties"), others, flag)
}

// most is how many actions clear four fifths.
func most(p *plan.Plan) int {
	for i := range p.Actions {
		if p.Actions[i].Share > 0.8 {
			return i + 1
		}
	}
	return 0
}

func (t *printer) table(p *plan.Plan) {
	if len(p.Actions) == 0 {
		return
	}
	t.F("\n")
	g := &paper.Grid{Width: t.Width, Right: map[int]bool{0: true, 2: true, 6: true, 7: true}}
	g.Head("#", "action", "effort", "worst", "who", "owner", "clears", "in all")
	for i := range p.Actions {
		a := &p.Actions[i]
		g.Row(strconv.Itoa(i+1), paper.Clean(a.Title), effort(a.Hours), a.Severity, who(a), ownerOf(a),
			strconv.Itoa(a.Clears), percent(a.Share))
		if a.Severity == "critical" {
			g.Paint(3, paper.Bad)
		}
		if a.Share > 0.8 {
			g.Paint(7, paper.Good)
		}
	}
	t.F("%s", g)
}

func ownerOf(a *plan.Action) string {
	if a.Owner == "" {
		return "open"
	}
	return paper.Clean(a.Owner)
}

// who acts; where somebody else acts, its maker is only asked.
func who(a *plan.Action) string {
	var all []string
	asked := false
	for _, p := range a.Parts {
		if p.How == plan.Ask {
			asked = true
		} else if !slices.Contains(all, p.Who) {
			all = append(all, p.Who)
		}
	}
	switch {
	case len(all) == 0:
		return "maker"
	case asked:
		all = append(all, "ask maker")
	}
	return strings.Join(all, ", ")
}

func (t *printer) action(n int, a *plan.Action) {
	t.F("\n")
	t.Text(0, paper.Bold, fmt.Sprintf("%d. %s", n, paper.Clean(a.Title)))
	for _, p := range a.Parts {
		t.part(p, a.Title)
	}
	t.hanging("clears", laws(a.Duties))
	for _, p := range proofs(a) {
		t.hanging("proof", p)
	}
}

// hanging writes a named paragraph below a part.
func (t *printer) hanging(label, text string) {
	const indent, wide = 3, 7
	for i, l := range strings.Split(paper.Wrap(text, t.Width-indent-wide), "\n") {
		if i > 0 {
			label = ""
		}
		t.F("%*s%s%s\n", indent, "", paper.Faint.Render(fmt.Sprintf("%-*s", wide, label)), l)
	}
}

func (t *printer) part(p plan.Part, title string) {
	word := partWord(p.How)
	text := p.Text + " "
	if p.Text == title {
		text = ""
	}
	t.Text(3, paper.None, fmt.Sprintf("%s: %s(%s)", word, text, listed(t.names(p.Subjects), 6)))
	if p.Caution != "" {
		t.Text(3, paper.Warn, "caution: "+p.Caution)
	}
}

func partWord(h plan.How) string {
	switch h {
	case plan.Around:
		return "around it, by the operator"
	case plan.Paper:
		return "on paper"
	case plan.AtMaker:
		return "at the product, by its maker"
	case plan.Ask:
		return "ask the maker"
	}
	return "at the device, by the operator"
}

// laws names the articles by law.
func laws(duties []plan.Duty) string {
	var order []string
	pins := map[string][]string{}
	for _, d := range duties {
		l := d.Provision.Instrument.Short
		if pins[l] == nil {
			order = append(order, l)
		}
		pins[l] = append(pins[l], d.Provision.Pinpoint)
	}
	var out []string
	for _, l := range order {
		out = append(out, l+" "+listed(pins[l], 8))
	}
	return listed(out, 8, "; ")
}

// proofs joins facts that the same evidence shows.
func proofs(a *plan.Action) (out []string) {
	var order []string
	facts := map[string][]string{}
	for _, p := range a.Proof {
		if facts[p.Text] == nil {
			order = append(order, p.Text)
		}
		if p.Fact != "" {
			facts[p.Text] = append(facts[p.Text], string(p.Fact))
		} else {
			facts[p.Text] = append(facts[p.Text], "")
		}
	}
	for _, text := range order {
		f := strings.Join(facts[text], ", ")
		if f != "" {
			f = " (" + f + ")"
		}
		out = append(out, text+f)
	}
	return out
}

func (t *printer) left(p *plan.Plan) {
	if len(p.Left) == 0 {
		return
	}
	t.Title("What no action here clears")
	for _, l := range p.Left {
		t.Text(0, paper.None, fmt.Sprintf("%s: %s", plan.Count(l.Count, "duty", "duties"), l.Text))
		t.Text(3, paper.Faint, laws(l.Duties))
		for _, a := range l.Asks {
			t.part(a, "")
		}
	}
}

func (t *printer) notes(p *plan.Plan) {
	if len(p.Notes) == 0 {
		return
	}
	t.Title("Why a medical device is left as it is")
	for _, n := range p.Notes {
		t.Text(0, paper.None, fmt.Sprintf("%s (%s; %s)", n.Text, n.Pinpoint, n.Confidence))
	}
}

func (t *printer) evidence(p *plan.Plan) {
	if len(p.Evidence) == 0 {
		return
	}
	t.Title("The cheapest next evidence, for what is not shown")
	for i, it := range p.Evidence {
		head := fmt.Sprintf("%2d. ", i+1)
		for n, l := range strings.Split(paper.Wrap(it.Text, t.Width-len(head)), "\n") {
			if n > 0 {
				head = "    "
			}
			t.F("%s%s\n", head, l)
		}
		t.Text(4, paper.Faint, it.Says())
	}
}

func (t *printer) names(subjects []fact.Subject) (out []string) {
	for _, s := range subjects {
		out = append(out, paper.Clean(t.a.Name(s)))
	}
	return out
}

// listed are the first few of a list, and how many more there are.
func listed(all []string, most int, sep ...string) string {
	by := ", "
	if len(sep) > 0 {
		by = sep[0]
	}
	if n := len(all) - most; n > 1 {
		return strings.Join(all[:most], by) + fmt.Sprintf("%sand %d more", by, n)
	}
	return strings.Join(all, by)
}

// effort in person-hours, from two days on in person-days.
func effort(hours int) string {
	const day = 8
	if hours < 2*day {
		return fmt.Sprintf("%d h", hours)
	}
	return strings.TrimSuffix(strconv.FormatFloat(float64(hours)/day, 'f', 1, 64), ".0") + " d"
}

func percent(share float64) string { return strconv.Itoa(int(share*100)) + " %" }

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
