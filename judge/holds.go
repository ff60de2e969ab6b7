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

// What an instrument's hold on us is.
const (
	boundOwn          = "own"
	boundSupplier     = "supplier"
	boundNo           = "no"
	boundUndetermined = "undetermined"
)

// holds gathers, over all duties, whom each instrument binds.
type holds struct {
	instruments []*law.Instrument
	of          map[law.InstrumentID]*hold
}

// hold keeps the first trial that shows each answer.
type hold struct {
	own, supplier, open, out *trial
	missing                  []MissingFact // of all that are open
}

func newHolds(instruments []*law.Instrument) *holds {
	h := &holds{instruments, map[law.InstrumentID]*hold{}}
	for _, i := range instruments {
		h.of[i.ID] = &hold{}
	}
	return h
}

func (h *holds) add(t *trial) {
	one := h.of[t.d.Instrument.ID]
	keep := func(slot **trial) {
		if *slot == nil {
			*slot = t
		}
	}
	switch {
	case t.applies.truth == expr.Unknown:
		keep(&one.open)
		one.missing = append(one.missing, missing(t.applies)...)
	case t.applies.truth == expr.False:
		keep(&one.out)
	case t.p.bearer == Own:
		keep(&one.own)
	default:
		keep(&one.supplier)
	}
}

func (h *holds) list(day fact.Day) []Applicability {
	var all []Applicability
	for _, i := range h.instruments {
		all = append(all, h.of[i.ID].applicability(i, day))
	}
	return all
}

// applicability says own where a duty of ours applies, else supplier where one of somebody else's does;
// no where nothing applies; undetermined where that is open, or nothing is known that could be bound.
func (h *hold) applicability(i *law.Instrument, day fact.Day) Applicability {
	a := Applicability{Instrument: i}
	switch {
	case h.own != nil:
		a.Bound, a.Because = boundOwn, h.own.lines(expr.True)
	case h.supplier != nil:
		a.Bound, a.Because = boundSupplier, h.supplier.lines(expr.True)
	case h.open != nil:
		slices.SortFunc(h.missing, MissingFact.compare)
		a.Bound, a.Because, a.Missing = boundUndetermined, h.open.lines(expr.Unknown), slices.Compact(h.missing)
	case h.out != nil:
		a.Bound, a.Because, a.Displaced = boundNo, h.out.lines(expr.False), h.out.displaced
	case i.AppliesFrom == nil || day < *i.AppliesFrom || i.Repealed != nil && *i.Repealed <= day:
		a.Bound, a.Because = boundNo, []string{"not in force on " + day.String()}
	default:
		a.Bound, a.Because = boundUndetermined, []string{"nobody and nothing that it could bind is known"}
	}
	return a
}

// lines puts the conditions of one truth into words.
func (t *trial) lines(truth expr.Truth) []string {
	var out []string
	for _, n := range t.conditions {
		if n.truth != truth {
			continue
		}
		line := n.id
		if n.pinpoint != "" {
			line += " (" + n.pinpoint + ")"
		}
		line = fmt.Sprintf("%s: %s: %s", line, n.truth, n.text)
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}
