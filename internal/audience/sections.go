// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package audience

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/issue"
	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/risk"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

const disclaimer = page.Disclaimer

// sections write what an audience may be shown; nil where there is nothing to say.
var sections = map[string]func(*Audience, *Basis) *Section{
	"basis": basis, "standing": standing, "laws": laws, "depth": depth, "decide": decide, "duties": duties, "do": todo,
	"exposure": exposure, "coming": coming, "open": open, "evidence": inputs, "reservations": reservations,
}

// sums adds verdicts up and remembers which.
type sums struct {
	judge.Counts
	met, violated, indicated, open []string
}

func (s *sums) add(v *judge.Verdict) {
	switch id := v.ID(); {
	case v.Outcome == judge.Met:
		s.Met, s.met = s.Met+1, append(s.met, id)
	case v.Outcome == judge.Violated:
		s.Violated, s.violated = s.Violated+1, append(s.violated, id)
	case v.Outcome == judge.NotApplicable:
		s.NotApplicable++
	case slices.Contains(v.Flags, judge.BreachIndicated):
		s.NotShown, s.BreachIndicated, s.indicated = s.NotShown+1, s.BreachIndicated+1, append(s.indicated, id)
	default:
		s.NotShown, s.open = s.NotShown+1, append(s.open, id)
	}
}

func (s *sums) applies() bool { return s.Met+s.Violated+s.NotShown > 0 }

// musts gives the verdicts on duties that must be met.
func musts(b *Basis, visit func(*judge.Verdict)) {
	all := b.Assessment.Result.Verdicts
	for i := range all {
		if all[i].Provision.Force == law.Must {
			visit(&all[i])
		}
	}
}

func basis(_ *Audience, b *Basis) *Section {
	a := b.Assessment
	return &Section{Title: "What this rests on", Says: []string{
		fmt.Sprintf("%s looked at, under %s of the catalogue of law; %s.",
			count(len(a.Things), "device was", "devices were"),
			count(len(a.Catalogue.Instruments), "instrument", "instruments"),
			count(len(a.Inputs), "input was read", "inputs were read")),
		"The verdicts follow from the recorded facts and the law: whoever holds the dossier judges them again with " +
			"writ verify.",
	}}
}

func standing(a *Audience, b *Basis) *Section {
	by := map[judge.Bearer]*sums{judge.Own: {}, judge.Supplier: {}}
	musts(b, func(v *judge.Verdict) { by[v.Bearer].add(v) })
	w := a.words.Columns
	t := &Table{Heads: []string{"duties", w.Violated, w.Indicated, w.Open, w.Met}, Figures: columns(1, 4)}
	for _, side := range []judge.Bearer{judge.Own, judge.Supplier} {
		if s := by[side]; s.applies() {
			t.Rows = append(t.Rows, append(row(whose(side)), s.figures()...))
		}
	}
	return &Section{Title: "Where things stand", Table: t,
		Says: []string{a.legend(), "A duty that is not shown is not met: nobody knows yet."}}
}

// columns are those of figures, from the first to the last.
func columns(first, last int) map[int]bool {
	all := map[int]bool{}
	for i := first; i <= last; i++ {
		all[i] = true
	}
	return all
}

func whose(b judge.Bearer) string {
	if b == judge.Supplier {
		return "suppliers'"
	}
	return "ours"
}

// figures are the columns of a vector, each with its verdicts.
func (s *sums) figures() []Cell {
	return []Cell{figure(s.violated), figure(s.indicated), figure(s.open), figure(s.met)}
}

