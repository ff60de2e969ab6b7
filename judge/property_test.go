// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

var drawnFacts = map[fact.SubjectKind][]fact.Name{
	fact.Device:       {"d.a", "d.b", "d.c"},
	fact.Product:      {"p.a", "p.b"},
	fact.Organisation: {"o.a", "o.b"},
}

var gateFacts = []fact.Name{"identity.certain", "sighting.repeated", "unit.state"}

func drawnVocabulary() []fact.Definition {
	defs := []fact.Definition{{Name: "unit.state", Subject: fact.Device, Type: fact.Enum, Words: []string{"set-up",
		"altered"}}}
	for _, n := range gateFacts[:2] {
		defs = append(defs, fact.Definition{Name: n, Subject: fact.Device, Type: fact.Bool, AbsenceHours: 1})
	}
	for kind, names := range drawnFacts {
		for _, n := range names {
			defs = append(defs, fact.Definition{Name: n, Subject: kind, Type: fact.Bool, AbsenceHours: 1})
		}
	}
	return defs
}

// drawExpr draws an expression over facts that the kind of subject can ask.
func drawExpr(t *rapid.T, subject fact.SubjectKind) string {
	names := drawnFacts[fact.Organisation]
	if subject != fact.Organisation {
		names = slices.Concat(names, drawnFacts[fact.Product], drawnFacts[fact.Device], drawnFacts[fact.Device])
	}
	one := func() string {
		return rapid.SampledFrom([]string{"", "!"}).Draw(t, "sign") + string(rapid.SampledFrom(names).Draw(t, "fact"))
	}
	return rapid.SampledFrom([]string{one(), one() + " && " + one(), one() + " || " + one(), "!(" + one() +
		" && " + one() + ")"}).Draw(t, "expr")
}

// drawCatalogue draws two instruments of one to three provisions each. Presumptions are drawn where they
// are asked for: what may be rebutted is not monotone.
func drawCatalogue(t *rapid.T, presumptions bool) *law.Catalogue {
	exprs := map[law.ControlID]string{}
	first := fact.Day(0)
	some := func(kind fact.SubjectKind, most int) []law.ControlID {
		var ids []law.ControlID
		for range rapid.IntRange(0, most).Draw(t, "controls") {
			id := law.ControlID(fmt.Sprintf("c%d", len(exprs)))
			exprs[id] = drawExpr(t, kind)
			ids = append(ids, id)
		}
		return ids
	}
	kinds := []string{"deemed"}
	if presumptions {
		kinds = append(kinds, "presumption")
	}
	var instruments []*law.Instrument
	for _, id := range []law.InstrumentID{"x/one", "x/two"} {
		i := &law.Instrument{ID: id, AppliesFrom: &first, Kind: rapid.SampledFrom([]law.Kind{law.Statute,
			law.Standard}).Draw(t, "kind")}
		for n := range rapid.IntRange(1, 3).Draw(t, "provisions") {
			p := &law.Provision{ID: law.ProvisionID(fmt.Sprintf("%s/%d", id, n)), Instrument: i,
				Force: rapid.SampledFrom([]law.Force{law.Must, law.Should}).Draw(t, "force"),
				Subject: rapid.SampledFrom([]fact.SubjectKind{fact.Organisation, fact.Product,
					fact.Device}).Draw(t, "subject"),
				Bearer: rapid.SampledFrom([]law.Relation{law.OfMaker, law.OfOperator, law.OfSelf}).Draw(t, "bearer")}
			for range rapid.IntRange(0, 2).Draw(t, "conditions") {
				name := rapid.SampledFrom([]string{"material", "adoption"}).Draw(t, "condition")
				p.Applies = append(p.Applies, law.Conjunct{Name: name, Expr: drawExpr(t, p.Subject)})
			}
			if rapid.Bool().Draw(t, "displaced") {
				p.Displaced = []law.Displacement{{By: "x/one", When: drawExpr(t, p.Subject)}}
			}
			for range rapid.IntRange(0, 1).Draw(t, "deemed") {
				p.Deemed = append(p.Deemed, law.Deemed{Kind: rapid.SampledFrom(kinds).Draw(t, "ground"),
					When: drawExpr(t, p.Subject)})
			}
			p.Breach, p.Suffices, p.Indicators = some(p.Subject, 2), some(p.Subject, 2), some(p.Subject, 1)
			i.Provisions = append(i.Provisions, p)
		}
		instruments = append(instruments, i)
	}
	return build(drawnVocabulary(), exprs, instruments...)
}

