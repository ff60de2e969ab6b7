// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package issue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// count adds the verdicts in scope up: own duties, suppliers' beside them, by law, by depth.
func (o *Assessment) count(a *assess.Assessment, w *within) {
	at := map[law.InstrumentID]int{}
	o.ByLaw, o.Depth = []LawCounts{}, map[string]int{}
	for _, i := range a.Result.Instruments {
		id := i.Instrument.ID
		if w.laws != nil && !w.laws[id] || w.outLaw[id] {
			continue
		}
		at[id] = len(o.ByLaw)
		o.ByLaw = append(o.ByLaw, LawCounts{ID: string(id), Short: i.Instrument.Short, Bound: i.Bound})
	}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		n, ok := at[v.Provision.Instrument.ID]
		if !ok || !w.holds(v) || v.Provision.Force != law.Must {
			continue
		}
		if v.Outcome != judge.NotApplicable {
			o.Depth[string(v.Provision.Depth)]++
		}
		if v.Bearer == judge.Supplier {
			tally(&o.Supplier, v)
			tally(&o.ByLaw[n].Supplier, v)
		} else {
			tally(&o.Counts, v)
			tally(&o.ByLaw[n].Counts, v)
		}
	}
}

func tally(c *judge.Counts, v *judge.Verdict) {
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

// Reservations are what keeps a whole assessment from saying more, as the run itself knows it.
func Reservations(a *assess.Assessment) []string {
	var o Assessment
	w := &within{}
	o.count(a, w)
	return reservations(a, w, &o)
}

// reservations are those of a scope.
func reservations(a *assess.Assessment, w *within, o *Assessment) []string {
	var all []string
	if open := undetermined(a, w); len(open) > 0 {
		all = append(all, fmt.Sprintf("Whether %d laws bind is not determined: %s.", len(open), first(open)))
	}
	if n := o.Counts.NotShown; n > 0 {
		all = append(all, fmt.Sprintf("%d own duties are not shown either way; not shown is not met.", n))
	}
	flagged := map[string]int{}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		if w.holds(v) && v.Outcome != judge.NotApplicable && v.Provision.Force == law.Must {
			for _, f := range v.Flags {
				flagged[f]++
			}
		}
	}
	for _, f := range []struct{ flag, says string }{
		{judge.Declared, "rest on what the organisation declares of itself"},
		{judge.DoubtfulLaw, "rest on a reading of the law that its source leaves in doubt"},
		{judge.PartialView, "rest on a view that was cut short"},
		{judge.Presumed, "rest on a presumption of conformity"},
	} {
		if n := flagged[f.flag]; n > 0 {
			all = append(all, fmt.Sprintf("%d verdicts %s.", n, f.says))
		}
	}
	if o.Depth[string(law.Reviewed)] == 0 {
		all = append(all, "No provision in scope was held against its text by a named jurist.")
	}
	for _, n := range a.Notices {
		all = append(all, "Of the inputs: "+strings.TrimSuffix(n, ".")+".")
	}
	return all
}

func undetermined(a *assess.Assessment, w *within) []string {
	var open []string
	for _, i := range a.Result.Instruments {
		if id := i.Instrument.ID; i.Bound == "undetermined" && (w.laws == nil || w.laws[id]) && !w.outLaw[id] {
			open = append(open, i.Instrument.Short)
		}
	}
	return open
}

// first names some of many.
func first(all []string) string {
	const most = 8
	if n := len(all) - most; n > 0 {
		return strings.Join(all[:most], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(all, ", ")
}
