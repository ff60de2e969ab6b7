// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func mysql() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "mysql", Ports: []uint16{3306}, Recognise: recogniseMySQL,
		New: func() protocol.Stream {
			s := &mysqlStream{talk: talk{session: observation.Session{Protocol: "mysql"}}}
			for d := range s.packets {
				s.packets[d] = octets.Records{Size: mysqlSize, Max: 2048}
			}
			return s
		}}
}

// Capabilities (protocol documentation, Capabilities Flags).
const (
	mysqlProtocol41 = 0x200
	mysqlSSL        = 0x800
	mysqlSecure     = 0x8000   // the response has a length of one byte
	mysqlPluginAuth = 0x80000  // a plugin's name follows
	mysqlLenEnc     = 0x200000 // the response's length is length-encoded
	mysqlDatabase   = 0x8
)

const mysqlHead = 4 // length, little endian, and the packet's number

func mysqlSize(b []byte) int {
	if len(b) < mysqlHead {
		return 0
	}
	return mysqlHead + int(b[0]) + int(b[1])<<8 + int(b[2])<<16
}

// recogniseMySQL wants the server's greeting, protocol 10 and a version, as packet 0; on its port an error
// in its place will do. The client is silent before it.
func recogniseMySQL(c *protocol.Context, out, in []byte) protocol.Guess {
	if len(in) == 0 {
		if len(out) > 0 {
			return protocol.No
		}
		return protocol.Maybe
	}
	n := mysqlSize(in)
	if n > 400 || len(in) > 3 && (in[3] != 0 || n < 9) || len(in) > 4 && in[4] != 10 && in[4] != 0xff {
		return protocol.No
	}
	if len(in) < 9 {
		return protocol.Maybe
	}
	if in[4] == 0xff {
		if code := int(in[5]) | int(in[6])<<8; code >= 1000 && code < 4000 && onPort(c, 3306) {
			return protocol.Yes
		}
		return protocol.No
	}
	r := octets.NewReader(in[5:])
	version := r.CString()
	switch {
	case !r.OK() && len(in) < n && octets.Printable(in[5:]):
		return protocol.Maybe
	case !r.OK(), len(version) == 0, version[0] < '0' || version[0] > '9', !octets.Printable(version):
		return protocol.No
	}
	return protocol.Yes
}

// mysqlStream reads greeting, login and answer.
type mysqlStream struct {
	talk
	packets  [2]octets.Records
	greeted  bool
	answered bool // the client has said who it is
	clear    bool // the password comes in clear, in the client's next packet
}

func (s *mysqlStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	s.begin(c)
	for {
		rec, rest, ok := s.packets[d].Next(p, c.Frame)
		if !ok {
			return !s.packets[d].Lost
		}
		p = rest
		if len(rec) <= mysqlHead {
			continue
		}
		more := true
		if d == protocol.ToServer {
			more = s.client(c, rec[mysqlHead:], len(rest))
		} else {
			more = s.server(c, rec[mysqlHead:])
		}
		if !more || s.bored() {
			return false
		}
	}
}

func (s *mysqlStream) server(c *protocol.Context, b []byte) bool {
	switch {
	case !s.greeted && b[0] == 10:
		s.greeted = true
		r := octets.NewReader(b[1:])
		s.session.Version = octets.Text(r.CString(), 64)
	case b[0] == 0xff:
		if !s.greeted && len(b) > 3 {
			s.session.Banner = octets.Text(b[3:], 200)
		}
		s.attempt.Close(c, verdict(false))
		return false
	case b[0] == 0 && s.attempt.IsOpen():
		s.attempt.Close(c, verdict(true))
		return false
	case b[0] == 0xfe && s.attempt.IsOpen(): // another method is asked for
		r := octets.NewReader(b[1:])
		s.clear = string(r.CString()) == "mysql_clear_password"
	}
	return true
}

func (s *mysqlStream) client(c *protocol.Context, b []byte, rest int) bool {
	switch {
	case s.answered && s.clear:
		r := octets.NewReader(b)
		if password := r.CString(); r.OK() {
			s.attempt.Password(c, password)
		}
		s.clear = false
		return true
	case s.answered:
		return true
	}
	s.answered = true
	r := octets.NewReader(b)
	low := r.LU16()
	if low&mysqlProtocol41 == 0 { // before 4.1: two bytes of capabilities, three of packet size
		r.Skip(3)
		s.sign(c, r.CString())
		return true
	}
	flags := uint32(low) | uint32(r.LU16())<<16
	r.Skip(28)
	if flags&mysqlSSL != 0 && r.OK() && r.Len() == 0 {
		return s.upgrade(c, rest)
	}
	s.sign(c, r.CString())
	response := mysqlResponse(&r, flags)
	if flags&mysqlDatabase != 0 {
		r.CString()
	}
	if flags&mysqlPluginAuth != 0 && string(r.CString()) == "mysql_clear_password" && r.OK() {
		if n := len(response); n > 0 && response[n-1] == 0 {
			response = response[:n-1]
		}
		s.attempt.Password(c, response)
	}
	return true
}

func (s *mysqlStream) sign(c *protocol.Context, user []byte) {
	s.open(c, "mysql", s.packets[protocol.ToServer].First)
	s.attempt.User(user)
	s.attempt.Hidden("challenge-response")
}

// mysqlResponse takes the response to the server's challenge.
func mysqlResponse(r *octets.Reader, flags uint32) []byte {
	if flags&(mysqlLenEnc|mysqlSecure) == 0 {
		return r.CString()
	}
	n := int(r.U8())
	if flags&mysqlLenEnc != 0 && n == 0xfc {
		n = int(r.LU16())
	}
	return r.Bytes(n)
}

func (s *mysqlStream) Gap(*protocol.Context, protocol.Direction, int) bool { return false }
