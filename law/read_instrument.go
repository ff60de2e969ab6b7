// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/writ-iot/writ/fact"
)

var (
	instrumentID = regexp.MustCompile(`^[a-z0-9]+/[a-z0-9]+([-.][a-z0-9]+)*$`)
	localID      = regexp.MustCompile(`^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*(/[A-Za-z0-9]+([-.][A-Za-z0-9]+)*)*$`)
	period       = regexp.MustCompile(`^P(\d+BD|(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?)?)$`)
	currency     = regexp.MustCompile(`^[A-Z]{3}$`)
)

var (
	confidences = []Confidence{Verified, Remembered, Doubtful}
	depths      = []Depth{Listed, Modelled, Tested, Reviewed}
	choices     = []string{"higher", "lower"}
	conjuncts   = []string{"territorial", "personal", "material", "adoption", "temporal"}
)

// instrumentFile reads one law. want is the ID that the file's path says.
func (d *document) instrumentFile(root *Node, want InstrumentID) {
	i := &Instrument{File: d.name, Pos: root.Pos, Sources: map[string]string{}}
	d.instrument = i
	var id string
	idAt := root.Pos
	d.Object(root, "an instrument",
		Need("id", d.TextAt(&id, &idAt)),
		Need("title", d.Text(&i.Title)),
		Need("short", d.Text(&i.Short)),
		Need("citation", d.Text(&i.Citation)),
		Need("jurisdiction", d.Text(&i.Jurisdiction)),
		Need("issuer", d.Text(&i.Issuer)),
		Need("kind", Word(d.Reader, &i.Kind, "kind of instrument", Kinds())),
		Need("status", d.Text(&i.Status)),
		Need("addressees", d.Texts(&i.Addressees)),
		Need("checked", d.checked(i)),
		Need("confidence", Word(d.Reader, &i.Confidence, "confidence", confidences)),
		Need("depth", Word(d.Reader, &i.Depth, "depth", depths)),
		Need("sources", d.sources(i)),
		Need("milestones", d.List(func(n *Node) { d.milestone(i, n) })),
		Opt("applies-from", d.dayOf(&i.AppliesFrom, "applies-from")),
		Opt("repealed", d.dayOf(&i.Repealed, "repealed")),
		Opt("replaced-by", d.reference((*string)(&i.ReplacedBy), toInstrument)),
		Opt("applies", d.List(func(n *Node) { i.Applies = append(i.Applies, d.conjunct(n)) })),
		Opt("displaced", d.List(func(n *Node) { i.Displaced = append(i.Displaced, d.displacement(n)) })),
		Opt("authorities", d.List(func(n *Node) { d.authority(i, n) })),
		Opt("penalties", d.List(func(n *Node) { d.penalty(i, n) })),
		Opt("retention", d.List(func(n *Node) { d.retention(i, n) })),
		Opt("clocks", d.List(func(n *Node) { d.clock(i, n) })),
		Need("provisions", d.List(func(n *Node) { d.provision(i, n) })),
		Opt("notes", d.Texts(&i.Notes)),
	)
	i.ID = InstrumentID(id)
	switch {
	case id == "":
	case !instrumentID.MatchString(id):
		d.Add(idAt, fmt.Sprintf("%q is no ID of an instrument", id), "jurisdiction/name: uk/psti")
	case i.ID != want:
		d.Add(idAt, fmt.Sprintf("instrument %q stands in the file of %q", id, want), "the path says the ID")
	}
	d.finish(i)
}

func (d *document) checked(i *Instrument) func(*Node) {
	return func(n *Node) {
		d.Object(n, "checked", Need("day", d.Day(&i.Checked)), Need("by", d.Text(&i.CheckedBy)))
	}
}

func (d *document) sources(i *Instrument) func(*Node) {
	return func(n *Node) {
		if n.Kind != Map {
			d.Add(n.Pos, "sources is a map from a short key to where it was read", "")
			return
		}
		for _, e := range n.Entries {
			var s string
			d.Text(&s)(e.Value)
			i.Sources[e.Key] = s
		}
	}
}

func (d *document) milestone(i *Instrument, n *Node) {
	m := Milestone{Pos: n.Pos}
	d.Object(n, "a milestone",
		Need("day", d.looseDay(&m)),
		Need("event", d.event(&m)),
		Opt("note", d.Text(&m.Note)),
		Opt("confidence", Word(d.Reader, &m.Confidence, "confidence", confidences)),
		Need("source", d.source(&m.Source)),
	)
	i.Milestones = append(i.Milestones, m)
}

// conjunct reads one condition of applicability.
func (d *document) conjunct(n *Node) Conjunct {
	c := Conjunct{Pos: n.Pos}
	d.Object(n, "a condition of applicability",
		Need("name", Word(d.Reader, &c.Name, "name of a condition", conjuncts)),
		Need("expr", d.TextAt(&c.Expr, &c.Pos)),
		Need("pinpoint", d.Text(&c.Pinpoint)),
	)
	return c
}

