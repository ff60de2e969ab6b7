// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

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
	p := &printer{w: w, width: 100}
	pr := v.Provision
	p.f("%s\n", bold.Render(v.ID()))
	p.f("%s  %s\n", outcome(v), strings.Join(v.Flags, ", "))
	p.field("law", fmt.Sprintf("%s, %s (%s; source %s, %s)", pr.Instrument.Short, pr.Pinpoint, pr.Instrument.Citation, pr.Source, pr.Confidence))
	p.field("duty", fmt.Sprintf("%s (%s, %s)", pr.Text, pr.Force, pr.Mode))
	p.field("bearer", bearerText(a, v))
	p.field("subject", fmt.Sprintf("%s %s", v.Subject.Kind, Clean(a.Name(v.Subject))))
	for _, u := range v.Units {
		p.field("unit", Clean(a.Name(u)))
	}
	p.field("day", fmt.Sprintf("law of %s", a.Day))
	p.notShown(v)
	p.title("Because")
	p.tree(a, v, v.Because, "")
	if len(pr.Needs) > 0 && v.Outcome != judge.Met {
		p.title("What the text needs")
		for _, n := range pr.Needs {
			p.f("  %s\n", n)
		}
	}
	p.f("\n%s\n", faint.Render(Disclaimer))
	return p.err
}

func (p *printer) field(name, text string) {
	p.f("%s %s\n", faint.Render(fmt.Sprintf("%-8s", name)), wrap(text, p.width-9, strings.Repeat(" ", 9)))
}

func (p *printer) notShown(v *judge.Verdict) {
	if v.Readiness != nil {
		p.field("ready", fmt.Sprintf("on %s it would be %s", v.Readiness.Day, v.Readiness.Outcome))
	}
	if v.Outcome != judge.NotShown {
		return
	}
	var reasons []string
	for _, r := range v.Reasons {
		reasons = append(reasons, string(r))
		if r == judge.ApplicabilityUnknown {
			reasons = append(reasons, "would be "+v.WouldBe.String())
		}
	}
	p.field("open", strings.Join(reasons, ", ")+"; ended by "+string(v.Class))
	p.field("missing", strings.Join(factNames(v.Missing), ", "))
	if len(v.Cheapest) > 0 {
		p.field("cheapest", strings.Join(factNames(v.Cheapest), ", "))
	}
}

// tree writes the reasons; below a fact stands what it rests on.
func (p *printer) tree(a *assess.Assessment, v *judge.Verdict, bs []judge.Because, indent string) {
	for i := range bs {
		b := &bs[i]
		p.f("%s%s\n", indent, mark(b.Truth).Render(wrap(Clean(sentence(a, v, b)), p.width-len(indent), indent+"  ")))
		if b.Fact != nil {
			p.support(a, b.Fact, indent+"    ")
		}
		p.tree(a, v, b.Children, indent+"  ")
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
func (p *printer) support(a *assess.Assessment, r *fact.Resolved, indent string) {
	for _, c := range r.Support {
		p.f("%s%s\n", indent, faint.Render(fmt.Sprintf("statement %s, %s, observed %s", short(c.Statement), c.Method, stamp(c.ObservedAt))))
		for _, s := range c.Sources {
			p.f("%s  %s\n", indent, faint.Render(sourceText(a, s)))
		}
	}
}

func sourceText(a *assess.Assessment, s fact.Source) string {
	name := ""
	for _, in := range a.Inputs {
		if in.SHA256 == s.Input && in.Path != "" {
			name = " (" + Clean(in.Path) + ")"
		}
	}
	var frames []string
	for _, f := range s.Frames {
		if f[0] == f[1] {
			frames = append(frames, fmt.Sprint(f[0]))
		} else {
			frames = append(frames, fmt.Sprintf("%d-%d", f[0], f[1]))
		}
	}
	const most = 8
	if n := len(frames); n > most {
		frames = append(frames[:most], fmt.Sprintf("and %d more", n-most))
	}
	text := fmt.Sprintf("artefact %s%s, frame %s", short(s.Input), name, strings.Join(frames, ", "))
	if s.Note != "" {
		text += ": " + Clean(s.Note)
	}
	return text
}

func bearerText(a *assess.Assessment, v *judge.Verdict) string {
	who := "not known"
	if !v.Person.IsZero() {
		who = Clean(a.Name(v.Person))
	}
	if v.Bearer == judge.Supplier {
		return who + ", a supplier, as " + v.Provision.Role
	}
	return who + ", as " + v.Provision.Role
}

func outcome(v *judge.Verdict) string {
	switch {
	case v.Outcome == judge.Violated:
		return bad.Render("violated")
	case slices.Contains(v.Flags, judge.BreachIndicated):
		return warn.Render("not shown")
	case v.Outcome == judge.Met:
		return good.Render("met")
	}
	return strings.ReplaceAll(v.Outcome.String(), "-", " ")
}

// Verdicts lists verdicts, one a line, for a person to choose from.
func Verdicts(w io.Writer, vs []*judge.Verdict, most int) error {
	p := &printer{w: w}
	for _, v := range vs[:min(most, len(vs))] {
		p.f("%-15s %s\n", outcome(v), v.ID())
	}
	if n := len(vs) - most; n > 0 {
		p.f("and %d more\n", n)
	}
	return p.err
}

// wrap breaks a text at spaces; further lines begin with indent.
func wrap(s string, width int, indent string) string {
	var b strings.Builder
	line := 0
	for i, word := range strings.Fields(s) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case line+1+n > max(width, 20):
			b.WriteString("\n" + indent)
			line = 0
		default:
			b.WriteByte(' ')
			line++
		}
		b.WriteString(word)
		line += n
	}
	return b.String()
}
