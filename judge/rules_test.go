// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"slices"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// encryption is 45 CFR 164.312(e)(2)(ii) in small.
var encryption = instrument{id: "us/rule", head: []string{"applies: [{name: personal, expr: org.role, pinpoint: s. 1}]"}, of: []string{
	"id: enc; addressable: yes; applies: [{name: material, expr: data.health, pinpoint: s. 2}]; breach: [decided]; suffices: [addressed]; indicators: [no-health]"}}

func TestClearHealthDataPointsToABreachAndARecordMakesItOne(t *testing.T) {
	e := engine(t, encryption)
	clear := func() *scene { return set().says(us, "org.role", "yes").seen(camera, "data.health", "yes") }
	v := verdict(t, e.Judge(clear().Input), "us/rule/enc")
	is(t, v, "not-shown, breach-indicated, declared, reason no-evidence, class own-record, missing org.decision")
	if v.Bearer != judge.Own || v.Person != us {
		t.Errorf("borne by %s %s", v.Bearer, v.Person)
	}
	is(t, verdict(t, e.Judge(clear().shows(us, "org.decision", "none").Input), "us/rule/enc"), "violated, declared")
	is(t, verdict(t, e.Judge(clear().shows(us, "org.decision", "alternative").Input), "us/rule/enc"), "met, declared")
	is(t, verdict(t, e.Judge(clear().shows(us, "org.decision", "implemented").Input), "us/rule/enc"),
		"not-shown, breach-indicated, declared, reason inconclusive, class beyond-any-fact")
}

// passwords is SI 2023/1007 Sch. 1 para. 1 in small.
var passwords = instrument{id: "uk/act", head: []string{"applies: [{name: territorial, expr: product.market, pinpoint: s. 1}]"}, of: []string{
	"id: pw; subject: product; bearer: maker; breach: [no-default-after-set-up]"}}

func TestAFactoryCredentialBreaksTheLawOnlyOnceTheUnitSpeaksForItsProduct(t *testing.T) {
	e := engine(t, passwords)
	seen := func() *scene {
		return set().says(product, "product.market", "yes").seen(camera, "credentials.default", "yes")
	}
	v := verdict(t, e.Judge(seen().Input), "uk/act/pw")
	is(t, v, "not-shown, declared, reason no-evidence, reason open-norm, class judgement, missing identity.certain, "+
		"missing sighting.repeated, missing unit.state, missing judgement:uk/act/pw")
	if v.Bearer != judge.Supplier || v.Person != maker || !slices.Equal(v.Units, []fact.Subject{camera}) {
		t.Errorf("borne by %s %s, resting on %v", v.Bearer, v.Person, v.Units)
	}
	setUp := func() *scene { return seen().says(camera, "unit.state", "set-up") }
	certain := func() *scene { return setUp().seen(camera, "identity.certain", "yes") }
	is(t, verdict(t, e.Judge(setUp().Input), "uk/act/pw"),
		"not-shown, breach-indicated, declared, reason identity-uncertain, reason no-evidence, "+
			"reason open-norm, class more-listening, missing identity.certain, missing sighting.repeated, missing judgement:uk/act/pw")
	is(t, verdict(t, e.Judge(certain().Input), "uk/act/pw"),
		"not-shown, breach-indicated, declared, reason no-evidence, "+
			"reason open-norm, reason unit-not-product, class more-listening, missing sighting.repeated, missing judgement:uk/act/pw")
	is(t, verdict(t, e.Judge(certain().seen(camera, "sighting.repeated", "yes").Input), "uk/act/pw"),
		"violated, declared")
	factory := seen().says(camera, "unit.state", "factory-default").seen(camera, "identity.certain",
		"yes").seen(camera, "sighting.repeated", "yes")
	if v := verdict(t, e.Judge(factory.Input), "uk/act/pw"); v.Outcome != judge.NotShown ||
		slices.Contains(v.Flags, judge.BreachIndicated) {
		t.Errorf("in its factory state: %s", words(v))
	}
	altered := seen().says(camera, "unit.state", "altered").seen(camera, "identity.certain", "yes").seen(camera,
		"sighting.repeated", "yes")
	if v := verdict(t, e.Judge(altered.Input), "uk/act/pw"); v.Outcome != judge.NotShown ||
		!slices.Contains(v.Reasons, judge.UnitNotProduct) {
		t.Errorf("altered by its user: %s", words(v))
	}
}

