// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Decider is what can end the question of a provision first: what is heard on the wire, an active test or
// another tool's result, a record, or a judgement.
type Decider string

// The deciders.
const (
	ByWire      Decider = "wire"
	ByTest      Decider = "test"
	ByDocument  Decider = "record"
	ByJudgement Decider = "judgement"
)

// Count is how many provisions there are of each sort.
type Count struct {
	Instrument   law.InstrumentID       `json:"instrument,omitempty"`
	Short        string                 `json:"short,omitempty"`
	Jurisdiction string                 `json:"jurisdiction,omitempty"`
	Provisions   int                    `json:"provisions"`
	Clocks       int                    `json:"clocks"`
	Depth        map[law.Depth]int      `json:"depth"`
	Confidence   map[law.Confidence]int `json:"confidence"`
	Decided      map[Decider]int        `json:"decided_by"`
}

// Counts is the size of a catalogue.
type Counts struct {
	Version  string `json:"version"`
	Digest   string `json:"digest"`
	Controls int    `json:"controls"`
	Facts    int    `json:"facts"`
	// SharedControls and SharedFacts are those in which several instruments meet; all others are records in one
	// law's own words, which no other law may share.
	SharedControls int     `json:"shared_controls"`
	SharedFacts    int     `json:"shared_facts"`
	Total          Count   `json:"total"`
	Instruments    []Count `json:"instruments"`
}

// CountAll counts a catalogue by instrument, depth, confidence and by what decides.
func CountAll(cat *law.Catalogue) *Counts {
	all := &Counts{Version: cat.Version, Digest: cat.Digest, Controls: len(cat.Controls),
		Facts: len(cat.Vocabulary.Names()),
		Total: newCount(), Instruments: []Count{}}
	all.SharedControls, all.SharedFacts = shared(cat)
	heard := heardOf(cat)
	for _, i := range cat.Instruments {
		c := newCount()
		c.Instrument, c.Short, c.Jurisdiction, c.Clocks = i.ID, i.Short, i.Jurisdiction, len(i.Clocks)
		for _, p := range i.Provisions {
			c.add(p, heard)
			all.Total.add(p, heard)
		}
		all.Total.Clocks += len(i.Clocks)
		all.Instruments = append(all.Instruments, c)
	}
	return all
}

// shared counts the controls and the facts that provisions of several instruments rest on.
func shared(cat *law.Catalogue) (controls, facts int) {
	asks := map[law.ControlID]map[law.InstrumentID]bool{}
	knows := map[fact.Name]map[law.InstrumentID]bool{}
	for _, i := range cat.Instruments {
		for _, p := range i.Provisions {
			for _, id := range controlsOf(p) {
				use(asks, id, i.ID)
				for _, d := range factsOf(cat, cat.Controls[id].Expr) {
					use(knows, d, i.ID)
				}
			}
			for _, c := range slices.Concat(i.Applies, p.Applies) {
				for _, d := range factsOf(cat, c.Expr) {
					use(knows, d, i.ID)
				}
			}
		}
	}
	return several(asks), several(knows)
}

func factsOf(cat *law.Catalogue, text string) (names []fact.Name) {
	defs, _ := expr.Check(cat.Vocabulary, text)
	for _, d := range defs {
		names = append(names, d.Name)
	}
	return names
}

func use[K comparable](by map[K]map[law.InstrumentID]bool, k K, i law.InstrumentID) {
	if by[k] == nil {
		by[k] = map[law.InstrumentID]bool{}
	}
	by[k][i] = true
}

func several[K comparable](by map[K]map[law.InstrumentID]bool) (n int) {
	for _, in := range by {
		if len(in) > 1 {
			n++
		}
	}
	return n
}

func newCount() Count {
	return Count{Depth: map[law.Depth]int{}, Confidence: map[law.Confidence]int{}, Decided: map[Decider]int{}}
}

func (c *Count) add(p *law.Provision, heard map[law.ControlID]Decider) {
	c.Provisions++
	c.Depth[p.Depth]++
	c.Confidence[p.Confidence]++
	c.Decided[decidedBy(p, heard)]++
}

// heardOf says of each control what can decide it first.
func heardOf(cat *law.Catalogue) map[law.ControlID]Decider {
	heard := make(map[law.ControlID]Decider, len(cat.Controls))
	for id, c := range cat.Controls {
		defs, _ := expr.Check(cat.Vocabulary, c.Expr)
		heard[id] = ByDocument
		for _, d := range defs {
			switch {
			case slices.Contains(d.Known, fact.Passive):
				heard[id] = ByWire
			case heard[id] != ByWire && (slices.Contains(d.Known, fact.Active) || slices.Contains(d.Known,
				fact.Import)):
				heard[id] = ByTest
			}
		}
	}
	return heard
}

// decidedBy counts an open provision as a judgement's even where an indicator is heard: that can point to a
// breach, and decide nothing.
func decidedBy(p *law.Provision, heard map[law.ControlID]Decider) Decider {
	switch p.Mode {
	case law.Open:
		return ByJudgement
	case law.ByRecord:
		return ByDocument
	}
	by := ByDocument
	for _, id := range controlsOf(p) {
		switch {
		case heard[id] == ByWire:
			return ByWire
		case heard[id] == ByTest:
			by = ByTest
		}
	}
	return by
}

// WriteCounts writes counts as a table in Markdown, whose columns stand under each other in plain text too.
func WriteCounts(w io.Writer, all *Counts) error {
	p := &paper{w: w}
	p.line("# The law in figures\n")
	p.line("%s and %s in %s; %s over %s.\nCatalogue %s, SHA-256 %s.\n", plural(all.Total.Provisions,
		"provision", "provisions"),
		plural(all.Total.Clocks, "clock", "clocks"), plural(len(all.Instruments), "instrument", "instruments"),
		plural(all.Controls, "control", "controls"), plural(all.Facts, "fact", "facts"), all.Version, all.Digest)
	p.line("Several instruments meet in %s and %s; each other one is a record in one law's own words.\n",
		plural(all.SharedControls, "control", "controls"), plural(all.SharedFacts, "fact", "facts"))
	p.line("*Decided by* says what can end the question first: what is heard on the wire, an active test or another tool's")
	p.line("result, a record, or a signed judgement.\n")
	rows := [][]string{}
	for _, c := range append(all.Instruments, all.Total) {
		name := string(c.Instrument)
		if name == "" {
			name = "all"
		}
		row := []string{name, figure(c.Provisions), figure(c.Clocks)}
		for _, d := range []law.Depth{law.Listed, law.Modelled, law.Tested, law.Reviewed} {
			row = append(row, figure(c.Depth[d]))
		}
		for _, d := range []law.Confidence{law.Verified, law.Remembered, law.Doubtful} {
			row = append(row, figure(c.Confidence[d]))
		}
		for _, d := range []Decider{ByWire, ByTest, ByDocument, ByJudgement} {
			row = append(row, figure(c.Decided[d]))
		}
		rows = append(rows, row)
	}
	p.markdown([]string{"instrument", "provisions", "clocks", "listed", "modelled", "tested", "reviewed",
		"verified", "remembered", "doubtful", "by wire", "by test", "by record", "by judgement"}, rows)
	return p.err
}

func figure(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
