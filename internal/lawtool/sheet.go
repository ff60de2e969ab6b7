// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

func (p *paper) provision(cat *law.Catalogue, v *law.Provision) {
	p.line("%s  %s", v.ID, v.Pinpoint)
	p.entry("text", v.Text)
	addressable := ""
	if v.Addressable {
		addressable = "addressable"
	}
	p.entry("force", join(", ", string(v.Force), string(v.Mode), addressable))
	p.entry("about", aKind(v.Subject)+"; the duty is "+bearerWords[v.Bearer]+" ("+v.Role+")")
	p.entry("days", strings.TrimPrefix(days(v), ", "))
	p.entry("law", fmt.Sprintf("%s (%s)", v.Instrument.Title, v.Instrument.Citation))
	p.entry("checked", fmt.Sprintf("%s; %s; %s", v.Confidence, v.Depth, v.Instrument.Sources[v.Source]))
	if v.Review != nil {
		p.entry("reviewed", fmt.Sprintf("by %s on %s against %s", v.Review.By, v.Review.Day, v.Review.Against))
	}
	p.entry("note", v.Note)
	p.conditions(slices.Concat(v.Instrument.Applies, v.Applies), slices.Concat(v.Instrument.Displaced, v.Displaced))
	p.decides(cat, "Broken where one is false", v.Breach)
	p.decides(cat, "Met where all are true", v.Suffices)
	p.decides(cat, "Points to a breach where one is false", v.Indicators)
	for _, d := range v.Deemed {
		p.head("Accepted as met")
		p.entry(d.Kind, join("; ", string(d.By)+" "+strings.Join(d.Provisions, ", "), "where "+d.When, d.Pinpoint))
	}
	for k, n := range v.Needs {
		if k == 0 {
			p.head("Needs")
		}
		p.item(n)
	}
}

var bearerWords = map[law.Relation]string{law.OfMaker: "its maker's", law.OfOperator: "its operator's",
	law.OfSelf: "its own"}

func aKind(k fact.SubjectKind) string {
	if k == fact.Organisation {
		return "an " + string(k)
	}
	return "a " + string(k)
}

func (p *paper) decides(cat *law.Catalogue, title string, ids []law.ControlID) {
	if len(ids) > 0 {
		p.head(title)
	}
	for _, id := range ids {
		c := cat.Controls[id]
		p.line("  %s: %s", id, c.Title)
		p.entry("", c.Expr)
	}
}

func (p *paper) control(cat *law.Catalogue, c *law.Control) {
	p.line("%s  %s", c.ID, c.Title)
	p.entry("about", aKind(c.Subject))
	p.entry("true when", c.Expr)
	p.entry("severity", c.Severity)
	p.entry("threats", strings.Join(c.Threats, ", "))
	p.entry("remedy", c.Remedy)
	p.entry("by", c.Actor)
	if c.Cost > 0 {
		p.entry("effort", plural(c.Cost, "person-day", "person-days"))
	}
	p.head("Asked for by")
	for _, i := range cat.Instruments {
		for _, v := range i.Provisions {
			if slices.Contains(controlsOf(v), c.ID) {
				p.line("  %s  %s", v.ID, v.Pinpoint)
			}
		}
	}
}

func (p *paper) fact(cat *law.Catalogue, d *fact.Definition) {
	p.line("%s  %s about %s", d.Name, d.Type, aKind(d.Subject))
	p.entry("meaning", d.Meaning)
	p.entry("words", strings.Join(d.Words, ", "))
	p.entry("known by", strings.Join(asStrings(d.Known), ", "))
	if d.AbsenceHours > 0 {
		p.entry("absence", fmt.Sprintf("shown by %d hours of listening", d.AbsenceHours))
	}
	p.entry("question", d.Question)
	p.entry("source", d.Source)
	p.head("Named by")
	for _, c := range sortedControls(cat) {
		if names(cat, c.Expr, d.Name) {
			p.line("  %s: %s", c.ID, c.Title)
		}
	}
}

func sortedControls(cat *law.Catalogue) []*law.Control {
	all := make([]*law.Control, 0, len(cat.Controls))
	for _, c := range cat.Controls {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *law.Control) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// names says whether an expression names a fact. The text is looked through first: to read it costs more.
func names(cat *law.Catalogue, text string, n fact.Name) bool {
	if !strings.Contains(text, string(n)) {
		return false
	}
	defs, _ := expr.Check(cat.Vocabulary, text)
	return slices.ContainsFunc(defs, func(d *fact.Definition) bool { return d.Name == n })
}
