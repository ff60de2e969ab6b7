// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package report shows an assessment: text for a terminal, JSON for programs, one HTML page for
// people. It orders and words; it never changes a verdict, and a page says once what it is.
package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Disclaimer is what every outward page says once (semantics, section 2).
const Disclaimer = "This shows what recorded evidence indicates under a paraphrase of the law on the stated day. " +
	"It is no legal advice and no finding by an authority."

// Row is one law's line in the matrix, own and supplier duties apart.
type Row struct {
	Instrument *law.Instrument
	Bound      string // own, supplier, no, undetermined
	Displaced  law.InstrumentID
	Own        judge.Counts
	Supplier   judge.Counts
	Missing    []judge.MissingFact
	Because    []string
}

// Matrix is the verdict matrix by law, in the catalogue's order.
func Matrix(a *assess.Assessment) []Row {
	rows := make([]Row, 0, len(a.Result.Instruments))
	at := map[law.InstrumentID]int{}
	for _, i := range a.Result.Instruments {
		at[i.Instrument.ID] = len(rows)
		rows = append(rows, Row{Instrument: i.Instrument, Bound: i.Bound, Displaced: i.Displaced, Missing: i.Missing, Because: i.Because})
	}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		n, ok := at[v.Provision.Instrument.ID]
		if !ok || v.Provision.Force != law.Must {
			continue
		}
		c := &rows[n].Own
		if v.Bearer == judge.Supplier {
			c = &rows[n].Supplier
		}
		Count(c, v)
	}
	return rows
}

// Count adds a verdict to a vector.
func Count(c *judge.Counts, v *judge.Verdict) {
	switch v.Outcome {
	case judge.Met:
		c.Met++
	case judge.Violated:
		c.Violated++
	case judge.NotApplicable:
		c.NotApplicable++
	default:
		c.NotShown++
		if slices.Contains(v.Flags, judge.BreachIndicated) {
			c.BreachIndicated++
		}
	}
}

// Finding is one provision that is contradicted by evidence, or points that way, with all its subjects.
type Finding struct {
	Provision *law.Provision
	Bearer    judge.Bearer
	Outcome   judge.Outcome
	Indicated bool
	Verdicts  []*judge.Verdict
	Severity  string
	Controls  []*law.Control
}

var severities = []string{"critical", "high", "medium", "low", ""}

// Findings lists what is violated or breach-indicated, worst first: own before supplier, violated
// before indicated, then by severity, by number of subjects, by provision.
func Findings(a *assess.Assessment) []Finding {
	type key struct {
		p *law.Provision
		b judge.Bearer
		o judge.Outcome
	}
	at := map[key]int{}
	var out []Finding
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		indicated := v.Outcome == judge.NotShown && slices.Contains(v.Flags, judge.BreachIndicated)
		if v.Outcome != judge.Violated && !indicated || v.Provision.Force != law.Must {
			continue
		}
		k := key{v.Provision, v.Bearer, v.Outcome}
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k] = n
			out = append(out, Finding{Provision: v.Provision, Bearer: v.Bearer, Outcome: v.Outcome, Indicated: indicated})
		}
		out[n].Verdicts = append(out[n].Verdicts, v)
	}
	for i := range out {
		out[i].Controls = falseControls(a.Catalogue, out[i].Verdicts[0])
		out[i].Severity = worst(out[i].Controls)
	}
	slices.SortStableFunc(out, func(x, y Finding) int {
		return cmp.Or(
			cmp.Compare(rank(x.Bearer == judge.Supplier), rank(y.Bearer == judge.Supplier)),
			cmp.Compare(rank(x.Indicated), rank(y.Indicated)),
			cmp.Compare(slices.Index(severities, x.Severity), slices.Index(severities, y.Severity)),
			cmp.Compare(len(y.Verdicts), len(x.Verdicts)),
			cmp.Compare(x.Provision.ID, y.Provision.ID))
	})
	return out
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// falseControls are the controls that the reasons show to be false.
func falseControls(cat *law.Catalogue, v *judge.Verdict) []*law.Control {
	var out []*law.Control
	walk(v.Because, func(b *judge.Because) {
		if b.Kind != "control" || b.Truth != "false" {
			return
		}
		if c := cat.Controls[law.ControlID(b.ID)]; c != nil && !slices.Contains(out, c) {
			out = append(out, c)
		}
	})
	return out
}

