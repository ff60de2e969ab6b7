// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Proof is evidence that will show that an action was carried out.
type Proof struct {
	Fact   fact.Name   `json:"fact"`
	Method fact.Method `json:"method"`
	Hours  int         `json:"hours,omitempty"` // of capture, at least
	Text   string      `json:"text"`
}

// A letter's effort, in person-hours: one for the letter, one more for each few of its points.
const letterHours, pointsAnHour = 2, 4

// hours of a candidate: those of the vocabulary, else the control's person-days for each device.
func (c *candidate) hours() int {
	const day = 8
	switch {
	case c.product != (fact.Subject{}):
		return letterHours + len(c.answers)/pointsAnHour
	case c.action != nil:
		return c.action.base + c.action.each*len(c.subjects())
	}
	devices := 0
	for s := range c.subjects() {
		if s.Kind == fact.Device {
			devices++
		}
	}
	return max(1, c.control.Cost) * day * max(1, devices)
}

func (c *candidate) subjects() map[fact.Subject]bool {
	out := map[fact.Subject]bool{}
	for i := range c.answers {
		out[c.answers[i].who] = true
	}
	return out
}

// action is a candidate as the plan shows it.
func (b *builder) action(at int) Action {
	c := b.by[b.order[at]]
	out := Action{Hours: c.hours(), Proof: b.proofs(c)}
	switch {
	case c.product != (fact.Subject{}):
		out.ID, out.Title = "ask-"+c.product.ID, "Write to the maker of "+b.w.Name(c.product)
	case c.action != nil:
		out.ID, out.Title = c.action.id, c.action.title
	default:
		out.ID, out.Title = string(c.control.ID), c.control.Remedy
	}
	var todo parts
	for _, a := range c.answers {
		b.parts(c, a, &todo)
		add(&out.Controls, a.control)
	}
	out.Parts = todo.list
	duties := map[*law.Provision]int{}
	for _, v := range c.verdicts {
		addDuty(&out.Duties, duties, v)
	}
	slices.Sort(out.Controls)
	out.Severity = b.worst(out.Controls)
	slices.SortStableFunc(out.Duties, func(x, y Duty) int { return cmp.Compare(x.Provision.ID, y.Provision.ID) })
	for i := range out.Parts {
		slices.SortFunc(out.Parts[i].Subjects, func(x, y fact.Subject) int {
			return cmp.Compare(b.w.Name(x),
				b.w.Name(y))
		})
	}
	out.Owner = b.owner(&out)
	return out
}

// parts adds what to do about one answer, and what to ask of the maker of a device that stays as it is.
func (b *builder) parts(c *candidate, a answer, out *parts) {
	p := Part{How: a.how, Who: "operator", Caution: a.caution, Subjects: []fact.Subject{a.who}}
	switch {
	case c.product != (fact.Subject{}):
		p.Who, p.Text = "maker", b.demandOf(a)
	case a.how == AtMaker && c.action != nil:
		p.Who, p.Text = "maker", c.action.maker
	case a.how == AtMaker:
		p.Who, p.Text = "maker", c.control.Remedy
	case a.how == Around:
		p.Text = c.action.around
	case c.action != nil:
		p.Text = c.action.do
	default:
		p.Text = c.control.Remedy
	}
	out.add(p)
	if c.action != nil && c.action.ask != "" && a.how == Around && !b.status.ours(a.who) {
		out.add(Part{How: Ask, Who: "maker", Text: c.action.ask, Subjects: []fact.Subject{b.productOf(a.who)}})
	}
}

// demandOf is what to ask of a supplier: in the words of the vocabulary, else the remedy where it is not ours.
func (b *builder) demandOf(a answer) string {
	for _, x := range b.v.actions {
		if match(x.facts, a.fact) && cmp.Or(x.maker, x.ask) != "" {
			return cmp.Or(x.maker, x.ask)
		}
	}
	c := b.w.Catalogue.Controls[a.control]
	if c.Actor == "operator" {
		return "Say how the product comes to meet this: " + c.Title
	}
	return c.Remedy
}

