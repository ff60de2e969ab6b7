// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/writ-iot/writ/internal/protocol"
)

// maxEarly is how many bytes of a direction recognition may wait for, and maxEarlySegments how many
// segments both together.
const (
	maxEarly         = 2048
	maxEarlySegments = 24
)

// mask is a set of protocols.
type mask [2]uint64

func (m *mask) has(i uint8) bool { return m[i>>6]&(1<<(i&63)) != 0 }
func (m *mask) drop(i uint8)     { m[i>>6] &^= 1 << (i & 63) }
func (m *mask) empty() bool      { return m[0]|m[1] == 0 }

// piece is a segment kept until the conversation is recognised.
type piece struct {
	d      protocol.Direction
	off, n int // in the direction's bytes
	cut    int
	frame  uint32
	time   int64
}

// conversation is what a record has while its bytes are read.
type conversation struct {
	of       uint32 // slot of its record
	stream   protocol.Stream
	reader   protocol.DatagramReader
	straight mask // protocols still possible as the ends stand, and exchanged
	swapped  mask
	pieces   []piece
	bytes    [2][]byte
	early    [2]*reorder
	first    bool // nothing was recognised in it before
}

// converse gives a record a conversation in which nothing is recognised yet. The context may be another's
// afterwards.
func (e *Engine) converse(r *record) *conversation {
	if len(e.convs)-1-len(e.idle) >= e.cfg.MaxReaders {
		e.unread()
	}
	var cv *conversation
	if n := len(e.idle); n > 0 {
		r.conv = e.idle[n-1]
		e.idle = e.idle[:n-1]
		cv = e.convs[r.conv]
	} else {
		cv = &conversation{}
		r.conv = uint32(len(e.convs))
		e.convs = append(e.convs, cv)
	}
	cv.first, cv.of = true, r.slot
	cv.reopen(e.streams.all, r.has(midstream))
	return cv
}

func (cv *conversation) reopen(all mask, both bool) {
	cv.stream, cv.straight, cv.swapped = nil, all, mask{}
	if both {
		cv.swapped = all
	}
}

// unread gives up reading the least active of a few conversations.
func (e *Engine) unread() {
	var best *record
	for seen := 0; seen < 8; {
		e.turnOf = e.turnOf%(len(e.convs)-1) + 1
		cv := e.convs[e.turnOf]
		if r := e.t.at(cv.of); r.live && r.conv == uint32(e.turnOf) {
			seen++
			if best == nil || r.active < best.active {
				best = r
			}
		}
	}
	e.count.Evicted++
	best.flags |= unreadable
	e.finish(best)
}

// forget drops the early bytes.
func (e *Engine) forget(cv *conversation) {
	e.early -= len(cv.bytes[0]) + len(cv.bytes[1])
	if cv.pieces = cv.pieces[:0]; cap(cv.pieces) > 4 {
		cv.pieces = nil
	}
	cv.bytes[0], cv.bytes[1] = spared(cv.bytes[0]), spared(cv.bytes[1])
}

// spared is a buffer to be used again, unless it is large: many conversations lie idle.
func spared(b []byte) []byte {
	if cap(b) > 256 {
		return nil
	}
	return b[:0]
}

// lose drops the early bytes of one direction.
func (e *Engine) lose(cv *conversation, d protocol.Direction) {
	e.early -= len(cv.bytes[d])
	cv.pieces = slices.DeleteFunc(cv.pieces, func(w piece) bool { return w.d == d })
	cv.bytes[d] = cv.bytes[d][:0]
}

// release gives a record's conversation back.
func (e *Engine) release(r *record) {
	cv := e.convs[r.conv]
	for d, o := range cv.early {
		if o != nil {
			e.giveBack(o)
			cv.early[d] = nil
		}
	}
	cv.stream, cv.reader = nil, nil
	e.forget(cv)
	e.idle = append(e.idle, r.conv)
	r.conv = 0
}

// finish ends a conversation's reading: what is held is delivered with its gaps, then the parser closed.
func (e *Engine) finish(r *record) {
	c := e.enter(r)
	for e.waiting(r) {
		d := protocol.ToServer
		if e.convs[r.conv].early[d] == nil {
			d = protocol.ToClient
		}
		e.giveUp(r, d)
	}
	if r.conv == 0 {
		return
	}
	cv := e.convs[r.conv]
	c = e.enter(r) // what was delivered may have swapped its ends
	if cv.stream != nil {
		cv.stream.Close(c)
	}
	if cv.reader != nil {
		cv.reader.Close(c)
	}
	e.named(r, c)
	e.release(r)
}

// enough ends a parser that has no more to learn.
func (e *Engine) enough(r *record, c *protocol.Context, d protocol.Direction, p []byte) {
	cv := e.convs[r.conv]
	s := cv.stream
	cv.stream = nil
	s.Close(c)
	e.named(r, c)
	rest, again := c.Restarted()
	if !again {
		r.flags |= unreadable
		e.release(r)
		return
	}
	e.forget(cv)
	cv.reopen(e.streams.all, false)
	cv.first = false
	if rest = min(max(rest, 0), len(p)); rest > 0 {
		e.recognise(r, d, p[len(p)-rest:], 0)
	}
}

// named takes over the name that a parser refined.
func (e *Engine) named(r *record, c *protocol.Context) {
	if c.Name != e.names.list[r.name] && (r.conv == 0 || e.convs[r.conv].first) {
		r.name = e.names.id(c.Name)
	}
	if encrypted[c.Name] {
		r.flags |= unwatched
	}
}

// encrypted protocols have nothing in clear to watch.
var encrypted = map[string]bool{"tls": true, "dtls": true, "quic": true, "ssh": true, "ike": true,
	"wireguard": true, "openvpn": true, "rtp": true, "rdp": true, "esp": true}

// deliver gives contiguous bytes to the parser, or to recognition; cut bytes behind them were not captured.
func (e *Engine) deliver(r *record, d protocol.Direction, p []byte, cut int) {
	cv := e.convs[r.conv]
	if cv.stream == nil {
		e.recognise(r, d, p, cut)
		return
	}
	c := e.enter(r)
	more := true
	if len(p) > 0 {
		more = cv.stream.Data(c, d, p)
	}
	if more && cut > 0 {
		p = nil
		more = cv.stream.Gap(c, d, cut)
	}
	if !more {
		e.enough(r, c, d, p)
		return
	}
	if c.Name != e.names.list[r.name] {
		e.named(r, c)
	}
}

// gap tells the parser of lost bytes. Recognition begins anew behind them.
func (e *Engine) gap(r *record, d protocol.Direction, n int) {
	cv := e.convs[r.conv]
	e.count.Gaps++
	if cv.stream == nil {
		e.lose(cv, d)
		cv.straight = e.streams.all
		return
	}
	c := e.enter(r)
	if !cv.stream.Gap(c, d, n) {
		e.enough(r, c, d, nil)
	}
}