func TestTwoUnitsSpeakForTheirProduct(t *testing.T) {
	e := engine(t, passwords)
	s := set().says(product, "product.market", "yes").with(judge.Member{Subject: twin, Product: product, Runner: us})
	for _, u := range []fact.Subject{camera, twin} {
		s.seen(u, "credentials.default", "yes").says(u, "unit.state", "set-up").seen(u, "identity.certain", "yes")
	}
	is(t, verdict(t, e.Judge(s.Input), "uk/act/pw"), "violated, declared")
	s.Claims = slices.DeleteFunc(s.Claims, func(c fact.Claim) bool {
		return c.Subject == twin &&
			c.Fact == "identity.certain"
	})
	if v := verdict(t, e.Judge(s.Input), "uk/act/pw"); v.Outcome != judge.NotShown || !slices.Contains(v.Reasons,
		judge.IdentityUncertain) {
		t.Errorf("with one certain unit: %s", words(v))
	}
}

func TestForTheOperatorsOwnDutyTheUnitIsEnough(t *testing.T) {
	e := engine(t, instrument{id: "us/rule", of: []string{"id: wire; requires: [no-telnet]",
		"id: fleet; subject: product; requires: [no-telnet]"}})
	r := e.Judge(set().seen(camera, "service.telnet", "yes").Input)
	is(t, verdict(t, r, "us/rule/wire"), "violated")
	is(t, verdict(t, r, "us/rule/fleet"), "violated")
	r = e.Judge(set().seen(camera, "service.telnet", "no").Input)
	is(t, verdict(t, r, "us/rule/wire"), "met")
	is(t, verdict(t, r, "us/rule/fleet"), "met")
	s := set().seen(camera, "service.telnet", "no").with(judge.Member{Subject: twin, Product: product, Runner: us})
	if v := verdict(t, e.Judge(s.Input), "us/rule/fleet"); v.Outcome != judge.NotShown {
		t.Errorf("with an unseen twin: %s", words(v))
	}
}

// resilience is Annex I of the CRA in small.
var resilience = instrument{id: "eu/act", head: []string{"applies: [{name: territorial, expr: product.market, pinpoint: Art. 2}, " +
	"{name: material, expr: '!product.medical', pinpoint: Art. 2(2)}]"}, of: []string{
	`id: a; mode: open; subject: product; bearer: maker; from: 2027-12-11; indicators: [no-telnet]; applies: [{name: temporal, expr: 'unit.placed >= date("2027-12-11")', pinpoint: Art. 69}]`}}

func TestALawWaitsForItsDayAndForTheUnitsPlacing(t *testing.T) {
	e := engine(t, resilience)
	sold := func() *scene {
		return set().says(product, "product.market", "yes").says(product, "product.medical", "no")
	}
	v := verdict(t, e.Judge(sold().on("2027-12-10").Input), "eu/act/a")
	is(t, v, "not-applicable")
	if r := v.Readiness; r == nil || r.Day != day("2027-12-11") || r.Outcome != judge.NotShown ||
		!slices.Equal(r.Reasons, []judge.Reason{judge.ApplicabilityUnknown, judge.NoEvidence, judge.OpenNorm}) {
		t.Errorf("readiness %+v", r)
	}
	v = verdict(t, e.Judge(sold().on("2027-12-12").Input), "eu/act/a")
	is(t, v, "not-shown, reason applicability-unknown, reason no-evidence, reason open-norm, class profile-answer, "+
		"missing unit.placed, missing judgement:eu/act/a")
	if v.WouldBe != judge.NotShown {
		t.Errorf("would be %s", v.WouldBe)
	}
	v = verdict(t, e.Judge(sold().shows(camera, "unit.placed", "2027-12-10").Input), "eu/act/a")
	is(t, v, "not-applicable")
	because := v.Because()
	if len(because) != 1 || because[0].ID != "temporal" || because[0].Pinpoint != "Art. 69" ||
		because[0].Children[0].ID != "unit.placed" || v.Readiness != nil {
		t.Errorf("because %+v, readiness %v", because, v.Readiness)
	}
	is(t, verdict(t, e.Judge(sold().says(camera, "unit.placed", "2027-12-11").Input), "eu/act/a"),
		"not-shown, declared, reason open-norm, class judgement, missing judgement:eu/act/a")
	later := func() *scene { return sold().says(camera, "unit.placed", "2027-12-12") }
	is(t, verdict(t, e.Judge(later().seen(camera, "service.telnet", "yes").Input), "eu/act/a"),
		"not-shown, breach-indicated, declared, reason open-norm, class judgement, missing judgement:eu/act/a")
	is(t, verdict(t, e.Judge(later().judged(product, "eu/act/a", "yes").Input), "eu/act/a"), "met, declared")
	is(t, verdict(t, e.Judge(later().judged(us, "eu/act/a", "yes").Input), "eu/act/a"),
		"not-shown, declared, reason open-norm, class judgement, missing judgement:eu/act/a") // we are not its bearer
	is(t, verdict(t, e.Judge(later().judged(maker, "eu/act/a", "yes").Input), "eu/act/a"), "met, declared")
}

