// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func redis() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "redis", Ports: []uint16{6379}, Recognise: recogniseRedis,
		New: func() protocol.Stream {
			return &redisStream{talk: talk{session: observation.Session{Protocol: "redis"}}}
		}}
}

// recogniseRedis wants a command as an array of counted strings, *2 $4 AUTH …, and an answer that RESP
// knows; on its port, a command in one line will do.
func recogniseRedis(c *protocol.Context, out, in []byte) protocol.Guess {
	if len(in) > 0 && bytes.IndexByte([]byte("+-:$*%>_#,("), in[0]) < 0 {
		return protocol.No
	}
	if len(out) == 0 {
		return protocol.Maybe
	}
	if out[0] != '*' {
		return inlineRedis(c, out)
	}
	head, rest, ok := bytes.Cut(out[1:], []byte("\r\n"))
	if !digits(head) || len(head) > 5 {
		return protocol.No
	}
	size, name, more := bytes.Cut(rest, []byte("\r\n"))
	switch {
	case !ok, len(rest) == 0:
		return protocol.Maybe
	case len(size) == 0 || size[0] != '$' || !digits(size[1:]) || len(size) > 3:
		return protocol.No
	case !more || bytes.IndexByte(name, '\r') < 0 && len(name) < 30:
		return protocol.Maybe
	}
	name, _, _ = bytes.Cut(name, []byte{'\r'})
	if letters(name) {
		return protocol.Yes
	}
	return protocol.No
}

func inlineRedis(c *protocol.Context, out []byte) protocol.Guess {
	line, _, whole := bytes.Cut(out, []byte{'\n'})
	verb, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte{' '})
	switch {
	case !onPort(c, 6379) || len(line) > maxWord || bytes.Contains(line, []byte(" HTTP/")):
		return protocol.No
	case !whole:
		return protocol.Maybe
	}
	for _, v := range []string{"auth", "ping", "info", "config", "set", "get", "keys", "flushall", "slaveof", "save",
		"client", "quit", "select"} {
		if octets.EqualFold(verb, v) {
			return protocol.Yes
		}
	}
	return protocol.No
}

// digits allows an end that is still to come.
func digits(b []byte) bool {
	for i, c := range b {
		if (c < '0' || c > '9') && (c != '\r' || i != len(b)-1) {
			return false
		}
	}
	return true
}

func letters(b []byte) bool {
	for _, c := range b {
		if c |= 0x20; (c < 'a' || c > 'z') && c != '.' {
			return false
		}
	}
	return len(b) > 0
}

// redisStream reads AUTH and HELLO … AUTH, and what is answered. A command that is answered without
// either shows a server that asks for none.
type redisStream struct {
	talk
	sides   [2]resp
	index   int // of the word in the command at hand
	members int
	verb    redisVerb
	expects expectation
	unread  int // commands that wait for their answer
	before  int // those of them given before the login at hand
	plain   int // place in the queue of a command that needs a login, from 1; 0: none
	reply   byte
	denied  bool
}

type redisVerb uint8

const (
	otherVerb redisVerb = iota
	authVerb
	helloVerb
	freeVerb // allowed to anyone
)

type expectation uint8

const (
	nothing expectation = iota
	aUser
	aPassword
)

func (s *redisStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	s.begin(c)
	for {
		w, rest, ok := s.sides[d].next(p)
		if !ok {
			return !s.sides[d].lost
		}
		p = rest
		if d == protocol.ToServer {
			s.command(c, w)
		} else if !s.answer(c, w) {
			return false
		}
		if w.last && s.bored() {
			return false
		}
	}
}

func (s *redisStream) command(c *protocol.Context, w word) {
	switch {
	case w.kind == 0:
		s.inline(c, w.text)
	case w.kind == '*' && w.top:
		s.index, s.members, s.verb, s.expects = 0, w.n, otherVerb, nothing
	case w.kind == '$':
		s.word(c, w.text)
		clear(w.text)
	}
	if w.last {
		s.unread++
		if s.verb == otherVerb && s.plain == 0 {
			s.plain = s.unread
		}
	}
}

func (s *redisStream) inline(c *protocol.Context, line []byte) {
	words := bytes.Fields(line)
	s.index, s.members, s.verb, s.expects = 0, len(words), otherVerb, nothing
	for _, w := range words {
		s.word(c, w)
	}
	clear(line)
}

// word reads one word: AUTH password, AUTH user password, HELLO 3 AUTH user password.
func (s *redisStream) word(c *protocol.Context, text []byte) {
	i := s.index
	s.index++
	switch {
	case i == 0 && octets.EqualFold(text, "auth"):
		s.verb, s.expects = authVerb, aUser
		s.try(c)
		if s.members == 2 {
			s.expects = aPassword
		}
	case i == 0 && octets.EqualFold(text, "hello"):
		s.verb = helloVerb
	case i == 0 && octets.EqualFold(text, "quit"):
		s.verb = freeVerb
	case s.expects == aUser:
		s.attempt.User(text)
		s.expects = aPassword
	case s.expects == aPassword:
		if len(text) < maxWord {
			s.attempt.Password(c, text)
		}
		s.expects = nothing
	case s.verb == helloVerb && !s.attempt.IsOpen() && octets.EqualFold(text, "auth"):
		s.try(c)
		s.expects = aUser
	}
}

func (s *redisStream) try(c *protocol.Context) {
	s.open(c, "redis", 0)
	s.before = s.unread
}

// answer counts answers off the commands. Pushed messages (>) answer nothing.
func (s *redisStream) answer(c *protocol.Context, w word) bool {
	if w.top {
		s.reply = w.kind
		s.denied = w.kind == '-'
	}
	if !w.last || s.reply == '>' || s.unread == 0 {
		return true
	}
	s.unread--
	if s.plain > 0 {
		if s.plain--; s.plain == 0 && !s.denied && !s.said {
			s.session.Detail = "no-auth"
		}
	}
	if !s.attempt.IsOpen() {
		return true
	}
	if s.before > 0 {
		s.before--
		return true
	}
	s.attempt.Close(c, verdict(!s.denied))
	return true
}

func (s *redisStream) Gap(*protocol.Context, protocol.Direction, int) bool { return false }
