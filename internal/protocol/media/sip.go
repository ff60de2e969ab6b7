// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const sipVersion = "SIP/2.0"

func sip() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "sip", Ports: []uint16{5060},
		New: func() protocol.Stream { return &sipStream{} },
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			if len(out) > 0 {
				return speaks(out, sipVersion)
			}
			return speaks(in, sipVersion)
		}}
}

func sipDatagrams() protocol.DatagramProtocol {
	return protocol.DatagramProtocol{Name: "sip", Ports: []uint16{5060, 5061},
		New: func() protocol.DatagramReader { return &sipReader{} }}
}

// sipTalk is what both transports share: a conversation's messages, line by line (RFC 3261, 7).
type sipTalk struct {
	session   observation.Session
	first     uint32
	attempt   login.Attempt
	asker     protocol.Direction // who sent the credentials of the attempt
	described described
	media     [2]carriage // what each end offered last
	agreed    bool
	side      [2]sipSide
}

type sipSide struct {
	head   bool
	status int // 0: a request
	length int
	sdp    carriage // of the body at hand
}

// start takes a start line. It returns false where the line is none.
func (s *sipTalk) start(d protocol.Direction, line []byte, first uint32) bool {
	side := &s.side[d]
	*side = sipSide{head: true}
	if bytes.HasPrefix(line, []byte(sipVersion)) {
		side.status = status(line)
	} else if !bytes.HasSuffix(line, []byte(" "+sipVersion)) {
		side.head = false
		return false
	}
	if s.first == 0 {
		s.first, s.session.Protocol, s.session.Version = first, "sip", sipVersion
	}
	if method, _, _ := bytes.Cut(line, []byte{' '}); side.status == 0 && s.session.Detail == "" {
		s.session.Detail = octets.Text(method, 20)
	}
	return true
}

// field reads a header line; some names have a short form (RFC 3261, 7.3.3).
func (s *sipTalk) field(c *protocol.Context, d protocol.Direction, line []byte, first uint32) {
	side := &s.side[d]
	name, value := field(line)
	switch {
	case octets.EqualFold(name, "content-length"), octets.EqualFold(name, "l"):
		side.length = length(value)
	case octets.EqualFold(name, "user-agent"):
		s.described.say(c, d, "sip", value)
	case octets.EqualFold(name, "server"):
		if s.session.Banner == "" {
			s.session.Banner = octets.Text(value, maxText)
		}
		s.described.say(c, d, "sip", value)
	case octets.EqualFold(name, "authorization"), octets.EqualFold(name, "proxy-authorization"):
		if side.status == 0 && !s.attempt.IsOpen() && attempt(c, &s.attempt, "sip", first, value) {
			s.asker = d
		}
	}
}

// headEnd judges the attempt at hand by a final answer to who made it.
func (s *sipTalk) headEnd(c *protocol.Context, d protocol.Direction) {
	side := &s.side[d]
	side.head = false
	if side.status < 200 || !s.attempt.IsOpen() || d == s.asker {
		return
	}
	switch {
	case side.status < 300:
		s.attempt.Close(c, login.Accepted)
	case side.status == 401 || side.status == 403 || side.status == 407:
		s.attempt.Close(c, login.Rejected)
	default:
		s.attempt.Close(c, login.Unknown)
	}
}

// description reads a line of a session description (RFC 8866; RFC 4568).
func (s *sipTalk) description(d protocol.Direction, line []byte) {
	side := &s.side[d]
	switch {
	case bytes.HasPrefix(line, []byte("m=")):
		if m := carried(line); m > side.sdp {
			side.sdp = m
		}
	case bytes.HasPrefix(line, []byte("a=crypto:")), bytes.HasPrefix(line, []byte("a=fingerprint:")):
		side.sdp = encrypted
	}
}

// end ends a message. Media are agreed on when both ends have described them and one of them has accepted.
func (s *sipTalk) end(c *protocol.Context, d protocol.Direction) {
	side := &s.side[d]
	if side.sdp == notSaid {
		return
	}
	s.media[d] = side.sdp
	if other := s.media[1-d]; !s.agreed && side.status/100 == 2 && other != notSaid {
		s.agreed = true
		side.sdp.say(c, s.first)
	}
}

func (s *sipTalk) close(c *protocol.Context) {
	if s.first != 0 {
		c.Emit(s.first, &s.session)
	}
	s.attempt.Close(c, login.Unknown)
}

// sipReader reads datagrams: each holds one whole message.
type sipReader struct{ sipTalk }

func (s *sipReader) Read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first != 0 && len(bytes.TrimSpace(p)) == 0 {
		return true // keeps a binding alive (RFC 5626, 3.5.1)
	}
	if speaks(p, sipVersion) != protocol.Yes {
		return false
	}
	line, rest := cutLine(p)
	if !s.start(d, line, c.Frame) {
		return false
	}
	for len(rest) > 0 {
		line, rest = cutLine(rest)
		switch head := s.side[d].head; {
		case head && len(line) == 0:
			s.headEnd(c, d)
		case head:
			s.field(c, d, line, c.Frame)
		default:
			s.description(d, line)
		}
	}
	s.end(c, d)
	return true
}

func cutLine(p []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(p, []byte{'\n'})
	return bytes.TrimRight(line, "\r "), rest
}

func (s *sipReader) Close(c *protocol.Context) { s.close(c) }

// sipStream reads a conversation over TCP.
type sipStream struct {
	sipTalk
	wire [2]struct {
		lines octets.Lines
		body  octets.Lines
		left  int
	}
}

func (s *sipStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	w := &s.wire[d]
	for len(p) > 0 {
		if n := min(w.left, len(p)); n > 0 {
			s.bodyBytes(c, d, p[:n])
			p = p[n:]
			continue
		}
		line, rest, ok := w.lines.Next(p, c.Frame)
		if !ok {
			return true
		}
		p = rest
		line = bytes.TrimRight(line, " ")
		switch side := &s.side[d]; {
		case side.head && len(line) > 0:
			s.field(c, d, line, w.lines.First)
		case side.head:
			s.headEnd(c, d)
			w.left = side.length
		case len(line) > 0:
			s.start(d, line, w.lines.First)
		}
	}
	return true
}

func (s *sipStream) bodyBytes(c *protocol.Context, d protocol.Direction, p []byte) {
	w := &s.wire[d]
	w.left -= len(p)
	for {
		line, rest, ok := w.body.Next(p, c.Frame)
		if !ok {
			break
		}
		p = rest
		s.description(d, line)
	}
	if w.left == 0 {
		s.description(d, w.body.Partial())
		w.body.Reset()
		s.end(c, d)
	}
}

func (s *sipStream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	w := &s.wire[d]
	w.body.Reset()
	s.side[d].head, s.side[d].sdp = false, notSaid
	if n < w.left {
		w.left -= n
		return true
	}
	w.left = 0
	w.lines.Gap()
	return true
}

func (s *sipStream) Close(c *protocol.Context) { s.close(c) }
