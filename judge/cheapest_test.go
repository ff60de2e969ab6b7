// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// ends tries every value of the facts and says whether one ends in met or not-applicable.
func ends(e *judge.Engine, members []judge.Member, claims []fact.Claim, id string, facts []judge.MissingFact) bool {
	if len(facts) == 0 {
		o := outcomes(e.Judge(input(members, claims)))[id]
		return o == judge.Met || o == judge.NotApplicable
	}
	f := facts[0]
	kept := slices.DeleteFunc(slices.Clone(claims), func(c fact.Claim) bool {
		return c.Subject == f.Subject &&
			c.Fact == f.Fact
	})
	values := []fact.Value{fact.BoolValue(true), fact.BoolValue(false), fact.EnumValue("set-up")}
	for _, c := range claims {
		if c.Subject == f.Subject && c.Fact == f.Fact {
			values = []fact.Value{c.Value} // declared: a document may bear it out
		}
	}
	for _, v := range values {
		c := fact.Claim{Subject: f.Subject, Fact: f.Fact, Value: v, ObservedAt: noon, Method: fact.Record}
		if strings.HasPrefix(string(f.Fact), fact.JudgementPrefix) {
			c.Method = fact.Judgement
		}
		if ends(e, members, append(slices.Clone(kept), c), id, facts[1:]) {
			return true
		}
	}
	return false
}

// subsets calls visit with each subset of a size, in the order of the facts.
func subsets(all []judge.MissingFact, size int, visit func([]judge.MissingFact)) {
	if size == 0 {
		visit(nil)
		return
	}
	for i := range all {
		subsets(all[i+1:], size-1, func(rest []judge.MissingFact) { visit(append([]judge.MissingFact{all[i]}, rest...)) })
	}
}

// TestCheapestIsASmallestSet holds the search against trying every subset.
func TestCheapestIsASmallestSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := compiled(t, drawCatalogue(t, false))
		members := drawMembers(t)
		// A subject without a name cannot be told anything: leave those worlds to other tests.
		members = slices.DeleteFunc(members, func(m judge.Member) bool {
			return m.Subject.Kind == fact.Device && (m.Runner == fact.Subject{} || m.Product == fact.Subject{})
		})
		members[2].Maker = maker
		claims := drawClaims(t, members)
		tried := 0
		for _, v := range e.Judge(input(members, claims)).Verdicts {
			nameless := slices.ContainsFunc(v.Missing, func(m judge.MissingFact) bool { return m.Subject.ID == "" })
			if v.Outcome != judge.NotShown || len(v.Missing) > 4 || nameless || tried > 2 {
				continue
			}
			tried++
			id := v.ID() + "@" + v.Person.String()
			if len(v.Cheapest) > 0 && !ends(e, members, claims, id, v.Cheapest) {
				t.Fatalf("%s: %v ends nothing", id, v.Cheapest)
			}
			most := len(v.Cheapest) - 1
			if len(v.Cheapest) == 0 {
				most = len(v.Missing)
			}
			for size := 1; size <= most; size++ {
				subsets(v.Missing, size, func(smaller []judge.MissingFact) {
					if ends(e, members, claims, id, smaller) {
						t.Fatalf("%s: %v is smaller than %v", id, smaller, v.Cheapest)
					}
				})
			}
		}
	})
}

// wide has one provision that many facts decide.
func wide(expression func(i int) string, controls int) (*law.Catalogue, judge.Input) {
	exprs := map[law.ControlID]string{}
	p := &law.Provision{ID: "x/y/p", Force: law.Must, Subject: fact.Organisation, Bearer: law.OfSelf}
	var defs []fact.Definition
	for i := range controls {
		id := law.ControlID(fmt.Sprintf("c%02d", i))
		exprs[id] = expression(i)
		p.Breach, p.Suffices = append(p.Breach, id), append(p.Suffices, id)
		for _, letter := range "abc" {
			defs = append(defs, fact.Definition{Name: fact.Name(fmt.Sprintf("%c.f%02d", letter, i)),
				Subject: fact.Organisation, Type: fact.Bool})
		}
	}
	first := fact.Day(0)
	c := build(defs, exprs, &law.Instrument{ID: "x/y", AppliesFrom: &first, Provisions: []*law.Provision{p}})
	return c, judge.Input{At: noon, Day: 1, Members: []judge.Member{{Subject: us, Own: true}}}
}

func cheapest(t *testing.T, expression func(i int) string, controls int) string {
	t.Helper()
	c, in := wide(expression, controls)
	e, err := judge.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range e.Judge(in).Verdicts[0].Cheapest {
		names = append(names, string(m.Fact))
	}
	return strings.Join(names, " ")
}

func TestTiesGoByName(t *testing.T) {
	got := cheapest(t, func(i int) string {
		return fmt.Sprintf("b.f%02d || c.f%02d && a.f%02d || a.f%02d", i, i, i,
			i)
	}, 2)
	if got != "a.f00 a.f01" {
		t.Errorf("got %s", got)
	}
}

func TestManyMissingFactsAreAnsweredInTime(t *testing.T) {
	start := time.Now()
	got := cheapest(t, func(i int) string { return fmt.Sprintf("b.f%02d && c.f%02d || a.f%02d", i, i, i) }, 40)
	if n := len(strings.Fields(got)); n != 40 || strings.Contains(got, "b.") {
		t.Errorf("%d facts: %s", n, got)
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %s", d)
	}
}

func TestNoWayOutIsNoCheapest(t *testing.T) {
	if got := cheapest(t, func(i int) string { return fmt.Sprintf("a.f%02d && !a.f%02d", i, i) }, 1); got != "" {
		t.Errorf("got %s", got)
	}
}
