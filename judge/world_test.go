// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

func TestEveryVerdictNamesItsBearer(t *testing.T) {
	e := engine(t, instrument{id: "eu/act", of: []string{
		"id: maker-product; subject: product; bearer: maker", "id: maker-device; bearer: maker",
		"id: maker-org; subject: organisation; bearer: maker",
		"id: self-product; subject: product; bearer: self", "id: self-device; bearer: self",
		"id: self-org; subject: organisation; bearer: self",
		"id: runs-product; subject: product", "id: runs-device", "id: runs-org; subject: organisation"},
		head: nil}.open())
	group := fact.Subject{Kind: fact.Organisation, ID: "zweites"}
	s := set().with(judge.Member{Subject: group, Own: true}, judge.Member{Subject: twin})
	var got []string
	for _, v := range e.Judge(s.Input).Verdicts {
		got = append(got, string(v.Provision.ID)[len("eu/act/"):]+" "+v.Subject.ID+" "+v.Person.ID+" "+string(v.Bearer))
	}
	want := []string{
		"maker-product model maker supplier",
		"maker-device twin  supplier", "maker-device camera maker supplier",
		"maker-org maker maker supplier", "maker-org us us own", "maker-org zweites zweites own",
		"self-product model us own", "self-product model zweites own",
		"self-device camera us own", "self-device twin us own", "self-device camera zweites own",
		"self-device twin zweites own",
		"self-org us us own", "self-org zweites zweites own",
		"runs-product model us own",
		"runs-device twin  own", "runs-device camera us own",
		"runs-org us us own", "runs-org zweites zweites own",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	ids := map[string]bool{}
	for _, v := range e.Judge(s.Input).Verdicts {
		if ids[v.ID()] {
			t.Errorf("two verdicts are called %s", v.ID())
		}
		ids[v.ID()] = true
	}
}

// open makes every provision an open norm.
func (i instrument) open() instrument {
	for k := range i.of {
		i.of[k] += "; mode: open"
	}
	return i
}

func TestAMakersDutyAboutADeviceSpeaksOfItsProduct(t *testing.T) {
	e := engine(t, instrument{id: "eu/act", of: []string{"id: a; bearer: maker; requires: [no-telnet]"}})
	s := set().seen(camera, "service.telnet", "yes")
	if v := verdict(t, e.Judge(s.Input), "eu/act/a"); v.Outcome != judge.NotShown || !slices.Contains(v.Reasons,
		judge.IdentityUncertain) {
		t.Errorf("a single sighting: %s", words(v))
	}
	s.seen(camera, "identity.certain", "yes").seen(camera, "sighting.repeated", "yes").says(camera, "unit.state",
		"set-up")
	is(t, verdict(t, e.Judge(s.Input), "eu/act/a"), "violated, declared")
}

func TestWhoIsDisputedIsUnknown(t *testing.T) {
	e := engine(t, instrument{id: "eu/act", of: []string{"id: a; subject: product; bearer: maker"}}.open())
	s := set().with(judge.Member{Subject: product, Maker: us}, judge.Member{Subject: product, Maker: maker})
	for range 2 {
		slices.Reverse(s.Members)
		if v := verdict(t, e.Judge(s.Input), "eu/act/a"); v.Person != (fact.Subject{}) {
			t.Errorf("borne by %s", v.Person)
		}
	}
}

func TestAProductThatOnlyItsUnitsNameIsJudged(t *testing.T) {
	e := engine(t, instrument{id: "eu/act", of: []string{"id: a; subject: product; bearer: maker"}}.open())
	in := judge.Input{At: noon, Day: day("2027-12-12"), Members: []judge.Member{{Subject: camera, Product: product}}}
	if v := verdict(t, e.Judge(in), "eu/act/a"); v.Subject != product || v.Bearer != judge.Supplier {
		t.Errorf("%s %s", v.Subject, v.Bearer)
	}
}

func TestEachSubjectHasItsEvidenceTime(t *testing.T) {
	e := engine(t, instrument{id: "us/rule", of: []string{"id: a; requires: [no-telnet]"}})
	s := set().seen(camera, "service.telnet", "no")
	s.At = noon.AddDate(0, 1, 0)
	if v := verdict(t, e.Judge(s.Input), "us/rule/a"); v.Outcome != judge.NotShown {
		t.Errorf("a month later: %s", v.Outcome)
	}
	s.Members[3].At = noon
	is(t, verdict(t, e.Judge(s.Input), "us/rule/a"), "met")
}

func TestWhatWasNotYetKnownDoesNotCount(t *testing.T) {
	e := engine(t, instrument{id: "us/rule", of: []string{"id: a; requires: [no-telnet]"}})
	c := claim(camera, "service.telnet", "yes", fact.Passive)
	c.RecordedAt = noon.Add(time.Hour)
	s := set().claim(c)
	is(t, verdict(t, e.Judge(s.Input), "us/rule/a"), "violated")
	s.KnownAt = noon
	is(t, verdict(t, e.Judge(s.Input), "us/rule/a"),
		"not-shown, reason no-evidence, class more-listening, missing service.telnet")
}

func TestReasonsLeadFromTheVerdictToTheStatement(t *testing.T) {
	e := engine(t, encryption)
	s := set().says(us, "org.role", "yes").seen(camera, "data.health", "yes").shows(us, "org.decision", "none")
	v := verdict(t, e.Judge(s.Input), "us/rule/enc")
	var path []string
	var walk func(all []judge.Because, above string)
	walk = func(all []judge.Because, above string) {
		for _, b := range all {
			here := above + b.Kind + " " + b.ID + " " + b.Pinpoint + " " + b.Truth
			if b.Fact != nil {
				for _, c := range b.Fact.Support {
					here += " " + b.Subject.ID + " " + b.Text + " by " + c.Statement
				}
				path = append(path, here)
			} else if len(b.Children) == 0 {
				path = append(path, here)
			}
			walk(b.Children, here+" > ")
		}
	}
	walk(v.Because(), "")
	want := []string{
		"conjunct in-force  true",
		"conjunct personal s. 1 true > fact org.role  true us yes by of org.role us",
		"conjunct material s. 2 true > fact data.health  true camera yes by of data.health camera",
		"control decided  false > fact org.decision   us none by of org.decision us",
		"control addressed  false > fact data.health  true camera yes by of data.health camera",
		"control addressed  false > fact org.decision   us none by of org.decision us",
		"control no-health  false > fact data.health  true camera yes by of data.health camera",
	}
	if !slices.Equal(path, want) {
		t.Errorf("got\n%q\nwant\n%q", path, want)
	}
}

func TestAnInstrumentsHold(t *testing.T) {
	of := []string{"id: a; subject: product; bearer: maker; mode: by-record; requires: [label]",
		"id: b; subject: product; bearer: self; mode: by-record; requires: [label]; applies: [{name: personal, expr: org.role, pinpoint: s. 2}]"}
	e := engine(t, instrument{id: "eu/act", head: []string{"applies: [{name: territorial, expr: product.market, pinpoint: s. 1}]"}, of: of})
	hold := func(s *scene) judge.Applicability { return e.Judge(s.Input).Instruments[0] }
	if a := hold(set()); a.Bound != "undetermined" || len(a.Missing) != 2 || a.OpenFor != judge.Own ||
		a.Because[0] != "territorial (s. 1): unknown: product.market" {
		t.Errorf("%+v", a)
	}
	if a := hold(set().says(product, "product.market", "yes")); a.Bound != "supplier" ||
		!slices.Contains(a.Because, "territorial (s. 1): true: product.market") {
		t.Errorf("%+v", a)
	}
	if a := hold(set().says(product, "product.market", "yes")); len(a.Missing) != 0 || len(a.Open) != 1 ||
		a.Open[0].Fact != "org.role" {
		t.Errorf("whether it binds us, too, is open: %+v", a)
	}
	if a := hold(set().says(us, "org.role", "no")); a.Bound != "undetermined" || a.OpenFor != judge.Supplier ||
		len(a.Missing) != 1 || a.Missing[0].Fact != "product.market" {
		t.Errorf("whether it binds makers is open, and for us it is not: %+v", a)
	}
	if a := hold(set().says(product, "product.market", "yes").says(us, "org.role", "yes")); a.Bound != "own" {
		t.Errorf("%+v", a)
	}
	if a := hold(set().shows(product, "product.market", "no")); a.Bound != "no" ||
		a.Because[0] != "territorial (s. 1): false: product.market" {
		t.Errorf("%+v", a)
	}
	nothing := set()
	nothing.Members = nothing.Members[:2]
	if a := hold(nothing); a.Bound != "undetermined" {
		t.Errorf("without a product: %+v", a)
	}
	if a := hold(nothing.on("2019-12-31")); a.Bound != "no" {
		t.Errorf("before its day: %+v", a)
	}
}

func TestCountsKeepOwnAndSupplierApart(t *testing.T) {
	e := engine(t, instrument{id: "us/rule", of: []string{"id: a; requires: [no-telnet]"}},
		instrument{id: "eu/act", of: []string{"id: a; subject: product; bearer: maker; mode: by-record; requires: [label]"}})
	s := set().seen(camera, "service.telnet", "yes").shows(product, "record.label", "no")
	r := e.Judge(s.Input)
	if r.Own != (judge.Counts{Violated: 1}) || r.Supplier != (judge.Counts{Violated: 1}) {
		t.Errorf("own %+v, supplier %+v", r.Own, r.Supplier)
	}
	s.All = false
	if r = e.Judge(s.on("2019-01-01").Input); len(r.Verdicts) != 0 || r.Own.NotApplicable != 1 {
		t.Errorf("%d verdicts, %+v", len(r.Verdicts), r.Own)
	}
}

func TestOnlyJudgesOneLawAlike(t *testing.T) {
	e := engine(t, passwords, resilience, encryption)
	s := set().seen(camera, "data.health", "yes")
	whole, only := e.Judge(s.Input).Written(), e.Only("uk/act").Judge(s.Input).Written()
	if len(only.Instruments) != 1 || len(only.Verdicts) != 1 || !reflect.DeepEqual(only.Verdicts[0], *verdict(t,
		whole, "uk/act/pw")) {
		t.Errorf("%+v", only)
	}
	if only.ReplayKey == whole.ReplayKey {
		t.Error("another question has the same replay key")
	}
}

func TestTheReplayKeyCoversWhatTheResultRestsOn(t *testing.T) {
	e := engine(t, encryption)
	base := func() *scene { return set().says(us, "org.role", "yes") }
	keys := map[string]string{}
	for name, s := range map[string]*scene{"base": base(), "day": base().on("2027-12-13"), "value": set().says(us,
		"org.role", "no"),
		"method": set().shows(us, "org.role", "yes"), "member": base().with(judge.Member{Subject: twin})} {
		key := e.Judge(s.Input).ReplayKey
		if other, twice := keys[key]; twice {
			t.Errorf("%s and %s have one key", name, other)
		}
		keys[key] = name
	}
	if key := engine(t, encryption).Judge(base().Input).ReplayKey; keys[key] != "base" {
		t.Error("the same question has two keys")
	}
	if _, twice := keys[engine(t, encryption, passwords).Judge(base().Input).ReplayKey]; twice {
		t.Error("another catalogue has the same key")
	}
}

// Who has no incident to report is bound to report one: what only says when a single provision has something to
// ask decides nothing about the instrument.
func TestAnIncidentThatNobodyKnowsUnbindsNobody(t *testing.T) {
	const reports = "id: report; subject: organisation; bearer: self; mode: by-record; requires: [policy]; " +
		"applies: [{name: material, expr: org.bank, pinpoint: s. 2}, {name: personal, expr: org.role, pinpoint: s. 2}]"
	act := instrument{id: "eu/act", of: []string{reports}}
	for _, c := range []struct{ what, role, incident, bound, missing string }{
		{"no incident is known", "yes", "", "own", ""},
		{"there was none", "yes", "no", "own", ""},
		{"there was one", "yes", "yes", "own", ""},
		{"no role is known", "", "yes", "undetermined", "org.role"},
		{"nothing is known", "", "", "undetermined", "org.role"},
		{"not in that role", "no", "yes", "no", ""},
	} {
		s := set()
		if c.role != "" {
			s.says(us, "org.role", c.role)
		}
		if c.incident != "" {
			s.says(us, "org.bank", c.incident)
		}
		a := engine(t, act).Judge(s.Input).Instruments[0]
		missing := ""
		for _, m := range a.Missing {
			missing += string(m.Fact)
		}
		if a.Bound != c.bound || missing != c.missing {
			t.Errorf("%s: bound %s, missing %q, want %s, %q", c.what, a.Bound, missing, c.bound, c.missing)
		}
	}
	if a := engine(t, instrument{id: "eu/act", from: "2027-12-11", of: act.of}).Judge(set().says(us, "org.role",
		"yes").on("2027-12-10").Input).Instruments[0]; a.Bound != "no" {
		t.Errorf("the day before it applies: %s", a.Bound)
	}
}

// Where a law says by its matter alone whom it binds, the matter is asked for, and an open one leaves it open.
func TestWhoIsNamedByTheMatterIsBoundByTheMatter(t *testing.T) {
	const by = "subject: organisation; bearer: self; mode: by-record; requires: [policy]; " +
		"applies: [{name: material, expr: org.bank, pinpoint: s. 2}]"
	act := instrument{id: "eu/act", of: []string{"id: a; " + by}}
	for said, want := range map[string]string{"": "undetermined", "no": "no", "yes": "own"} {
		s := set()
		if said != "" {
			s.says(us, "org.bank", said)
		}
		if a := engine(t, act).Judge(s.Input).Instruments[0]; a.Bound != want {
			t.Errorf("%q said of the matter: bound %s, want %s", said, a.Bound, want)
		}
	}
}

// Each of us stands alone: what one says of itself moves nothing of another's.
func TestPersonsOfAGroupAreJudgedApart(t *testing.T) {
	of := []string{"id: a; requires: [no-telnet]; applies: [{name: personal, expr: org.role, pinpoint: s. 2}]",
		"id: b; subject: organisation; bearer: self; mode: by-record; requires: [policy]; applies: [{name: personal, expr: org.role, pinpoint: s. 2}]"}
	e := engine(t, instrument{id: "eu/act", of: of})
	sister := fact.Subject{Kind: fact.Organisation, ID: "sister"}
	scanner := fact.Subject{Kind: fact.Device, ID: "scanner"}
	world := func() *scene {
		return set().with(judge.Member{Subject: sister, Own: true}, judge.Member{Subject: scanner, Runner: sister}).
			seen(scanner, "service.telnet", "yes").says(us, "org.role", "yes")
	}
	var first []judge.Verdict
	for _, answer := range []string{"", "yes", "no"} {
		s := world()
		if answer != "" {
			s.says(sister, "org.role", answer)
		}
		r := e.Judge(s.Input).Written()
		var ours []judge.Verdict
		for _, v := range r.Verdicts {
			if v.Person == us {
				ours = append(ours, v)
			}
		}
		if first == nil {
			first = ours
		}
		if len(ours) == 0 || !reflect.DeepEqual(ours, first) {
			t.Errorf("the sister answers %q, and our verdicts change", answer)
		}
		sum := judge.Counts{}
		for _, p := range r.Persons {
			sum.Met, sum.Violated, sum.NotShown = sum.Met+p.Counts.Met, sum.Violated+p.Counts.Violated, sum.NotShown+p.Counts.NotShown
			sum.NotApplicable, sum.BreachIndicated = sum.NotApplicable+p.Counts.NotApplicable, sum.BreachIndicated+p.Counts.BreachIndicated
		}
		if sum != r.Own {
			t.Errorf("the persons' vectors add up to %+v, the group's is %+v", sum, r.Own)
		}
		bound := map[string]string{"": "undetermined", "yes": "own", "no": "no"}[answer]
		for _, p := range r.Persons {
			want := map[fact.Subject]string{us: "own", sister: bound}[p.Person]
			if got := p.Instruments[0].Bound; got != want {
				t.Errorf("the sister answers %q: %s is bound %s, want %s", answer, p.Person, got, want)
			}
			if answer == "no" && p.Person == sister && (len(p.Instruments[0].Rests) != 1 ||
				p.Instruments[0].Rests[0].Fact != "org.role") {
				t.Errorf("what excludes her is %+v", p.Instruments[0].Rests)
			}
		}
	}
}

func TestAsAdoptedIsReadinessAndChangesNoLaw(t *testing.T) {
	e := engine(t, instrument{id: "xx/standard", kind: "standard",
		head: []string{"applies: [{name: adoption, expr: product.claims, pinpoint: s. 2}]"},
		of:   []string{"id: a; subject: product; bearer: maker; mode: by-record; requires: [label]"}},
		instrument{id: "xx/act", head: []string{"applies: [{name: territorial, expr: product.market, pinpoint: s. 2}]"},
			of: []string{"id: a; subject: product; bearer: maker; mode: by-record; requires: [label]"}})
	s := set().shows(product, "product.claims", "no").shows(product, "product.market", "no").shows(product, "record.label", "yes")
	is(t, verdict(t, e.Judge(s.Input), "xx/standard/a"), "not-applicable")
	is(t, verdict(t, e.AsAdopted().Judge(s.Input), "xx/standard/a"), "met")
	is(t, verdict(t, e.AsAdopted().Judge(s.Input), "xx/act/a"), "not-applicable")
	if e.AsAdopted().Judge(s.Input).ReplayKey == e.Judge(s.Input).ReplayKey {
		t.Error("readiness and compliance have one replay key")
	}
}
