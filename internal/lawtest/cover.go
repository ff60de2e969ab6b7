// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"slices"

	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Cases says which of the three cases a provision's tests expect.
type Cases struct{ met, broken, notShown bool }

// CasesOf collects what the tests expect of each provision.
func CasesOf(tests []Test) map[law.ProvisionID]Cases {
	all := map[law.ProvisionID]Cases{}
	for _, t := range tests {
		for _, x := range t.Expect {
			c := all[x.Provision.ID]
			indicated := slices.Contains(x.Flags, judge.BreachIndicated)
			c.met = c.met || x.Outcome == judge.Met
			c.broken = c.broken || x.Outcome == judge.Violated || indicated
			c.notShown = c.notShown || x.Outcome == judge.NotShown && !indicated
			all[x.Provision.ID] = c
		}
	}
	return all
}

// Lacks names the cases that a provision still needs. A met case is owed only where facts can meet the
// text, a broken one only where a control can break it or point to a breach.
func Lacks(p *law.Provision, c Cases) []string {
	if p.Mode == law.Open || p.Force == law.May {
		return nil
	}
	var lack []string
	if !c.met && len(p.Suffices)+len(p.Deemed) > 0 {
		lack = append(lack, "met")
	}
	if !c.broken && len(p.Breach)+len(p.Indicators) > 0 {
		if len(p.Breach) > 0 {
			lack = append(lack, "violated")
		} else {
			lack = append(lack, "breach-indicated")
		}
	}
	if !c.notShown {
		lack = append(lack, "not-shown")
	}
	return lack
}