func compiled(t *rapid.T, c *law.Catalogue) *judge.Engine {
	e, err := judge.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func drawMembers(t *rapid.T) []judge.Member {
	nobody := fact.Subject{}
	all := []judge.Member{{Subject: us, Own: true}, {Subject: maker},
		{Subject: product, Maker: rapid.SampledFrom([]fact.Subject{us, maker, nobody}).Draw(t, "maker")}}
	for i := range rapid.IntRange(0, 3).Draw(t, "devices") {
		all = append(all, judge.Member{Subject: fact.Subject{Kind: fact.Device, ID: fmt.Sprintf("d%d", i)},
			Product: rapid.SampledFrom([]fact.Subject{product, product, nobody}).Draw(t, "product"),
			Runner:  rapid.SampledFrom([]fact.Subject{us, us, nobody}).Draw(t, "runner")})
	}
	return all
}

// drawClaims draws at most one claim about each fact of each member, so that none contradicts another.
func drawClaims(t *rapid.T, members []judge.Member) []fact.Claim {
	var all []fact.Claim
	for _, m := range members {
		names := drawnFacts[m.Subject.Kind]
		if m.Subject.Kind == fact.Device {
			names = slices.Concat(names, gateFacts)
		}
		for _, n := range names {
			if rapid.IntRange(0, 3).Draw(t, "known") > 0 {
				all = append(all, drawClaim(t, m.Subject, n))
			}
		}
	}
	for _, n := range []string{"x/one/0", "x/two/0"} {
		if rapid.Bool().Draw(t, "judged") {
			all = append(all, drawClaim(t, members[rapid.IntRange(0, len(members)-1).Draw(t, "of")].Subject,
				fact.Name(fact.JudgementPrefix+n)))
		}
	}
	return all
}

func drawClaim(t *rapid.T, who fact.Subject, n fact.Name) fact.Claim {
	c := fact.Claim{Subject: who, Fact: n, ObservedAt: noon, Method: fact.Record, Statement: "s",
		Value: fact.BoolValue(rapid.Bool().Draw(t, "value")), Coverage: fact.Coverage{Hours: 2, BothWays: true,
			Vantage: "v"}}
	switch {
	case n == "unit.state":
		c.Value = fact.EnumValue(rapid.SampledFrom([]string{"set-up", "set-up", "altered"}).Draw(t, "state"))
	case len(n) > 10 && n[:9] == "judgement":
		c.Method = fact.Judgement
	case who.Kind == fact.Device:
		c.Method = fact.Passive
	default:
		c.Method = rapid.SampledFrom([]fact.Method{fact.Record, fact.Declaration}).Draw(t, "method")
	}
	return c
}

func input(members []judge.Member, claims []fact.Claim) judge.Input {
	return judge.Input{Members: members, Claims: claims, At: noon, Day: fact.DayOf(noon), All: true}
}

// decided says that a verdict is one that somebody answers for.
func decided(o judge.Outcome) bool { return o == judge.Met || o == judge.Violated }

func outcomes(r *judge.Result) map[string]judge.Outcome {
	all := map[string]judge.Outcome{}
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		all[v.ID()+"@"+v.Person.String()] = v.Outcome
	}
	return all
}

func TestP1NoEvidenceShowsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := compiled(t, drawCatalogue(t, true))
		for id, o := range outcomes(e.Judge(input(drawMembers(t), nil))) {
			if o != judge.NotShown {
				t.Fatalf("%s: %s of nothing", id, o)
			}
		}
	})
}

func TestP2DeletingEvidenceDecidesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := compiled(t, drawCatalogue(t, false))
		members := drawMembers(t)
		claims := drawClaims(t, members)
		before := outcomes(e.Judge(input(members, claims)))
		kept := slices.DeleteFunc(slices.Clone(claims), func(fact.Claim) bool { return rapid.Bool().Draw(t, "deleted") })
		for id, o := range outcomes(e.Judge(input(members, kept))) {
			if decided(o) && before[id] != o {
				t.Fatalf("%s: %s became %s", id, before[id], o)
			}
		}
	})
}

