// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package messaging

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func amqp() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "amqp", Ports: []uint16{5672}, Recognise: recogniseAMQP,
		New: func() protocol.Stream { return &amqpStream{} }}
}

const amqpHead = 8 // "AMQP", protocol id, version

// recogniseAMQP wants the protocol header, or, of a session met midstream, a whole method frame.
func recogniseAMQP(c *protocol.Context, out, in []byte) protocol.Guess {
	if g := prefix(out, "AMQP"); len(out) > 0 && g != protocol.No {
		return g
	}
	if !c.Midstream {
		if len(out) > 0 {
			return protocol.No
		}
		return protocol.Maybe
	}
	return max(isAMQPFrame(out), isAMQPFrame(in))
}

// isAMQPFrame wants a method frame of a class that AMQP 0-9-1 has, and the end mark behind it.
func isAMQPFrame(b []byte) protocol.Guess {
	if len(b) > 0 && b[0] != 1 {
		return protocol.No
	}
	if len(b) < 11 {
		return protocol.Maybe
	}
	n, class, method := binary.BigEndian.Uint32(b[3:]), binary.BigEndian.Uint16(b[7:]), binary.BigEndian.Uint16(b[9:])
	switch class {
	case 10, 20, 40, 50, 60, 85, 90:
	default:
		return protocol.No
	}
	switch {
	case n < 4 || n > 1024 || method > 120:
		return protocol.No
	case len(b) < 8+int(n):
		return protocol.Maybe
	case b[7+n] == 0xce:
		return protocol.Yes
	}
	return protocol.No
}

// amqpFrameSize measures a frame of 0-9-1: type, channel, size, payload, end mark.
func amqpFrameSize(b []byte) int {
	if len(b) < 7 {
		return 0
	}
	n := binary.BigEndian.Uint32(b[3:])
	if b[0] == 0 || b[0] > 8 || n > 1<<24 {
		return -1
	}
	return 8 + int(n)
}

// amqpFrame10Size measures a frame of 1.0: size, offset, type, channel.
func amqpFrame10Size(b []byte) int {
	if len(b) >= 4 && string(b[:4]) == "AMQP" {
		return amqpHead
	}
	if len(b) < 8 {
		return 0
	}
	n := binary.BigEndian.Uint32(b)
	if n < 8 || n > 1<<24 || b[4] < 2 {
		return -1
	}
	return int(n)
}

// amqpStream reads the handshake of 0-9-1 or the SASL exchange of 1.0.
type amqpStream struct {
	frames  [2]octets.Records
	begun   bool
	v1      bool // 1.0, not 0-9-1
	header  []byte
	body    observation.Session
	first   uint32
	said    bool
	attempt login.Attempt
	sasl    login.SASL
}

func (s *amqpStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	if d == protocol.ToServer && !s.begun {
		n := min(amqpHead-len(s.header), len(p))
		s.header = append(s.header, p[:n]...)
		if p = p[n:]; len(s.header) < amqpHead {
			return true
		}
		if string(s.header[:4]) == "AMQP" {
			s.begin()
		}
	}
	if !s.begun { // the server does not speak first: met midstream, and nothing more to learn
		return false
	}
	for {
		rec, rest, ok := s.frames[d].Next(p, c.Frame)
		if !ok {
			return !s.frames[d].Lost
		}
		p = rest
		if more := s.frame(c, d, rec); !more {
			if s.body.StartTLS {
				c.Restart(len(rest))
			}
			return false
		}
	}
}

func (s *amqpStream) frame(c *protocol.Context, d protocol.Direction, rec []byte) bool {
	if s.v1 {
		return s.performative(c, d, rec)
	}
	return s.method(c, d, rec)
}

// begin takes the version from the header: 0 0 9 1, or 1.0 with the layer that follows before it (0: none,
// 2: TLS, 3: SASL).
func (s *amqpStream) begin() {
	s.begun = true
	size := amqpFrameSize
	s.body.Version = "0-9-1"
	if string(s.header[5:]) == "\x01\x00\x00" {
		size, s.v1, s.body.Version = amqpFrame10Size, true, "1.0"
	}
	for d := range s.frames {
		s.frames[d] = octets.Records{Size: size, Max: 4096}
	}
}

