// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
)

// Find gives the verdicts that a person may mean: one by its whole ID, or all of a provision, an
// instrument, a subject, or of any part of an ID.
func Find(a *assess.Assessment, id string) []*judge.Verdict {
	var part []*judge.Verdict
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		if v.ID() == id {
			return []*judge.Verdict{v}
		}
		if strings.Contains(v.ID(), id) || v.Provision.Pinpoint == id {
			part = append(part, v)
		}
	}
	return part
}

// Why writes a verdict backwards: article, control, fact, statement, frame.
func Why(w io.Writer, a *assess.Assessment, v *judge.Verdict) error {
	const wide = 8
	p := newPrinter(w, 0)
	pr := v.Provision
	p.F("%s\n", bold.Render(v.ID()))
	p.F("%s\n", strings.TrimSpace(outcome(v)+"  "+strings.Join(v.Flags, ", ")))
	p.Field(wide, "law", fmt.Sprintf("%s, %s (%s; source %s, %s)", pr.Instrument.Short, pr.Pinpoint,
		pr.Instrument.Citation, pr.Source, pr.Confidence))
	p.Field(wide, "duty", fmt.Sprintf("%s (%s, %s)", pr.Text, pr.Force, pr.Mode))
	p.Field(wide, "bearer", bearerName(a, v))
	p.Field(wide, "subject", fmt.Sprintf("%s %s", v.Subject.Kind, name(a, v.Subject)))
	for _, u := range v.Units {
		p.Field(wide, "unit", name(a, u))
	}
	p.Field(wide, "day", fmt.Sprintf("law of %s", a.Day))
	p.notShown(v)
	p.Title("Because")
	p.tree(a, v, v.Because(), 0)
	if len(pr.Needs) > 0 && v.Outcome != judge.Met {
		p.Title("What the text needs")
		for _, n := range pr.Needs {
			p.Text(2, none, n)
		}
	}
	if lines := a.Beside[v.ID()]; len(lines) > 0 {
		p.Title("Beside it, and changing nothing")
		for _, l := range lines {
			p.Text(2, none, Clean(l))
		}
	}
	p.F("\n")
	p.Text(0, faint, Disclaimer)
	return p.Err
}

func (p *printer) notShown(v *judge.Verdict) {
	const wide = 8
	if v.Readiness != nil {
		p.Field(wide, "ready", fmt.Sprintf("on %s it would be %s", v.Readiness.Day,
			plain(v.Readiness.Outcome.String())))
	}
	if v.Outcome != judge.NotShown {
		return
	}
	p.Field(wide, "open", strings.Join(reasons(v), ", ")+"; ended by "+classWord(v.Class))
	if len(v.Missing) > 0 {
		p.Field(wide, "missing", strings.Join(factNames(v.Missing), ", "))
	}
	if len(v.Cheapest) > 0 {
		p.Field(wide, "cheapest", strings.Join(factNames(v.Cheapest), ", "))
	}
}

// reasons are why a verdict is not shown, in words.
func reasons(v *judge.Verdict) []string {
	var out []string
	for _, r := range v.Reasons {
		out = append(out, plain(string(r)))
		if r == judge.ApplicabilityUnknown {
			out = append(out, "would be "+plain(v.WouldBe.String()))
		}
	}
	return out
}

// tree writes the reasons; below a fact stands what it rests on.
func (p *printer) tree(a *assess.Assessment, v *judge.Verdict, bs []judge.Because, indent int) {
	for i := range bs {
		b := &bs[i]
		p.Text(indent, mark(b.Truth), Clean(sentence(a, v, b)))
		if b.Fact != nil {
			p.support(a, b.Fact, indent+4)
		}
		p.tree(a, v, b.Children, indent+2)
	}
}

func mark(t string) lipgloss.Style {
	switch t {
	case "true":
		return good
	case "false":
		return bad
	}
	return faint
}

// support writes statement, artefact and frames of each claim behind a fact.
func (p *printer) support(a *assess.Assessment, r *fact.Resolved, indent int) {
	for _, c := range r.Support {
		p.Text(indent, faint, claimText(c))
		for _, s := range c.Sources {
			p.Text(indent+2, faint, sourceText(a, s))
		}
	}
}

// claimText names a claim's statement; a run that keeps nothing has statements without a signature.
func claimText(c *fact.Claim) string {
	return fmt.Sprintf("statement %s, %s, observed %s", short(c.Statement), c.Method, stamp(c.ObservedAt))
}

func bearerName(a *assess.Assessment, v *judge.Verdict) string {
	who := "not known"
	if !v.Person.IsZero() {
		who = name(a, v.Person)
	}
	if v.Bearer == judge.Supplier {
		return who + ", a supplier, as " + v.Provision.Role
	}
	return who + ", as " + v.Provision.Role
}

func outcome(v *judge.Verdict) string {
	s := standingOf(v)
	if s == indicated {
		return paints[s].Render(open.String()) // what it is; the flag says the rest
	}
	return paints[s].Render(wordOf(s, v.Bearer))
}

// Verdicts lists verdicts, one a line, for a person to choose from.
func Verdicts(w io.Writer, vs []*judge.Verdict, most int) error {
	p := newPrinter(w, 0)
	for _, v := range vs[:min(most, len(vs))] {
		p.F("%s%s %s\n", outcome(v), strings.Repeat(" ", max(0, 30-ansi.StringWidth(outcome(v)))), v.ID())
	}
	if n := len(vs) - most; n > 0 {
		p.F("and %d more\n", n)
	}
	return p.Err
}
