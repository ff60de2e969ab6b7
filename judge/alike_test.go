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
	"github.com/writ-iot/writ/law"
)

var sister = fact.Subject{Kind: fact.Organisation, ID: "sister"}

// crowd draws members of which most are like another one, but for one thing: devices of few patterns, each with
// statements of its own.
func crowd(t *rapid.T) ([]judge.Member, []fact.Claim) {
	members := drawMembers(t)
	if rapid.Bool().Draw(t, "a sister") {
		members = append(members, judge.Member{Subject: sister, Own: true})
	}
	claims := drawClaims(t, members)
	for _, m := range members {
		if m.Subject.Kind != fact.Device {
			continue
		}
		if rapid.Bool().Draw(t, "judged") {
			claims = append(claims, drawClaim(t, m.Subject, fact.JudgementPrefix+"x/one/0"))
		}
		if rapid.Bool().Draw(t, "dated") {
			claims = append(claims, fact.Claim{Subject: m.Subject, Fact: "d.day", Method: fact.Record, ObservedAt: noon,
				Statement: "s", Value: fact.DateValue(fact.DayOf(noon))})
		}
	}
	for i := range claims {
		alter(t, &claims[i], rapid.IntRange(0, 30).Draw(t, "altered"))
	}
	for _, like := range slices.Clone(members) {
		if like.Subject.Kind != fact.Device {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(claims), func(c fact.Claim) bool { return c.Subject != like.Subject })
		for n := range rapid.IntRange(0, 5).Draw(t, "alike") {
			m := like
			m.Subject.ID = fmt.Sprintf("%s of %s", []string{"a", "b", "c", "x", "z"}[n], like.Subject.ID)
			related := relate(t, &m)
			members = append(members, m)
			claims = append(claims, told(t, own, m.Subject, !related)...)
		}
	}
	return members, claims
}

// relate gives some devices another product, runner or day.
func relate(t *rapid.T, m *judge.Member) bool {
	switch rapid.IntRange(0, 9).Draw(t, "related") {
	case 0, 1:
		m.At = noon.AddDate(0, 0, 1)
	case 2:
		m.Product = fact.Subject{}
	case 3:
		m.Runner = fact.Subject{}
	case 4:
		m.Runner = sister
	default:
		return false
	}
	return true
}

// dated lets some controls of devices hang on the day of the evidence.
func dated(t *rapid.T, c *law.Catalogue) *law.Catalogue {
	c.Vocabulary, _ = fact.NewVocabulary(append(drawnVocabulary(), fact.Definition{Name: "d.day", Subject: fact.Device,
		Type: fact.Date}))
	for _, i := range c.Instruments {
		for _, p := range i.Provisions {
			if p.Subject == fact.Device && len(p.Suffices) > 0 && rapid.Bool().Draw(t, "dated") {
				c.Controls[p.Suffices[0]].Expr = "d.day < at"
			}
		}
	}
	return c
}

// told copies claims about one device for another: all of them, or all but one, or one of them altered.
func told(t *rapid.T, own []fact.Claim, of fact.Subject, altered bool) []fact.Claim {
	own = slices.Clone(own)
	for i := range own {
		own[i].Subject, own[i].Statement = of, own[i].Statement+of.ID
	}
	if len(own) == 0 || !altered {
		return own
	}
	i := rapid.IntRange(0, len(own)-1).Draw(t, "which")
	judged := slices.IndexFunc(own, func(c fact.Claim) bool { return c.Method == fact.Judgement })
	if judged >= 0 && rapid.Bool().Draw(t, "of the judgement") {
		i = judged
	}
	if how := rapid.IntRange(0, 12).Draw(t, "how"); how == 12 {
		own = slices.Delete(own, i, i+1)
	} else {
		alter(t, &own[i], how)
	}
	return own
}

// alter changes a claim in a way that may change what is so.
func alter(t *rapid.T, c *fact.Claim, how int) {
	switch how {
	case 0:
		c.Value = drawClaim(t, c.Subject, c.Fact).Value
	case 1:
		c.Withheld = true
	case 2:
		c.Expires = noon.AddDate(0, 0, -1)
		c.ObservedAt = noon.AddDate(0, 0, -2)
	case 3:
		c.Withdrawn = noon
	case 4, 5:
		c.Coverage.Partial = true
	case 6, 7:
		c.Method, c.Documented = fact.Declaration, false
	case 8, 9:
		c.Method, c.Documented = fact.Declaration, true
	}
}

// TestTheSharingEngineSaysWhatThePlainOneSays: whoever is judged by another's example gets the bytes that a
// judgement of its own would give.
func TestTheSharingEngineSaysWhatThePlainOneSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := compiled(t, dated(t, drawCatalogue(t, true)))
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
