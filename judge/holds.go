// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"cmp"
	"fmt"
	"maps"
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

// holds gathers, over duties, whom each instrument binds: us all, and each person by itself.
type holds struct {
	w       *world
	all     map[law.InstrumentID]*hold
	persons map[fact.Subject]map[law.InstrumentID]*hold
}

// hold keeps the first trial that shows each answer; of those that show what excludes, the one that says most.
type hold struct {
	own, supplier, open, out *ground
	waits, ours              waits   // what all that are open wait for, and those of ours
	oursOpen                 *ground // the first of those of ours
}

// ground is what a trial shows of a hold.
type ground struct {
	because   []string
	rests     []KnownFact
	displaced law.InstrumentID
	excludes  int
}

// waiting is what an open trial, and those of others who are alike, wait for.
type waiting struct {
	missing []MissingFact
	subject fact.Subject
	others  []fact.Subject
}

func newHolds(w *world) *holds {
	return &holds{w, map[law.InstrumentID]*hold{}, map[fact.Subject]map[law.InstrumentID]*hold{}}
}

// add takes what a trial shows, and gives what it waits for.
func (h *holds) add(t *trial) *waiting {
	var wait *waiting
	if t.binding() == expr.Unknown {
		wait = &waiting{missing: t.missing(t.binds), subject: t.p.subject}
	}
	id := t.d.Instrument.ID
	to := []*hold{of(h.all, id)}
	for _, p := range h.whose(t) {
		to = append(to, of(h.person(p), id))
	}
	var shown *ground
	for _, one := range to {
		slot := one.slot(t)
		if wait != nil {
			one.waits.add(wait)
			if t.p.bearer == Own {
				one.ours.add(wait)
			}
		}
		for _, s := range slot {
			if *s == nil || s == &one.out && (*s).excludes < t.excludes() {
				if shown == nil {
					shown = t.ground()
				}
				*s = shown
			}
		}
	}
	return wait
}

// slot lists the places for what a trial shows.
func (h *hold) slot(t *trial) []**ground {
	switch truth := t.binding(); {
	case truth == expr.Unknown && t.p.bearer == Own:
		return []**ground{&h.open, &h.oursOpen}
	case truth == expr.Unknown:
		return []**ground{&h.open}
	case truth == expr.False:
		return []**ground{&h.out}
	case t.p.bearer == Own:
		return []**ground{&h.own}
	}
	return []**ground{&h.supplier}
}

func (t *trial) ground() *ground {
	truth := t.binding()
	return &ground{t.lines(truth), t.known(truth), t.displaced, t.excludes()}
}

// join adds what later duties showed.
func (h *holds) join(later *holds) {
	for id, one := range later.all {
		of(h.all, id).join(one)
	}
	for p, all := range later.persons {
		for id, one := range all {
			of(h.person(p), id).join(one)
		}
	}
}

func (h *hold) join(later *hold) {
	h.own, h.supplier = cmp.Or(h.own, later.own), cmp.Or(h.supplier, later.supplier)
	h.open, h.oursOpen = cmp.Or(h.open, later.open), cmp.Or(h.oursOpen, later.oursOpen)
	if h.out == nil || later.out != nil && later.out.excludes > h.out.excludes {
		h.out = later.out
	}
	if h.own != nil { // then nobody asks what the others wait for
		h.waits, h.ours = nil, nil
		return
	}
	h.waits.join(later.waits)
	h.ours.join(later.ours)
}

// waits are kept by subject. What waits for the same as one before it is left out: the duties of an instrument
// ask much alike.
type waits map[fact.Subject][]*waiting

func (w *waits) add(one *waiting) {
	if *w == nil {
		*w = waits{}
	}
	(*w)[one.subject] = append((*w)[one.subject], one)
}

func (w *waits) join(later waits) {
	for s, all := range later {
		for _, one := range all {
			if !slices.ContainsFunc((*w)[s], one.same) {
				w.add(one)
			}
		}
	}
}

func (w *waiting) same(o *waiting) bool {
	return slices.Equal(w.missing, o.missing) && slices.Equal(w.others, o.others)
}

func of(all map[law.InstrumentID]*hold, id law.InstrumentID) *hold {
	if all[id] == nil {
		all[id] = &hold{}
	}
	return all[id]
}

func (h *holds) person(p fact.Subject) map[law.InstrumentID]*hold {
	if h.persons[p] == nil {
		h.persons[p] = map[law.InstrumentID]*hold{}
	}
	return h.persons[p]
}

// whose hold a duty bears on: of our own, its bearer's; of somebody else's, that of each of us who runs what
// it is about, and of us all where nobody runs it.
func (h *holds) whose(t *trial) []fact.Subject {
	if t.p.bearer == Own {
		return []fact.Subject{t.p.person}
	}
	s := t.p.subject
	switch s.Kind {
	case fact.Device:
		return []fact.Subject{h.w.members[s].Runner}
	case fact.Product:
		if r := h.w.runs[s]; len(r) > 0 {
			return r
		}
	}
	return h.w.own
}

