// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxBanner = 200
	maxName   = 256
)

// exchange is what the three have in common: lines both ways, one session, one login at a time.
type exchange struct {
	lines   [2]octets.Lines
	session observation.Session
	first   uint32
	said    bool
	attempt login.Attempt
	sasl    login.SASL
	talking bool // a SASL exchange is under way: the client's lines are responses
}

// talk is the part of each protocol: a line of the client and of the server. Each returns false when
// there is no more to learn.
type talk interface {
	command(c *protocol.Context, x *exchange, line []byte) bool
	reply(c *protocol.Context, x *exchange, line []byte) bool
	lost(d protocol.Direction)
}

// stream joins the two.
type stream struct {
	exchange
	talk talk
}

func newStream(name string, t talk) protocol.Stream {
	return &stream{exchange: exchange{session: observation.Session{Protocol: name}}, talk: t}
}

func (s *stream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	for {
		line, rest, ok := s.lines[d].Next(p, c.Frame)
		if !ok {
			return true
		}
		p = rest
		more := false
		if d == protocol.ToServer {
			more = s.talk.command(c, &s.exchange, line)
		} else {
			more = s.talk.reply(c, &s.exchange, line)
		}
		if !more {
			if s.session.StartTLS {
				c.Restart(len(rest))
			}
			return false
		}
	}
}

func (s *stream) Gap(c *protocol.Context, d protocol.Direction, _ int) bool {
	s.lines[d].Gap()
	s.talk.lost(d)
	s.end(c, login.Unknown)
	return true
}

func (s *stream) Close(c *protocol.Context) {
	s.say(c)
	s.end(c, login.Unknown)
}

// say tells of the session, once, before its first login or at its end.
func (x *exchange) say(c *protocol.Context) {
	if !x.said && x.first != 0 {
		x.said = true
		c.Emit(x.first, &x.session)
	}
}

// upgrade ends the clear part: TLS follows.
func (x *exchange) upgrade(c *protocol.Context) bool {
	x.session.StartTLS = true
	x.say(c)
	return false
}

// open begins a login in frame first.
func (x *exchange) open(c *protocol.Context, proto string, first uint32) {
	x.say(c)
	x.attempt.Open(c, proto, first)
}

// authenticate begins a SASL exchange: a mechanism and, where the client does not wait, its first
// response.
func (x *exchange) authenticate(c *protocol.Context, proto string, arg []byte) {
	name, initial, given := bytes.Cut(bytes.TrimSpace(arg), []byte{' '})
	x.open(c, proto, x.lines[protocol.ToServer].First)
	x.sasl.Begin(name)
	x.talking = true
	if given {
		x.sasl.Base64(c, &x.attempt, initial)
	}
}

// response is a line of the client in a SASL exchange; "*" gives it up.
func (x *exchange) response(c *protocol.Context, line []byte) {
	if string(line) == "*" {
		x.end(c, login.Unknown)
		return
	}
	x.sasl.Base64(c, &x.attempt, line)
}

func (x *exchange) end(c *protocol.Context, outcome string) {
	x.talking = false
	x.attempt.Close(c, outcome)
}

// word cuts the first word off a line.
func word(line []byte) (verb, arg []byte) {
	verb, arg, _ = bytes.Cut(line, []byte{' '})
	return verb, arg
}

// oneOf says that a word is one of the lower-case words.
func oneOf(w []byte, words ...string) bool {
	for _, v := range words {
		if octets.EqualFold(w, v) {
			return true
		}
	}
	return false
}

// firstLine is the first whole line of b, false while it has no end.
func firstLine(b []byte) (line []byte, whole bool) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return b, false
	}
	return bytes.TrimSuffix(b[:i], []byte{'\r'}), true
}

// begins compares as far as b goes: Yes when b begins with one of the words, Maybe while it still could.
func begins(b []byte, words ...string) protocol.Guess {
	best := protocol.No
	for _, w := range words {
		n := min(len(b), len(w))
		switch {
		case !octets.EqualFold(b[:n], w[:n]):
		case n == len(w):
			return protocol.Yes
		default:
			best = protocol.Maybe
		}
	}
	return best
}

func onPort(c *protocol.Context, ports []uint16) bool {
	for _, p := range ports {
		if c.Server.Port() == p {
			return true
		}
	}
	return false
}
