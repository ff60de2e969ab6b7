// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package names

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// maxMessage is how much of a message over TCP is kept: a zone transfer's first questions and records.
const maxMessage = 2048

// minMessage holds a header and the shortest question.
const minMessage = headerSize + 5

// recognise wants the first message's header and question, behind the two bytes of its length (RFC 7766, 8).
func (r *reader) recognise(c *protocol.Context, out, in []byte) protocol.Guess {
	if len(out) > 0 {
		return r.begins(out)
	}
	return r.begins(in)
}

func (r *reader) begins(b []byte) protocol.Guess {
	if len(b) < 2 {
		return protocol.Maybe
	}
	n := int(binary.BigEndian.Uint16(b))
	if n < minMessage {
		return protocol.No
	}
	b = b[2:min(len(b), 2+n)]
	h, ok := parseHeader(b)
	if !ok {
		return protocol.Maybe
	}
	if !plausible(&h, true) {
		return protocol.No
	}
	if _, ok := r.questions(b, &h); ok {
		return protocol.Yes
	}
	if len(b) < min(n, headerSize+maxWire+4) {
		return protocol.Maybe
	}
	return protocol.No
}

// stream reads the messages of one connection.
type stream struct {
	r       *reader
	message [2]octets.Records
}

func newStream(r *reader) *stream {
	s := &stream{r: r}
	for d := range s.message {
		s.message[d] = octets.Records{Max: maxMessage, Size: messageSize}
	}
	return s
}

func messageSize(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	n := int(binary.BigEndian.Uint16(b))
	if n < headerSize {
		return -1
	}
	return 2 + n
}

func (s *stream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	for {
		rec, rest, ok := s.message[d].Next(p, c.Frame)
		if !ok {
			return !s.message[d].Lost
		}
		s.r.message(c, d, rec[2:], false)
		p = rest
	}
}

func (s *stream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	return s.message[d].Gap(n)
}

func (s *stream) Close(*protocol.Context) {}
