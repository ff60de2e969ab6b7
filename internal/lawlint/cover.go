// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawlint

import (
	"fmt"
	"strings"

	"github.com/writ-iot/writ/internal/lawtest"
	"github.com/writ-iot/writ/law"
)

// uncovered reports each provision that claims the depth tested and lacks one of its cases, and warns of
// each judged one that does not claim it.
func uncovered(cat *law.Catalogue, tests []lawtest.Test) law.Problems {
	have := lawtest.CasesOf(tests)
	var problems law.Problems
	for _, i := range cat.Instruments {
		for _, p := range i.Provisions {
			claims := p.Depth == law.Tested || p.Depth == law.Reviewed
			lack := lawtest.Lacks(p, have[p.ID])
			if len(lack) == 0 || !claims && p.Mode != law.Judged {
				continue
			}
			problems = append(problems, &law.Problem{
				Pos: p.Pos,
				What: fmt.Sprintf("%s provision %s has no law test that expects it %s", p.Mode, p.Local(),
					strings.Join(lack, ", nor ")),
				Hint:    "write the case in lawtests/" + string(i.ID) + ".lawtest",
				Warning: !claims,
			})
		}
	}
	return problems
}
