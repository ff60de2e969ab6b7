// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"fmt"
	"slices"

	"github.com/writ-iot/writ/fact"
)

// provision reads one duty and what decides it.
func (d *document) provision(i *Instrument, n *Node) {
	p := &Provision{Instrument: i, Pos: n.Pos}
	var id string
	var requires []ControlID
	var requiresAt Pos
	d.Object(n, "a provision",
		Need("id", d.TextAt(&id, &p.Pos)),
		Need("pinpoint", d.TextAt(&p.Pinpoint, &p.PinpointPos)),
		Need("text", d.Text(&p.Text)),
		Need("force", Word(d.Reader, &p.Force, "force", []Force{Must, Should, May})),
		Opt("addressable", d.Bool(&p.Addressable)),
		Need("mode", Word(d.Reader, &p.Mode, "mode", []Mode{Judged, ByRecord, Open})),
		Need("subject", Word(d.Reader, &p.Subject, "subject of a provision",
			[]fact.SubjectKind{fact.Organisation, fact.Device, fact.Product})),
		Need("bearer", Word(d.Reader, &p.Bearer, "bearer", []Relation{OfMaker, OfOperator, OfSelf})),
		Opt("role", d.Text(&p.Role)),
		Opt("from", d.dayOf(&p.From, "from")),
		Opt("until", d.dayOf(&p.Until, "until")),
		Opt("applies", d.List(func(n *Node) { p.Applies = append(p.Applies, d.conjunct(n)) })),
		Opt("displaced", d.List(func(n *Node) { p.Displaced = append(p.Displaced, d.displacement(n)) })),
		Opt("breach", d.controlRefs(&p.Breach)),
		Opt("suffices", d.controlRefs(&p.Suffices)),
		Opt("requires", func(n *Node) { requiresAt = n.Pos; d.controlRefs(&requires)(n) }),
		Opt("indicators", d.controlRefs(&p.Indicators)),
		Opt("deemed", d.List(func(n *Node) { p.Deemed = append(p.Deemed, d.deemed(n)) })),
		Opt("needs", d.Texts(&p.Needs)),
		Opt("confidence", Word(d.Reader, &p.Confidence, "confidence", confidences)),
		Opt("depth", Word(d.Reader, &p.Depth, "depth", depths)),
		Opt("reviewed", d.review(p)),
		Need("source", d.source(&p.Source)),
		Opt("note", d.Text(&p.Note)),
	)
	if id != "" && !localID.MatchString(id) {
		d.Add(p.Pos, fmt.Sprintf("%q is no ID of a provision", id),
			"parts of letters, digits, points and hyphens: annex-1/1/2/d")
	}
	if len(requires) > 0 && len(p.Suffices) > 0 {
		d.Add(requiresAt, "requires stands for breach and suffices at once",
			"write breach and suffices, or requires alone")
	}
	p.Breach, p.Suffices = union(p.Breach, requires), union(p.Suffices, requires)
	p.ID = ProvisionID(id) // local until the instrument's own ID is known
	i.Provisions = append(i.Provisions, p)
}

func union(a, b []ControlID) []ControlID {
	for _, c := range b {
		if !slices.Contains(a, c) {
			a = append(a, c)
		}
	}
	return a
}

func (d *document) controlRefs(to *[]ControlID) func(*Node) {
	return d.List(func(n *Node) {
		var s string
		d.reference(&s, toControl)(n)
		if slices.Contains(*to, ControlID(s)) {
			d.Add(n.Pos, fmt.Sprintf("control %q stands twice in one list", s), "")
			return
		}
		*to = append(*to, ControlID(s))
	})
}

func (d *document) deemed(n *Node) Deemed {
	m := Deemed{Pos: n.Pos}
	d.Object(n, "a deemed compliance",
		Opt("by", d.reference((*string)(&m.By), toInstrument)),
		Need("kind", Word(d.Reader, &m.Kind, "kind of deemed compliance", []string{"deemed", "presumption"})),
		Need("when", d.TextAt(&m.When, &m.Pos)),
		Opt("provisions", d.Texts(&m.Provisions)),
		Opt("restricted", d.Texts(&m.Restricted)),
		Opt("from", d.dayOf(&m.From, "from")),
		Need("pinpoint", d.Text(&m.Pinpoint)),
		Need("source", d.source(&m.Source)),
	)
	if m.By == "" && len(m.Provisions)+len(m.Restricted) > 0 {
		d.Add(n.Pos, "provisions of which instrument?", "name it: by: etsi/en-303-645")
	}
	return m
}

// review reads who reviewed the provision: depth reviewed belongs to a named jurist, on a day, against a
// text (semantics, section 2).
func (d *document) review(p *Provision) func(*Node) {
	return func(n *Node) {
		p.Review = &Review{}
		d.Object(n, "a review",
			Need("by", d.Text(&p.Review.By)),
			Need("day", d.Day(&p.Review.Day)),
			Need("against", d.Text(&p.Review.Against)))
	}
}