// binding says whether a trial shows that its instrument binds the bearer. What only says when one provision
// has something to ask (that there was an incident, that data of a kind are held) is left out: who has no
// incident to report is bound to report one.
func (t *trial) binding() expr.Truth {
	switch {
	case t.applies.truth == expr.True:
		return expr.True // what applies binds, and more is asked for that
	case t.binds != nil:
		return t.binds.truth
	}
	nodes := slices.Clone(t.held)
	if len(t.heldOfUnits) > 0 {
		var each []*node
		for _, scope := range t.heldOfUnits {
			each = append(each, join(all, scope...))
		}
		nodes = append(nodes, join(some, each...))
	}
	t.binds = join(all, nodes...)
	return t.binds.truth
}

// binding conditions of a provision say whom it binds.
func (c *condition) binding() bool {
	switch c.label.id {
	case "personal", "territorial", "adoption":
		return true
	}
	return c.displacedBy != ""
}

// holds says whether the instrument's hold rests on a condition: on all that are its own, and on those by
// which a provision says whom it binds. Where neither says so in other words, the provision's matter does: a
// law on systems of high risk binds no maker merely because its products are sold where that law is.
func (d *duty) holds(i int) bool {
	return i < d.inherited() || d.conditions[i].binding() || d.conditions[i].label.id == "material" && !d.saysWhom()
}

func (d *duty) inherited() int { return len(d.conditions) - len(d.own) }

func (d *duty) saysWhom() bool {
	for i, c := range d.conditions {
		switch c.label.id {
		case "personal", "adoption":
			return true
		case "material":
			if i < d.inherited() {
				return true
			}
		}
	}
	return false
}

// excludes ranks what takes a bearer out: that the law steps aside before that it does not reach, and both
// before that it is not in force.
func (t *trial) excludes() int {
	switch {
	case t.displaced != "":
		return 2
	case t.held[0].truth == expr.True: // it is in force
		return 1
	}
	return 0
}

func (h *holds) list(instruments []*law.Instrument, day fact.Day, of map[law.InstrumentID]*hold) []Applicability {
	all := make([]Applicability, 0, len(instruments))
	for _, i := range instruments {
		one := of[i.ID]
		if one == nil {
			one = &hold{}
		}
		all = append(all, one.applicability(i, day))
	}
	return all
}

// applicability says own where a duty of ours binds, else supplier where one of somebody else's does;
// no where nothing binds; undetermined where that is open, or nothing is known that could be bound.
func (h *hold) applicability(i *law.Instrument, day fact.Day) Applicability {
	a := Applicability{Instrument: i}
	shown := func(g *ground) { a.Because, a.Rests = g.because, g.rests }
	switch {
	case h.own != nil:
		a.Bound = boundOwn
		shown(h.own)
	case h.supplier != nil:
		a.Bound, a.Open = boundSupplier, h.ours.facts()
		shown(h.supplier)
	case h.open != nil:
		a.Bound, a.Missing, a.OpenFor = boundUndetermined, h.waits.facts(), Supplier
		if h.oursOpen == nil {
			shown(h.open)
			break
		}
		// What settles a maker's duty settles none of ours.
		a.Missing, a.OpenFor = h.ours.facts(), Own
		shown(h.oursOpen)
	case h.out != nil:
		a.Bound, a.Displaced = boundNo, h.out.displaced
		shown(h.out)
	case i.AppliesFrom == nil || day < *i.AppliesFrom || i.Repealed != nil && *i.Repealed <= day:
		a.Bound, a.Because = boundNo, []string{"not in force on " + day.String()}
	default:
		a.Bound, a.Because = boundUndetermined, []string{"nobody and nothing that it could bind is known"}
	}
	return a
}

// facts are those that somebody waits for, each once, in order.
func (w waits) facts() []MissingFact {
	all := map[MissingFact]struct{}{}
	for s, waits := range w {
		for _, one := range waits {
			for _, m := range one.missing {
				all[m] = struct{}{}
				for i := 0; m.Subject == s && i < len(one.others); i++ {
					all[MissingFact{one.others[i], m.Fact, m.Reason}] = struct{}{}
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(all), MissingFact.compare)
}

// heldNodes lists the conditions on which the hold rests.
func (t *trial) heldNodes() []*node {
	out := slices.Clone(t.held)
	for _, scope := range t.heldOfUnits {
		out = append(out, scope...)
	}
	return out
}

// lines puts the conditions of one truth into words.
func (t *trial) lines(truth expr.Truth) []string {
	var out []string
	for _, n := range t.heldNodes() {
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

// known lists the facts on which the conditions of one truth rest.
func (t *trial) known(truth expr.Truth) []KnownFact {
	var out []KnownFact
	for _, n := range t.heldNodes() {
		if n.truth != truth {
			continue
		}
		t.bearing(func(a *answer) {
			for _, i := range a.deciding(t.day) {
				if k := &a.known[i]; k.state.State == fact.Known {
					out = append(out, KnownFact{k.who, a.Facts[i], k.state.Value})
				}
			}
		}, n)
	}
	slices.SortFunc(out, KnownFact.compare)
	return slices.Compact(out)
}
