// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// The r-commands open with NUL-terminated strings, and the server answers one NUL where it agrees:
//
//	rsh     1022\0 locuser\0 remuser\0 command\0     trust by host and reserved port, no password
//	rexec   1022\0 user\0 password\0 command\0
//	rlogin  \0 locuser\0 remuser\0 terminal/speed\0  (RFC 1282); a password may be asked for
const maxRName = 64

func rsh() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "rsh", Ports: []uint16{514},
		Recognise: func(c *protocol.Context, out, in []byte) protocol.Guess {
			if c.Client.Port() >= 1024 || c.Server.Port() == 512 { // rsh trusts reserved ports only
				return protocol.No
			}
			return recogniseRemote(out, in)
		},
		New: func() protocol.Stream { return &rcommand{proto: "rsh"} }}
}

func rexec() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "rexec", Ports: []uint16{512},
		Recognise: func(c *protocol.Context, out, in []byte) protocol.Guess {
			if c.Server.Port() != 512 { // its bytes are those of rsh
				return protocol.No
			}
			return recogniseRemote(out, in)
		},
		New: func() protocol.Stream { return &rcommand{proto: "rexec"} }}
}

// recogniseRemote wants the port for errors in digits, two names and a command.
func recogniseRemote(out, in []byte) protocol.Guess {
	if len(in) > 0 && in[0] > 1 {
		return protocol.No
	}
	parts := bytes.SplitN(out, []byte{0}, 5)
	for i, p := range parts {
		last := i == len(parts)-1
		switch {
		case i == 0 && (len(p) > 5 || !digits(p)), i > 0 && !octets.Printable(p),
			(i == 1 || i == 2) && (len(p) > maxRName || bytes.IndexByte(p, ' ') >= 0 || len(p) == 0 && !last):
			return protocol.No
		case i == 4:
			return protocol.Yes
		}
	}
	return protocol.Maybe
}

func digits(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

// rcommand reads rsh and rexec: the four strings and the answer.
type rcommand struct {
	proto   string
	fields  int
	field   []byte
	user    []byte
	frame   uint32
	attempt login.Attempt
	done    bool
}

func (s *rcommand) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.frame == 0 {
		s.frame = c.Frame
	}
	for _, b := range p {
		if d == protocol.ToClient {
			s.answered(c, b)
			return false
		}
		if b != 0 {
			if len(s.field) < maxTerminalLine {
				s.field = append(s.field, b)
			}
			continue
		}
		s.next(c)
		if s.fields == 4 {
			break
		}
	}
	return true
}

// next ends a string.
func (s *rcommand) next(c *protocol.Context) {
	s.fields++
	switch s.fields {
	case 2:
		s.user = append(s.user, s.field...)
		s.attempt.Open(c, s.proto, c.Frame)
	case 3:
		if s.proto == "rexec" {
			s.attempt.User(s.user)
			s.attempt.Password(c, s.field)
			clear(s.field)
			break
		}
		s.user = append(append(s.user, '/'), s.field...)
		s.attempt.User(s.user)
	}
	s.field = s.field[:0]
}

func (s *rcommand) answered(c *protocol.Context, b byte) {
	outcome := login.Rejected
	if b == 0 {
		outcome = login.Accepted
	}
	s.end(c, outcome)
}

func (s *rcommand) end(c *protocol.Context, outcome string) {
	if s.done {
		return
	}
	s.done = true
	if s.fields >= 1 {
		c.Emit(s.frame, &observation.Session{Protocol: s.proto})
	}
	if s.fields >= 3 {
		s.attempt.Close(c, outcome)
	}
}

func (s *rcommand) Gap(*protocol.Context, protocol.Direction, int) bool { return false }

func (s *rcommand) Close(c *protocol.Context) { s.end(c, login.Unknown) }

func rlogin() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "rlogin", Ports: []uint16{513}, Recognise: recogniseRlogin,
		New: func() protocol.Stream { return &rloginStream{talk: dialogue{proto: "rlogin"}} }}
}

// recogniseRlogin wants the opening NUL, two names, and a terminal with its speed.
func recogniseRlogin(_ *protocol.Context, out, in []byte) protocol.Guess {
	if len(in) > 0 && in[0] != 0 || len(out) > 0 && out[0] != 0 {
		return protocol.No
	}
	parts := bytes.SplitN(out, []byte{0}, 5)
	for i, p := range parts {
		switch {
		case i > 0 && i < 4 && (len(p) > maxRName || !octets.Printable(p) || i < len(parts)-1 && len(p) == 0):
			return protocol.No
		case i == 4:
			term, speed, ok := bytes.Cut(parts[3], []byte{'/'})
			if !ok || len(term) == 0 || len(speed) == 0 || !digits(speed) {
				return protocol.No
			}
			return protocol.Yes
		}
	}
	return protocol.Maybe
}

// rloginStream reads the names, and then the terminal as telnet's is read: the server may ask for a
// password, of the user named in the opening.
type rloginStream struct {
	fields int
	field  []byte
	user   []byte
	trust  login.Attempt
	talk   dialogue
}

func (s *rloginStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	s.talk.begin(c)
	for i, b := range p {
		if d == protocol.ToClient || s.fields >= 4 {
			for _, b := range p[i:] {
				if s.fields >= 4 && b != 0 && !s.talk.text(c, d, b) {
					return false
				}
			}
			return true
		}
		switch {
		case b != 0 && len(s.field) < maxRName:
			s.field = append(s.field, b)
		case b == 0:
			s.next(c)
		}
	}
	return true
}

func (s *rloginStream) next(c *protocol.Context) {
	s.fields++
	switch s.fields {
	case 2:
		s.user = append(s.user, s.field...)
	case 3:
		s.user = append(append(s.user, '/'), s.field...)
		s.talk.user, s.talk.userAt, s.talk.named = append([]byte(nil), s.user...), c.Frame, true
		s.trust.Open(c, "rlogin", c.Frame)
		s.trust.User(s.user)
	}
	s.field = s.field[:0]
}

func (s *rloginStream) Gap(_ *protocol.Context, d protocol.Direction, _ int) bool {
	s.talk.gap(d)
	return s.fields >= 4
}

// Close tells of the login by trust where no password was asked for.
func (s *rloginStream) Close(c *protocol.Context) {
	if s.fields >= 3 && s.talk.named {
		s.talk.named = false
		s.talk.say(c)
		s.trust.Close(c, login.Unknown)
	}
	s.talk.close(c)
}
