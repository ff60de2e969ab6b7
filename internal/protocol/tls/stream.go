// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// Record types (RFC 8446, 5.1).
const (
	recChangeCipher = 20
	recAlert        = 21
	recHandshake    = 22
	recData         = 23
	recHeartbeat    = 24
)

const (
	recordHead = 5
	// maxRecord is the longest record that any version allows (RFC 5246, 6.2.3).
	maxRecord = 1<<14 + 2048
	// maxMessage is how much of a handshake message is kept: long chains of certificates included.
	maxMessage = 64 << 10
	// patience is how many encrypted records of one side are passed over while the other says nothing.
	patience = 64
	// spareStreams are kept to be used again.
	spareStreams = 64
)

// streams makes streams out of those that have ended.
type streams struct {
	kit  *Kit
	idle []*stream
}

func (p *streams) next() protocol.Stream {
	n := len(p.idle)
	if n == 0 {
		s := &stream{pool: p}
		s.reset()
		return s
	}
	s := p.idle[n-1]
	p.idle = p.idle[:n-1]
	return s
}

// stream reads one conversation's records. Only handshake messages are put together; all other records
// pass unbuffered.
type stream struct {
	handshake
	pool *streams
	side [2]side
}

func (s *stream) reset() {
	s.handshake = handshake{kit: s.pool.kit}
	for i := range s.side {
		s.side[i].reset()
	}
}

func (s *stream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	s.begin(c, "tls")
	side := &s.side[d]
	if side.gap {
		side.resume(p)
	}
	for len(p) > 0 && !side.lost {
		switch {
		case side.left > 0:
			p = s.payload(c, d, p)
		case side.mode == sslv2 || side.mode == undecided && p[0]&0x80 != 0:
			side.mode = sslv2
			p = s.record2(c, d, p)
		default:
			side.mode = records
			p = s.header(d, p)
		}
		if s.over() {
			s.say(c)
			return false
		}
	}
	return !s.over()
}

// header takes the bytes of a record's header.
func (s *stream) header(d protocol.Direction, p []byte) []byte {
	side := &s.side[d]
	n := copy(side.head[side.have:], p)
	side.have += n
	if side.have < recordHead {
		return p[n:]
	}
	side.have = 0
	kind, length, ok := isRecord(side.head[:])
	if !ok {
		side.lost = true
		return nil
	}
	side.kind, side.left = kind, length
	switch {
	case kind == recChangeCipher && !s.is13() && !s.early(d):
		side.encrypted = true
	case kind == recHandshake && side.encrypted:
		side.passed++
		s.finished[d] = true
	case kind == recData:
		side.passed++
		s.data(d, length)
	}
	return p[n:]
}

// sealedAlert is longer than an alert under TLS 1.3: two bytes, the type, and a tag of 16.
const sealedAlert = 20

// data takes note of a record of application data. Under TLS 1.3 it may hold a handshake message, or the
// alert by which the client refuses the server; before the ServerHello it is early data.
func (s *stream) data(d protocol.Direction, length int) {
	if d == protocol.ToServer && (s.early(d) || s.is13() && length < sealedAlert) {
		return
	}
	s.finished[d] = true
}

// early says that what the client sends precedes the ServerHello: under TLS 1.3 a ChangeCipherSpec for old
// middleboxes and early data may (RFC 8446, D.4).
func (s *stream) early(d protocol.Direction) bool {
	return d == protocol.ToServer && s.hello[0] && !s.hello[1] && s.side[protocol.ToClient].gone == 0
}

// payload takes bytes of the record at hand.
func (s *stream) payload(c *protocol.Context, d protocol.Direction, p []byte) []byte {
	side := &s.side[d]
	n := min(side.left, len(p))
	side.left -= n
	b, rest := p[:n], p[n:]
	if side.kind != recHandshake || side.encrypted || side.gone > 0 {
		return rest
	}
	for {
		msg, more, ok := side.messages.Next(b, c.Frame)
		if !ok {
			return rest
		}
		b = more
		s.message(c, d, msg[0], msg[4:], side.messages.First)
	}
}

// over says that there is no more to learn.
func (s *stream) over() bool {
	out, in := &s.side[0], &s.side[1]
	return (s.finished[0] || out.lost) && (s.finished[1] || in.lost) || out.passed > patience || in.passed > patience
}

func (s *stream) Gap(c *protocol.Context, d protocol.Direction, n int) bool {
	side := &s.side[d]
	side.gone++
	switch {
	case side.mode == records && side.left >= n && side.have == 0:
		side.left -= n
	default:
		side.left, side.have, side.gap = 0, 0, true
	}
	side.messages.Gap(n)
	return !s.over()
}

func (s *stream) Close(c *protocol.Context) {
	s.say(c)
	if len(s.pool.idle) < spareStreams {
		s.reset()
		s.pool.idle = append(s.pool.idle, s)
	}
}

// The framings of a side.
const (
	undecided = iota
	records
	sslv2
)

// side is the state of one direction.
type side struct {
	mode      uint8
	kind      byte // of the record at hand
	head      [recordHead]byte
	have      int // bytes of the header that are there
	left      int // bytes of the record to come
	passed    int // encrypted records
	gone      int // gaps
	encrypted bool
	gap       bool // bytes are missing before the next ones
	lost      bool // where records begin is not known any more
	messages  octets.Records
	old       octets.Records // of SSL 2.0
	master    bool           // CLIENT-MASTER-KEY or SERVER-HELLO of SSL 2.0 was seen
}

func (s *side) reset() {
	m, o := s.messages, s.old
	m.Reset()
	o.Reset()
	m.Size, m.Max, o.Size, o.Max = messageSize, maxMessage, size2, maxRecord2
	*s = side{messages: m, old: o}
}

// resume looks whether a record begins right behind a gap.
func (s *side) resume(p []byte) {
	s.gap = false
	if _, _, ok := isRecord(p); !ok || s.mode == sslv2 {
		s.lost = true
	}
}

// messageSize is the size of a handshake message: type, 24-bit length.
func messageSize(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	return 4 + (int(b[1])<<16 | int(b[2])<<8 | int(b[3]))
}

// isRecord reads a record's header.
func isRecord(b []byte) (kind byte, length int, ok bool) {
	if len(b) < recordHead {
		return 0, 0, false
	}
	length = int(b[3])<<8 | int(b[4])
	return b[0], length, b[0] >= recChangeCipher && b[0] <= recHeartbeat && b[1] == 3 && b[2] <= 4 &&
		length <= maxRecord
}
