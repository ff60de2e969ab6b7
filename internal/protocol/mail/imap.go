// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"strconv"

	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func imap() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "imap", Ports: imapPorts, Recognise: recogniseIMAP,
		New: func() protocol.Stream { return newStream("imap", &imapTalk{}) }}
}

var imapPorts = []uint16{143}

// recogniseIMAP wants a greeting (* OK) that says IMAP or stands on its port, or a tagged command that
// IMAP knows with an answer that fits.
func recogniseIMAP(c *protocol.Context, out, in []byte) protocol.Guess {
	greets := begins(in, "* ok", "* preauth", "* bye")
	line, whole := firstLine(out)
	tag, rest := word(line)
	verb, _ := word(rest)
	commands := whole && isTag(tag) && (isIMAPOpener(verb) || inIMAPMailbox(verb))
	greeting, greeted := firstLine(in)
	switch {
	case whole && !commands, len(out) > 0 && !isTag(tag) || len(line) > 512,
		len(in) > 0 && greets == protocol.No && !answers(in, tag):
		return protocol.No
	case commands && len(in) > 0 && (greets == protocol.Yes || greeted && answers(in, tag)),
		greets == protocol.Yes && greeted && (octets.HasFold(greeting, "imap") || onPort(c, imapPorts)):
		return protocol.Yes
	}
	return protocol.Maybe
}

// answers says that b is, or could become, an untagged answer or one to tag.
func answers(b, tag []byte) bool {
	for _, p := range [][]byte{{'*', ' '}, {'+', ' '}, tag} {
		if n := min(len(p), len(b)); n > 0 && bytes.Equal(p[:n], b[:n]) {
			return true
		}
	}
	return false
}

func isTag(w []byte) bool {
	for _, c := range w {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return len(w) > 0 && len(w) <= 32
}

func isIMAPOpener(verb []byte) bool {
	return oneOf(verb, "capability", "login", "authenticate", "starttls", "id", "noop", "logout")
}

// inIMAPMailbox knows commands that only a client that is logged in gives (RFC 9051, 6.3 and 6.4).
func inIMAPMailbox(verb []byte) bool {
	return oneOf(verb, "select", "examine", "list", "lsub", "status", "append", "uid", "fetch",
		"idle", "namespace", "search", "enable")
}

// imapTalk reads up to a login that is accepted, or TLS.
type imapTalk struct {
	tag     []byte // of the command whose answer decides
	tls     bool
	args    int // of LOGIN: how many were read; 0 while none is being read
	literal int // bytes of a literal that the next line begins with; -1: none
}

func (s *imapTalk) command(c *protocol.Context, x *exchange, line []byte) bool {
	if s.args > 0 {
		s.arguments(c, x, line)
		return true
	}
	if x.talking {
		x.response(c, line)
		return true
	}
	tag, rest := word(line)
	verb, arg := word(rest)
	switch {
	case oneOf(verb, "login"):
		s.mark(tag)
		x.open(c, "imap", x.lines[0].First)
		s.args, s.literal = 1, -1
		s.arguments(c, x, arg)
	case oneOf(verb, "authenticate"):
		s.mark(tag)
		x.authenticate(c, "imap-auth", arg)
	case oneOf(verb, "starttls"):
		s.mark(tag)
		s.tls = true
	case inIMAPMailbox(verb) && !x.attempt.IsOpen():
		return false
	}
	return true
}

func (s *imapTalk) mark(tag []byte) {
	s.tag, s.tls = append(s.tag[:0], tag[:min(len(tag), 64)]...), false
}

// arguments reads name and password of LOGIN: atoms, quoted strings, or literals, which begin the line
// after the one that announces them: {5}.
func (s *imapTalk) arguments(c *protocol.Context, x *exchange, line []byte) {
	for s.args > 0 && s.args <= 2 {
		var value []byte
		if s.literal >= 0 {
			if s.literal > len(line) {
				break // a line end inside a name or a password: not read
			}
			value, line = line[:s.literal], line[s.literal:]
			s.literal = -1
		} else if line = bytes.TrimLeft(line, " "); len(line) == 0 {
			break
		} else if n, ok := announces(line); ok {
			s.literal = n
			return
		} else {
			value, line = astring(line)
		}
		if s.args == 1 {
			x.attempt.User(value)
		} else {
			x.attempt.Password(c, value)
		}
		s.args++
	}
	s.args, s.literal = 0, -1
}

// announces reads {5} or {5+} at the end of a line.
func announces(line []byte) (n int, ok bool) {
	if len(line) < 3 || line[0] != '{' || line[len(line)-1] != '}' {
		return 0, false
	}
	n, err := strconv.Atoi(string(bytes.TrimSuffix(line[1:len(line)-1], []byte{'+'})))
	return n, err == nil && n >= 0 && n <= octets.MaxLine
}

// astring takes an atom or a quoted string off a line.
func astring(line []byte) (value, rest []byte) {
	if line[0] != '"' {
		return word(line)
	}
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			value = append(value, line[min(i+1, len(line)-1)])
			i++
		case '"':
			return value, line[i+1:]
		default:
			value = append(value, line[i])
		}
	}
	return value, nil
}

func (s *imapTalk) reply(c *protocol.Context, x *exchange, line []byte) bool {
	tag, rest := word(line)
	status, _ := word(rest)
	if string(tag) == "*" {
		return s.untagged(x, status, rest)
	}
	if len(s.tag) == 0 || !bytes.Equal(tag, s.tag) {
		return true
	}
	s.tag = s.tag[:0]
	good := oneOf(status, "ok")
	switch {
	case x.attempt.IsOpen() && good:
		x.end(c, login.Accepted)
		return false
	case x.attempt.IsOpen():
		s.args = 0
		x.end(c, login.Rejected)
	case s.tls && good:
		return x.upgrade(c)
	}
	s.tls = false
	return true
}

func (s *imapTalk) untagged(x *exchange, status, text []byte) bool {
	if x.session.Banner == "" && !x.said && oneOf(status, "ok", "preauth", "bye") {
		x.session.Banner = octets.Text(text, maxBanner)
	}
	if oneOf(status, "preauth") {
		x.session.Detail = "preauth"
		return false
	}
	return true
}

func (s *imapTalk) lost(protocol.Direction) { s.tag, s.tls, s.args = s.tag[:0], false, 0 }
