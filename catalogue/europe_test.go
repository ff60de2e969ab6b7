// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// These are what summaries of European law get wrong, and what law tests cannot say: counts, fines, periods.

func load(t *testing.T) *law.Catalogue {
	t.Helper()
	c, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func instrument(t *testing.T, c *law.Catalogue, id law.InstrumentID) *law.Instrument {
	t.Helper()
	i, ok := c.Instrument(id)
	if !ok {
		t.Fatalf("the catalogue has no %s", id)
	}
	return i
}

func TestEN303645HasItsProvisions(t *testing.T) {
	i := instrument(t, load(t), "etsi/en-303-645")
	var must, should int
	for _, p := range i.Provisions {
		switch p.Force {
		case law.Must:
			must++
		case law.Should:
			should++
		}
		if p.Pinpoint != "Provision "+p.Local() {
			t.Errorf("%s is cited as %q", p.ID, p.Pinpoint)
		}
	}
	if must != 36 || should != 42 {
		t.Errorf("V3.1.3 has 36 mandatory and 42 recommended provisions, not %d and %d", must, should)
	}
	for _, void := range []string{"4-1", "5.3-4", "5.3-6", "5.3-15", "5.6-4", "5.13-1", "6-3"} {
		if slices.ContainsFunc(i.Provisions, func(p *law.Provision) bool { return p.Local() == void }) {
			t.Errorf("%s is void in V3.1.3", void)
		}
	}
}

func TestStandardsBindOnlyWhoAdoptsThem(t *testing.T) {
	all := load(t)
	for _, id := range []law.InstrumentID{"etsi/en-303-645", "etsi/en-303-645-v2.1.1"} {
		i := instrument(t, all, id)
		adopted := slices.ContainsFunc(i.Applies, func(c law.Conjunct) bool { return c.Name == "adoption" })
		if !i.Kind.Voluntary() || !adopted {
			t.Errorf("%s must be voluntary and ask for its adoption", id)
		}
	}
}

func TestAnnexIOfTheCRAIsWhole(t *testing.T) {
	var part1, part2 int
	for _, p := range instrument(t, load(t), "eu/cra").Provisions {
		switch {
		case strings.HasPrefix(p.Local(), "annex-1/1/"):
			part1++
		case strings.HasPrefix(p.Local(), "annex-1/2/"):
			part2++
		case strings.HasPrefix(p.Local(), "art-14/"): // since 2026-09-11, as the instrument says
			if p.From != nil {
				t.Errorf("%s binds from 2026-09-11", p.ID)
			}
			continue
		}
		if p.From == nil || p.From.String() != "2027-12-11" {
			t.Errorf("%s binds from 2027-12-11", p.ID)
		}
	}
	if part1 != 14 || part2 != 8 {
		t.Errorf("Part I has (1) and thirteen points, Part II eight: got %d and %d", part1, part2)
	}
}

func TestNoPacketAloneBreaksAnOpenNorm(t *testing.T) {
	wire := []fact.Method{fact.Passive, fact.Active, fact.Import}
	c := load(t)
	for _, id := range []law.InstrumentID{"eu/cra", "eu/gdpr"} {
		for _, p := range instrument(t, c, id).Provisions {
			for _, control := range p.Breach {
				for _, d := range c.Vocabulary.Names() {
					def, _ := c.Vocabulary.Lookup(d)
					seen := slices.ContainsFunc(def.Known, func(m fact.Method) bool { return slices.Contains(wire, m) })
					if seen && strings.Contains(c.Controls[control].Expr, string(d)) {
						t.Errorf("%s would be violated by %s, which the wire shows", p.ID, d)
					}
				}
			}
		}
	}
}

func TestFinesOfEuropeanLaw(t *testing.T) {
	all := load(t)
	for _, c := range []struct {
		id       law.InstrumentID
		pinpoint string
		amount   int64
		percent  float64
		currency string
	}{
		// A breach of Art. 14 stands in the top tier, with Annex I and Art. 13.
		{"eu/cra", "Art. 64(2)", 15_000_000, 2.5, "EUR"},
		{"eu/cra", "Art. 64(3)", 10_000_000, 2, "EUR"},
		{"eu/cra", "Art. 64(4)", 5_000_000, 1, "EUR"},
		{"eu/gdpr", "Art. 83(4)", 10_000_000, 2, "EUR"},
		{"eu/gdpr", "Art. 83(5)-(6)", 20_000_000, 4, "EUR"},
		{"uk/psti", "PSTI Act 2022 s. 36, 38", 10_000_000, 4, "GBP"},
	} {
		ok := slices.ContainsFunc(instrument(t, all, c.id).Penalties, func(p law.Penalty) bool {
			return p.Pinpoint == c.pinpoint && p.Amount == c.amount && p.Percent == c.percent && p.Currency == c.currency &&
				p.Whichever == "higher"
		})
		if !ok {
			t.Errorf("%s %s: want %d %s or %v %%, the higher", c.id, c.pinpoint, c.amount, c.currency, c.percent)
		}
	}
	top := instrument(t, all, "eu/cra").Penalties[0]
	if !strings.Contains(top.For, "Art. 14") {
		t.Errorf("Art. 64(2) fines breaches of Art. 14 too, not only %q", top.For)
	}
}

func TestClocksOfEuropeanLaw(t *testing.T) {
	all := load(t)
	for _, c := range []struct {
		id                              law.InstrumentID
		pinpoint, anchor, offset, after string
	}{
		{"eu/cra", "Art. 14(2)(a)", "awareness", "PT24H", ""},
		{"eu/cra", "Art. 14(2)(b)", "awareness", "PT72H", ""},
		{"eu/cra", "Art. 14(2)(c)", "measure-available", "P14D", ""}, // not from awareness
		{"eu/cra", "Art. 14(4)(a)", "awareness", "PT24H", ""},
		{"eu/cra", "Art. 14(4)(b)", "awareness", "PT72H", ""},
		{"eu/cra", "Art. 14(4)(c)", "submission", "P1M", "incident-notification"}, // not 30 days
		{"eu/gdpr", "Art. 33(1)", "awareness", "PT72H", ""},                       // 96 hours are a proposal
		{"eu/gdpr", "Art. 33(2)", "awareness", "", ""},
		{"uk/psti", "PSTI Act 2022 s. 11(3)", "awareness", "", ""}, // as soon as possible
	} {
		ok := slices.ContainsFunc(instrument(t, all, c.id).Clocks, func(k law.Clock) bool {
			return k.Pinpoint == c.pinpoint && k.Anchor == c.anchor && k.Offset == c.offset && k.After == c.after
		})
		if !ok {
			t.Errorf("%s %s: want %q from %s (after %q)", c.id, c.pinpoint, c.offset, c.anchor, c.after)
		}
	}
}

func TestLabelsCountInTheUnitedKingdomSinceDecember2025(t *testing.T) {
	for _, p := range instrument(t, load(t), "uk/psti").Provisions {
		for _, d := range p.Deemed {
			label := strings.Contains(d.When, "valid_until")
			if label != (d.From != nil) || label && d.From.String() != "2025-12-04" {
				t.Errorf("%s: the ground %q counts from the wrong day", p.ID, d.When)
			}
		}
	}
}