// method reads connection methods (AMQP 0-9-1, 1.4): start-ok 10.11 carries the response, tune 10.30
// comes after one that was taken, close 10.50 after one that was not.
func (s *amqpStream) method(c *protocol.Context, d protocol.Direction, rec []byte) bool {
	r := octets.NewReader(rec)
	kind := r.U8()
	r.Skip(6)
	class, method := r.U16(), r.U16()
	if kind != 1 || class != 10 {
		return kind == 8 // beyond the handshake, heartbeats aside
	}
	switch {
	case d == protocol.ToServer && method == 11:
		r.Skip(int(r.U32()))
		s.respond(c, r.Bytes(int(r.U8())), r.Bytes(int(r.U32())))
	case d == protocol.ToClient && method == 30:
		s.end(c, login.Accepted)
		return false
	case d == protocol.ToClient && method == 50:
		s.end(c, login.Rejected)
		return false
	}
	return true
}

// respond takes mechanism and response. AMQPLAIN is a table: LOGIN and PASSWORD as long strings.
func (s *amqpStream) respond(c *protocol.Context, mechanism, response []byte) {
	s.say(c)
	s.attempt.Open(c, "amqp", 0)
	s.sasl.Begin(mechanism)
	if !octets.EqualFold(mechanism, "amqplain") {
		s.sasl.Response(c, &s.attempt, response)
		return
	}
	r := octets.NewReader(response)
	var user, password []byte
	for r.Len() > 0 {
		key, kind := r.Bytes(int(r.U8())), r.U8()
		value := r.Bytes(int(r.U32()))
		switch {
		case kind != 'S' || !r.OK():
			return
		case octets.EqualFold(key, "login"):
			user = value
		case octets.EqualFold(key, "password"):
			password = value
		}
	}
	s.attempt.User(user)
	if password != nil {
		s.attempt.Password(c, password)
	}
}

// performative reads the SASL frames of 1.0 (part 5.3.3): described types by small code, sasl-init 0x41,
// sasl-response 0x43, sasl-outcome 0x44.
func (s *amqpStream) performative(c *protocol.Context, d protocol.Direction, rec []byte) bool {
	if string(rec[:4]) == "AMQP" {
		if rec[4] == 2 {
			s.body.StartTLS = true
			s.say(c)
			return false
		}
		return rec[4] == 3
	}
	if s.header[4] == 2 { // the server agrees to TLS, or it does not
		return false
	}
	r := octets.NewReader(rec)
	r.Skip(4)
	r.Skip(max(int(r.U8())*4-5, 0))
	if r.U16() != 0x0053 {
		return true
	}
	switch code := r.U8(); {
	case code == 0x41 && d == protocol.ToServer && list(&r):
		s.say(c)
		s.attempt.Open(c, "amqp", 0)
		s.sasl.Begin(item(&r))
		s.sasl.Response(c, &s.attempt, item(&r))
	case code == 0x43 && d == protocol.ToServer && list(&r):
		s.sasl.Response(c, &s.attempt, item(&r))
	case code == 0x44 && d == protocol.ToClient && list(&r):
		outcome := login.Rejected
		r.Skip(1)
		if r.U8() == 0 {
			outcome = login.Accepted
		}
		s.end(c, outcome)
		return false
	case code == 0x10: // open
		return false
	}
	return true
}

// list steps into a list: list8 0xc0, list32 0xd0.
func list(r *octets.Reader) bool {
	switch r.U8() {
	case 0xc0:
		r.Skip(2)
	case 0xd0:
		r.Skip(8)
	default:
		return false
	}
	return r.OK()
}

// item takes a symbol or binary: sym8 0xa3, vbin8 0xa0, sym32 0xb3, vbin32 0xb0.
func item(r *octets.Reader) []byte {
	switch r.U8() {
	case 0xa3, 0xa0:
		return r.Bytes(int(r.U8()))
	case 0xb3, 0xb0:
		return r.Bytes(int(r.U32()))
	}
	return nil
}

func (s *amqpStream) say(c *protocol.Context) {
	if !s.said && s.first != 0 {
		s.said = true
		s.body.Protocol = "amqp"
		c.Emit(s.first, &s.body)
	}
}

func (s *amqpStream) end(c *protocol.Context, outcome string) {
	s.say(c)
	s.attempt.Close(c, outcome)
}

func (s *amqpStream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	return s.begun && s.frames[d].Gap(n)
}

func (s *amqpStream) Close(c *protocol.Context) { s.end(c, login.Unknown) }
