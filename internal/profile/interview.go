// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// interview chooses what to ask next: it judges an organisation that runs one device and makes one product, by
// what is answered so far, and takes the question that the most verdicts still miss. What no verdict misses
// any more is not asked.
type interview struct {
	engine    *judge.Engine
	questions map[fact.Name]Question
	asked     map[fact.Name]bool
	missed    map[fact.Name]int // by how many verdicts; nil: an answer may have changed it
	in        judge.Input
}

// self is the organisation that is asked.
var self = fact.Subject{Kind: fact.Organisation, ID: "self"}

func newInterview(cat *law.Catalogue, engine *judge.Engine, today fact.Day) *interview {
	i := &interview{engine: engine, questions: map[fact.Name]Question{}, asked: map[fact.Name]bool{}}
	for _, q := range Questions(cat, fact.Organisation) {
		i.questions[q.Name] = q
	}
	run, made := fact.Subject{Kind: fact.Product, ID: "run"}, fact.Subject{Kind: fact.Product, ID: "made"}
	device := fact.Subject{Kind: fact.Device, ID: "device"}
	i.in = judge.Input{Day: today, At: today.Time(), Members: []judge.Member{
		{Subject: self, Own: true}, {Subject: run}, {Subject: made, Maker: self}, {Subject: device,
			Product: run, Runner: self},
	}}
	return i
}

// next gives the question that decides most, and how many others still matter; false when none does.
func (i *interview) next() (q Question, more int, ok bool) {
	if i.missed == nil {
		i.judge()
	}
	if len(i.missed) == 0 {
		return q, 0, false
	}
	first := slices.MinFunc(slices.Collect(maps.Keys(i.missed)), func(a, b fact.Name) int {
		return cmp.Or(cmp.Compare(i.missed[b], i.missed[a]), cmp.Compare(a, b))
	})
	i.asked[first] = true
	delete(i.missed, first)
	return i.questions[first], len(i.missed), true
}

// judge counts by how many verdicts each open question is missed.
func (i *interview) judge() {
	i.missed = map[fact.Name]int{}
	for _, v := range i.engine.Judge(i.in).Verdicts {
		for _, m := range v.Missing {
			if _, asks := i.questions[m.Fact]; asks && m.Subject == self && !i.asked[m.Fact] {
				i.missed[m.Fact]++
			}
		}
	}
}

// take notes an answer.
func (i *interview) take(name fact.Name, v fact.Value) {
	i.missed = nil
	i.in.Claims = append(i.in.Claims, fact.Claim{Subject: self, Fact: name, Value: v, Method: fact.Declaration,
		ObservedAt: i.in.At.Add(-time.Hour)})
}
