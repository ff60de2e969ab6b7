// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"slices"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// standard is what the acts below rest on.
var standard = instrument{id: "iso/standard", kind: "standard",
	head: []string{"applies: [{name: adoption, expr: product.claims, pinpoint: s. 1}]"},
	of: []string{"id: a; subject: product; bearer: maker; mode: by-record; requires: [label]",
		"id: b; subject: product; bearer: maker; mode: by-record; requires: [label]; applies: [{name: material, expr: product.medical, pinpoint: s. 2}]"}}

// act has one duty that the law accepts as met on other grounds; more is added to the ground.
func act(kind, more, duty string) instrument {
	return instrument{id: "eu/act", of: []string{"id: a; subject: product; bearer: maker; " + duty +
		"; deemed: [{kind: " + kind + ", by: iso/standard, when: record.listed, pinpoint: Art. 27, source: text" +
		more + "}]"}}
}

func outcome(t *testing.T, e *judge.Engine, s *scene) string {
	t.Helper()
	v := verdict(t, e.Judge(s.Input), "eu/act/a")
	if slices.Contains(v.Flags, judge.Presumed) {
		return v.Outcome.String() + ", presumed"
	}
	return v.Outcome.String()
}

func TestWhatTheLawDeemsEnoughIsEnough(t *testing.T) {
	e := engine(t, standard, act("deemed", "", "mode: by-record; requires: [policy]"))
	for _, c := range []struct{ policy, listed, want string }{
		{"yes", "", "met"}, {"", "yes", "met"}, {"no", "yes", "met"}, {"no", "no", "violated"},
		{"no", "", "not-shown"}, // an alternative that nobody ruled out
		{"", "no", "not-shown"}, {"", "", "not-shown"},
	} {
		s := set()
		if c.policy != "" {
			s.shows(maker, "org.policy", c.policy)
		}
		if c.listed != "" {
			s.shows(product, "record.listed", c.listed)
		}
		if got := outcome(t, e, s); got != c.want {
			t.Errorf("policy %q, listed %q: %s, want %s", c.policy, c.listed, got, c.want)
		}
	}
}

func TestAGroundOfDeemedComplianceHasItsFirstDay(t *testing.T) {
	e := engine(t, standard, act("deemed", ", from: 2027-12-11", "mode: by-record; requires: [policy]"))
	s := set().shows(maker, "org.policy", "no").shows(product, "record.listed", "yes")
	if got := outcome(t, e, s.on("2027-12-10")); got != "violated" {
		t.Errorf("the day before: %s", got)
	}
	if got := outcome(t, e, s.on("2027-12-11")); got != "met" {
		t.Errorf("on its day: %s", got)
	}
}

func TestDeemedComplianceThroughAStandardNeedsTheStandardMet(t *testing.T) {
	e := engine(t, standard, act("deemed", ", provisions: [a, b]", "mode: by-record; requires: [policy]"))
	listed := func() *scene { return set().shows(product, "record.listed", "yes") }
	for want, s := range map[string]*scene{
		"not-shown": listed(),
		"met":       listed().shows(product, "record.label", "yes"),
		"violated": listed().shows(product, "record.label", "no").shows(product, "product.medical",
			"yes").shows(maker, "org.policy", "no"),
	} {
		if got := outcome(t, e, s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAPresumptionIsRebuttedByAnythingFalseInItsScope(t *testing.T) {
	e := engine(t, standard, act("presumption", "", "mode: open; indicators: [no-telnet]"))
	listed := func() *scene { return set().shows(product, "record.listed", "yes") }
	if got := outcome(t, e, listed()); got != "met, presumed" {
		t.Errorf("listed: %s", got)
	}
	if got := outcome(t, e, listed().seen(camera, "service.telnet", "no")); got != "met, presumed" {
		t.Errorf("listed and nothing against it: %s", got)
	}
	rebutted := listed().seen(camera, "service.telnet", "yes")
	is(t, verdict(t, e.Judge(rebutted.Input), "eu/act/a"),
		"not-shown, breach-indicated, reason open-norm, class judgement, missing judgement:eu/act/a")
	later := rebutted
	later.At = noon.AddDate(0, 0, 2) // the sighting is stale: what rebutted once does not pass with time
	if got := outcome(t, e, later); got != "not-shown" {
		t.Errorf("rebutted two days ago: %s", got)
	}
	if got := outcome(t, e, listed().judged(product, "eu/act/a", "yes")); got != "met" {
		t.Errorf("judged as well: %s", got)
	}
	if got := outcome(t, e, listed().judged(product, "eu/act/a", "no")); got != "not-shown" {
		t.Errorf("we judged otherwise of a maker's product: %s", got)
	}
	certain := listed().judged(product, "eu/act/a", "no").shows(camera, "identity.certain", "yes").
		shows(camera, "unit.state", "set-up").shows(camera, "sighting.repeated", "yes")
	if got := outcome(t, e, certain); got != "violated" {
		t.Errorf("a person judged otherwise, and a unit speaks for the product: %s", got)
	}
}

func TestARestrictedListingCarriesNoPresumption(t *testing.T) {
	listed := set().shows(product, "record.listed", "yes").shows(product, "record.label", "yes").shows(product,
		"product.medical", "no")
	for more, want := range map[string]string{
		", provisions: [a]":                     "met, presumed",
		", provisions: [a], restricted: [b]":    "met, presumed",
		", provisions: [a, b], restricted: [b]": "not-shown",
		", restricted: [b]":                     "not-shown", // which clauses are relied on is not said
	} {
		if got := outcome(t, engine(t, standard, act("presumption", more, "mode: open")), listed); got != want {
			t.Errorf("%s: %s, want %s", more, got, want)
		}
	}
}

func TestProvisionsThatRestOnEachOtherShowNothing(t *testing.T) {
	circle := func(id, other string) instrument {
		return instrument{id: id, of: []string{"id: a; subject: product; bearer: maker; mode: open; deemed: [{kind: deemed, by: " + other +
			", when: record.listed, pinpoint: s. 1, source: text, provisions: [a]}]"}}
	}
	e := engine(t, circle("eu/act", "eu/other"), circle("eu/other", "eu/act"))
	s := set().shows(product, "record.listed", "yes")
	if got := outcome(t, e, s); got != "not-shown" {
		t.Errorf("got %s", got)
	}
	if got := outcome(t, e, s.judged(product, "eu/other/a", "yes")); got != "met" {
		t.Errorf("one judged: %s", got)
	}
}

func TestTheSpecialJudgementIsNotReplacedByTheGeneralOnceItIsOld(t *testing.T) {
	e := engine(t, instrument{id: "eu/act", of: []string{"id: a; mode: open"}})
	special := claim(camera, "judgement:eu/act/a", "no", fact.Judgement)
	s := set().judged(us, "eu/act/a", "yes").claim(special)
	if got := outcome(t, e, s); got != "violated" {
		t.Errorf("judged of the device: %s", got)
	}
	s.Claims[1].Expires = noon
	if v := verdict(t, e.Judge(s.Input), "eu/act/a"); v.Outcome != judge.NotShown || !slices.Contains(v.Reasons,
		judge.Stale) {
		t.Errorf("expired: %s", words(v))
	}
}
