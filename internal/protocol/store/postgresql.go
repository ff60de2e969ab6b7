// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func postgresql() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "postgresql", Ports: []uint16{5432},
		Recognise: recognisePostgreSQL, New: newPostgreSQL}
}

// The codes in place of a version (PostgreSQL documentation, Message Formats).
const (
	pgVersion3 = 3 << 16
	pgCancel   = 80877102
	pgSSL      = 80877103
	pgGSS      = 80877104
)

// recognisePostgreSQL wants the first message: a length, and a code that nobody else has.
func recognisePostgreSQL(_ *protocol.Context, out, in []byte) protocol.Guess {
	if len(out) == 0 && len(in) > 0 || len(out) > 0 && out[0] != 0 {
		return protocol.No
	}
	if len(out) < 8 {
		return protocol.Maybe
	}
	n, code := binary.BigEndian.Uint32(out), binary.BigEndian.Uint32(out[4:])
	switch {
	case (code == pgSSL || code == pgGSS) && n == 8, code == pgCancel && n == 16:
		return protocol.Yes
	case code>>16 != 3 || n < 9 || n > 10000:
		return protocol.No
	}
	for i, c := range out[8:] { // the first parameter's name
		switch {
		case c == 0 && i > 0:
			return protocol.Yes
		case (c < 'a' || c > 'z') && c != '_' || i > 32:
			return protocol.No
		}
	}
	return protocol.Maybe
}

// postgresqlStream reads the start, the way in which a password is asked for, and the answer.
type postgresqlStream struct {
	talk
	messages [2]octets.Records
	started  bool
	asks     bool   // TLS or GSS was asked for: one byte answers
	kind     uint32 // of the authentication that the server asks for
	user     []byte
}

func newPostgreSQL() protocol.Stream {
	s := &postgresqlStream{talk: talk{session: observation.Session{Protocol: "postgresql"}}}
	s.messages[protocol.ToServer] = octets.Records{Max: 4096, Size: func(b []byte) int {
		if !s.started {
			return pgSize(b, 0)
		}
		return pgSize(b, 1)
	}}
	s.messages[protocol.ToClient] = octets.Records{Max: 512, Size: func(b []byte) int {
		if s.asks {
			return 1
		}
		return pgSize(b, 1)
	}}
	return s
}

// pgSize measures a message: its type, if any, and a length that counts itself.
func pgSize(b []byte, kind int) int {
	if len(b) < kind+4 {
		return 0
	}
	n := binary.BigEndian.Uint32(b[kind:])
	if n < 4 || n > 1<<30 {
		return -1
	}
	return kind + int(n)
}

func (s *postgresqlStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	s.begin(c)
	for {
		rec, rest, ok := s.messages[d].Next(p, c.Frame)
		if !ok {
			return !s.messages[d].Lost
		}
		p = rest
		more := true
		switch {
		case d == protocol.ToServer:
			more = s.client(c, rec)
		case s.asks:
			s.asks = false
			if rec[0] == 'S' || rec[0] == 'G' {
				return s.upgrade(c, len(rest))
			}
		default:
			more = s.server(c, rec)
		}
		if !more || s.bored() {
			return false
		}
	}
}

func (s *postgresqlStream) client(c *protocol.Context, rec []byte) bool {
	if s.started {
		if rec[0] == 'p' {
			s.password(c, rec[5:])
		}
		return true
	}
	r := octets.NewReader(rec)
	r.Skip(4)
	switch r.U32() {
	case pgSSL, pgGSS:
		s.asks = true
		return true
	case pgCancel:
		return false
	}
	s.started = true
	for r.Len() > 1 {
		key, value := r.CString(), r.CString()
		if string(key) == "user" && r.OK() {
			s.user = bytes.Clone(value[:min(len(value), 256)])
		}
	}
	return true
}

// password reads an answer to the server's request: AuthenticationCleartextPassword is 3.
func (s *postgresqlStream) password(c *protocol.Context, b []byte) {
	if !s.attempt.IsOpen() {
		s.open(c, "postgresql", s.messages[protocol.ToServer].First)
		s.attempt.User(s.user)
	}
	if s.kind != 3 {
		s.attempt.Hidden("digest-response")
		return
	}
	r := octets.NewReader(b)
	if password := r.CString(); r.OK() {
		s.attempt.Password(c, password)
	}
}

func (s *postgresqlStream) server(c *protocol.Context, rec []byte) bool {
	r := octets.NewReader(rec)
	kind := r.U8()
	r.Skip(4)
	switch kind {
	case 'R':
		if s.kind = r.U32(); s.kind != 0 || !r.OK() {
			return true
		}
		if !s.attempt.IsOpen() && !s.said {
			s.session.Detail = "no-auth"
		}
		s.attempt.Close(c, verdict(true))
		return false
	case 'E':
		s.attempt.Close(c, verdict(false))
		return false
	}
	return true
}

func (s *postgresqlStream) Gap(*protocol.Context, protocol.Direction, int) bool { return false }
