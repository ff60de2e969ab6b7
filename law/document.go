// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"fmt"
	"maps"
	"slices"

	"github.com/writ-iot/writ/fact"
)

// document is one catalogue file while it is read: what it holds, and what it refers to.
type document struct {
	*Reader
	definitions []fact.Definition
	definedAt   []Pos
	controlList []*Control
	instrument  *Instrument
	version     string

	refs    []reference // to controls, instruments and facts of other files
	sourced []reference // to keys of the file's own sources
	after   []reference // to clocks of the same instrument
	dated   []dated
}

// target is what a reference leads to.
type target string

const (
	toControl    target = "control"
	toInstrument target = "instrument"
	toFact       target = "number fact"
)

type reference struct {
	to   target
	name string
	pos  Pos
}

// dated is a day that must be a milestone's.
type dated struct {
	key string
	day fact.Day
	pos Pos
}

func (d *document) reference(to *string, kind target) func(*Node) {
	return func(n *Node) {
		d.Text(to)(n)
		d.refs = append(d.refs, reference{kind, *to, n.Pos})
	}
}

func (d *document) source(to *string) func(*Node) {
	return func(n *Node) {
		d.Text(to)(n)
		d.sourced = append(d.sourced, reference{name: *to, pos: n.Pos})
	}
}

func (d *document) dayOf(to **fact.Day, key string) func(*Node) {
	return func(n *Node) {
		var day fact.Day
		before := len(d.Problems)
		d.Day(&day)(n)
		if len(d.Problems) == before {
			*to = &day
			d.dated = append(d.dated, dated{key, day, n.Pos})
		}
	}
}

// catalogueFile reads catalogue.yaml.
func (d *document) catalogueFile(root *Node) {
	d.Object(root, "the catalogue", Need("version", d.Text(&d.version)))
}

// finish gives the provisions their full IDs and what they inherit, then checks what one file can show.
func (d *document) finish(i *Instrument) {
	for k := range i.Milestones {
		inherit(&i.Milestones[k].Confidence, i.Confidence)
	}
	for k := range i.Penalties {
		inherit(&i.Penalties[k].Confidence, i.Confidence)
	}
	for k := range i.Retention {
		inherit(&i.Retention[k].Confidence, i.Confidence)
	}
	for k := range i.Clocks {
		c := &i.Clocks[k]
		inherit(&c.Confidence, i.Confidence)
		for n := range c.Items {
			inherit(&c.Items[n].Confidence, c.Confidence)
		}
	}
	for _, p := range i.Provisions {
		p.ID = ProvisionID(i.ID) + "/" + p.ID
		inherit(&p.Confidence, i.Confidence)
		inherit(&p.Depth, i.Depth)
	}
	d.checkSources(i)
	d.checkDates(i)
	d.checkVoluntary(i)
	d.checkClocks(i)
	for _, p := range i.Provisions {
		d.checkProvision(p)
	}
	d.checkPinpointsOnce(i)
}

func inherit[T ~string](to *T, from T) {
	if *to == "" {
		*to = from
	}
}

func (d *document) checkSources(i *Instrument) {
	for _, s := range d.sourced {
		if _, ok := i.Sources[s.name]; !ok && s.name != "" {
			keys := slices.Sorted(maps.Keys(i.Sources))
			d.Add(s.pos, fmt.Sprintf("source %q is not among the file's sources", s.name), DidYouMean(s.name, keys))
		}
	}
}

func (d *document) checkVoluntary(i *Instrument) {
	adopted := slices.ContainsFunc(i.Applies, func(c Conjunct) bool { return c.Name == "adoption" })
	if i.Kind.Voluntary() && !adopted {
		d.Add(i.Pos, fmt.Sprintf("a %s binds nobody who has not adopted it", i.Kind),
			`add a condition named adoption to applies`)
	}
}

func (d *document) checkClocks(i *Instrument) {
	ids := make([]string, 0, len(i.Clocks))
	for _, c := range i.Clocks {
		if slices.Contains(ids, c.ID) {
			d.Add(c.Pos, fmt.Sprintf("clock %q stands twice", c.ID), "an ID stands once in its instrument")
		}
		ids = append(ids, c.ID)
	}
	for _, a := range d.after {
		if !slices.Contains(ids, a.name) {
			d.Add(a.pos, fmt.Sprintf("clock %q is not in this instrument", a.name), DidYouMean(a.name, ids))
		}
	}
}
