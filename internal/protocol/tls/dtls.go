// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	dtlsHead     = 13 // type, version, epoch, sequence number, length (RFC 6347, 4.1)
	fragmentHead = 12 // type, length, sequence number, offset, length (RFC 6347, 4.2.2)
	// maxFragmented is how much of a handshake message is put together.
	maxFragmented = 32 << 10
)

// grams makes readers of DTLS. One whose first answer is false has kept nothing and is given out again, so
// that datagrams of other protocols cost nothing.
type grams struct {
	kit   *Kit
	spare *datagrams
}

func (g *grams) next() protocol.DatagramReader {
	if g.spare == nil {
		g.spare = &datagrams{grams: g}
	}
	return g.spare
}

// datagrams reads one conversation of DTLS.
type datagrams struct {
	handshake
	grams *grams
	side  [2]struct {
		pieces  Pieces
		message int // sequence number of the message at hand, plus one
		done    bool
		first   uint32
	}
}

func (s *datagrams) Read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first != 0 && len(p) > 0 && (p[0]>>5 == 1 ||
		p[0] == 25) { // a record of 1.3, or with a connection identifier
		s.sealed(c, d)
		return true
	}
	if !areRecords(p, s.first == 0) {
		return false
	}
	if s.first == 0 {
		s.kit, s.grams.spare = s.grams.kit, nil
	}
	s.begin(c, "dtls")
	if s.said {
		return true
	}
	for len(p) >= dtlsHead {
		r := octets.NewReader(p)
		kind := r.U8()
		r.Skip(2)
		epoch := r.U16()
		r.Skip(6)
		body := r.Bytes(int(r.U16()))
		p = r.Rest()
		switch {
		case epoch == 0 && kind == recHandshake:
			s.fragments(c, d, body)
		case epoch > 0 && (kind == recHandshake || kind == recData):
			s.sealed(c, d)
		}
	}
	return true
}

// sealed takes note of a record under keys.
func (s *datagrams) sealed(c *protocol.Context, d protocol.Direction) {
	s.finished[d] = true
	if s.finished[0] && s.finished[1] {
		s.say(c)
	}
}

// fragments puts messages together (RFC 6347, 4.2.3).
func (s *datagrams) fragments(c *protocol.Context, d protocol.Direction, b []byte) {
	side := &s.side[d]
	for len(b) >= fragmentHead {
		r := octets.NewReader(b)
		kind, length, number := r.U8(), int(r.U24()), int(r.U16())+1
		off := int(r.U24())
		piece := r.Bytes(int(r.U24()))
		if !r.OK() || off+len(piece) > length {
			return
		}
		b = r.Rest()
		if number > side.message {
			side.pieces.Reset()
			side.message, side.done, side.first = number, false, c.Frame
		}
		if number < side.message || side.done {
			continue
		}
		side.pieces.Put(off, piece, maxFragmented)
		if head := side.pieces.Head(); len(head) >= min(length, maxFragmented) {
			side.done = true
			s.message(c, d, kind, head, side.first)
		}
	}
}

func (s *datagrams) Close(c *protocol.Context) { s.say(c) }

// areRecords says that a datagram is made of whole records. The first of a conversation must begin with a
// hello, or with records under keys alone.
func areRecords(p []byte, first bool) bool {
	for n := 0; len(p) > 0; n++ {
		if len(p) < dtlsHead || p[0] < recChangeCipher || p[0] > 26 || p[1] == 3 ||
			rank(uint16(p[1])<<8|uint16(p[2])) == 0 {
			return false
		}
		length := int(p[11])<<8 | int(p[12])
		if length > len(p)-dtlsHead || length > maxRecord {
			return false
		}
		if first && n == 0 && !opens(p[:dtlsHead+length]) {
			return false
		}
		p = p[dtlsHead+length:]
	}
	return true
}

// opens says that a conversation may begin with the record p.
func opens(p []byte) bool {
	epoch := uint16(p[3])<<8 | uint16(p[4])
	body := p[dtlsHead:]
	if epoch > 0 {
		return p[0] <= recData && epoch < 16 && len(body) >= 16
	}
	if p[0] != recHandshake || len(body) < fragmentHead {
		return p[0] == recAlert && len(body) == 2
	}
	length := int(body[1])<<16 | int(body[2])<<8 | int(body[3])
	piece := int(body[9])<<16 | int(body[10])<<8 | int(body[11])
	return body[0] >= msgClientHello && body[0] <= msgHelloVerify && piece <= length && length < 1<<16
}