func walk(bs []judge.Because, visit func(*judge.Because)) {
	for i := range bs {
		visit(&bs[i])
		walk(bs[i].Children, visit)
	}
}

func worst(cs []*law.Control) string {
	best := len(severities) - 1
	for _, c := range cs {
		if n := slices.Index(severities, c.Severity); n >= 0 && n < best {
			best = n
		}
	}
	return severities[best]
}

// Item is one thing that somebody can find out, and how many not-shown duties it helps to decide.
type Item struct {
	Fact     string
	Class    judge.Class
	Question string
	Decides  int // verdicts for which it belongs to the cheapest set
	Alone    int // of these, verdicts that it decides by itself
	Subjects int
}

// Cheapest are the items that decide most of what is not shown, best first, at most n.
func Cheapest(a *assess.Assessment, n int) []Item {
	type tally struct {
		item     Item
		subjects map[string]bool
	}
	by := map[string]*tally{}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		if v.Outcome != judge.NotShown || v.Provision.Force != law.Must {
			continue
		}
		for _, m := range v.Cheapest {
			t := by[string(m.Fact)]
			if t == nil {
				t = &tally{item: Item{Fact: string(m.Fact), Class: v.Class}, subjects: map[string]bool{}}
				if d, ok := a.Catalogue.Vocabulary.Lookup(m.Fact); ok {
					t.item.Question = cmp.Or(d.Question, d.Meaning)
				}
				by[string(m.Fact)] = t
			}
			t.item.Decides++
			if len(v.Cheapest) == 1 {
				t.item.Alone++
			}
			t.subjects[m.Subject.String()] = true
		}
	}
	out := make([]Item, 0, len(by))
	for _, t := range by {
		t.item.Subjects = len(t.subjects)
		out = append(out, t.item)
	}
	slices.SortFunc(out, func(x, y Item) int {
		return cmp.Or(cmp.Compare(y.Alone, x.Alone), cmp.Compare(y.Decides, x.Decides), strings.Compare(x.Fact, y.Fact))
	})
	return out[:min(n, len(out))]
}

// Action is a remedy and what it would clear.
type Action struct {
	Control  *law.Control
	Clears   int // findings, counted by provision and subject
	Laws     []string
	Subjects []string
}

// First are the remedies that clear most, greedily, at most n.
func First(a *assess.Assessment, n int) []Action {
	by := map[law.ControlID]*Action{}
	for _, f := range Findings(a) {
		for _, v := range f.Verdicts {
			for _, c := range falseControls(a.Catalogue, v) {
				act := by[c.ID]
				if act == nil {
					act = &Action{Control: c}
					by[c.ID] = act
				}
				act.Clears++
				add(&act.Laws, f.Provision.Instrument.Short)
				for _, u := range append(v.Units, v.Subject) {
					add(&act.Subjects, a.Name(u))
				}
			}
		}
	}
	out := make([]Action, 0, len(by))
	for _, act := range by {
		out = append(out, *act)
	}
	slices.SortFunc(out, func(x, y Action) int {
		return cmp.Or(cmp.Compare(slices.Index(severities, x.Control.Severity), slices.Index(severities, y.Control.Severity)),
			cmp.Compare(y.Clears, x.Clears), strings.Compare(string(x.Control.ID), string(y.Control.ID)))
	})
	return out[:min(n, len(out))]
}

func add(list *[]string, s string) {
	if s != "" && !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}
