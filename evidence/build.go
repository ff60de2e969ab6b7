// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
)

// claimsPerStatement keeps a statement well under MaxStatement; more claims make more statements.
const claimsPerStatement = 200

// State gathers claims into statements: one for each subject, kind and set of inputs they rest on, so
// that the same input read again makes the same statements. The order of claims never matters.
func State(collector string, at time.Time, claims []fact.Claim) []Statement {
	type key struct {
		subject fact.Subject
		kind    Kind
		inputs  string
	}
	groups := map[key][]fact.Claim{}
	for _, c := range claims {
		c.Collector, c.Statement = collector, ""
		k := key{c.Subject, kindOf(c.Method), inputsOf(&c)}
		groups[k] = append(groups[k], c)
	}
	keys := slices.SortedFunc(maps.Keys(groups), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.subject.String(), b.subject.String()), cmp.Compare(a.kind, b.kind),
			cmp.Compare(a.inputs, b.inputs))
	})
	var all []Statement
	for _, k := range keys {
		group := groups[k]
		slices.SortStableFunc(group, compareClaims)
		for part := range slices.Chunk(group, claimsPerStatement) {
			all = append(all, Statement{Version: Version, Kind: k.kind, Collector: collector, At: at,
				Subject: k.subject, Claims: slices.Clip(part)})
		}
	}
	return all
}

func kindOf(m fact.Method) Kind {
	switch m {
	case fact.Declaration:
		return Declaration
	case fact.Record, fact.Judgement:
		return RecordKind
	}
	return Observation
}

func inputsOf(c *fact.Claim) string {
	var in []string
	for _, s := range c.Sources {
		in = append(in, s.Input)
	}
	slices.Sort(in)
	return strings.Join(slices.Compact(in), " ")
}

// compareClaims orders claims by what they say, so that a statement's bytes do not hang on the order in
// which checks ran.
func compareClaims(a, b fact.Claim) int {
	return cmp.Or(cmp.Compare(a.Fact, b.Fact), cmp.Compare(a.Method, b.Method), a.ObservedAt.Compare(b.ObservedAt),
		cmp.Compare(a.Value.String(), b.Value.String()), a.Expires.Compare(b.Expires),
		cmp.Compare(a.Coverage.Port, b.Coverage.Port), cmp.Compare(a.Coverage.Vantage, b.Coverage.Vantage))
}

// Members makes a membership statement for each member, in the order of their subjects.
func Members(collector string, at time.Time, members []fact.Member) []Statement {
	sorted := slices.SortedStableFunc(slices.Values(members), func(a, b fact.Member) int {
		return cmp.Compare(a.Subject.String(), b.Subject.String())
	})
	all := make([]Statement, len(sorted))
	for i := range sorted {
		all[i] = Statement{Version: Version, Kind: Membership, Collector: collector, At: at,
			Subject: sorted[i].Subject, Member: &sorted[i]}
	}
	return all
}