func (d *document) displacement(n *Node) Displacement {
	p := Displacement{Pos: n.Pos}
	d.Object(n, "a displacement",
		Need("by", d.reference((*string)(&p.By), toInstrument)),
		Need("when", d.TextAt(&p.When, &p.Pos)),
		Need("pinpoint", d.Text(&p.Pinpoint)),
	)
	return p
}

func (d *document) authority(i *Instrument, n *Node) {
	var a Authority
	d.Object(n, "an authority",
		Need("name", d.Text(&a.Name)), Opt("territory", d.Text(&a.Territory)), Opt("url", d.Text(&a.URL)))
	i.Authorities = append(i.Authorities, a)
}

func (d *document) penalty(i *Instrument, n *Node) {
	p := Penalty{Pos: n.Pos}
	var amount int
	d.Object(n, "a penalty",
		Need("for", d.Text(&p.For)),
		Need("formula", d.Text(&p.Formula)),
		Opt("pinpoint", d.Text(&p.Pinpoint)),
		Opt("year", d.Int(&p.Year, 2100)),
		Opt("confidence", Word(d.Reader, &p.Confidence, "confidence", confidences)),
		Need("source", d.source(&p.Source)),
		Opt("amount", d.Int(&amount, 1_000_000_000_000)),
		Opt("currency", d.matching(&p.Currency, currency, "currency", "three letters: EUR")),
		Opt("percent", d.percent(&p.Percent)),
		Opt("of", Word(d.Reader, &p.Of, "bearer of a turnover", []string{"entity", "undertaking"})),
		Opt("whichever", Word(d.Reader, &p.Whichever, "choice", choices)),
		Opt("small", Word(d.Reader, &p.Small, "choice", choices)),
		Opt("base", d.base(&p.Base)),
		Opt("or", d.Text(&p.Or)),
		Opt("per", d.Text(&p.Per)),
		Opt("at-least", d.Bool(&p.AtLeast)),
	)
	p.Amount = int64(amount)
	if (amount > 0) != (p.Currency != "") {
		d.Add(n.Pos, "a penalty's amount and currency stand together", "")
	}
	switch {
	case p.Percent == 0 && (p.Whichever != "" || p.Small != "" || p.Base.Fact != "" || p.Of != ""):
		d.Add(n.Pos, "a penalty without a share has neither of, base, whichever nor small", "percent: 2")
	case p.Percent > 0 && amount > 0 && p.Whichever == "":
		d.Add(n.Pos, "whether the amount or the share counts is not said", "whichever: higher, or lower")
	case (p.AtLeast || p.Or != "") && p.Percent == 0 && amount == 0:
		d.Add(n.Pos, "a penalty that may be more than a figure has one", "amount: 10000000")
	}
	i.Penalties = append(i.Penalties, p)
}

// base reads the figure of which a share is taken.
func (d *document) base(to *Base) func(*Node) {
	return func(n *Node) {
		var name string
		d.Object(n, "the base of a share",
			Need("fact", d.reference(&name, toFact)),
			Need("currency", d.matching(&to.Currency, currency, "currency", "three letters: EUR")),
		)
		to.Fact = fact.Name(name)
	}
}

func (d *document) retention(i *Instrument, n *Node) {
	var t Retention
	d.Object(n, "a retention duty",
		Need("what", d.Text(&t.What)),
		Need("period", d.Text(&t.Period)),
		Opt("pinpoint", d.Text(&t.Pinpoint)),
		Opt("confidence", Word(d.Reader, &t.Confidence, "confidence", confidences)),
		Need("source", d.source(&t.Source)),
	)
	i.Retention = append(i.Retention, t)
}

// looseDay reads a milestone's day, which a source may know only to the month or the year.
func (d *document) looseDay(m *Milestone) func(*Node) {
	return func(n *Node) {
		s, ok := d.Scalar(n)
		if !ok {
			return
		}
		full := s
		switch len(s) {
		case len("2027"):
			full, m.Precision = s+"-01-01", "year"
		case len("2027-12"):
			full, m.Precision = s+"-01", "month"
		}
		day, err := fact.ParseDay(full)
		if err != nil {
			d.Add(n.Pos, fmt.Sprintf("day %q: want YYYY-MM-DD, YYYY-MM or YYYY", s), "")
			return
		}
		m.Day, m.Pos = day, n.Pos
	}
}

// Events lists the words with which a milestone's event begins.
func Events() []string {
	return []string{"adopted", "published", "in-force", "applies", "phase", "amended", "corrected", "transposition",
		"guidance", "expires", "repealed", "replaced", "superseded", "retired", "withdrawn", "proposed", "planned"}
}

func (d *document) event(m *Milestone) func(*Node) {
	return func(n *Node) {
		before := len(d.Problems)
		if d.Text(&m.Event)(n); len(d.Problems) > before {
			return
		}
		first, _, _ := strings.Cut(m.Event, " ")
		first = strings.TrimRight(first, ",:;")
		var word string
		Word(d.Reader, &word, "event of a milestone", Events())(&Node{Pos: n.Pos, Text: first})
	}
}
