// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package medical

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// MLLP (HL7 version 2.9, appendix C) puts a message between VT and FS CR; a message is segments that end
// in CR, the first of which is MSH and names the separator:
//
//	\x0bMSH|^~\&|PUMP|WARD3|ENGINE||20261102||ORU^R01|17|P|2.6\rPID|1||…\r\x1c\r
const (
	mllpStart = 0x0b
	mllpEnd   = 0x1c
)

func hl7() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "hl7", Ports: []uint16{2575, 6661, 6662},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			if len(out) > 0 {
				return isHL7(out)
			}
			return isHL7(in)
		},
		New: func() protocol.Stream { return &hl7Stream{} }}
}

// isHL7 wants a header with its separator and the usual encoding characters' shape.
func isHL7(b []byte) protocol.Guess {
	if len(b) > 0 && b[0] == mllpStart {
		b = b[1:]
	}
	const head = "MSH|"
	for i := range min(len(b), 3) {
		if b[i] != head[i] {
			return protocol.No
		}
	}
	if len(b) < 9 {
		return protocol.Maybe
	}
	sep := b[3]
	if isWord(sep) || isWord(b[4]) || sep == b[4] || sep < '!' || !isEncoding(b[4:9], sep) {
		return protocol.No
	}
	return protocol.Yes
}

// isEncoding says that b begins with encoding characters (MSH-2, four or five of them) and the separator.
func isEncoding(b []byte, sep byte) bool {
	for _, c := range b[:4] {
		if isWord(c) || c < '!' || c == sep {
			return false
		}
	}
	return !isWord(b[4])
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

type hl7Stream struct{ side [2]hl7Side }

// hl7Side is the message at hand in one direction: its header, and whether a patient was named.
type hl7Side struct {
	segment []byte // head of the segment at hand
	first   uint32 // frame in which the message began
	body    observation.HL7
	open    bool
}

// maxSegment bounds what is kept of a segment: the header's fields lie in its first few hundred bytes.
const maxSegment = 1024

func (s *hl7Stream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	side := &s.side[d]
	for len(p) > 0 {
		i := bytes.IndexAny(p, "\r\n\x0b\x1c")
		if i < 0 {
			side.keep(p, c.Frame)
			return true
		}
		side.keep(p[:i], c.Frame)
		side.end(c)
		if p[i] == mllpEnd || p[i] == mllpStart {
			side.say(c)
		}
		p = p[i+1:]
	}
	return true
}

func (s *hl7Side) keep(p []byte, frame uint32) {
	if len(s.segment) == 0 && !s.open {
		s.first = frame
	}
	s.segment = append(s.segment, p[:min(len(p), maxSegment-len(s.segment))]...)
}

// end takes the segment at hand.
func (s *hl7Side) end(c *protocol.Context) {
	b := s.segment
	s.segment = b[:0]
	if len(b) < 4 {
		return
	}
	switch string(b[:3]) {
	case "MSH":
		s.say(c) // a message whose end was lost
		s.header(b)
	case "PID":
		s.body.Patient = s.open
	}
}

// header reads MSH-3, -4, -9 and -12.
func (s *hl7Side) header(b []byte) {
	s.open = true
	s.body = observation.HL7{}
	sep := b[3:4]
	rest := b[4:]
	for n := 2; len(rest) > 0 && n <= 12; n++ {
		var field []byte
		field, rest, _ = bytes.Cut(rest, sep)
		switch n {
		case 3:
			s.body.SendingApplication = octets.Text(field, 80)
		case 4:
			s.body.SendingFacility = octets.Text(field, 80)
		case 9:
			s.body.MessageType = octets.Text(field, 40)
		case 12:
			s.body.Version = octets.Text(field, 12)
		}
	}
}

func (s *hl7Side) say(c *protocol.Context) {
	if s.open {
		c.Emit(s.first, &s.body)
	}
	s.open = false
}

func (s *hl7Stream) Gap(c *protocol.Context, d protocol.Direction, _ int) bool {
	side := &s.side[d]
	side.say(c)
	side.segment = side.segment[:0]
	return true
}

func (s *hl7Stream) Close(c *protocol.Context) {
	for d := range s.side {
		s.side[d].end(c)
		s.side[d].say(c)
	}
}
