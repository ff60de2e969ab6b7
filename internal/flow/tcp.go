// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
)

// tcp follows one segment.
func (e *Engine) tcp(r *record, d protocol.Direction, p *packet.Packet) {
	seq := p.Seq
	if p.Flags&packet.SYN != 0 {
		e.opening(r, d, p)
		seq++
	}
	if p.Flags&packet.RST != 0 {
		if d == protocol.ToClient && r.packets[1] == 1 && r.bytes[0] == 0 && !r.has(midstream) {
			r.flags |= refused
		}
		e.close(r)
		return
	}
	if p.Flags&packet.ACK != 0 {
		if r.acked[d] == 0 || int32(p.Ack-r.acked[d]) > 0 {
			r.acked[d] = p.Ack
		}
		if r.conv != 0 {
			then := r.flags & clientIsB
			e.acknowledged(r, 1-d)
			d = r.still(d, then)
		}
	}
	if p.Size > 0 {
		if e.cfg.Watch != nil && !r.has(unwatched) && len(p.Payload) >= minWatch {
			e.cfg.Watch(e.enter(r), d, p.Payload)
		}
		if !r.has(closed) {
			then := r.flags & clientIsB
			e.segment(r, d, seq, p.Payload, p.Size)
			d = r.still(d, then)
		}
	}
	if p.Flags&packet.FIN != 0 {
		r.flags |= finOut << d
		if r.flags&(seqOut<<d) != 0 && seq+uint32(p.Size) == r.next[d] {
			r.next[d]++
		}
		if r.has(finOut) && r.has(finIn) && !e.waiting(r) {
			e.close(r)
		}
	}
}

// minWatch is the shortest payload worth watching: a card number has 13 digits.
const minWatch = 13

// opening follows a SYN.
func (e *Engine) opening(r *record, d protocol.Direction, p *packet.Packet) {
	if p.Flags&packet.ACK != 0 {
		if d == protocol.ToClient {
			r.flags |= synAck
		}
	} else if d == protocol.ToServer {
		r.syns++
		if p.Dst.Is4() && p.Seq == p.Dst.V4() {
			r.marks++
		}
	}
	if r.flags&(seqOut<<d) == 0 || r.bytes[d] == uint64(p.Size) {
		r.next[d] = p.Seq + 1
		r.flags |= seqOut << d
	}
}

// close ends the bytes of a conversation; its record stays a while for the packets that come late.
func (e *Engine) close(r *record) {
	if r.has(closed) {
		return
	}
	r.flags |= closed
	e.unlink(r) // it may go sooner now
	e.schedule(r.slot, r)
	if r.conv != 0 {
		e.finish(r)
	}
}

// wants says whether a conversation's bytes are still to be given to anyone.
func (e *Engine) wants(r *record) bool { return r.conv != 0 }

// segment puts payload at its place in the direction's bytes. size is its stated length: the capture
// may have cut it.
func (e *Engine) segment(r *record, d protocol.Direction, seq uint32, payload []byte, size int) {
	if r.flags&(seqOut<<d) == 0 {
		r.next[d] = seq
		r.flags |= seqOut << d
	}
	if r.conv == 0 && !r.has(unreadable) {
		e.converse(r)
	}
	delta := int32(seq - r.next[d])
	if !e.wants(r) {
		e.account(r, d, seq, size, delta)
		return
	}
	switch {
	case delta > 0:
		e.later(r, d, seq, payload, size)
		return
	case delta < 0:
		if int32(seq+uint32(size)-r.next[d]) <= 0 {
			return // seen before
		}
		payload = payload[min(int(-delta), len(payload)):]
		size += int(delta)
	}
	r.next[d] += uint32(size)
	then := r.flags & clientIsB
	e.deliver(r, d, payload, size-len(payload))
	if r.conv != 0 {
		e.drain(r, r.still(d, then))
	}
}

// account keeps account of a direction whose bytes nobody reads: what is passed over counts as missing
// until it comes late.
func (e *Engine) account(r *record, d protocol.Direction, seq uint32, size int, delta int32) {
	end := seq + uint32(size)
	if ahead := int32(end - r.next[d]); ahead > 0 {
		if delta > 0 {
			r.missing += uint64(delta)
		}
		r.next[d] = end
	} else if r.missing >= uint64(size) {
		r.missing -= uint64(size)
	}
}
