// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"cmp"
	"fmt"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// basis is the provision on which a clock stands, where one has its pinpoint: it may bind from a day of its own, and
// step aside for another law.
type basis struct {
	from, until *fact.Day
	displaced   []displacement
}

type displacement struct {
	by       law.InstrumentID
	when     *expr.Expr
	pinpoint string
}

// bases finds the provisions, or versions of one, that have a clock's pinpoint.
func (v *Vocabulary) bases(i *law.Instrument, c *law.Clock) (all []basis, err error) {
	for _, p := range i.Provisions {
		if p.Pinpoint != c.Pinpoint {
			continue
		}
		b := basis{from: cmp.Or(p.From, i.AppliesFrom), until: cmp.Or(p.Until, i.Repealed)}
		for _, d := range p.Displaced {
			e, err := v.compiled(d.When)
			if err != nil {
				return nil, err
			}
			b.displaced = append(b.displaced, displacement{d.By, e, d.Pinpoint})
		}
		all = append(all, b)
	}
	return all, nil
}

// binds says whether the provision behind a clock binds on the day, and does not step aside.
func (a *asking) binds(out *Clock) expr.Truth {
	all := a.rules[out.Key].bases
	if len(all) == 0 {
		return expr.True
	}
	var first *fact.Day
	for _, b := range all {
		if b.from == nil || *b.from > a.world.Day {
			if b.from != nil && (first == nil || *b.from < *first) {
				first = b.from
			}
			continue
		}
		if b.until != nil && *b.until <= a.world.Day {
			continue
		}
		return a.aside(out, b.displaced)
	}
	out.Because = append(out.Because, "it binds nobody on this day")
	if first != nil {
		out.Because[len(out.Because)-1] = fmt.Sprintf("it binds from %s", first)
	}
	return expr.False
}

func (a *asking) aside(out *Clock, all []displacement) expr.Truth {
	for _, d := range all {
		switch a.truth(d.when.Tree) {
		case expr.True:
			out.Because = append(out.Because, fmt.Sprintf("it gives way to %s (%s)", d.by, d.pinpoint))
			out.Because = append(out.Because, a.explain(d.when.Tree, expr.True)...)
			return expr.False
		case expr.Unknown:
			// A law that may step aside is kept until it is shown to.
			out.Because = append(out.Because, fmt.Sprintf("whether it gives way to %s (%s) is open", d.by, d.pinpoint))
		}
	}
	return expr.True
}