// TestOurWordAgainstAMakerIsNoBreachOfItsProduct (semantics, section 2): a supplier's product breaks an open norm only where
// what was seen speaks of the product; our own product, and our own duty, where a person judged so.
func TestOurWordAgainstAMakerIsNoBreachOfItsProduct(t *testing.T) {
	e := engine(t, resilience)
	judged := func() *scene {
		return set().says(product, "product.market", "yes").says(product, "product.medical", "no").on("2027-12-12").
			says(camera, "unit.placed", "2027-12-12").judged(maker, "eu/act/a", "yes").judged(product, "eu/act/a", "no")
	}
	v := verdict(t, e.Judge(judged().Input), "eu/act/a")
	is(t, v, "not-shown, breach-indicated, declared, reason identity-uncertain, reason no-evidence, class profile-answer, "+
		"missing identity.certain, missing sighting.repeated, missing unit.state")
	known := judged().shows(camera, "identity.certain", "yes").shows(camera, "unit.state", "set-up")
	v = verdict(t, e.Judge(known.Input), "eu/act/a")
	if v.Outcome != judge.NotShown || !slices.Contains(v.Reasons, judge.UnitNotProduct) ||
		!slices.Contains(v.Flags, judge.BreachIndicated) {
		t.Errorf("seen once: %s", words(v))
	}
	v = verdict(t, e.Judge(known.shows(camera, "sighting.repeated", "yes").Input), "eu/act/a")
	if v.Outcome != judge.Violated {
		t.Errorf("seen in two sessions, vendor and model certain: %s", words(v))
	}
	ours := judged()
	ours.Input.Members = slices.Clone(ours.Input.Members)
	for i := range ours.Input.Members {
		if ours.Input.Members[i].Subject == product {
			ours.Input.Members[i].Maker = us
		}
	}
	if v = verdict(t, e.Judge(ours.Input), "eu/act/a"); v.Outcome != judge.Violated {
		t.Errorf("our own product: %s", words(v))
	}
}

func TestADeclarationAloneTakesNoProductOutOfALaw(t *testing.T) {
	e := engine(t, resilience)
	in := set().says(product, "product.market", "yes").says(camera, "unit.placed", "2028-01-01")
	v := verdict(t, e.Judge(in.says(product, "product.medical", "yes").Input), "eu/act/a")
	is(t, v, "not-shown, declared, reason applicability-unknown, reason no-evidence, reason open-norm, class maker-document, "+
		"missing judgement:eu/act/a, missing product.medical")
	in.Claims[len(in.Claims)-1].Documented = true
	is(t, verdict(t, e.Judge(in.Input), "eu/act/a"), "not-applicable, declared")
	old := set().says(product, "product.market", "yes").says(product, "product.medical", "no").says(camera,
		"unit.placed", "2027-12-10") // of a unit, and it is the product that would be out
	v = verdict(t, e.Judge(old.Input), "eu/act/a")
	is(t, v, "not-shown, declared, reason applicability-unknown, reason no-evidence, reason open-norm, class own-record, "+
		"missing unit.placed, missing judgement:eu/act/a")
	old.Claims[len(old.Claims)-1].Documented = true
	is(t, verdict(t, e.Judge(old.Input), "eu/act/a"), "not-applicable, declared")
	shown := set().says(product, "product.market", "yes").shows(product, "product.medical", "yes")
	is(t, verdict(t, e.Judge(shown.Input), "eu/act/a"), "not-applicable")
}

