// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"encoding/binary"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

// rows tell alike devices apart from others. A verdict on a device depends on who owes, on its product, on who
// runs it, on the day of its evidence and on what is so of the facts that the duty asks of it; on its own name it
// depends only where the name is written. A network has few kinds of device, so most verdicts are another one's
// with the name changed.
type rows struct {
	of     map[fact.Subject]int
	others []uint32               // by row: product, runner and day
	facts  map[fact.Name][]uint32 // by row: what is so; 0 where nobody claimed anything
}

// relations of a device on which its verdicts depend.
type relations struct {
	product, runner fact.Subject
	day             fact.Day
}

// stated is all of a fact's state on which a verdict depends: what it rests on is looked up by name.
type stated struct {
	state                         fact.State
	value                         fact.Value
	reason                        fact.Reason
	declared, documented, partial bool
}

func newRows(e *Engine, w *world) rows {
	devices := w.subjects[fact.Device]
	r := rows{of: make(map[fact.Subject]int, len(devices)), others: make([]uint32, len(devices)),
		facts: map[fact.Name][]uint32{}}
	if e.singly {
		return rows{}
	}
	related, states := map[relations]uint32{}, map[stated]uint32{}
	for i, s := range devices {
		m := w.members[s]
		r.of[s] = i
		r.others[i] = number(related, relations{m.Product, m.Runner, fact.DayOf(w.atOf(s))})
		for n, state := range w.facts.States(s) {
			if r.facts[n] == nil {
				r.facts[n] = make([]uint32, len(devices))
			}
			r.facts[n][i] = number(states, stated{state.State, state.Value, state.Reason, state.Declared,
				state.Documented, slices.ContainsFunc(state.Support, inPart)})
		}
	}
	return r
}

// number gives each key one of its own, from 1.
func number[K comparable](all map[K]uint32, k K) uint32 {
	n := all[k]
	if n == 0 {
		n = uint32(len(all) + 1)
		all[k] = n
	}
	return n
}

// key appends all that a duty's verdict on a party depends on, save the party's name. Only devices have one.
func (r *rows) key(to []byte, d *duty, p *party) ([]byte, bool) {
	row, known := r.of[p.subject]
	if !known || p.subject.ID == "" {
		return to, false
	}
	to = binary.LittleEndian.AppendUint32(to, r.others[row])
	for _, n := range d.ofDevice {
		if states := r.facts[n]; states != nil {
			to = binary.LittleEndian.AppendUint32(to, states[row])
		}
	}
	return append(append(append(to, p.bearer...), 0), p.person.ID...), true
}

// precedent is the verdict on the first of those who are alike.
type precedent struct {
	verdict *Verdict
	wait    *waiting
}

// followed is the precedent with another name in it.
func (p *precedent) followed(by fact.Subject) Verdict {
	v := *p.verdict
	v.Subject = by
	v.Missing, v.Cheapest = renamed(v.Missing, p.verdict.Subject, by), renamed(v.Cheapest, p.verdict.Subject, by)
	if p.wait != nil {
		p.wait.others = append(p.wait.others, by)
	}
	return v
}

// renamed puts one subject in another's place. The order stays: it hangs on no device's name, for of devices
// there is but one in it.
func renamed(all []MissingFact, from, to fact.Subject) []MissingFact {
	names := func(m MissingFact) bool { return m.Subject == from }
	if !slices.ContainsFunc(all, names) {
		return all
	}
	all = exact(all)
	for i := range all {
		if names(all[i]) {
			all[i].Subject = to
		}
	}
	return all
}

// asksOfDevice lists the facts of a device on which the verdict of a duty about it depends: those of its
// expressions, of what it may rest on, of the gate, and what people judged.
func (d *duty) asksOfDevice(g *gate) []fact.Name {
	var all []fact.Name
	take := func(e *expr.Expr) {
		for _, def := range e.Defs {
			if def.Subject == fact.Device {
				all = append(all, def.Name)
			}
		}
	}
	for _, q := range []inquiry{g.certain, g.repeated, g.state} {
		if q.Expr != nil {
			take(q.Expr)
		}
	}
	d.expressions(nil, func(of *duty, e *expr.Expr) {
		take(e)
		all = append(all, of.judgement.Facts[0])
	})
	slices.Sort(all)
	return slices.Compact(all)
}

// expressions visits all that a duty asks, and all that it may rest on.
func (d *duty) expressions(via []*duty, visit func(*duty, *expr.Expr)) {
	if slices.Contains(via, d) {
		return
	}
	via = append(via, d)
	visit(d, d.judgement)
	for _, c := range d.conditions {
		visit(d, c.expr)
	}
	for _, c := range slices.Concat(d.breach, d.suffices, d.indicators) {
		visit(d, c.expr)
	}
	for _, m := range d.deemed {
		visit(d, m.when)
		for _, r := range m.rest {
			r.expressions(via, visit)
		}
	}
}

// inOrder writes values so that no two lists are the same.
func inOrder(values []fact.Value) string {
	b := make([]byte, 0, 64)
	for _, v := range values {
		b = append(b, byte(v.Type()))
		switch v.Type() {
		case fact.Bool:
			if v.IsTrue() {
				b = append(b, 1)
			} else {
				b = append(b, 0)
			}
		case fact.Number:
			b = binary.LittleEndian.AppendUint64(b, uint64(v.Int()))
		case fact.Date:
			b = binary.LittleEndian.AppendUint64(b, uint64(v.Day()))
		case fact.Enum:
			b = append(binary.LittleEndian.AppendUint32(b, uint32(len(v.Word()))), v.Word()...)
		}
	}
	return string(b)
}
