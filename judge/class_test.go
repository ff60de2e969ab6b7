// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// TestEachNotShownIsOfOneClass has one duty whose one fact becomes known in one way.
func TestEachNotShownIsOfOneClass(t *testing.T) {
	own, theirs := fact.Organisation, fact.Product
	for _, c := range []struct {
		about fact.SubjectKind
		known []fact.Method
		want  judge.Class
	}{
		{fact.Device, []fact.Method{fact.Passive, fact.Active}, judge.Listen},
		{fact.Device, []fact.Method{fact.Active}, judge.Test},
		{fact.Device, []fact.Method{fact.Import}, judge.Test},
		{fact.Device, []fact.Method{fact.Record}, judge.Ours},
		{fact.Device, []fact.Method{fact.Declaration, fact.Record}, judge.Answer},
		{own, []fact.Method{fact.Declaration}, judge.Answer},
		{own, []fact.Method{fact.Record}, judge.Ours},
		{theirs, []fact.Method{fact.Record}, judge.MakerDoc},
		{theirs, []fact.Method{fact.Declaration, fact.Record}, judge.Answer},
		{own, []fact.Method{fact.Judgement}, judge.Judgment},
	} {
		first := fact.Day(0)
		p := &law.Provision{ID: "x/y/p", Force: law.Must, Subject: c.about, Bearer: law.OfOperator,
			Suffices: []law.ControlID{"c"}}
		e, err := judge.Compile(build([]fact.Definition{{Name: "x.a", Subject: c.about, Type: fact.Bool, Known: c.known}},
			map[law.ControlID]string{"c": "x.a"}, &law.Instrument{ID: "x/y", AppliesFrom: &first,
				Provisions: []*law.Provision{p}}))
		if err != nil {
			t.Fatal(err)
		}
		if got := verdict(t, e.Judge(set().Input), "x/y/p").Class; got != c.want {
			t.Errorf("a fact about a %s known by %v: class %s, want %s", c.about, c.known, got, c.want)
		}
	}
}

func TestASiteIsJudgedByItsOwnFacts(t *testing.T) {
	first := fact.Day(0)
	p := &law.Provision{ID: "x/y/p", Force: law.Must, Subject: fact.Site, Bearer: law.OfOperator,
		Breach: []law.ControlID{"c"}, Suffices: []law.ControlID{"c"}}
	c := build([]fact.Definition{{Name: "site.fenced", Subject: fact.Site, Type: fact.Bool}, {Name: "org.large",
		Subject: fact.Organisation, Type: fact.Bool}},
		map[law.ControlID]string{"c": "site.fenced || !org.large"}, &law.Instrument{ID: "x/y", AppliesFrom: &first,
			Provisions: []*law.Provision{p}})
	site := fact.Subject{Kind: fact.Site, ID: "ward"}
	r, err := judge.Judge(c, set().with(judge.Member{Subject: site, Runner: us}).shows(site, "site.fenced",
		"no").shows(us, "org.large", "yes").Input)
	if err != nil {
		t.Fatal(err)
	}
	is(t, verdict(t, r, "x/y/p"), "violated")
	c.Controls["c"].Expr = "site.fenced +"
	if _, err := judge.Judge(c, set().Input); err == nil {
		t.Error("judged by an expression that cannot be read")
	}
}
