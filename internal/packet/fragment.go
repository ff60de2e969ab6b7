// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package packet

import "time"

// The budget of reassembly: so many datagrams at once, each up to the longest that IP can carry, and no
// longer than the 30 seconds after which hosts give up too (RFC 791 advises 15, RFC 8200 60).
const (
	maxPending   = 64
	maxDatagram  = 65535
	fragmentLife = int64(30 * time.Second)
)

type fragmentID struct {
	src, dst Addr
	id       uint32
	proto    uint8
}

// pending is a datagram of which pieces are still out.
type pending struct {
	id    fragmentID
	used  bool
	since int64
	total int // known once the last piece came; -1 before
	have  int
	end   int   // of the furthest piece
	proto uint8 // of the first piece: IPv6 names it there
	buf   []byte
	holes []span // what is still missing, in order
}

type span struct{ from, to int }

// fragments is the table of pending datagrams. The zero value is ready.
type fragments struct {
	slots   [maxPending]pending
	hand    int
	dropped uint64 // datagrams given up
}

// Dropped is how many datagrams were never put together.
func (d *Decoder) Dropped() uint64 { return d.frags.dropped }

// fragment takes a piece; when it was the last one, the whole datagram is decoded.
func (d *Decoder) fragment(id fragmentID, off int, more bool, body []byte, proto uint8, p *Packet) {
	p.Layer, p.Proto, p.Payload = LayerFragment, proto, body
	if len(body) < p.Size || more && len(body)%8 != 0 {
		return // cut by the snap length: it can never become whole
	}
	if off+len(body) > maxDatagram {
		p.Fault = FragmentOverlap
		return
	}
	f := d.frags.find(id, d.clock)
	if off == 0 {
		f.proto = proto
	}
	if !f.add(off, more, body) {
		p.Fault = FragmentOverlap
		f.used = false
		d.frags.dropped++
		return
	}
	if f.total < 0 || f.have < f.total {
		return
	}
	f.used = false
	p.Layer, p.Size = LayerNetwork, f.total
	d.transport(f.proto, f.buf[:f.total], p)
}

// find gives the datagram's slot, taking the oldest where all are taken.
func (t *fragments) find(id fragmentID, now int64) *pending {
	free := -1
	for i := range t.slots {
		s := &t.slots[i]
		if s.used && (now-s.since > fragmentLife || s.since-now > fragmentLife) {
			s.used = false
			t.dropped++
		}
		if s.used && s.id == id {
			return s
		}
		if !s.used && free < 0 {
			free = i
		}
	}
	if free < 0 {
		free = t.hand
		t.hand = (t.hand + 1) % maxPending
		t.dropped++
	}
	s := &t.slots[free]
	*s = pending{id: id, used: true, since: now, total: -1, buf: s.buf,
		holes: append(s.holes[:0], span{0, maxDatagram})}
	return s
}

// add puts a piece in. Pieces that overlap others are refused with the whole datagram: RFC 5722 for
// IPv6, and for IPv4 they are the evader's tool. An exact repeat is no overlap.
func (f *pending) add(off int, more bool, b []byte) bool {
	end := off + len(b)
	if !more {
		if f.total >= 0 && f.total != end {
			return false
		}
		f.total = end
	}
	f.end = max(f.end, end)
	if f.total >= 0 && f.end > f.total {
		return false
	}
	for i, h := range f.holes {
		if off >= h.from && end <= h.to {
			f.fill(i, off, end)
			f.store(off, b)
			return true
		}
	}
	return f.repeated(off, end)
}

func (f *pending) store(off int, b []byte) {
	if need := off + len(b); need > len(f.buf) {
		f.buf = append(f.buf, make([]byte, need-len(f.buf))...)
	}
	copy(f.buf[off:], b)
	f.have += len(b)
}

// fill narrows hole i by a piece.
func (f *pending) fill(i, off, end int) {
	h := f.holes[i]
	switch {
	case off == h.from && end == h.to:
		f.holes = append(f.holes[:i], f.holes[i+1:]...)
	case off == h.from:
		f.holes[i].from = end
	case end == h.to:
		f.holes[i].to = off
	default:
		f.holes = append(f.holes, span{})
		copy(f.holes[i+1:], f.holes[i:])
		f.holes[i] = span{h.from, off}
		f.holes[i+1] = span{end, h.to}
	}
}

// repeated says whether a piece touches no hole: all of it came before.
func (f *pending) repeated(off, end int) bool {
	for _, h := range f.holes {
		if off < h.to && end > h.from {
			return false
		}
	}
	return true
}