func TestWhatWeDeclareOfAnothersProductIsHearsay(t *testing.T) {
	e := engine(t, instrument{id: "eu/act", of: []string{
		"id: a; subject: product; bearer: maker; mode: by-record; requires: [market]",
		"id: b; subject: product; bearer: maker; mode: by-record; requires: [label]; deemed: [{kind: deemed, when: product.claims, pinpoint: s. 1, source: text}]",
		"id: c; subject: product; bearer: self; mode: by-record; requires: [market]"}})
	for _, word := range []string{"yes", "no"} {
		r := e.Judge(set().says(product, "product.market", word).says(product, "product.claims", "yes").Input)
		is(t, verdict(t, r, "eu/act/a"), "not-shown, declared, reason no-evidence, class maker-document, missing product.market")
		if v := verdict(t, r, "eu/act/b"); v.Outcome != judge.NotShown {
			t.Errorf("deemed: %s", words(v))
		}
		want := map[string]string{"yes": "met, declared", "no": "violated, declared"}[word]
		is(t, verdict(t, r, "eu/act/c"), want) // our own duty about it
		s := set().says(product, "product.market", word)
		s.Claims[0].Documented = true
		is(t, verdict(t, e.Judge(s.Input), "eu/act/a"), want)
		ours := set().says(product, "product.market", word)
		ours.Members[2].Maker = us
		is(t, verdict(t, e.Judge(ours.Input), "eu/act/a"), want)
	}
}

func TestWhatNobodyAdoptedBindsNobodyYetIsJudgedForReadiness(t *testing.T) {
	e := engine(t, instrument{id: "iso/standard", kind: "standard",
		head: []string{"applies: [{name: adoption, expr: product.claims, pinpoint: s. 1}]"},
		of:   []string{"id: a; subject: product; bearer: maker; mode: by-record; requires: [label]"}})
	v := verdict(t, e.Judge(set().says(product, "product.claims", "no").shows(product, "record.label",
		"yes").Input), "iso/standard/a")
	is(t, v, "not-applicable, declared")
	if v.Readiness == nil || v.Readiness.Outcome != judge.Met || v.Readiness.Day != day("2027-12-12") {
		t.Errorf("readiness %+v", v.Readiness)
	}
	is(t, verdict(t, e.Judge(set().Input), "iso/standard/a"),
		"not-shown, reason applicability-unknown, reason no-evidence, class profile-answer, missing product.claims, missing record.label")
	is(t, verdict(t, e.Judge(set().says(product, "product.claims", "yes").shows(product, "record.label",
		"no").Input), "iso/standard/a"), "violated, declared")
}

func TestALawStepsAsideForAnother(t *testing.T) {
	e := engine(t, instrument{id: "eu/bank", of: []string{"id: a; subject: organisation; bearer: self; mode: by-record; requires: [policy]"}},
		instrument{id: "eu/all", head: []string{"displaced: [{by: eu/bank, when: org.bank, pinpoint: Art. 4}]"},
			of: []string{"id: a; subject: organisation; bearer: self; mode: by-record; requires: [policy]"}})
	r := e.Judge(set().says(us, "org.bank", "yes").Input)
	is(t, verdict(t, r, "eu/all/a"), "not-applicable, declared")
	if i := r.Instruments[0]; i.Instrument.ID != "eu/all" || i.Bound != "no" || i.Displaced != "eu/bank" {
		t.Errorf("%+v", i)
	}
	is(t, verdict(t, e.Judge(set().says(us, "org.bank", "no").shows(us, "org.policy", "yes").Input), "eu/all/a"),
		"met, declared")
	v := verdict(t, e.Judge(set().shows(us, "org.policy", "yes").Input), "eu/all/a")
	is(t, v, "not-shown, reason applicability-unknown, reason no-evidence, class profile-answer, missing org.bank")
	if v.WouldBe != judge.Met {
		t.Errorf("would be %s", v.WouldBe)
	}
}

func TestWhatIsUnknownOfAMakerIsUnknown(t *testing.T) {
	e := engine(t, instrument{id: "eu/act", head: []string{"applies: [{name: personal, expr: org.role, pinpoint: Art. 1}]"},
		of: []string{"id: a; subject: product; bearer: maker; mode: by-record; requires: [label]"}})
	s := set().says(us, "org.role", "yes").shows(product, "record.label", "no")
	v := verdict(t, e.Judge(s.Input), "eu/act/a") // our role is not the maker's
	is(t, v, "not-shown, breach-indicated, reason applicability-unknown, reason no-evidence, class profile-answer, missing org.role")
	s.Members = s.Members[:2]
	s.with(judge.Member{Subject: product})
	v = verdict(t, e.Judge(s.Input), "eu/act/a")
	if v.Bearer != judge.Supplier || v.Person != (fact.Subject{}) || v.Outcome != judge.NotShown ||
		v.Missing[0].Subject != (fact.Subject{Kind: fact.Organisation}) {
		t.Errorf("without a maker: %s %q %s, missing %v", v.Bearer, v.Person, v.Outcome, v.Missing)
	}
	s.Members[2] = judge.Member{Subject: product, Maker: us}
	v = verdict(t, e.Judge(s.Input), "eu/act/a")
	if v.Bearer != judge.Own || v.Outcome != judge.Violated {
		t.Errorf("made by us: %s %s", v.Bearer, v.Outcome)
	}
}

