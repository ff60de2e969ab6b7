// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

const (
	n = judge.NotShown
	m = judge.Met
	v = judge.Violated
	x = judge.NotApplicable
)

func TestClauses(t *testing.T) {
	for _, r := range []struct{ a, b, all, any judge.Outcome }{
		{n, n, n, n}, {n, m, n, m}, {n, v, v, n}, {n, x, n, n},
		{m, m, m, m}, {m, v, v, m}, {m, x, m, m},
		{v, v, v, v}, {v, x, v, v}, {x, x, x, x},
	} {
		for _, pair := range [][]judge.Outcome{{r.a, r.b}, {r.b, r.a}} {
			if got := judge.AllOf(pair...); got != r.all {
				t.Errorf("all of %v: %s, want %s", pair, got, r.all)
			}
			if got := judge.AnyOf(pair...); got != r.any {
				t.Errorf("any of %v: %s, want %s", pair, got, r.any)
			}
		}
	}
	if judge.AllOf() != n || judge.AnyOf() != n {
		t.Error("of nothing something is shown")
	}
}

func verdicts(outcomes ...judge.Outcome) []judge.Verdict {
	var all []judge.Verdict
	for i, o := range outcomes {
		all = append(all, judge.Verdict{Outcome: o, Subject: fact.Subject{Kind: fact.Device, ID: fmt.Sprint(i)}})
		if o == n {
			all[i].Reasons = []judge.Reason{judge.Stale, judge.NoEvidence}
		}
	}
	return all
}

func TestASampleNeverSpeaksForThePopulation(t *testing.T) {
	closed := func(size int) judge.Population { return judge.Population{Size: size, Closed: true, How: "inventory"} }
	for _, c := range []struct {
		of   []judge.Outcome
		in   judge.Population
		want judge.Outcome
	}{
		{[]judge.Outcome{m, m}, closed(2), m}, {[]judge.Outcome{m, x}, closed(2), m}, {[]judge.Outcome{x, x},
			closed(2), x},
		{[]judge.Outcome{m, m}, judge.Population{Size: 2}, n}, {[]judge.Outcome{x, x}, judge.Population{Size: 2}, n},
		{[]judge.Outcome{m, m}, closed(3), n}, {nil, closed(0), n}, {nil, judge.Population{}, n},
		{[]judge.Outcome{m, n}, closed(2), n}, {[]judge.Outcome{m, v}, judge.Population{Size: 9}, v},
	} {
		if got, _ := judge.Aggregate(verdicts(c.of...), c.in); got != c.want {
			t.Errorf("%v of %+v: %s, want %s", c.of, c.in, got, c.want)
		}
	}
	_, vector := judge.Aggregate(verdicts(m, v, n, n, x), closed(5))
	if met, of := vector.Share(); met != 1 || of != 4 {
		t.Errorf("share %d of %d: what is not shown counts among all", met, of)
	}
	if vector.Reasons[judge.Stale] != 2 || vector.NotApplicable != 1 || vector.Population.How != "inventory" {
		t.Errorf("vector %+v", vector)
	}
}

func TestP4MetAndNotShownNeverAddUpToMet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(rapid.SampledFrom([]judge.Outcome{n, m, v, x})).Draw(t, "outcomes")
		all = append(all, n)
		all = rapid.Permutation(all).Draw(t, "order")
		o, _ := judge.Aggregate(verdicts(all...), judge.Population{Size: len(all), Closed: true})
		if o == m || judge.AllOf(all...) == m {
			t.Fatalf("%v adds up to met", all)
		}
	})
}
