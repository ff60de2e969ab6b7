// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/binary"
	"fmt"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func mssql() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "mssql", Ports: []uint16{1433}, Recognise: recogniseMSSQL,
		New: func() protocol.Stream {
			s := &mssqlStream{talk: talk{session: observation.Session{Protocol: "mssql"}}}
			for d := range s.packets {
				s.packets[d] = octets.Records{Size: tdsSize, Max: 4096}
			}
			return s
		}}
}

// The packet types (MS-TDS, 2.2.3.1.1), and what PRELOGIN says of encryption (2.2.6.5).
const (
	tdsResponse = 0x04
	tdsLogin    = 0x10
	tdsPrelogin = 0x12
	tdsHead     = 8
	tdsNoCipher = 2 // not supported: the login comes in clear
)

// tdsSize measures a packet: type, status, length, process, number, window.
func tdsSize(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	if n := int(binary.BigEndian.Uint16(b[2:])); b[0] <= 0x12 && b[1] <= 0x1f && n >= tdsHead {
		return n
	}
	return -1
}

// recogniseMSSQL wants a PRELOGIN whose first option is the version, where it must stand.
func recogniseMSSQL(_ *protocol.Context, out, in []byte) protocol.Guess {
	if len(out) == 0 && len(in) > 0 || len(in) > 0 && in[0] != tdsResponse {
		return protocol.No
	}
	if g := prefix(out, "\x12\x01\x00"); g != protocol.Yes {
		return g
	}
	if len(out) < tdsHead+5 {
		return protocol.Maybe
	}
	at := int(binary.BigEndian.Uint16(out[tdsHead+1:]))
	if out[7] == 0 && out[tdsHead] == 0 && at >= 6 && at < int(out[3]) && out[tdsHead+3] == 0 && out[tdsHead+4] == 6 {
		return protocol.Yes
	}
	return protocol.No
}

// mssqlStream reads what is agreed on encryption and, where it is none, the login and its answer.
type mssqlStream struct {
	talk
	packets [2]octets.Records
}

func (s *mssqlStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	s.begin(c)
	for {
		rec, rest, ok := s.packets[d].Next(p, c.Frame)
		if !ok {
			return !s.packets[d].Lost
		}
		p = rest
		more := true
		switch {
		case len(rec) < tdsHead:
		case d == protocol.ToServer && rec[0] == tdsLogin:
			s.sign(c, rec[tdsHead:])
		case d == protocol.ToClient && rec[0] == tdsResponse:
			more = s.server(c, rec[tdsHead:])
		}
		if !more || s.bored() {
			return false
		}
	}
}

// server reads the answer to PRELOGIN, a table of options (place and length), and that to the login, of
// which the first token tells: 0xaa is an error, 0xad or an environment change comes with success.
func (s *mssqlStream) server(c *protocol.Context, b []byte) bool {
	if s.attempt.IsOpen() {
		s.attempt.Close(c, verdict(len(b) > 0 && b[0] != 0xaa))
		return len(b) > 0 && b[0] == 0xaa
	}
	cipher := byte(tdsNoCipher)
	r := octets.NewReader(b)
	for kind := r.U8(); kind != 0xff && r.OK(); kind = r.U8() {
		at, n := int(r.U16()), int(r.U16())
		if at+n > len(b) {
			return false
		}
		switch v := b[at : at+n]; {
		case kind == 0 && n >= 4:
			s.session.Version = fmt.Sprintf("%d.%d.%d", v[0], v[1], binary.BigEndian.Uint16(v[2:]))
		case kind == 1 && n == 1:
			cipher = v[0]
		}
	}
	if cipher != tdsNoCipher { // TLS follows, inside PRELOGIN packets
		s.session.StartTLS = true
		return false
	}
	return true
}

// sign reads LOGIN7 (MS-TDS, 2.2.6.4): user and password by offset and length in characters, the password
// with its bits moved about.
func (s *mssqlStream) sign(c *protocol.Context, b []byte) {
	user, ok := tdsField(b, 40)
	hidden, both := tdsField(b, 44)
	if !ok || !both || len(user) == 0 {
		return
	}
	password := make([]byte, len(hidden))
	for i, x := range hidden {
		x ^= 0xa5
		password[i] = x<<4 | x>>4
	}
	s.open(c, "mssql", s.packets[protocol.ToServer].First)
	s.attempt.User(login.UTF16(user))
	s.attempt.Password(c, login.UTF16(password))
	clear(password)
}

func tdsField(b []byte, at int) ([]byte, bool) {
	if len(b) < at+4 {
		return nil, false
	}
	off, n := int(binary.LittleEndian.Uint16(b[at:])), 2*int(binary.LittleEndian.Uint16(b[at+2:]))
	if n > 512 || off+n > len(b) {
		return nil, false
	}
	return b[off : off+n], true
}

func (s *mssqlStream) Gap(*protocol.Context, protocol.Direction, int) bool { return false }