// TestP2TimeAndWithdrawalDecideNothing lets claims be contradicted, expire and be withdrawn in every
// order: only a new claim may make a verdict met or violated.
func TestP2TimeAndWithdrawalDecideNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := compiled(t, drawCatalogue(t, true))
		members := drawMembers(t)
		claims := drawClaims(t, members)
		n := len(claims)
		for i := range n {
			if rapid.IntRange(0, 3).Draw(t, "contradicted") == 0 {
				claims = append(claims, drawClaim(t, claims[i].Subject, claims[i].Fact))
			}
		}
		events := rapid.Permutation(slices.Concat(steps(n, len(claims), "seen"), steps(0, len(claims), "expires"),
			steps(0, len(claims), "withdrawn"))).Draw(t, "events")
		events = events[:min(len(events), 10)]
		for i := range claims {
			claims[i].RecordedAt = noon
			if i >= n {
				claims[i].ObservedAt, claims[i].RecordedAt = noon.AddDate(1, 0, 0), noon.AddDate(1, 0, 0)
			}
		}
		for k, ev := range events {
			at, c := noon.Add(time.Duration(k+1)*time.Hour), &claims[ev.claim]
			switch {
			case ev.what == "seen":
				c.ObservedAt, c.RecordedAt = at, at
			case c.ObservedAt.After(at): // not yet made: nothing to expire
			case ev.what == "expires":
				c.Expires = at
			default:
				c.Withdrawn = at
			}
		}
		var before map[string]judge.Outcome
		for k := range len(events) + 1 {
			in := input(members, claims)
			in.At = noon.Add(time.Duration(k) * time.Hour)
			in.KnownAt = in.At
			now := outcomes(e.Judge(in))
			for id, o := range now {
				if k > 0 && events[k-1].what != "seen" && decided(o) && before[id] != o {
					t.Fatalf("%s: %s became %s when %v happened, of %v", id, before[id], o, events[k-1],
						claims[events[k-1].claim])
				}
			}
			before = now
		}
	})
}

type step struct {
	what  string
	claim int
}

func steps(from, to int, what string) []step {
	var all []step
	for i := from; i < to; i++ {
		all = append(all, step{what, i})
	}
	return all
}

func TestP3MoreEvidenceKeepsWhatIsDecided(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := compiled(t, drawCatalogue(t, false))
		members := drawMembers(t)
		claims := drawClaims(t, members)
		some := slices.DeleteFunc(slices.Clone(claims), func(c fact.Claim) bool {
			return c.Method != fact.Judgement && rapid.Bool().Draw(t, "not yet")
		})
		after := outcomes(e.Judge(input(members, claims)))
		for id, o := range outcomes(e.Judge(input(members, some))) {
			if o != judge.NotShown && after[id] != o {
				t.Fatalf("%s: %s became %s", id, o, after[id])
			}
		}
	})
}

func TestP5DecisionsNeverReachTheJudge(t *testing.T) {
	var fields []string
	in := reflect.TypeFor[judge.Input]()
	for i := range in.NumField() {
		fields = append(fields, in.Field(i).Name)
	}
	if want := []string{"Members", "Claims", "At", "KnownAt", "Day", "All"}; !slices.Equal(fields, want) {
		t.Errorf("the judge is given %v: a decision must never be among it", fields)
	}
}

// TestP6NoLawLeansOnAnother: whatever relations are published, each law is judged for itself.
func TestP6NoLawLeansOnAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCatalogue(t, true)
		members := drawMembers(t)
		in := input(members, drawClaims(t, members))
		both := compiled(t, c).Judge(in).Written()
		c.Instruments = c.Instruments[1:]
		alone := compiled(t, c).Judge(in).Written()
		got := both.Verdicts[len(both.Verdicts)-len(alone.Verdicts):]
		if len(got)+len(alone.Verdicts) > 0 && !reflect.DeepEqual(got, alone.Verdicts) {
			t.Fatalf("beside another law: %v, alone: %v", got, alone.Verdicts)
		}
	})
}

