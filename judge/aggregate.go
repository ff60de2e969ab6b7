// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"slices"

	"github.com/writ-iot/writ/fact"
)

// AllOf joins the clauses of a provision that are all owed: violated if one is, met if all that apply
// are. Of nothing, nothing is shown.
func AllOf(clauses ...Outcome) Outcome {
	switch {
	case len(clauses) == 0:
		return NotShown
	case slices.Contains(clauses, Violated):
		return Violated
	case slices.Contains(clauses, NotShown):
		return NotShown
	case slices.Contains(clauses, Met):
		return Met
	}
	return NotApplicable
}

// AnyOf joins the clauses of which one is enough: met if one is, violated if all that apply are.
func AnyOf(clauses ...Outcome) Outcome {
	switch {
	case len(clauses) == 0:
		return NotShown
	case slices.Contains(clauses, Met):
		return Met
	case slices.Contains(clauses, NotShown):
		return NotShown
	case slices.Contains(clauses, Violated):
		return Violated
	}
	return NotApplicable
}

// Population is what a sum over subjects speaks of.
type Population struct {
	Size   int    `json:"size"`   // subjects that there are, as far as known
	Closed bool   `json:"closed"` // a completeness statement over the inventory stands
	How    string `json:"how"`    // how it was enumerated
}

// Vector is what a sum is published with, always: an outcome alone hides what it is made of.
type Vector struct {
	Counts
	Reasons    map[Reason]int `json:"reasons,omitempty"` // of the not-shown, each reason once a verdict
	Population Population     `json:"population"`
}

// Aggregate adds up verdicts on one provision over its subjects (semantics, section 3): not-applicable
// are left out; violated if any is; met only if all are and the population is closed and was judged
// whole. A sample never speaks for the population.
func Aggregate(verdicts []Verdict, p Population) (Outcome, Vector) {
	v := Vector{Reasons: map[Reason]int{}, Population: p}
	subjects := map[fact.Subject]bool{}
	for i := range verdicts {
		v.Counts.add(&verdicts[i])
		subjects[verdicts[i].Subject] = true
		for _, r := range verdicts[i].Reasons {
			v.Reasons[r]++
		}
	}
	whole := p.Closed && p.Size > 0 && len(subjects) == p.Size
	switch {
	case v.Violated > 0:
		return Violated, v
	case v.NotShown > 0 || !whole:
		return NotShown, v
	case v.Met > 0:
		return Met, v
	}
	return NotApplicable, v
}

// Share is the part that is met of all that apply: never of those decided alone.
func (c Counts) Share() (met, of int) { return c.Met, c.Met + c.Violated + c.NotShown }
