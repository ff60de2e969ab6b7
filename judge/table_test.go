// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"fmt"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// TestTheEngineEqualsTheTruthTables tries every combination (P8): applicability, two breach controls, two
// sufficient ones, a ground of deemed compliance, a judgement, each yes, no and unknown.
func TestTheEngineEqualsTheTruthTables(t *testing.T) {
	defs := []fact.Definition{}
	for _, n := range []fact.Name{"x.a", "x.b", "x.c", "x.d", "x.e", "x.f"} {
		defs = append(defs, fact.Definition{Name: n, Subject: fact.Device, Type: fact.Bool})
	}
	values := [3]fact.Value{{}, fact.BoolValue(true), fact.BoolValue(false)}
	for _, shape := range shapes {
		c := shape.catalogue(defs)
		e, err := judge.Compile(c)
		if err != nil {
			t.Fatal(err)
		}
		names := append([]fact.Name{"judgement:x/y/p"}, c.Vocabulary.Names()...)
		for i := range 3 * 3 * 3 * 3 * 3 * 3 * 3 {
			k := known{}
			in := judge.Input{At: noon, Day: 1, All: true, Members: []judge.Member{{Subject: us, Own: true},
				{Subject: camera, Runner: us}}}
			for j, n := range names {
				v := values[i/pow3(j)%3]
				k[n] = v
				if v.Type() != fact.None {
					in.Claims = append(in.Claims, fact.Claim{Subject: camera, Fact: n, Value: v,
						Method: methodOf(n), ObservedAt: noon})
				}
			}
			if got, want := e.Judge(in).Verdicts[0].Outcome, shape.expected(k); got != want {
				t.Fatalf("%s of %v: %s, want %s", shape, k, got, want)
			}
		}
	}
}

func methodOf(n fact.Name) fact.Method {
	if n == "judgement:x/y/p" {
		return fact.Judgement
	}
	return fact.Record
}

func pow3(n int) int {
	p := 1
	for range n {
		p *= 3
	}
	return p
}

type known map[fact.Name]fact.Value

// The table is written in numbers, -1, 0 and 1, with min, max and minus: another hand than the engine's.
func (k known) of(n fact.Name) int {
	switch v := k[n]; {
	case v.IsTrue():
		return 1
	case v.IsFalse():
		return -1
	}
	return 0
}

// shape says which parts the provision has; a part is the facts of its controls.
type shape struct{ breach, suffices, deemed []fact.Name }

var shapes = []shape{
	{},
	{breach: []fact.Name{"x.b"}},
	{breach: []fact.Name{"x.b", "x.c"}},
	{suffices: []fact.Name{"x.d"}},
	{breach: []fact.Name{"x.b"}, suffices: []fact.Name{"x.d"}},
	{breach: []fact.Name{"x.b", "x.c"}, suffices: []fact.Name{"x.b", "x.c"}},
	{breach: []fact.Name{"x.b", "x.c"}, suffices: []fact.Name{"x.c", "x.d", "x.e"}},
	{deemed: []fact.Name{"x.f"}},
	{breach: []fact.Name{"x.b", "x.c"}, deemed: []fact.Name{"x.f"}},
	{breach: []fact.Name{"x.b"}, suffices: []fact.Name{"x.b", "x.d"}, deemed: []fact.Name{"x.f", "x.e"}},
}

func (s shape) String() string {
	return fmt.Sprintf("breach %v, suffices %v, deemed %v", s.breach, s.suffices, s.deemed)
}

func (s shape) expected(k known) judge.Outcome {
	breach, suffices, deemed := 1, 1, -1
	for _, n := range s.breach {
		breach = min(breach, k.of(n))
	}
	for _, n := range s.suffices {
		suffices = min(suffices, k.of(n))
	}
	for _, n := range s.deemed {
		deemed = max(deemed, k.of(n))
	}
	judged, broken := 1, breach == -1
	if len(s.suffices) == 0 {
		judged = k.of("judgement:x/y/p")
		broken = broken || judged == -1
	}
	switch a := k.of("x.a"); {
	case a == -1:
		return judge.NotApplicable
	case a == 1 && (deemed == 1 || breach == 1 && suffices == 1 && judged == 1):
		return judge.Met
	case a == 1 && broken && deemed == -1:
		return judge.Violated
	}
	return judge.NotShown
}
