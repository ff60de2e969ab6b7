// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Show writes all that the catalogue says of an instrument, a provision, a control or a fact, as of a day.
func Show(w io.Writer, cat *law.Catalogue, id string, day fact.Day) error {
	p := &paper{w: w}
	switch v := find(cat, id).(type) {
	case *law.Instrument:
		p.instrument(v, day)
	case *law.Provision:
		p.provision(cat, v)
	case *law.Control:
		p.control(cat, v)
	case *fact.Definition:
		p.fact(cat, v)
	default:
		return unknownID(cat, id)
	}
	return p.err
}

// find looks an ID up: instruments first, then provisions, controls and facts; nil when there is none.
func find(cat *law.Catalogue, id string) any {
	if i, ok := cat.Instrument(law.InstrumentID(id)); ok {
		return i
	}
	if p := cat.Provisions[law.ProvisionID(id)]; p != nil {
		return p
	}
	if c := cat.Controls[law.ControlID(id)]; c != nil {
		return c
	}
	if d, ok := cat.Vocabulary.Lookup(fact.Name(id)); ok && !strings.HasPrefix(id, fact.JudgementPrefix) {
		return d
	}
	return nil
}

func unknownID(cat *law.Catalogue, id string) error {
	all := slices.Concat(instrumentIDs(cat), factNames(cat), asStrings(slices.Collect(maps.Keys(cat.Controls))),
		asStrings(slices.Collect(maps.Keys(cat.Provisions))))
	hint := law.DidYouMean(id, all)
	if hint == "" {
		hint = "look for it with: writ law search " + id
	}
	return fmt.Errorf("the catalogue has no %q; %s", id, hint)
}

func (p *paper) instrument(i *law.Instrument, day fact.Day) {
	p.line("%s  %s", i.ID, i.Title)
	p.entry("short", i.Short)
	p.entry("citation", i.Citation)
	p.entry("issuer", i.Issuer+" ("+i.Jurisdiction+", "+string(i.Kind)+")")
	p.entry("status", i.Status)
	p.entry("binds", StateOn(i, day))
	p.entry("addressees", strings.Join(i.Addressees, ", "))
	p.entry("checked", fmt.Sprintf("%s by %s; %s; %s", i.Checked, i.CheckedBy, i.Confidence, i.Depth))
	p.timeline(i, day)
	p.conditions(i.Applies, i.Displaced)
	p.clocks(i)
	p.sanctions(i)
	p.head("Provisions")
	for _, v := range i.Provisions {
		p.line("  %-22s %-18s %s", v.Local(), string(v.Force)+" "+string(v.Mode), v.Pinpoint+days(v))
		for _, row := range wrap(v.Text, width-8) {
			p.line("      %s", row)
		}
	}
	p.head("Sources")
	for _, k := range slices.Sorted(maps.Keys(i.Sources)) {
		p.entry(k, i.Sources[k])
	}
	for k, n := range i.Notes {
		if k == 0 {
			p.head("Notes")
		}
		p.item(n)
	}
}

func days(v *law.Provision) string {
	s := ""
	if v.From != nil {
		s += ", from " + v.From.String()
	}
	if v.Until != nil {
		s += ", until " + v.Until.String()
	}
	return s
}

// timeline marks where the day lies among the milestones.
func (p *paper) timeline(i *law.Instrument, day fact.Day) {
	p.head("Timeline")
	marked := false
	for _, m := range i.Milestones {
		if !marked && m.Day > day {
			p.line("  %s  <- this day", day)
			marked = true
		}
		p.line("  %-10s  %s", LooseDay(m), join(": ", m.Event, m.Note)+doubt(m.Confidence))
	}
	if !marked {
		p.line("  %s  <- this day", day)
	}
}

// LooseDay writes the day of a milestone as far as its source knows it.
func LooseDay(m law.Milestone) string {
	switch m.Precision {
	case "month":
		return m.Day.String()[:7]
	case "year":
		return m.Day.String()[:4]
	}
	return m.Day.String()
}

// doubt shows a confidence that is less than verified.
func doubt(c law.Confidence) string {
	if c == law.Verified || c == "" {
		return ""
	}
	return " [" + string(c) + "]"
}

func join(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

func (p *paper) conditions(applies []law.Conjunct, displaced []law.Displacement) {
	if len(applies) > 0 {
		p.head("Applies where all hold")
	}
	for _, c := range applies {
		p.entry(c.Name, c.Expr+"  ("+c.Pinpoint+")")
	}
	for _, d := range displaced {
		p.entry("displaced", "by "+string(d.By)+" where "+d.When+"  ("+d.Pinpoint+")")
	}
}

func (p *paper) clocks(i *law.Instrument) {
	if len(i.Clocks) > 0 {
		p.head("Clocks")
	}
	for _, c := range i.Clocks {
		p.line("  %s  %s%s", c.ID, c.Pinpoint, doubt(c.Confidence))
		p.entry("period", PeriodOf(c))
		p.entry("to", c.Recipient)
		p.entry("", c.NoRecipient)
		p.entry("when", c.When)
		for _, v := range c.Variants {
			p.entry("variant", join("; ", v.If, v.When, join(" from ", v.Offset, v.Anchor)))
		}
		p.content(c.Items)
		p.entry("form", c.Form)
		p.entry("stop", c.Stop)
		p.entry("suspension", c.Suspension)
		p.entry("note", c.Note)
	}
}

// content is what a notice must say, an item a line where the law gives each a place.
func (p *paper) content(items []law.ContentItem) {
	var plain []string
	for _, i := range items {
		if i.ID == "" {
			plain = append(plain, i.Title)
			continue
		}
		p.entry("says", join("; ", i.Title, i.If)+"  ("+i.Pinpoint+")"+doubt(i.Confidence))
	}
	p.entry("content", strings.Join(plain, "; "))
}

// PeriodOf says in words how long a clock runs, and from when.
func PeriodOf(c law.Clock) string {
	offset := c.Offset
	if offset == "" {
		offset = "no fixed period"
	}
	s := offset + " from " + c.Anchor
	if c.After != "" {
		s = offset + " from the submission of " + c.After
	}
	for _, a := range c.Also {
		s += ", " + a.Offset + " from " + a.Anchor
	}
	if c.Combine != "" {
		s = "the " + c.Combine + " of " + s
	}
	return s + " (" + c.PeriodRule + ")"
}

func (p *paper) sanctions(i *law.Instrument) {
	if len(i.Penalties) > 0 {
		p.head("Penalties")
	}
	for _, v := range i.Penalties {
		p.item(join("; ", v.For+": "+v.Formula+doubt(v.Confidence), v.Pinpoint, year(v.Year)))
	}
	if len(i.Retention) > 0 {
		p.head("To keep")
	}
	for _, r := range i.Retention {
		p.item(join("; ", r.What+": "+r.Period+doubt(r.Confidence), r.Pinpoint))
	}
	if len(i.Authorities) > 0 {
		p.head("Authorities")
	}
	for _, a := range i.Authorities {
		p.item(join(", ", a.Name, a.Territory, a.URL))
	}
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return fmt.Sprintf("figure of %d", y)
}

func instrumentIDs(cat *law.Catalogue) []string {
	var all []string
	for _, i := range cat.Instruments {
		all = append(all, string(i.ID))
	}
	return all
}

func factNames(cat *law.Catalogue) []string { return asStrings(cat.Vocabulary.Names()) }

func asStrings[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}
