// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package catalogue_test

import (
	"testing"

	"github.com/writ-iot/writ/law"
)

// TestSharesAreOfWhatTheirLawNames: each penalty with a share, the figure of which it is taken, whose, and which of
// share and amount counts.
func TestSharesAreOfWhatTheirLawNames(t *testing.T) {
	world, own := law.Base{}, law.Base{}
	brazil := law.Base{Fact: "org.revenue_brazil_brl_m", Currency: "BRL"}
	qualifying := law.Base{Fact: "org.qualifying_revenue_gbp_m", Currency: "GBP"}
	type rule struct {
		base           law.Base
		of, whichever  string
		small          string
		floor          bool
		amount, second int64 // of the tiers
	}
	want := map[law.InstrumentID]rule{
		"br/lgpd":      {brazil, "undertaking", "lower", "", false, 50_000_000, 0},
		"ca/qc-law-25": {own, "entity", "higher", "", false, 10_000_000, 25_000_000},
		"eu/ai-act":    {world, "undertaking", "higher", "lower", false, 35_000_000, 15_000_000},
		"eu/cra":       {world, "undertaking", "higher", "", false, 15_000_000, 10_000_000},
		"eu/data-act":  {world, "undertaking", "higher", "", false, 20_000_000, 0},
		"eu/gdpr":      {world, "undertaking", "higher", "", false, 10_000_000, 20_000_000},
		"eu/nis2":      {world, "undertaking", "higher", "", true, 10_000_000, 7_000_000},
		"uk/csr-bill":  {world, "undertaking", "higher", "", false, 17_000_000, 10_000_000},
		"uk/gdpr":      {world, "undertaking", "higher", "", false, 8_700_000, 17_500_000},
		"uk/psti":      {qualifying, "entity", "higher", "", false, 10_000_000, 0},
	}
	seen := map[law.InstrumentID][]int64{}
	for _, i := range load(t).Instruments {
		for _, p := range i.Penalties {
			if p.Percent == 0 {
				continue
			}
			seen[i.ID] = append(seen[i.ID], p.Amount)
			w, ok := want[i.ID]
			if !ok {
				t.Errorf("%s takes a share of something: say here of what", i.ID)
			}
			if p.Base != w.base || p.Of != w.of || p.Whichever != w.whichever || p.Small != w.small || p.AtLeast != w.floor {
				t.Errorf("%s, %s: %+v, want %+v", i.ID, p.For, p, w)
			}
		}
	}
	for id, w := range want {
		if got := seen[id]; len(got) == 0 || got[0] != w.amount || w.second > 0 && got[1] != w.second {
			t.Errorf("%s has the amounts %d, want %d and %d", id, seen[id], w.amount, w.second)
		}
	}
}
