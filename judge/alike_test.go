// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// crowd draws members of which most are like another one: devices of few patterns, each with statements of its own.
func crowd(t *rapid.T) ([]judge.Member, []fact.Claim) {
	members := drawMembers(t)
	claims := drawClaims(t, members)
	for i := range claims {
		claims[i].Coverage.Partial = rapid.IntRange(0, 3).Draw(t, "partial") == 0
		if rapid.IntRange(0, 4).Draw(t, "contradicted") == 0 {
			claims = append(claims, drawClaim(t, claims[i].Subject, claims[i].Fact))
		}
		claims[i].Withheld = rapid.IntRange(0, 9).Draw(t, "withheld") == 0
		claims[i].Documented = claims[i].Method == fact.Declaration && rapid.Bool().Draw(t, "documented")
	}
	for _, like := range slices.Clone(members) {
		if like.Subject.Kind != fact.Device {
			continue
		}
		for n := range rapid.IntRange(0, 3).Draw(t, "alike") {
			m := like
			m.Subject.ID = fmt.Sprintf("%s of %s", []string{"a", "x", "z"}[n], like.Subject.ID)
			if rapid.IntRange(0, 5).Draw(t, "another day") == 0 {
				m.At = noon.AddDate(0, 0, 1)
			}
			members = append(members, m)
			for _, c := range slices.Clone(claims) {
				if c.Subject == like.Subject && rapid.IntRange(0, 9).Draw(t, "left out") > 0 {
					c.Subject, c.Statement = m.Subject, c.Statement+m.Subject.ID
					claims = append(claims, c)
				}
			}
		}
	}
	return members, claims
}

// TestTheSharingEngineSaysWhatThePlainOneSays: whoever is judged by another's example gets the bytes that a
// judgement of its own would give.
func TestTheSharingEngineSaysWhatThePlainOneSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := compiled(t, drawCatalogue(t, true))
		if rapid.Bool().Draw(t, "as adopted") {
			e = e.AsAdopted()
		}
		in := input(crowd(t))
		in.All = rapid.Bool().Draw(t, "all")
		in.Day += fact.Day(rapid.IntRange(-1, 1).Draw(t, "day"))
		shared, plain := e.Judge(in).Written(), e.Singly().Judge(in).Written()
		for i := range plain.Verdicts {
			if !reflect.DeepEqual(shared.Verdicts[i], plain.Verdicts[i]) {
				t.Fatalf("shared %+v\nplain  %+v", shared.Verdicts[i], plain.Verdicts[i])
			}
		}
		if !reflect.DeepEqual(shared, plain) {
			t.Fatalf("shared %+v\nplain  %+v", shared, plain)
		}
	})
}
