// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// cases says which of the three cases a provision's tests expect.
type cases struct{ met, broken, notShown bool }

// casesOf collects what the tests expect of each provision.
func casesOf(tests []lawTest) map[law.ProvisionID]cases {
	all := map[law.ProvisionID]cases{}
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

// lacks names the cases that a provision still needs. A met case is owed only where facts can meet the
// text, a broken one only where a control can break it or point to a breach.
func lacks(p *law.Provision, c cases) []string {
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

// uncovered reports each provision that claims the depth tested and lacks one of its cases, and warns of
// each judged one that does not claim it.
func uncovered(cat *law.Catalogue, tests []lawTest) law.Problems {
	have := casesOf(tests)
	var problems law.Problems
	for _, i := range cat.Instruments {
		for _, p := range i.Provisions {
			claims := p.Depth == law.Tested || p.Depth == law.Reviewed
			lack := lacks(p, have[p.ID])
			if len(lack) == 0 || !claims && p.Mode != law.Judged {
				continue
			}
			problems = append(problems, &law.Problem{
				Pos:     p.Pos,
				What:    fmt.Sprintf("%s provision %s has no law test that expects it %s", p.Mode, p.Local(), strings.Join(lack, ", nor ")),
				Hint:    "write the case in lawtests/" + string(i.ID) + ".lawtest",
				Warning: !claims,
			})
		}
	}
	return problems
}
