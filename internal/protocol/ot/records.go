// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// stream cuts each direction into records and hands them to read.
type stream struct {
	side [2]octets.Records
	read func(c *protocol.Context, d protocol.Direction, rec []byte, first uint32)
}

func newStream(size octets.Size, most int, read func(c *protocol.Context, d protocol.Direction, rec []byte,
	first uint32)) *stream {
	s := &stream{read: read}
	for d := range s.side {
		s.side[d] = octets.Records{Size: size, Max: most}
	}
	return s
}

func (s *stream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	side := &s.side[d]
	for {
		rec, rest, ok := side.Next(p, c.Frame)
		if !ok {
			return !side.Lost || !s.side[1-d].Lost
		}
		s.read(c, d, rec, side.First)
		p = rest
	}
}

func (s *stream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	return s.side[d].Gap(n) || !s.side[1-d].Lost
}

func (s *stream) Close(*protocol.Context) {}

// teller says each function of a conversation once, in each direction.
type teller struct {
	told map[uint32]bool
	body observation.OT
}

// mostTold bounds what a conversation can make a teller remember.
const mostTold = 512

// fresh says whether a function is new, and remembers it.
func (t *teller) fresh(key uint32) bool {
	if t.told[key] || len(t.told) >= mostTold {
		return false
	}
	if t.told == nil {
		t.told = map[uint32]bool{}
	}
	t.told[key] = true
	return true
}

// say tells a command or data that no authentication protects, if it is new.
func (t *teller) say(c *protocol.Context, first uint32, name string, key uint32, function string, write bool) {
	if !t.fresh(key) {
		return
	}
	t.body = observation.OT{Protocol: name, Function: function, Write: write, Unauthenticated: true}
	c.Emit(first, &t.body)
}

// numbered names a function that has no word here.
func numbered(words map[byte]string, n byte) string {
	if w, ok := words[n]; ok {
		return w
	}
	const hex = "0123456789abcdef"
	return "function-0x" + string([]byte{hex[n>>4], hex[n&15]})
}

// either gives the first bytes of whoever spoke.
func either(out, in []byte) []byte {
	if len(out) > 0 {
		return out
	}
	return in
}
