// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"fmt"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Version names the meaning of the engine: it changes when the same input may give other bytes, be it another
// verdict or the same in another form.
const Version = "writ-judge/2"

// Engine is a compiled catalogue. It is immutable and safe for concurrent use.
type Engine struct {
	catalogue   *law.Catalogue
	vocabulary  string // digest
	instruments []*law.Instrument
	duties      []*duty
	byProvision map[*law.Provision]*duty
	gate        gate
	adopted     bool
	singly      bool // each party for itself, and nothing that was found for one counts for another
}

// duty is a provision with its expressions compiled.
type duty struct {
	*law.Provision
	from, until *fact.Day   // the days on which it binds; a nil from: none
	conditions  []condition // the instrument's, then the provision's own
	own         []condition
	breach      []control
	suffices    []control
	indicators  []control
	deemed      []accepted
	judgement   *expr.Expr // the fact by which a person judges it
	ofUnits     bool       // its expressions ask devices
	ofDevice    []fact.Name
}

// condition is a conjunct of applicability, or a displacement, which must not hold.
type condition struct {
	label       *label
	expr        *expr.Expr
	displacedBy law.InstrumentID // "" for a conjunct
}

type control struct {
	*law.Control
	expr  *expr.Expr
	label *label
}

type accepted struct {
	law.Deemed
	when *expr.Expr
	rest []*duty // of the standard: what must be met
	void bool    // the official listing takes out what it would rest on
}

// Compile type-checks every expression of a catalogue behind the fence. Its error is law.Problems: all
// that is wrong, each with its place.
func Compile(c *law.Catalogue) (*Engine, error) {
	set, err := expr.NewSet(c.Vocabulary)
	if err != nil {
		return nil, fmt.Errorf("compiling the catalogue: %w", err)
	}
	k := &compiler{catalogue: c, set: set, controls: map[law.ControlID]*expr.Expr{}}
	e := &Engine{catalogue: c, vocabulary: vocabularyDigest(c.Vocabulary), instruments: c.Instruments,
		gate: newGate(c.Vocabulary), byProvision: map[*law.Provision]*duty{}}
	byID := map[law.ProvisionID]*duty{}
	k.allControls()
	for _, i := range c.Instruments {
		k.clocks(i)
		conditions := k.conditions(i.Applies, i.Displaced)
		for _, p := range i.Provisions {
			d := k.duty(p, conditions)
			e.duties = append(e.duties, d)
			byID[p.ID], e.byProvision[p] = d, d
		}
	}
	for _, d := range e.duties {
		k.deem(d, byID)
	}
	for _, d := range e.duties {
		d.ofUnits = d.asksUnits()
		d.ofDevice = d.asksOfDevice(&e.gate)
	}
	if err := k.problems.Sort().Err(); err != nil {
		return nil, err
	}
	return e, nil
}

// Only gives the engine that judges these instruments alone, at the price of nothing: each law is judged
// for itself, so its verdicts are the same.
func (e *Engine) Only(ids ...law.InstrumentID) *Engine {
	some := *e
	some.duties, some.instruments = nil, nil
	for _, d := range e.duties {
		if slices.Contains(ids, d.Instrument.ID) {
			some.duties = append(some.duties, d)
		}
	}
	for _, i := range e.instruments {
		if slices.Contains(ids, i.ID) {
			some.instruments = append(some.instruments, i)
		}
	}
	return &some
}

// AsAdopted gives the engine that judges as if everything voluntary had been adopted: readiness, which is never
// compliance.
func (e *Engine) AsAdopted() *Engine {
	as := *e
	as.adopted = true
	return &as
}

// Judge compiles the catalogue and judges once.
func Judge(c *law.Catalogue, in Input) (*Result, error) {
	e, err := Compile(c)
	if err != nil {
		return nil, err
	}
	return e.Judge(in), nil
}
