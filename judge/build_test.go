// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// build makes a catalogue from parts, for tests that need very many.
func build(defs []fact.Definition, exprs map[law.ControlID]string, instruments ...*law.Instrument) *law.Catalogue {
	v, err := fact.NewVocabulary(defs)
	if err != nil {
		panic(err)
	}
	c := &law.Catalogue{Vocabulary: v, Controls: map[law.ControlID]*law.Control{},
		Provisions: map[law.ProvisionID]*law.Provision{}, Instruments: instruments}
	for id, e := range exprs {
		c.Controls[id] = &law.Control{ID: id, Expr: e}
	}
	for _, i := range instruments {
		for _, p := range i.Provisions {
			p.Instrument = i
			c.Provisions[p.ID] = p
		}
	}
	return c
}

// catalogue has one provision x/y/p about a device; a control's ID is its fact's name.
func (s shape) catalogue(defs []fact.Definition) *law.Catalogue {
	exprs := map[law.ControlID]string{}
	ids := func(names []fact.Name) []law.ControlID {
		var all []law.ControlID
		for _, n := range names {
			exprs[law.ControlID(n)] = string(n)
			all = append(all, law.ControlID(n))
		}
		return all
	}
	p := &law.Provision{ID: "x/y/p", Force: law.Must, Subject: fact.Device, Bearer: law.OfOperator,
		Breach: ids(s.breach), Suffices: ids(s.suffices),
		Applies: []law.Conjunct{{Name: "material", Expr: "x.a"}}}
	for _, n := range s.deemed {
		p.Deemed = append(p.Deemed, law.Deemed{Kind: "deemed", When: string(n)})
	}
	first := fact.Day(0)
	return build(defs, exprs, &law.Instrument{ID: "x/y", AppliesFrom: &first, Kind: law.Statute,
		Provisions: []*law.Provision{p}})
}