func TestForce(t *testing.T) {
	e := engine(t, instrument{id: "us/rule", of: []string{"id: a; force: should; requires: [no-telnet]",
		"id: b; force: may; requires: [no-telnet]"}})
	r := e.Judge(set().seen(camera, "service.telnet", "yes").Input)
	is(t, verdict(t, r, "us/rule/a"), "violated, recommendation")
	if len(r.Verdicts) != 1 || r.Own != (judge.Counts{}) {
		t.Errorf("%d verdicts, counts %+v", len(r.Verdicts), r.Own)
	}
}

func TestFlags(t *testing.T) {
	e := engine(t, instrument{id: "us/rule", of: []string{"id: a; confidence: doubtful; requires: [no-telnet]"}})
	c := claim(camera, "service.telnet", "yes", fact.Passive)
	c.Coverage.Partial = true
	is(t, verdict(t, e.Judge(set().claim(c).Input), "us/rule/a"), "violated, doubtful-law, partial-view")
}

func TestWhyNothingIsShown(t *testing.T) {
	e := engine(t, instrument{id: "us/rule", of: []string{"id: a; requires: [no-telnet]"}})
	old := claim(camera, "service.telnet", "no", fact.Passive)
	old.ObservedAt = noon.Add(-25 * time.Hour)
	short := claim(camera, "service.telnet", "no", fact.Passive)
	short.Coverage.Hours = 1
	stub := claim(camera, "service.telnet", "no", fact.Passive)
	stub.Withheld, stub.Value = true, fact.Value{}
	recalled := claim(camera, "service.telnet", "yes", fact.Passive)
	recalled.Withdrawn = noon.Add(-time.Minute)
	other := claim(camera, "service.telnet", "no", fact.Active)
	other.Coverage = fact.Coverage{CompletedScan: true, Vantage: "scanner"}
	for want, claims := range map[judge.Reason][]fact.Claim{judge.NoEvidence: nil, judge.Stale: {old},
		judge.Inconclusive: {short}, judge.Withheld: {stub},
		judge.Recalled: {recalled}, judge.Conflicting: {other, claim(camera, "service.telnet", "no", fact.Record),
			claim(camera, "service.telnet", "yes", fact.Record)}} {
		s := set()
		s.Claims = claims
		is(t, verdict(t, e.Judge(s.Input), "us/rule/a"),
			"not-shown, reason "+string(want)+", class more-listening, missing service.telnet")
	}
}

func TestADutyWithAPeriodLooksAtTheDay(t *testing.T) {
	e := engine(t, instrument{id: "us/rule", of: []string{"id: a; subject: organisation; bearer: self; mode: by-record; requires: [trained]"}})
	r := set().shows(us, "org.trained", "2026-12-12")
	is(t, verdict(t, e.Judge(r.Input), "us/rule/a"), "met")
	is(t, verdict(t, e.Judge(r.on("2027-12-13").Input), "us/rule/a"), "violated")
	is(t, verdict(t, e.Judge(set().Input), "us/rule/a"),
		"not-shown, reason no-evidence, class own-record, missing org.trained")
}

func TestAProposalAndARepealedTextBindNobody(t *testing.T) {
	e := engine(t, instrument{id: "us/proposal", from: "never", of: []string{"id: a; requires: [no-telnet]"}},
		instrument{id: "us/old", head: []string{"repealed: 2030-01-01"},
			of: []string{"id: a; requires: [no-telnet]", "id: b; until: 2027-12-11; requires: [no-telnet]"}})
	r := e.Judge(set().seen(camera, "service.telnet", "yes").Input)
	is(t, verdict(t, r, "us/proposal/a"), "not-applicable")
	is(t, verdict(t, r, "us/old/a"), "violated")
	is(t, verdict(t, r, "us/old/b"), "not-applicable")
	for _, v := range r.Verdicts {
		if v.Readiness != nil {
			t.Errorf("%s: readiness on no day", v.ID())
		}
	}
	is(t, verdict(t, e.Judge(set().on("2029-12-31").seen(camera, "service.telnet", "yes").Input), "us/old/a"), "violated")
	is(t, verdict(t, e.Judge(set().on("2030-01-01").seen(camera, "service.telnet", "yes").Input), "us/old/a"),
		"not-applicable")
}