func (b *builder) productOf(s fact.Subject) fact.Subject {
	if p := b.status.product[s]; p != (fact.Subject{}) {
		return p
	}
	return s
}

var severities = []string{"critical", "high", "medium", "low"}

// worst is the gravest severity of controls.
func (b *builder) worst(controls []law.ControlID) string {
	for _, s := range severities {
		if slices.ContainsFunc(controls,
			func(c law.ControlID) bool { return b.w.Catalogue.Controls[c].Severity == s }) {
			return s
		}
	}
	return ""
}

// owner is whom a responsibility record names for the action, else for its controls.
func (b *builder) owner(a *Action) string {
	if b.w.Owner == nil {
		return ""
	}
	if o := b.w.Owner(a.ID); o != "" {
		return o
	}
	var all []string
	for _, c := range a.Controls {
		if o := b.w.Owner(string(c)); o != "" {
			add(&all, o)
		}
	}
	return strings.Join(all, ", ")
}

// proofs say what evidence will show it: a control of the catalogue is proven by its facts.
func (b *builder) proofs(c *candidate) []Proof {
	var out []Proof
	judged, seen := false, map[fact.Name]bool{}
	for _, a := range c.answers {
		judged = judged || strings.Contains(a.caution, judgedCaution)
		d, ok := b.w.Catalogue.Vocabulary.Lookup(a.fact)
		if !ok || seen[a.fact] {
			continue
		}
		seen[a.fact] = true
		out = append(out, proofOf(d, a.wanted))
	}
	slices.SortFunc(out, func(x, y Proof) int { return cmp.Compare(x.Fact, y.Fact) })
	if judged {
		out = append(out, Proof{Method: fact.Judgement,
			Text: "a signed judgement, with reasons and an end, that the measure around the device answers the duty"})
	}
	return out
}

// proofOf is the way in which a fact's other value becomes known: wanted says that it is a yes.
func proofOf(d *fact.Definition, wanted bool) Proof {
	can := func(m fact.Method) bool { return len(d.Known) == 0 || slices.Contains(d.Known, m) }
	p := Proof{Fact: d.Name}
	switch {
	case can(fact.Passive) && d.AbsenceHours > 0:
		p.Method, p.Hours = fact.Passive, d.AbsenceHours
		capture := fmt.Sprintf("a capture of %d hours, both directions and the device active", d.AbsenceHours)
		p.Text = capture + ", that does not show it"
		switch {
		case wanted && d.Universal:
			p.Text = capture + ", that shows it throughout"
		case wanted:
			p.Hours, p.Text = 0, "a capture that shows it"
		}
		if can(fact.Active) && strings.HasPrefix(string(d.Name), "service.") {
			p.Text += "; or a completed scan"
		}
	case can(fact.Active):
		p.Method, p.Text = fact.Active, "a completed scan, from a place that reaches the device"
	case can(fact.Import):
		p.Method, p.Text = fact.Import, "another tool's complete result, with its options, time and place"
	case can(fact.Record):
		p.Method, p.Text = fact.Record, "a record, with its day and who signs"
	case can(fact.Declaration):
		p.Method, p.Text = fact.Declaration, "an answer in the profile, signed for a day"
	default:
		p.Method, p.Text = fact.Judgement, "a signed judgement, with reasons and an end"
	}
	return p
}

// notes are the law's words on changing a medical device, where the plan meets one.
func (b *builder) notes(actions []Action, left []Left) []Note {
	var parts []Part
	for _, a := range actions {
		parts = append(parts, a.Parts...)
	}
	for _, l := range left {
		parts = append(parts, l.Asks...)
	}
	for _, p := range parts {
		for _, s := range p.Subjects {
			if b.status.guarded(s) && p.How != Paper && b.side == judge.Own {
				return b.v.medical.notes
			}
		}
	}
	return []Note{}
}
