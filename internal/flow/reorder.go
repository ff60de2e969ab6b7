// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import "github.com/writ-iot/writ/internal/protocol"

// Out of order: so much is held for one direction of one conversation.
const (
	maxHeldSegments = 64
	maxHeldBytes    = 64 << 10
	// A hole that the receiver acknowledged will not be filled: the capture lost it. A few segments of
	// grace allow for a tap that delivers an acknowledgement before what it acknowledges.
	grace = 3
)

// held is a segment that came before its time.
type held struct {
	seq       uint32
	size      int // stated
	off, have int // in the buffer
	frame     uint32
	time      int64
}

// reorder holds one direction's early segments, in order.
type reorder struct {
	segs []held
	buf  []byte
}

// later holds a segment that lies ahead.
func (e *Engine) later(r *record, d protocol.Direction, seq uint32, payload []byte, size int) {
	cv := e.convs[r.conv]
	o := cv.early[d]
	if o == nil {
		o = e.borrow()
	}
	if len(o.buf)+len(payload) > maxHeldBytes {
		e.compact(o)
	}
	full := e.held+len(payload) > e.cfg.MaxBuffer
	if full {
		e.count.Evicted++
	}
	if full || len(o.segs) >= maxHeldSegments || len(o.buf)+len(payload) > maxHeldBytes {
		e.overflow(r, d, o, seq, payload, size)
		return
	}
	cv.early[d] = o
	h := held{seq: seq, size: size, off: len(o.buf), have: len(payload), frame: r.lastFrame, time: r.last}
	i := len(o.segs)
	for i > 0 && int32(seq-o.segs[i-1].seq) < 0 {
		i--
	}
	if i > 0 && o.segs[i-1].seq == seq && o.segs[i-1].size >= size {
		return
	}
	o.buf = append(o.buf, payload...)
	e.held += len(payload)
	o.segs = append(o.segs, held{})
	copy(o.segs[i+1:], o.segs[i:])
	o.segs[i] = h
}

// compact takes what was delivered out of a buffer.
func (e *Engine) compact(o *reorder) {
	live := 0
	for _, h := range o.segs {
		live += h.have
	}
	if live == len(o.buf) {
		return
	}
	buf := make([]byte, 0, max(2*live, 4<<10))
	for i := range o.segs {
		h := &o.segs[i]
		buf = append(buf, o.buf[h.off:h.off+h.have]...)
		h.off = len(buf) - h.have
	}
	e.held += len(buf) - len(o.buf)
	o.buf = buf
}

// overflow gives up a hole to make room: the first one held behind, or the one before this segment.
func (e *Engine) overflow(r *record, d protocol.Direction, o *reorder, seq uint32, payload []byte, size int) {
	then := r.flags & clientIsB
	if len(o.segs) > 0 {
		e.giveUp(r, d)
	} else {
		e.giveBack(o)
		lost := int(int32(seq - r.next[d]))
		r.next[d] = seq
		r.missing += uint64(lost)
		e.gap(r, d, lost)
	}
	if r.conv != 0 {
		e.segment(r, r.still(d, then), seq, payload, size)
	}
}

// drain delivers what has become due.
func (e *Engine) drain(r *record, d protocol.Direction) {
	if e.lent == 0 {
		return
	}
	cv := e.convs[r.conv]
	o := cv.early[d]
	if o == nil {
		return
	}
	n := 0
	for ; n < len(o.segs) && r.conv != 0; n++ {
		h := o.segs[n]
		delta := int32(h.seq - r.next[d])
		if delta > 0 {
			break
		}
		if int(-delta) >= h.size {
			continue
		}
		p := o.buf[h.off : h.off+h.have]
		p = p[min(int(-delta), len(p)):]
		size := h.size + int(delta)
		r.next[d] += uint32(size)
		frame, time := r.lastFrame, r.last
		r.lastFrame, r.last = h.frame, h.time
		then := r.flags & clientIsB
		e.deliver(r, d, p, size-len(p))
		d = r.still(d, then)
		r.lastFrame, r.last = frame, time
	}
	if r.conv == 0 {
		return // the parser had enough: the buffer went back with it
	}
	if n == len(o.segs) {
		cv.early[d] = nil
		e.giveBack(o)
		return
	}
	o.segs = o.segs[:copy(o.segs, o.segs[n:])]
}

// giveUp declares the hole before the first held segment lost, and goes on behind it.
func (e *Engine) giveUp(r *record, d protocol.Direction) {
	o := e.convs[r.conv].early[d]
	if o == nil || len(o.segs) == 0 {
		return
	}
	lost := int(int32(o.segs[0].seq - r.next[d]))
	if lost > 0 {
		r.next[d] = o.segs[0].seq
		r.missing += uint64(lost)
		e.gap(r, d, lost)
	}
	if r.conv != 0 {
		e.drain(r, d)
	}
}

// acknowledged looks whether the other end has what this capture lacks.
func (e *Engine) acknowledged(r *record, d protocol.Direction) {
	for e.lent > 0 && r.conv != 0 {
		o := e.convs[r.conv].early[d]
		if o == nil || len(o.segs) < grace || int32(r.acked[1-d]-o.segs[0].seq) < 0 {
			return
		}
		then := r.flags & clientIsB
		e.giveUp(r, d)
		d = r.still(d, then)
	}
}

// waiting says whether segments are held in either direction.
func (e *Engine) waiting(r *record) bool {
	if e.lent == 0 || r.conv == 0 {
		return false
	}
	cv := e.convs[r.conv]
	return cv.early[0] != nil || cv.early[1] != nil
}

func (e *Engine) borrow() *reorder {
	e.lent++
	if n := len(e.buffers); n > 0 {
		o := e.buffers[n-1]
		e.buffers = e.buffers[:n-1]
		return o
	}
	return &reorder{}
}

// spare is how many empty buffers are kept.
const spare = 64

func (e *Engine) giveBack(o *reorder) {
	e.lent--
	e.held -= len(o.buf)
	o.segs, o.buf = o.segs[:0], o.buf[:0]
	if len(e.buffers) < spare && cap(o.buf) <= 16<<10 {
		e.buffers = append(e.buffers, o)
	}
}
