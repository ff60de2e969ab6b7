// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func TestEveryUnfencedExpressionIsNamedWithItsPlace(t *testing.T) {
	c := catalogue(t, instrument{id: "us/rule", head: []string{
		"applies: [{name: personal, expr: 'true', pinpoint: s. 1}]",
		"displaced: [{by: us/rule, when: 'org.bank == true', pinpoint: s. 2}]",
		"clocks: [{id: c, pinpoint: s. 3, anchor: awareness, period-rule: uk, when: has(org.role), recipient: r, content: [c], confidence: verified, source: text}]",
	}, of: []string{
		"id: a; applies: [{name: material, expr: service.telnot, pinpoint: s. 4}]; requires: [no-telnet]",
		"id: b; subject: organisation; bearer: self; requires: [no-telnet]",
		"id: c; requires: [policy]; deemed: [{kind: deemed, when: 'day', pinpoint: s. 5, source: text}]"}})
	c.Controls["policy"].Expr = "org.policy ? true : false"
	_, err := judge.Compile(c)
	var problems law.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v", err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%s:%d %s", p.Pos.File, p.Pos.Line, p.What))
	}
	want := []string{
		"controls/c.yaml:8 a choice forgets what its condition did not know",
		"instruments/us/rule.yaml:19 a constant decides nothing",
		"instruments/us/rule.yaml:20 fact org.bank is yes or no and is not compared",
		"instruments/us/rule.yaml:21 whether a fact is known cannot be asked",
		"instruments/us/rule.yaml:24 fact service.telnot is not in the vocabulary",
		"instruments/us/rule.yaml:34 control no-telnet of provision us/rule/b asks service.telnet, a fact about a device",
		"instruments/us/rule.yaml:46 day is compared with a fact",
	}
	if len(got) != len(want) {
		t.Fatalf("got\n%s", strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}

// The whole catalogue must compile in 150 ms; the goal is 50.
func BenchmarkCompile(b *testing.B) {
	c := realCatalogue(b)
	for b.Loop() {
		if _, err := judge.Compile(c); err != nil {
			b.Fatal(err)
		}
	}
}

func realCatalogue(t testing.TB) *law.Catalogue {
	c, err := law.Load(os.DirFS("../catalogue"))
	if err != nil {
		t.Fatalf("the catalogue does not load: %v", err)
	}
	return c
}

func TestTheCatalogueOfNothingShowsNothing(t *testing.T) {
	e, err := judge.Compile(realCatalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	in := set().Input
	r := e.Judge(in)
	if len(r.Verdicts) == 0 || r.Own.Met+r.Own.Violated+r.Supplier.Met+r.Supplier.Violated != 0 {
		t.Errorf("%d verdicts, %+v %+v", len(r.Verdicts), r.Own, r.Supplier)
	}
}

// BenchmarkJudge judges the whole catalogue over an organisation that runs a hundred devices of ten
// products, on which something was seen.
func BenchmarkJudge(b *testing.B) {
	e, err := judge.Compile(realCatalogue(b))
	if err != nil {
		b.Fatal(err)
	}
	s := set()
	s.Members = s.Members[:2]
	for i := range 10 {
		p := fact.Subject{Kind: fact.Product, ID: fmt.Sprintf("p%d", i)}
		s.with(judge.Member{Subject: p, Maker: maker}).says(p, "product.market_eu", "yes").says(p,
			"product.digital_elements", "yes")
		for j := range 10 {
			d := fact.Subject{Kind: fact.Device, ID: fmt.Sprintf("d%d-%d", i, j)}
			s.with(judge.Member{Subject: d, Product: p, Runner: us}).seen(d, "service.telnet", "yes").seen(d,
				"data.health_cleartext", "yes")
		}
	}
	s.says(us, "hipaa.covered_entity", "yes")
	b.ReportAllocs()
	verdicts := 0
	for b.Loop() {
		verdicts = len(e.Judge(s.Input).Verdicts)
	}
	b.ReportMetric(float64(verdicts), "verdicts")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*verdicts), "ns/verdict")
}