func laws(a *Audience, b *Basis) *Section {
	w := a.words.Columns
	t := &Table{Heads: []string{"law", "whose", w.Violated, w.Indicated, w.Open, w.Met}, Figures: columns(2, 5)}
	type key struct {
		id law.InstrumentID
		b  judge.Bearer
	}
	by := map[key]*sums{}
	musts(b, func(v *judge.Verdict) {
		k := key{v.Provision.Instrument.ID, v.Bearer}
		if by[k] == nil {
			by[k] = &sums{}
		}
		by[k].add(v)
	})
	maybe := 0
	for _, i := range b.Assessment.Result.Instruments {
		if i.Bound == "undetermined" {
			maybe++
		}
		for _, side := range []judge.Bearer{judge.Own, judge.Supplier} {
			s := by[key{i.Instrument.ID, side}]
			if s == nil || !s.applies() || i.Bound != "own" && i.Bound != "supplier" {
				continue
			}
			t.Rows = append(t.Rows, append(row(i.Instrument.Short, whose(side)), s.figures()...))
		}
	}
	s := &Section{Title: "Law by law", Table: t}
	if maybe > 0 {
		s.Says = []string{fmt.Sprintf("Whether %s may bind is not determined; they are not listed.",
			count(maybe, "further law", "further laws"))}
	}
	return s
}

func depth(_ *Audience, b *Basis) *Section {
	by := map[law.Depth]int{}
	musts(b, func(v *judge.Verdict) {
		if v.Outcome != judge.NotApplicable {
			by[v.Provision.Depth]++
		}
	})
	t := &Table{Heads: []string{"the law behind a verdict is", "verdicts"}, Figures: map[int]bool{1: true}}
	for _, d := range []law.Depth{law.Reviewed, law.Tested, law.Modelled, law.Listed} {
		t.Rows = append(t.Rows, row(string(d), strconv.Itoa(by[d])))
	}
	return &Section{Title: "How deep the law goes", Table: t}
}

// group is a provision of ours with what stands against it.
type group struct {
	p *law.Provision
	sums
}

// pressing are our provisions that evidence contradicts or points against, the worst first.
func pressing(b *Basis) []*group {
	by := map[*law.Provision]*group{}
	musts(b, func(v *judge.Verdict) {
		if v.Bearer != judge.Own {
			return
		}
		if by[v.Provision] == nil {
			by[v.Provision] = &group{p: v.Provision}
		}
		by[v.Provision].add(v)
	})
	var out []*group
	for _, g := range by {
		if g.Violated+g.BreachIndicated > 0 {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b *group) int {
		return cmp.Or(min(b.Violated, 1)-min(a.Violated, 1), b.Violated-a.Violated, b.BreachIndicated-a.BreachIndicated,
			cmp.Compare(a.p.ID, b.p.ID))
	})
	return out
}

func rowsOf(a *Audience, all []*group) *Table {
	w := a.words.Columns
	t := &Table{Heads: []string{"law", "pinpoint", "duty", w.Violated, w.Indicated}, Figures: columns(3, 4)}
	for _, g := range all {
		t.Rows = append(t.Rows, append(row(g.p.Instrument.Short, g.p.Pinpoint, g.p.Text),
			figure(g.violated), figure(g.indicated)))
	}
	return t
}

// decide lists the duties that stand worst, and notices that are owed.
func decide(a *Audience, b *Basis) *Section {
	s := duties(a, b)
	s.Title = "What is to be decided"
	for _, o := range b.Owed {
		due := "at once"
		if !o.Due.IsZero() {
			due = stamp(o.Due)
		}
		s.Says = append(s.Says, fmt.Sprintf("Notice owed: %s (%s, %s): %s, due %s.",
			o.Incident, o.Law, o.Pinpoint, o.State, due))
	}
	return s
}

func duties(a *Audience, b *Basis) *Section {
	all := pressing(b)
	if len(all) == 0 {
		return &Section{Title: "Duties that evidence speaks against", Says: []string{"None."}}
	}
	return &Section{Title: "Duties that evidence speaks against", Table: rowsOf(a, all)}
}

