// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"encoding/binary"
	"net/netip"

	"github.com/writ-iot/writ/internal/inventory"
)

// Bounds on what is kept: sightings in all, and of ends that cannot be devices unless the profile says so.
const (
	maxSightings = 3 << 20
	maxOutsiders = 1 << 16
)

// maxPlaces is how many places are told of one fact: the first ones and the latest.
const maxPlaces = 3

// place is where something was seen.
type place struct {
	input       int32
	first, last uint32
}

// sighting is what is kept of one fact about one end, however often it is seen: one line of memory.
type sighting struct {
	time    int64            // of the latest
	session uint64           // of the first
	places  [maxPlaces]place // the first ones; the last is the latest
	with    inventory.End    // the other end, of the first
	count   uint32
	port    uint16 // of the service, of the first
	again   bool   // seen in a second session
}

// keep notes that check i saw end e do what it looks for.
func (r *Run) keep(x *look, i uint8, e, with inventory.End) {
	if e == 0 {
		return
	}
	s := r.find(e, i)
	if s == nil {
		if s = r.add(e, i); s == nil {
			return
		}
		s.with, s.port = with, x.o.Server.Port()
		s.session = session(x)
	} else if !s.again {
		s.again = session(x) != s.session
	}
	p := place{int32(x.o.Input), x.first, x.o.Last}
	s.places[min(s.count, maxPlaces-1)] = p
	s.count++
	s.time = max(s.time, x.o.Time)
}

// session tells conversations apart, and captures: a hash of the ends and the input.
func session(x *look) uint64 {
	h := uint64(x.o.Input)*prime + 1
	for _, a := range [...]netip.AddrPort{x.o.Client, x.o.Server} {
		b := a.Addr().As16()
		h = (h^binary.LittleEndian.Uint64(b[:8]))*prime + uint64(a.Port())
		h = (h^binary.LittleEndian.Uint64(b[8:]))*prime + h>>29
	}
	return h
}

// prime spreads bits (FNV's, 64 bits).
const prime = 0x100000001b3

func (r *Run) find(e inventory.End, i uint8) *sighting {
	if int(e) >= len(r.heads) {
		return nil
	}
	for n := r.heads[e]; n != 0; n = r.chain[n].next {
		if r.chain[n].check == i {
			return r.sighting(n)
		}
	}
	return nil
}

// piece is how many sightings are allocated at once: none is ever moved.
const piece = 1 << 10

func (r *Run) sighting(n uint32) *sighting { return &r.sightings[n/piece][n%piece] }

// step is whose sighting it is and where the next of its end stands, kept apart: a walk through sightings would
// touch a line of memory for each.
type step struct {
	next  uint32
	check uint8
}

func (r *Run) add(e inventory.End, i uint8) *sighting {
	near := r.inv.Near(e)
	n := uint32(len(r.chain))
	if n >= maxSightings || !near && r.outsiders >= maxOutsiders {
		if near {
			r.dropped++
		}
		return nil
	}
	if !near {
		r.outsiders++
	}
	for int(e) >= len(r.heads) {
		r.heads = append(r.heads, 0)
	}
	if int(n/piece) == len(r.sightings) {
		r.sightings = append(r.sightings, make([]sighting, piece))
	}
	r.chain = append(r.chain, step{r.heads[e], i})
	r.heads[e] = n
	return r.sighting(n)
}
