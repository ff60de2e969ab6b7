// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package plan says what to do next about an assessment: the fewest, cheapest actions that clear the most
// duties which evidence contradicts or points against, and the cheapest next evidence for those that are not
// shown. It is pure, and changes no verdict: a duty is cleared once new evidence says so, never by a plan.
package plan

import (
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// World is an assessment as a plan needs it.
type World struct {
	Catalogue *law.Catalogue
	Result    *judge.Result
	Day       fact.Day // law day
	At        fact.Day // of the evidence
	Claims    []fact.Claim
	Things    []Thing
	// Name is what people call a subject.
	Name func(fact.Subject) string
	// Owner names who answers for an action or a control, by its ID, where a record says so; nil: nobody is known.
	Owner func(id string) string
}

// Thing is a device with what it is a unit of.
type Thing struct {
	Device, Product fact.Subject
	Type            string // what identification found it to be; "" unknown
}

// binding names the laws of which it is known that they bind somebody here. What waits for that answer would
// drown what is at hand.
func (w *World) binding() map[*law.Instrument]bool {
	out := map[*law.Instrument]bool{}
	for _, i := range w.Result.Instruments {
		if i.Bound == "own" || i.Bound == "supplier" {
			out[i.Instrument] = true
		}
	}
	for i := range w.Result.Verdicts {
		v := &w.Result.Verdicts[i]
		if v.Provision.Force == law.Must && (v.Outcome == judge.Met || v.Outcome == judge.Violated) {
			out[v.Provision.Instrument] = true
		}
	}
	return out
}

// ours are the organisations that bear a duty of our own.
func (w *World) ours() map[fact.Subject]bool {
	own := map[fact.Subject]bool{}
	for i := range w.Result.Verdicts {
		if v := &w.Result.Verdicts[i]; v.Bearer == judge.Own {
			own[v.Person] = true
		}
	}
	return own
}

// pressing says that evidence contradicts a duty that must be met, or points against it.
func pressing(v *judge.Verdict) bool {
	return v.Provision.Force == law.Must &&
		(v.Outcome == judge.Violated || v.Outcome == judge.NotShown && slices.Contains(v.Flags,
			judge.BreachIndicated))
}

func add[S ~[]T, T comparable](list *S, x T) {
	if !slices.Contains(*list, x) {
		*list = append(*list, x)
	}
}