func todo(_ *Audience, b *Basis) *Section {
	if b.Plan == nil || len(b.Plan.Actions) == 0 {
		return nil
	}
	t := &Table{Heads: []string{"action", "hours", "owner", "duties cleared", "of all so far"},
		Figures: map[int]bool{1: true, 3: true, 4: true}}
	for _, act := range b.Plan.Actions {
		t.Rows = append(t.Rows, append(row(act.Title, strconv.Itoa(act.Hours), cmp.Or(act.Owner, "open")),
			Cell{strconv.Itoa(act.Clears), duty(act.Duties)}, Cell{Text: fmt.Sprintf("%.0f %%", 100*act.Share)}))
	}
	return &Section{Title: "What to do first", Table: t,
		Says: []string{"A duty is cleared once new evidence shows it, never by a plan."}}
}

func duty(all []plan.Duty) []string {
	var ids []string
	for _, d := range all {
		for _, v := range d.Verdicts {
			ids = append(ids, v.ID())
		}
	}
	return ids
}

// exposure lists the highest tier of each law; writ law exposure has them all, with the arithmetic.
func exposure(_ *Audience, b *Basis) *Section {
	t := &Table{Heads: []string{"law", "for", "statutory maximum", "pinpoint"}}
	type tier struct {
		law string
		risk.Maximum
	}
	var all []tier
	for _, e := range b.Exposures {
		if e.Bound == "own" && len(e.Maxima) > 0 {
			all = append(all, tier{e.Short, slices.MaxFunc(e.Maxima, func(a, b risk.Maximum) int {
				return cmp.Compare(a.High, b.High)
			})})
		}
	}
	slices.SortStableFunc(all, func(a, b tier) int { return cmp.Compare(b.High, a.High) })
	for _, m := range all {
		t.Rows = append(t.Rows, row(m.law, m.For, m.Formula, m.Pinpoint))
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return &Section{Title: "Statutory maxima of the laws that bind us", Table: t,
		Says: []string{"A maximum is what a statute allows, never a forecast; maxima of different laws are not added up."}}
}

// coming lists what begins to bind within a year.
func coming(_ *Audience, b *Basis) *Section {
	day := b.Assessment.Day
	t := &Table{Heads: []string{"from", "law", "what"}}
	for _, i := range b.Assessment.Result.Instruments {
		if i.Bound == "no" {
			continue
		}
		for _, m := range i.Instrument.Milestones {
			if m.Day > day && m.Day <= fact.DayOf(day.Time().AddDate(1, 0, 0)) {
				t.Rows = append(t.Rows, row(m.Day.String(), i.Instrument.Short, strings.TrimSpace(m.Event+" "+m.Note)))
			}
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b Row) int { return cmp.Compare(a[0].Text, b[0].Text) })
	if len(t.Rows) == 0 {
		return nil
	}
	return &Section{Title: "What comes within a year", Table: t}
}

func open(_ *Audience, b *Basis) *Section {
	own := map[judge.Class][]string{}
	musts(b, func(v *judge.Verdict) {
		if v.Bearer == judge.Own && v.Outcome == judge.NotShown {
			own[v.Class] = append(own[v.Class], v.ID())
		}
	})
	t := &Table{Heads: []string{"what would show our duties", "duties"}, Figures: map[int]bool{1: true}}
	for _, c := range []judge.Class{judge.Answer, judge.Ours, judge.Listen, judge.Test, judge.MakerDoc, judge.Judgment,
		judge.Beyond} {
		if len(own[c]) > 0 {
			t.Rows = append(t.Rows, append(row(plan.ClassWord(c)), figure(own[c])))
		}
	}
	return &Section{Title: "What is not shown, by who can end it", Table: t}
}

func inputs(_ *Audience, b *Basis) *Section {
	t := &Table{Heads: []string{"input (SHA-256)", "packets", "from", "to"}, Figures: map[int]bool{1: true}}
	for _, in := range b.Assessment.Inputs {
		t.Rows = append(t.Rows, row(in.SHA256, strconv.FormatInt(in.Packets, 10), stamp(in.First), stamp(in.Last)))
	}
	return &Section{Title: "Inputs", Table: t}
}

func reservations(_ *Audience, b *Basis) *Section {
	return &Section{Title: "Reservations", Says: issue.Reservations(b.Assessment)}
}
