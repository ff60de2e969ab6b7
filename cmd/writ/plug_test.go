// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

const (
	plugCapture  = "smart-home/sentinel-EdimaxPlug1101W-Setup-C-3-STA.pcap"
	plugEntry    = `mac: "74:da:38:4a:76:49", product: smart-plug`
	plugProduct  = "Edimax SP-1101W"
	passwordsUK  = "uk/psti/schedule-1/1"
	passwordsEN  = "etsi/en-303-645/5.1-1"
	secureByCRA  = "eu/cra/annex-1/1/2/b"
	makerProfile = "../../examples/maker.yaml"
)

// plug is an example's profile with more said of the smart plug that the capture shows being set up.
func plug(t *testing.T, example, more string) string {
	t.Helper()
	b, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b), plugEntry, plugEntry+more, 1)
	if text == string(b) && more != "" {
		t.Fatalf("%s does not list the plug as {…, %s}", example, plugEntry)
	}
	return file(t, "profile.yaml", text)
}

func TestTheFactoryCredentialIsSeenAtItsFrame(t *testing.T) {
	_, out, _ := writ(t, "observe", "--format", "jsonl", shared(t, plugCapture))
	for line := range strings.Lines(out) {
		if strings.Contains(line, `"fact":"credentials.default_on_wire"`) && strings.Contains(line,
			`"frames":[[71,`) && strings.Contains(line, `"value":true`) {
			return
		}
	}
	t.Error("no fact credentials.default_on_wire with frame 71")
}

// A factory password on the wire breaks the rule on passwords only outside the factory default state, on a
// product that is certain, seen more than once. The maker owes it; who runs the plug sees it beside its own
// duties.
func TestAFactoryPasswordBreaksTheRuleOnlyAfterSetUp(t *testing.T) {
	input := shared(t, plugCapture)
	for profile, bearer := range map[string]string{makerProfile: "own", hospitalProfile: "supplier"} {
		for _, c := range []struct{ what, more, verdict, missing string }{
			{"the capture alone", "", "not-shown", "unit.state"},
			{"set up, a product nobody is sure of", ", answers: {unit.state: set-up}", "not-shown",
				"identity.certain"},
			{"a sure product in a state nobody knows", ", label-read-by: a tester", "not-shown", "unit.state"},
			{"a sure product in its factory default state",
				", label-read-by: a tester, answers: {unit.state: factory-default}", "not-shown", ""},
			{"a sure product, set up", ", label-read-by: a tester, answers: {unit.state: set-up}", "violated", ""},
		} {
			j := assessed(t, "--profile", plug(t, profile, c.more), input)
			for _, provision := range []string{passwordsUK, passwordsEN} {
				v := j.on(t, provision, plugProduct)
				t.Run(bearer+" "+c.what+" "+provision, func(t *testing.T) {
					v.is(t, c.verdict, "", c.missing)
					if v.Bearer != bearer {
						t.Errorf("it binds %s, want %s", v.Bearer, bearer)
					}
					if c.verdict == "violated" && !v.shows(71) {
						t.Errorf("the evidence does not show frame 71: %v", v.Evidence)
					}
				})
			}
		}
	}
}

// The Cyber Resilience Act's requirements bind products placed on the market from 2027-12-11 on (Art. 69(2),
// 71(2)).
func TestTheCRABindsFromItsDayAndByTheDayOfPlacing(t *testing.T) {
	input := shared(t, plugCapture)
	for _, c := range []struct{ what, day, more, verdict, missing string }{
		{"the day before", "2027-12-10", "", "not-applicable", ""},
		{"its day, placed nobody knows when", "2027-12-12", "", "not-shown", "unit.placed_on_market"},
		{"placed before, modified nobody knows whether", "2027-12-12",
			", answers: {unit.placed_on_market: {value: 2027-12-10, document: invoice}}", "not-shown",
			"unit.substantially_modified"},
		{"placed before, and not modified since", "2027-12-12",
			", answers: {unit.placed_on_market: {value: 2027-12-10, document: invoice}, " +
				"unit.substantially_modified: {value: no, document: release notes}}", "not-applicable", ""},
		{"placed on its day", "2027-12-12",
			", answers: {unit.placed_on_market: {value: 2027-12-11, document: invoice}}", "not-shown",
			"record.cra_excluded_b"},
	} {
		t.Run(c.what, func(t *testing.T) {
			v := assessed(t, "--as-of", c.day, "--profile", plug(t, makerProfile, c.more), input).on(t,
				secureByCRA, plugProduct)
			v.is(t, c.verdict, "", c.missing)
			if early := c.day == "2027-12-10"; early && (v.Readiness == nil ||
				v.Readiness.Day != "2027-12-11" || v.Readiness.Verdict != "not-shown") {
				t.Errorf("readiness %+v", v.Readiness)
			}
			if c.missing != "unit.placed_on_market" && slices.Contains(v.Missing, "unit.placed_on_market") {
				t.Errorf("the day of placing is said, and missing: %q", v.Missing)
			}
		})
	}
}