func TestP7TheSameInputInAnyOrderGivesTheSameResult(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCatalogue(t, true)
		members := drawMembers(t)
		claims := drawClaims(t, members)
		a := compiled(t, c).Judge(input(members, claims)).Written()
		b := compiled(t, c).Judge(input(rapid.Permutation(members).Draw(t, "members"),
			rapid.Permutation(claims).Draw(t, "claims"))).Written()
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\n%+v", a, b)
		}
		if len(claims) > 0 {
			claims[0].Value = fact.Value{}
			if less := compiled(t, c).Judge(input(members, claims)); less.ReplayKey == a.ReplayKey {
				t.Fatal("another snapshot has the same replay key")
			}
		}
	})
}

func TestP11AFactThatIsNotUsedChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCatalogue(t, true)
		defs := append(drawnVocabulary(), fact.Definition{Name: "d.unused", Subject: fact.Device, Type: fact.Bool},
			fact.Definition{Name: "o.unused", Subject: fact.Organisation, Type: fact.Bool})
		c.Vocabulary, _ = fact.NewVocabulary(defs)
		members := drawMembers(t)
		claims := drawClaims(t, members)
		e := compiled(t, c)
		before := e.Judge(input(members, claims)).Written().Verdicts
		for _, m := range members {
			if n := map[fact.SubjectKind]fact.Name{fact.Device: "d.unused",
				fact.Organisation: "o.unused"}[m.Subject.Kind]; n != "" {
				claims = append(claims, drawClaim(t, m.Subject, n))
			}
		}
		if after := e.Judge(input(members, claims)).Written().Verdicts; !reflect.DeepEqual(before, after) {
			t.Fatalf("%v\n%v", before, after)
		}
	})
}

func TestP12ARecommendationNeverCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := compiled(t, drawCatalogue(t, true))
		members := drawMembers(t)
		r := e.Judge(input(members, drawClaims(t, members)))
		var own, supplier judge.Counts
		for i := range r.Verdicts {
			v := &r.Verdicts[i]
			should := v.Provision.Force == law.Should
			if slices.Contains(v.Flags, judge.Recommendation) != should {
				t.Fatalf("%s: flags %v", v.ID(), v.Flags)
			}
			to := &own
			if v.Bearer == judge.Supplier {
				to = &supplier
			}
			if !should {
				_, vector := judge.Aggregate([]judge.Verdict{*v}, judge.Population{})
				to.Met, to.Violated, to.NotShown = to.Met+vector.Met, to.Violated+vector.Violated,
					to.NotShown+vector.NotShown
				to.BreachIndicated, to.NotApplicable = to.BreachIndicated+vector.BreachIndicated,
					to.NotApplicable+vector.NotApplicable
			}
		}
		if own != r.Own || supplier != r.Supplier {
			t.Fatalf("counts %+v %+v, want %+v %+v", r.Own, r.Supplier, own, supplier)
		}
	})
}

// TestEveryVerdictIsWhole: whatever the law and the facts, a not-shown says why and who can end it, and
// anything else says neither.
func TestEveryVerdictIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := compiled(t, drawCatalogue(t, true))
		members := drawMembers(t)
		for _, v := range e.Judge(input(members, drawClaims(t, members))).Verdicts {
			open := v.Outcome == judge.NotShown
			if (len(v.Reasons) > 0) != open || (v.Class != "") != open || !open && (v.Missing != nil ||
				v.Cheapest != nil || v.WouldBe != 0) {
				t.Fatalf("%s: %+v", v.ID(), v)
			}
			if slices.Contains(v.Flags, judge.BreachIndicated) && !open {
				t.Fatalf("%s: %s, breach indicated", v.ID(), v.Outcome)
			}
			if len(v.Because()) == 0 {
				t.Fatalf("%s: no reasons", v.ID())
			}
			for _, m := range v.Cheapest {
				if !slices.Contains(v.Missing, m) {
					t.Fatalf("%s: cheapest %v is not missing: %v", v.ID(), m, v.Missing)
				}
			}
		}
	})
}
