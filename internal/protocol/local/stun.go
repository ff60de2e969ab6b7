// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package local

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	stunHead     = 20
	stunCookie   = 0x2112a442
	stunSoftware = 0x8022
)

// readSTUN reads a message of RFC 8489: two zero bits, method, length, cookie, transaction. The older
// form (RFC 3489) has no cookie and counts on its port only.
func readSTUN(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if len(p) < stunHead || p[0]&0xc0 != 0 {
		return false
	}
	n := int(binary.BigEndian.Uint16(p[2:]))
	if n != len(p)-stunHead || n%4 != 0 || !isSTUN(c, p) {
		return false
	}
	if text := software(p); text != "" {
		speak(c, d, &observation.Identity{Protocol: "stun", Text: text, OfClient: true})
	}
	return true
}

// software is the sender's description of itself (RFC 8489, 14.14).
func software(p []byte) string {
	for r := octets.NewReader(p[stunHead:]); r.Len() >= 4; {
		kind, n := r.U16(), int(r.U16())
		v := r.Bytes(n)
		if kind == stunSoftware && r.OK() {
			return octets.Text(v, maxField)
		}
		r.Skip(-n & 3)
	}
	return ""
}

func isSTUN(c *protocol.Context, p []byte) bool {
	if binary.BigEndian.Uint32(p[4:]) == stunCookie {
		return true
	}
	kind := binary.BigEndian.Uint16(p)
	old := kind&^0x0110 == 1 || kind&^0x0110 == 2 // binding, shared secret
	return old && (c.Server.Port() == 3478 || c.Client.Port() == 3478)
}

// stunTCP reads TURN's control channel over TCP: the same messages one after another, until data follow.
func stunTCP() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "stun", Ports: []uint16{3478},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			if len(out) == 0 {
				out = in
			}
			switch {
			case len(out) > 0 && out[0]&0xc0 != 0 || len(out) > 3 && out[3]&3 != 0:
				return protocol.No
			case len(out) < 8:
				return protocol.Maybe
			case stunSize(out) > 0:
				return protocol.Yes
			}
			return protocol.No
		},
		New: func() protocol.Stream {
			s := &stunStream{}
			for d := range s.message {
				s.message[d] = octets.Records{Max: 1024, Size: stunSize}
			}
			return s
		}}
}

func stunSize(b []byte) int {
	if len(b) < 8 {
		return 0
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if b[0]&0xc0 != 0 || n%4 != 0 || n > 2048 || binary.BigEndian.Uint32(b[4:]) != stunCookie {
		return -1
	}
	return stunHead + n
}

// stunStream tells each end's software once.
type stunStream struct {
	message [2]octets.Records
	told    [2]bool
}

func (s *stunStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	for {
		rec, rest, ok := s.message[d].Next(p, c.Frame)
		if !ok {
			return !s.message[d].Lost
		}
		p = rest
		if text := software(rec); text != "" && !s.told[d] {
			s.told[d] = true
			c.Emit(s.message[d].First, &observation.Identity{Protocol: "stun", Text: text,
				OfClient: d == protocol.ToServer})
		}
	}
}

func (s *stunStream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	return s.message[d].Gap(n)
}

func (s *stunStream) Close(*protocol.Context) {}
