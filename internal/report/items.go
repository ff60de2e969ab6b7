// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/law"
)

// PlanOf is an assessment as a plan needs it.
func PlanOf(a *assess.Assessment) *plan.World {
	w := &plan.World{Catalogue: a.Catalogue, Result: a.Result, Day: a.Day, At: fact.DayOf(a.At), Claims: a.Facts,
		Name: func(s fact.Subject) string { return name(a, s) }}
	for i := range a.Things {
		t := &a.Things[i]
		w.Things = append(w.Things, plan.Thing{Device: t.Subject, Product: t.Product, Type: t.Type})
	}
	return w
}

// action is a remedy and what it bears on.
type action struct {
	Control  *law.Control
	Clears   int // verdicts
	Laws     []string
	Subjects []fact.Subject
}

// worth weighs what is at stake and how far a remedy reaches against its effort.
func (a *action) worth() float64 {
	stake := [...]float64{64, 8, 4, 2, 1}[severity([]*law.Control{a.Control})]
	return stake * (1 + math.Log2(float64(a.Clears))) / (1 + math.Log2(float64(max(1, a.Control.Cost))))
}

// first are the remedies to begin with, at most n: the gravest first, then what reaches far for its effort.
func first(a *assess.Assessment, all []*finding, n int) []*action {
	by := map[*law.Control]*action{}
	var out []*action
	for _, f := range all {
		for _, c := range f.Controls {
			act := by[c]
			if act == nil {
				act = &action{Control: c}
				by[c] = act
				out = append(out, act)
			}
			act.Clears += len(f.verdicts)
			for _, l := range f.Cites {
				add(&act.Laws, l.Provision.Instrument.Short)
			}
			for _, s := range f.Seen {
				if !slices.Contains(act.Subjects, s.Subject) {
					act.Subjects = append(act.Subjects, s.Subject)
				}
			}
		}
	}
	out = byRemedy(out)
	slices.SortStableFunc(out, func(x, y *action) int {
		return cmp.Or(cmp.Compare(y.worth(), x.worth()), strings.Compare(string(x.Control.ID), string(y.Control.ID)))
	})
	out = out[:min(n, len(out))]
	for _, act := range out {
		slices.SortFunc(act.Subjects, func(x, y fact.Subject) int { return cmp.Compare(name(a, x), name(a, y)) })
	}
	return out
}

// byRemedy joins controls that ask for the same thing to be done.
func byRemedy(all []*action) []*action {
	var out []*action
	for _, act := range all {
		n := slices.IndexFunc(out, func(o *action) bool { return o.Control.Remedy == act.Control.Remedy })
		if n < 0 {
			out = append(out, act)
			continue
		}
		o := out[n]
		o.Clears = max(o.Clears, act.Clears)
		for _, l := range act.Laws {
			add(&o.Laws, l)
		}
		for _, s := range act.Subjects {
			if !slices.Contains(o.Subjects, s) {
				o.Subjects = append(o.Subjects, s)
			}
		}
	}
	return out
}
