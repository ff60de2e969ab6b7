// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
)

// check is one rule from what is seen to what is so.
type check struct {
	fact fact.Name
	note string // what a sighting shows, for people: no names, no secrets

	// see says whose doing an observation is, among the kinds that it looks at. A sighting makes a fact
	// true, or a universal one false.
	on  []string
	see func(x *look) who
	// tell asks the inventory instead, once, at the end.
	tell func(r *Run, d *inventory.Device) []place

	// reads are the protocols that must be readable before silence shows anything.
	reads []string
	// outside keeps the sightings whose other end is no device of ours.
	outside bool
	// good facts are no ground for reproach.
	good bool
	// needs is a fact without which silence says nothing: "all handshakes were modern" of none is empty.
	needs fact.Name
	// blind says that silence shows nothing about this device.
	blind func(r *Run, d *inventory.Device) bool

	def *fact.Definition // of the vocabulary at hand; nil: it does not know the fact

	noted     string // the note with the port of the last claim
	notedPort uint16

	violated, met, trap example
}

// who is a set of the ends of an observation.
type who uint8

const (
	nobody who = 0
	client who = 1
	server who = 2
	both       = client | server
)

// look is an observation under the eyes of a check.
type look struct {
	o              *observation.Observation
	r              *Run
	client, server inventory.End
	first          uint32 // where the evidence begins; 0: with the observation
}

// all is every check, by the name of its fact.
func all() []check {
	list := slices.Concat(services(), chatter(), datagrams(), mail(), credentials(), handshakes(), secrecy(),
		certificates(),
		keys(), control(), data(), updates(), scans(), attempts(), network(), habits(), identity())
	slices.SortFunc(list, func(a, b check) int { return compare(a.fact, b.fact) })
	return list
}

func compare(a, b fact.Name) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Facts names what the checks can show, in order.
func Facts() []fact.Name {
	var names []fact.Name
	for _, c := range all() {
		names = append(names, c.fact)
	}
	return names
}

// Fault says whether a fact, where it is so, is held against the one that it is about.
func Fault(name fact.Name) bool {
	for _, c := range all() {
		if c.fact == name {
			return !c.good && c.needs == ""
		}
	}
	return false
}

// Run is a sink that keeps what shows a fact. It stands behind the inventory, which must be given every
// observation first. It is for one goroutine.
type Run struct {
	inv       *inventory.Inventory
	checks    []check
	byKind    map[string][]uint8
	heads     []uint32      // first sighting of each end
	sightings [][]sighting  // in pieces; 0: none
	chain     []step        // of the same numbers
	opaque    []opaque      // of each end
	sources   []fact.Source // room for what claims cite
	frames    [][2]int      // the same
	outsiders int
	dropped   int
	memory
	look look
}

// New makes a run over an inventory.
func New(inv *inventory.Inventory) *Run {
	r := &Run{inv: inv, checks: all(), byKind: map[string][]uint8{}, sightings: [][]sighting{make([]sighting, piece)},
		chain: make([]step, 1), memory: newMemory()}
	for i := range r.checks {
		for _, k := range r.checks[i].on {
			r.byKind[k] = append(r.byKind[k], uint8(i))
		}
	}
	return r
}

// Observe takes one observation.
func (r *Run) Observe(o *observation.Observation) {
	list := r.byKind[o.Body.Kind()]
	if len(list) == 0 {
		return
	}
	x := &r.look
	*x = look{o: o, r: r}
	x.client, x.server = r.ends(o)
	if f, ok := o.Body.(*observation.Flow); ok {
		r.unread(x, f)
	}
	for _, i := range list {
		x.first = o.First
		w := r.checks[i].see(x)
		if w&client != 0 {
			r.keep(x, i, x.client, x.server)
		}
		if w&server != 0 {
			r.keep(x, i, x.server, x.client)
		}
	}
	x.o = nil // it is the sense's, and would keep all of it alive
}

// ends finds the ends of an observation; what speaks of one sender has it as its client.
func (r *Run) ends(o *observation.Observation) (c, s inventory.End) {
	switch b := o.Body.(type) {
	case *observation.Host:
		return r.inv.Sender(b.IP, b.MAC, o.Time), 0
	case *observation.Scan:
		return r.inv.Sender(b.Source, b.MAC, o.Time), 0
	case *observation.MUDURL:
		return r.inv.Speaker(o, b.MAC), 0
	}
	return r.inv.Ends(o)
}

// Dropped is how many sightings were given up for want of room.
func (r *Run) Dropped() int { return r.dropped }
