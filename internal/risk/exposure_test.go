// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"strings"
	"testing"

	"github.com/writ-iot/writ/law"
)

func TestMaximaFollowTheFormula(t *testing.T) {
	cra := law.Penalty{Amount: 15_000_000, Currency: "EUR", Percent: 2.5, Whichever: "higher"}
	psti := law.Penalty{Amount: 10_000_000, Currency: "GBP", Percent: 4, Whichever: "higher"}
	small := law.Penalty{Amount: 15_000_000, Currency: "EUR", Percent: 3, Whichever: "lower"}
	for _, c := range []struct {
		name      string
		p         law.Penalty
		t         Turnover
		low, high int64
		open      bool
		says      string
	}{
		{"the amount where the share is less", cra, Turnover{100, true}, 15_000_000, 15_000_000, false, "2.5 % of EUR 100,000,000, which is EUR 2,500,000"},
		{"the share where it is more", cra, Turnover{10_000, true}, 250_000_000, 250_000_000, false, "the higher of EUR 15,000,000"},
		{"at least the amount where the turnover is not known", cra, Turnover{}, 15_000_000, 15_000_000, true, "not known"},
		{"at most the amount where the lower counts", small, Turnover{}, 0, 15_000_000, false, "the lower of"},
		{"the lower of both", small, Turnover{100, true}, 3_000_000, 3_000_000, false, "the lower of"},
		{"a share alone", law.Penalty{Percent: 10}, Turnover{50, true}, 5_000_000, 5_000_000, false, "10 % of"},
		{"a share alone of what nobody knows", law.Penalty{Percent: 10}, Turnover{}, 0, 0, true, "not known"},
		{"another currency is not converted", psti, Turnover{1_000, true}, 10_000_000, 10_000_000, true, "GBP 10,000,000 against 4 % of EUR 1,000,000,000, which is EUR 40,000,000"},
		{"an amount alone", law.Penalty{Amount: 2_190_294, Currency: "USD"}, Turnover{}, 2_190_294, 2_190_294, false, "USD 2,190,294"},
		{"words alone", law.Penalty{Formula: "consent order"}, Turnover{}, 0, 0, true, "no figure"},
		{"a turnover of nothing", cra, Turnover{0, true}, 15_000_000, 15_000_000, false, "which is EUR 0"},
	} {
		m := Of(&c.p, c.t)
		if m.Low != c.low || m.High != c.high || m.Open != c.open || !strings.Contains(m.Arithmetic, c.says) {
			t.Errorf("%s: %d to %d, open %v: %s", c.name, m.Low, m.High, m.Open, m.Arithmetic)
		}
	}
}

func TestAnUnknownTurnoverNeverLowersAMaximum(t *testing.T) {
	for _, p := range []law.Penalty{{Amount: 7, Percent: 1, Whichever: "higher", Currency: "EUR"}, {Percent: 2}, {Amount: 3, Currency: "GBP", Percent: 1}} {
		unknown := Of(&p, Turnover{})
		for _, n := range []int64{0, 1, 1000, 1 << 40} {
			if known := Of(&p, Turnover{n, true}); known.Low < unknown.Low {
				t.Errorf("%+v: with a turnover of %d m at least %d, without at least %d", p, n, known.Low, unknown.Low)
			}
			if !unknown.Open {
				t.Errorf("%+v: closed at %d though the turnover is not known", p, unknown.High)
			}
		}
	}
}
