// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law_test

import (
	"strings"
	"testing"

	"github.com/writ-iot/writ/law"
)

// withPenalty is the act with one penalty more, and a number fact.
func withPenalty(keys string) func(map[string]string) {
	return func(all map[string]string) {
		all["facts/all.yaml"] += `  - name: org.revenue
    subject: organisation
    type: number
    meaning: revenue in millions
    known: [declaration]
    source: a clause
`
		all["instruments/uk/example.yaml"] = strings.Replace(instrument, "clocks:\n",
			"penalties:\n  - {for: a breach, formula: words, source: act, "+keys+"}\nclocks:\n", 1)
	}
}

func TestAPenaltyIsReadWithItsBase(t *testing.T) {
	c, err := law.Load(files(withPenalty("amount: 10, currency: GBP, percent: 2, of: entity, whichever: higher, small: lower, " +
		"base: {fact: org.revenue, currency: GBP}, or: the damage, per: for each day, at-least: yes")))
	if err != nil {
		t.Fatal(err)
	}
	p := c.Instruments[0].Penalties[0]
	if p.Base != (law.Base{Fact: "org.revenue", Currency: "GBP"}) || p.Small != "lower" || !p.AtLeast ||
		p.Per != "for each day" || p.Or != "the damage" {
		t.Errorf("it is read as %+v", p)
	}
}

func TestFaultsOfPenaltiesAreNamed(t *testing.T) {
	for keys, want := range map[string]string{
		"percent: 2, base: {fact: org.revenu, currency: GBP}":     `did you mean "org.revenue"?`,
		"percent: 2, base: {fact: service.telnet, currency: GBP}": `unknown number fact "service.telnet"`,
		"amount: 10, currency: GBP, percent: 2":                   "whether the amount or the share counts is not said",
		"amount: 10, currency: GBP, whichever: higher":            "a penalty without a share",
		"at-least: yes": "may be more than a figure has one",
		"amount: 10, currency: GBP, percent: 2, whichever: highest": `did you mean "higher"?`,
	} {
		if _, err := law.Load(files(withPenalty(keys))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v, want %s", keys, err, want)
		}
	}
}
