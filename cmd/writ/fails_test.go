// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"testing"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
)

// Exit status 1 speaks of one's own violated duties; what suppliers owe and what is only indicated counts
// where that was asked for.
func TestWhatEndsInExitStatusOne(t *testing.T) {
	for _, c := range []struct {
		what          string
		own, supplier judge.Counts
		fails         map[string]bool
	}{
		{"nothing", judge.Counts{Met: 1, NotShown: 3}, judge.Counts{NotShown: 3}, nil},
		{"one's own", judge.Counts{Violated: 1}, judge.Counts{}, map[string]bool{"own": true, "supplier": true,
			"indicated": true}},
		{"a supplier's", judge.Counts{NotShown: 1}, judge.Counts{Violated: 1}, map[string]bool{"supplier": true}},
		{"indicated", judge.Counts{NotShown: 1, BreachIndicated: 1}, judge.Counts{},
			map[string]bool{"indicated": true}},
		{"indicated of a supplier", judge.Counts{}, judge.Counts{NotShown: 1, BreachIndicated: 1}, nil},
	} {
		for _, on := range []string{"own", "supplier", "indicated", "never"} {
			a := &assess.Assessment{Result: &judge.Result{Own: c.own, Supplier: c.supplier}}
			if got := errors.Is(fails(a, on), errViolated); got != c.fails[on] {
				t.Errorf("%s, --fail-on %s: fails %t", c.what, on, got)
			}
		}
	}
}
