// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"

	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func pop3() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "pop3", Ports: popPorts, Recognise: recognisePOP3,
		New: func() protocol.Stream { return newStream("pop3", &popTalk{}) }}
}

var popPorts = []uint16{110}

// recognisePOP3 wants +OK from the server and, unless the greeting says POP or the port does, a command of
// the client that POP3 knows. Redis answers +OK too, but there the client speaks first.
func recognisePOP3(c *protocol.Context, out, in []byte) protocol.Guess {
	says := begins(in, "+ok ", "+ok\r\n", "-err ", "-err\r\n")
	verb, _ := word(out)
	line, whole := firstLine(out)
	if whole {
		verb, _ = word(line)
	}
	knows := isPOPVerb(verb)
	greeting, greeted := firstLine(in)
	switch {
	case len(in) == 0 && len(out) > 0 && !c.Midstream && !onPort(c, popPorts),
		says == protocol.No, whole && !knows, !whole && len(out) > 64 && !knows:
		return protocol.No
	case says == protocol.Yes && len(in) > 0 && whole,
		says == protocol.Yes && len(out) == 0 && greeted && (octets.HasFold(greeting, "pop") || onPort(c, popPorts)):
		return protocol.Yes
	}
	return protocol.Maybe
}

func isPOPVerb(verb []byte) bool {
	return oneOf(verb, "user", "apop", "capa", "auth", "stls", "pass", "quit") || inMailbox(verb)
}

// inMailbox knows commands that only a client that is logged in gives.
func inMailbox(verb []byte) bool {
	return oneOf(verb, "stat", "list", "uidl", "retr", "top", "dele", "noop", "rset")
}

// popTalk reads up to a login that is accepted, or TLS.
type popTalk struct {
	user   []byte
	userAt uint32
	named  bool
	tls    bool
	unread int // commands that wait for their answer
	before int // those of them that were given before the login at hand, or before STLS
}

func (s *popTalk) command(c *protocol.Context, x *exchange, line []byte) bool {
	if x.talking {
		x.response(c, line)
		return true
	}
	verb, arg := word(line)
	switch {
	case oneOf(verb, "user"):
		s.user, s.userAt, s.named = append(s.user[:0], arg[:min(len(arg), maxName)]...), x.lines[0].First, true
	case oneOf(verb, "pass"):
		s.try(c, x, arg)
	case oneOf(verb, "apop"):
		name, _, _ := bytes.Cut(arg, []byte{' '})
		x.open(c, "pop3", 0)
		x.attempt.User(name)
		x.attempt.Hidden("digest-response")
		s.before = s.unread
	case oneOf(verb, "auth") && len(arg) > 0: // alone it asks for the list of mechanisms
		x.authenticate(c, "pop3-auth", arg)
		s.before = s.unread
	case oneOf(verb, "stls"):
		s.tls, s.before = true, s.unread
	case inMailbox(verb) && !x.attempt.IsOpen():
		return false
	}
	s.unread++
	return true
}

func (s *popTalk) try(c *protocol.Context, x *exchange, password []byte) {
	at := s.userAt
	if !s.named {
		s.user, at = s.user[:0], 0
	}
	if at == 0 {
		at = x.lines[0].First
	}
	x.open(c, "pop3", at)
	x.attempt.User(s.user)
	x.attempt.Password(c, password)
	s.before, s.named = s.unread, false
}

func (s *popTalk) reply(c *protocol.Context, x *exchange, line []byte) bool {
	good := begins(line, "+ok") == protocol.Yes
	if !good && begins(line, "-err") != protocol.Yes {
		return true // a continuation, or a line of a list
	}
	if s.unread == 0 {
		if good && x.session.Banner == "" {
			x.session.Banner = octets.Text(line[3:], maxBanner)
		}
		return true
	}
	s.unread--
	if s.before > 0 {
		s.before--
		return true
	}
	switch {
	case x.attempt.IsOpen() && good:
		x.end(c, login.Accepted)
		return false
	case x.attempt.IsOpen():
		x.end(c, login.Rejected)
	case s.tls && good:
		return x.upgrade(c)
	}
	s.tls = false
	return true
}

func (s *popTalk) lost(protocol.Direction) {
	s.named, s.tls, s.unread, s.before = false, false, 0, 0
}
