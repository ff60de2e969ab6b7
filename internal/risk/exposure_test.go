// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

const groupTurnover = "org.turnover_eur_m"

func turnover(millions int64) Figures { return of(groupTurnover, millions) }

func of(name fact.Name, millions int64) Figures {
	return Figures{Millions: map[fact.Name]int64{name: millions}}
}

func TestMaximaFollowTheFormula(t *testing.T) {
	cra := law.Penalty{Amount: 15_000_000, Currency: "EUR", Percent: 2.5, Whichever: "higher"}
	uk := law.Penalty{Amount: 17_500_000, Currency: "GBP", Percent: 4, Of: "undertaking", Whichever: "higher"}
	psti := law.Penalty{Amount: 10_000_000, Currency: "GBP", Percent: 4, Of: "entity", Whichever: "higher",
		Base: law.Base{Fact: "org.qualifying_revenue_gbp_m", Currency: "GBP"}, Per: "for each breach"}
	lgpd := law.Penalty{Amount: 50_000_000, Currency: "BRL", Percent: 2, Of: "undertaking", Whichever: "lower",
		Base: law.Base{Fact: "org.revenue_brazil_brl_m", Currency: "BRL"}}
	nis2 := law.Penalty{Amount: 10_000_000, Currency: "EUR", Percent: 2, Whichever: "higher", AtLeast: true}
	quebec := law.Penalty{Amount: 10_000_000, Currency: "CAD", Percent: 2, Of: "entity", Whichever: "higher"}
	ai := law.Penalty{Amount: 15_000_000, Currency: "EUR", Percent: 3, Whichever: "higher", Small: "lower"}
	small := law.Penalty{Amount: 15_000_000, Currency: "EUR", Percent: 3, Whichever: "lower"}
	for _, c := range []struct {
		name      string
		p         law.Penalty
		t         Figures
		low, high int64
		open      bool
		says      string
	}{
		{"the amount where the share is less", cra, turnover(100), 15_000_000, 15_000_000, false, "2.5 % of EUR 100,000,000, which is EUR 2,500,000"},
		{"the share where it is more", cra, turnover(10_000), 250_000_000, 250_000_000, false, "the higher of EUR 15,000,000"},
		{"at least the amount where the turnover is not known", cra, Figures{}, 15_000_000, 15_000_000, true, "not known"},
		{"at most the amount where the lower counts", small, Figures{}, 0, 15_000_000, false, "the lower of"},
		{"the lower of both", small, turnover(100), 3_000_000, 3_000_000, false, "the lower of"},
		{"a share alone", law.Penalty{Percent: 10}, turnover(50), 5_000_000, 5_000_000, false, "10 % of"},
		{"a share alone of what nobody knows", law.Penalty{Percent: 10}, Figures{}, 0, 0, true, "not known"},
		{"another currency is not converted", uk, turnover(1_000), 17_500_000, 17_500_000, true, "GBP 17,500,000 against 4 % of EUR 1,000,000,000, which is EUR 40,000,000"},
		{"qualifying revenue in pounds", psti, of("org.qualifying_revenue_gbp_m", 400), 16_000_000, 16_000_000, false, "4 % of GBP 400,000,000, which is GBP 16,000,000, for each breach"},
		{"the turnover of the group is no qualifying revenue", psti, turnover(9_000), 10_000_000, 10_000_000, true, "org.qualifying_revenue_gbp_m, which is not known"},
		{"revenue in Brazil, not of the world", lgpd, of("org.revenue_brazil_brl_m", 300), 6_000_000, 6_000_000, false, "the lower of BRL 50,000,000 and 2 % of BRL 300,000,000"},
		{"at most the cap where the revenue in Brazil is not known", lgpd, turnover(9_000), 0, 50_000_000, false, "org.revenue_brazil_brl_m, which is not known"},
		{"the cap where 2 % in Brazil are more", lgpd, of("org.revenue_brazil_brl_m", 9_000), 50_000_000, 50_000_000, false, "the lower of"},
		{"a floor of the national maximum", nis2, turnover(100), 10_000_000, 10_000_000, true, "at least the higher of EUR 10,000,000"},
		{"a floor by the share", nis2, turnover(1_000), 20_000_000, 20_000_000, true, "the maximum of national law may be more"},
		{"the person's own turnover, not the group's", quebec, turnover(1_000), 10_000_000, 10_000_000, true, "org.turnover_own_eur_m, which is not known"},
		{"the lower for a small enterprise", ai, Figures{map[fact.Name]int64{groupTurnover: 20}, "small"}, 600_000, 600_000, false, "the lower of"},
		{"the higher for a large one", ai, Figures{map[fact.Name]int64{groupTurnover: 20}, "large"}, 15_000_000, 15_000_000, false, "the higher of"},
		{"either where the size is not known", ai, turnover(20), 600_000, 15_000_000, false, "which it is is not known"},
		{"an amount alone", law.Penalty{Amount: 2_190_294, Currency: "USD"}, Figures{}, 2_190_294, 2_190_294, false, "USD 2,190,294"},
		{"a limb that has no figure", law.Penalty{Amount: 377_700, Currency: "USD", Or: "twice the value of the transaction"}, Figures{}, 377_700, 377_700, true, "or twice the value of the transaction where that is more"},
		{"words alone", law.Penalty{Formula: "consent order"}, Figures{}, 0, 0, true, "no figure"},
		{"a turnover of nothing", cra, turnover(0), 15_000_000, 15_000_000, false, "which is EUR 0"},
	} {
		m := Of(&c.p, c.t)
		if m.Low != c.low || m.High != c.high || m.Open != c.open || !strings.Contains(m.Arithmetic, c.says) {
			t.Errorf("%s: %d to %d, open %v: %s", c.name, m.Low, m.High, m.Open, m.Arithmetic)
		}
	}
}

func TestAnUnknownTurnoverNeverLowersAMaximum(t *testing.T) {
	for _, p := range []law.Penalty{{Amount: 7, Percent: 1, Whichever: "higher", Currency: "EUR"}, {Percent: 2}, {Amount: 3, Currency: "GBP", Percent: 1}} {
		unknown := Of(&p, Figures{})
		for _, n := range []int64{0, 1, 1000, 1 << 40} {
			if known := Of(&p, turnover(n)); known.Low < unknown.Low {
				t.Errorf("%+v: with a turnover of %d m at least %d, without at least %d", p, n, known.Low, unknown.Low)
			}
			if !unknown.Open {
				t.Errorf("%+v: closed at %d though the turnover is not known", p, unknown.High)
			}
		}
	}
}

func TestAMaximumNamesTheFiguresThatItLacks(t *testing.T) {
	ai := law.Penalty{Amount: 15_000_000, Currency: "EUR", Percent: 3, Whichever: "higher", Small: "lower"}
	if m := Of(&ai, Figures{}); !slices.Equal(m.Missing, []fact.Name{groupTurnover, "org.size"}) {
		t.Errorf("nothing is known, and missing is %q", m.Missing)
	}
	if m := Of(&ai, Figures{map[fact.Name]int64{groupTurnover: 20}, "micro"}); m.Missing != nil {
		t.Errorf("all is known, and missing is %q", m.Missing)
	}
}
