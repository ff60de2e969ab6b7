// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package catalogue_test

import (
	"slices"
	"testing"

	"github.com/writ-iot/writ/law"
)

func TestHIPAAHasItsAddressableSpecifications(t *testing.T) {
	var addressable int
	for _, p := range instrument(t, load(t), "us/hipaa-security").Provisions {
		if p.Addressable {
			addressable++
		}
	}
	if addressable != 22 {
		t.Errorf("the Security Rule has 22 addressable specifications, not %d", addressable)
	}
}

func TestClocksOfHIPAA(t *testing.T) {
	i := instrument(t, load(t), "us/hipaa-breach")
	for _, c := range []struct{ pinpoint, anchor, when string }{
		{"164.404(b)", "discovery", "hipaa.covered_entity"},
		{"164.406(b)", "discovery", "hipaa.covered_entity && hipaa.breach_state_residents > 500"}, // 500 are not enough
		{"164.408(b)", "discovery", "hipaa.covered_entity && hipaa.breach_individuals >= 500"},    // 500 are
		{"164.408(c)", "year-end", "hipaa.covered_entity && hipaa.breach_individuals < 500"},
		{"164.410(b)", "discovery", "hipaa.business_associate"},
	} {
		ok := slices.ContainsFunc(i.Clocks, func(k law.Clock) bool {
			return k.Pinpoint == c.pinpoint && k.Anchor == c.anchor && k.Offset == "P60D" && k.PeriodRule == "us-calendar" && k.When == c.when
		})
		if !ok {
			t.Errorf("%s: want 60 days from %s, when %s", c.pinpoint, c.anchor, c.when)
		}
	}
}

// The amounts of 2026-01-28 stand: OMB M-26-11 cancelled the adjustment of 2026.
func TestFinesOfHIPAA(t *testing.T) {
	i := instrument(t, load(t), "us/hipaa-security")
	for _, tier := range []string{"160.404(b)(2)(i)", "160.404(b)(2)(ii)", "160.404(b)(2)(iii)", "160.404(b)(2)(iv)"} {
		if !slices.ContainsFunc(i.Penalties, func(p law.Penalty) bool {
			return p.Pinpoint == tier && p.Amount == 2_190_294 && p.Currency == "USD" && p.Year == 2026
		}) {
			t.Errorf("%s: want a yearly cap of USD 2,190,294", tier)
		}
	}
}

// Requirements dated in whole bind from 2025-03-31; of 3.2.1, 4.2.1 and 12.10.5 a single bullet is dated.
func TestFutureDatedRequirementsOfPCI(t *testing.T) {
	dated := []string{"4.2.1.1", "5.2.3.1", "5.3.3", "5.4.1", "6.3.2", "6.4.2", "6.4.3", "7.2.4", "7.2.5", "8.3.6", "8.4.2", "8.5.1",
		"8.6.1", "8.6.2", "8.6.3", "10.4.1.1", "10.7.2", "10.7.3", "11.3.1.1", "11.3.1.2", "11.5.1.1", "11.6.1", "12.3.1", "12.3.3",
		"12.3.4", "12.10.7", "A1.1.4"}
	for _, p := range instrument(t, load(t), "pci/dss-4.0.1").Provisions {
		want := slices.Contains(dated, p.Pinpoint)
		if got := p.From != nil && p.From.String() == "2025-03-31"; got != want {
			t.Errorf("%s: dated 2025-03-31 is %t", p.Pinpoint, got)
		}
	}
}
