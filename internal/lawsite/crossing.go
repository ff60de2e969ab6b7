// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"fmt"
	"maps"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// use is a provision that rests on a control, and how.
type use struct {
	provision *law.Provision
	how       string
}

// mention is a condition or a clock that names a fact.
type mention struct {
	in   *law.Instrument
	of   *law.Provision // nil: the whole instrument
	what string
}

// crossing is the catalogue with its roads in both directions.
type crossing struct {
	cat        *law.Catalogue
	day        fact.Day
	set        *expr.Set
	instrument map[law.InstrumentID]*law.Instrument
	anchor     map[law.ProvisionID]string
	controls   []*law.Control
	uses       map[law.ControlID][]use
	factsOf    map[law.ControlID][]fact.Name
	asked      map[fact.Name][]*law.Control
	mentions   map[fact.Name][]mention
	accepts    map[law.InstrumentID][]*law.Provision // provisions that take conformity with it as met
	displaces  map[law.InstrumentID][]*law.Instrument
	replaces   map[law.InstrumentID][]*law.Instrument
}

func cross(cat *law.Catalogue, day fact.Day) (*crossing, error) {
	set, err := expr.NewSet(cat.Vocabulary)
	if err != nil {
		return nil, err
	}
	x := &crossing{cat: cat, day: day, set: set, instrument: map[law.InstrumentID]*law.Instrument{},
		anchor: map[law.ProvisionID]string{}, uses: map[law.ControlID][]use{}, factsOf: map[law.ControlID][]fact.Name{},
		asked: map[fact.Name][]*law.Control{}, mentions: map[fact.Name][]mention{},
		accepts: map[law.InstrumentID][]*law.Provision{}, displaces: map[law.InstrumentID][]*law.Instrument{},
		replaces: map[law.InstrumentID][]*law.Instrument{}}
	for _, id := range slices.Sorted(maps.Keys(cat.Controls)) {
		c := cat.Controls[id]
		e, err := x.compile(c.Expr, c.ExprPos)
		if err != nil {
			return nil, err
		}
		x.controls = append(x.controls, c)
		x.factsOf[id] = e.Facts
		for _, n := range e.Facts {
			x.asked[n] = append(x.asked[n], c)
		}
	}
	for _, i := range cat.Instruments {
		x.instrument[i.ID] = i
		anchors(i, x.anchor)
		if err := x.roads(i); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// compile reads an expression; a catalogue with a faulty one has no site.
func (x *crossing) compile(text string, pos law.Pos) (*expr.Expr, error) {
	e, problems := x.set.Compile(text)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s: %w; writ law lint shows all that is wrong", pos, problems[0])
	}
	return e, nil
}

// roads notes what an instrument leads to.
func (x *crossing) roads(i *law.Instrument) error {
	if i.ReplacedBy != "" {
		x.replaces[i.ReplacedBy] = append(x.replaces[i.ReplacedBy], i)
	}
	if err := x.conditions(i, nil, i.Applies, i.Displaced); err != nil {
		return err
	}
	for _, c := range i.Clocks {
		if err := x.mention(i, nil, "clock "+c.ID, c.When, c.WhenPos); err != nil {
			return err
		}
		for _, v := range c.Variants {
			if err := x.mention(i, nil, "clock "+c.ID, v.When, v.Pos); err != nil {
				return err
			}
		}
	}
	for _, p := range i.Provisions {
		if err := x.provisionRoads(i, p); err != nil {
			return err
		}
	}
	return nil
}

func (x *crossing) provisionRoads(i *law.Instrument, p *law.Provision) error {
	for _, part := range decides(p) {
		for _, id := range part.ids {
			x.uses[id] = append(x.uses[id], use{p, part.word})
		}
	}
	for _, d := range p.Deemed {
		if d.By != "" && !slices.Contains(x.accepts[d.By], p) {
			x.accepts[d.By] = append(x.accepts[d.By], p)
		}
		if err := x.mention(i, p, "accepted as met", d.When, d.Pos); err != nil {
			return err
		}
	}
	return x.conditions(i, p, p.Applies, p.Displaced)
}

func (x *crossing) conditions(i *law.Instrument, p *law.Provision, applies []law.Conjunct,
	displaced []law.Displacement) error {
	for _, c := range applies {
		if err := x.mention(i, p, c.Name+" condition", c.Expr, c.Pos); err != nil {
			return err
		}
	}
	for _, d := range displaced {
		if !slices.Contains(x.displaces[d.By], i) {
			x.displaces[d.By] = append(x.displaces[d.By], i)
		}
		if err := x.mention(i, p, "displacement", d.When, d.Pos); err != nil {
			return err
		}
	}
	return nil
}

func (x *crossing) mention(i *law.Instrument, p *law.Provision, what, text string, pos law.Pos) error {
	if text == "" {
		return nil
	}
	e, err := x.compile(text, pos)
	if err != nil {
		return err
	}
	for _, n := range e.Facts {
		m := mention{i, p, what}
		if !slices.Contains(x.mentions[n], m) {
			x.mentions[n] = append(x.mentions[n], m)
		}
	}
	return nil
}

// deciding is a list of controls with what its truth does, in words.
type deciding struct {
	word, title string
	ids         []law.ControlID
}

// decides lists what decides a provision; what breaks and meets it at once stands once.
func decides(p *law.Provision) []deciding {
	var all []deciding
	add := func(word, title string, ids []law.ControlID) {
		if len(ids) > 0 {
			all = append(all, deciding{word, title, ids})
		}
	}
	if slices.Equal(p.Breach, p.Suffices) {
		add("breach and suffices", "Broken where one is false, met where all are true", p.Breach)
	} else {
		add("breach", "Broken where one is false", p.Breach)
		add("suffices", "Met where all are true", p.Suffices)
	}
	add("indicator", "Points to a breach where one is false", p.Indicators)
	return all
}
