// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"time"

	"github.com/writ-iot/writ/internal/packet"
)

// How long a conversation may be silent. RFC 5382 and RFC 4787 ask at least as much of address
// translators for UDP; an established TCP connection is held an hour, longer than the keep-alives of
// things that report every half hour.
const (
	idleTCP     = int64(time.Hour)
	idleOpening = int64(2 * time.Minute) // asked for, not answered
	idleClosed  = int64(30 * time.Second)
	idleOther   = int64(5 * time.Minute)
)

// The wheel turns one bucket in 2^30 nanoseconds, a little over a second.
const (
	tickBits = 30
	buckets  = 1024
)

// wheel holds each record in the bucket of the tick at which it is to be looked at again. A packet
// moves nothing: a record found active when its bucket comes round is put into a later one.
type wheel struct {
	head [buckets]uint32 // slot+1
	tick int64
	on   bool
}

func (r *record) idle() int64 {
	switch {
	case r.key.proto() != packet.ProtoTCP:
		return idleOther
	case r.has(closed):
		return idleClosed
	case !r.has(synAck|midstream) || r.packets[0] == 0 || r.packets[1] == 0:
		return idleOpening
	}
	return idleTCP
}

// schedule puts a record into the bucket of the tick at which it will have been idle long enough.
func (e *Engine) schedule(slot uint32, r *record) {
	w := &e.wheel
	due := (r.active + r.idle()) >> tickBits
	due = min(max(due, w.tick)+1, w.tick+buckets-1)
	r.bucket = uint16(due % buckets)
	b := &w.head[r.bucket]
	r.prev, r.after = 0, *b
	if *b != 0 {
		e.t.at(*b - 1).prev = slot + 1
	}
	*b = slot + 1
}

// unlink takes a record out of its bucket.
func (e *Engine) unlink(r *record) {
	if r.prev != 0 {
		e.t.at(r.prev - 1).after = r.after
	} else {
		e.wheel.head[r.bucket] = r.after
	}
	if r.after != 0 {
		e.t.at(r.after - 1).prev = r.prev
	}
}

// turn moves the clock to now and ends what has been silent for too long. Time that runs backwards
// moves nothing.
func (e *Engine) turn(now int64) {
	tick := now >> tickBits
	w := &e.wheel
	if !w.on {
		w.on, w.tick = true, tick
		return
	}
	// After a leap every bucket comes round once.
	for w.tick = max(w.tick, tick-buckets); w.tick < tick; {
		w.tick++
		b := &w.head[w.tick%buckets]
		for *b != 0 {
			slot := *b - 1
			r := e.t.at(slot)
			if now-r.active >= r.idle() {
				e.end(slot, r)
			} else {
				e.unlink(r)
				e.schedule(slot, r)
			}
		}
	}
}
