// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package messaging

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// The first bytes of the packets that are read (MQTT 3.1.1, 2.2; MQTT 5, 2.1).
const (
	mqttConnect = 0x10
	mqttConnack = 0x20
	mqttPing    = 0xc0
	mqttPong    = 0xd0
)

// maxConnect is how much of a packet is kept: a CONNECT carries tokens and a last will.
const maxConnect = 16 << 10

func mqtt() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "mqtt", Ports: []uint16{1883}, Recognise: recogniseMQTT,
		New: func() protocol.Stream {
			s := &mqttStream{body: observation.MQTT{Return: -1}}
			for d := range s.packets {
				s.packets[d] = octets.Records{Size: mqttSize, Max: maxConnect}
			}
			return s
		}}
}

// recogniseMQTT wants the head of a CONNECT: type, length, and the protocol's name with its level. Met
// midstream, a ping and its answer will do: four fixed bytes.
func recogniseMQTT(c *protocol.Context, out, in []byte) protocol.Guess {
	if c.Midstream && len(out) > 0 && out[0] == mqttPing {
		return min(prefix(out, "\xc0\x00"), prefix(in, "\xd0\x00"))
	}
	if len(in) > 0 && in[0] != mqttConnack && in[0] != 0xf0 { // or AUTH, before it
		return protocol.No
	}
	if len(out) == 0 {
		return protocol.Maybe
	}
	if out[0] != mqttConnect {
		return protocol.No
	}
	n, head := varint(out[1:])
	switch {
	case head < 0 || head > 0 && n < 12:
		return protocol.No
	case head == 0:
		return protocol.Maybe
	}
	name := out[1+head:]
	return max(prefix(name, "\x00\x04MQTT\x04"), prefix(name, "\x00\x04MQTT\x05"), prefix(name, "\x00\x06MQIsdp\x03"),
		prefix(name, "\x00\x04MQTT\x84"), prefix(name, "\x00\x06MQIsdp\x83")) // the bridges' mark
}

// varint reads a variable byte integer (MQTT 5, 1.5.5): its value and size; size 0 asks for more, -1 is a
// fault.
func varint(b []byte) (n, size int) {
	for i := range min(len(b), 4) {
		n |= int(b[i]&0x7f) << (7 * i)
		if b[i] < 0x80 {
			return n, i + 1
		}
	}
	if len(b) >= 4 {
		return 0, -1
	}
	return 0, 0
}

func mqttSize(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	n, head := varint(b[1:])
	switch {
	case head < 0 || b[0]>>4 == 0:
		return -1
	case head == 0:
		return 0
	}
	return 1 + head + n
}

// mqttStream reads the CONNECT and its CONNACK.
type mqttStream struct {
	packets [2]octets.Records
	body    observation.MQTT
	attempt login.Attempt
	first   uint32
	pinged  uint32 // frame of a ping of a session met midstream
	said    bool
}

func (s *mqttStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	for {
		rec, rest, ok := s.packets[d].Next(p, c.Frame)
		if !ok {
			return !s.packets[d].Lost
		}
		p = rest
		switch {
		case d == protocol.ToServer && rec[0] == mqttConnect && s.first == 0:
			s.first = s.packets[d].First
			s.connect(c, rec)
		case d == protocol.ToServer && rec[0] == mqttPing && s.first == 0:
			s.pinged = c.Frame
		case d == protocol.ToClient && rec[0] == mqttConnack && s.first != 0:
			s.connack(c, rec)
			return false
		case d == protocol.ToClient && rec[0] == mqttPong && s.pinged != 0:
			return false
		}
	}
}

// connect reads a CONNECT (MQTT 3.1.1, 3.1; MQTT 5, 3.1): name, level, flags, keep-alive, properties,
// client, will, user, password.
func (s *mqttStream) connect(c *protocol.Context, rec []byte) {
	_, head := varint(rec[1:])
	r := octets.NewReader(rec[1+head:])
	field(&r)
	level, flags := r.U8()&0x7f, r.U8()
	r.Skip(2)
	s.body.Version = mqttVersion(level)
	if level == 5 {
		properties(&r)
	}
	s.body.ClientID = octets.Text(field(&r), 256)
	if flags&4 != 0 {
		if level == 5 {
			properties(&r)
		}
		field(&r)
		field(&r)
	}
	s.body.HasUser, s.body.HasPass = flags&0x80 != 0, flags&0x40 != 0
	if s.body.HasUser || s.body.HasPass {
		s.login(c, &r)
	}
}

func (s *mqttStream) login(c *protocol.Context, r *octets.Reader) {
	s.attempt.Open(c, "mqtt", s.first)
	if s.body.HasUser {
		s.attempt.User(field(r))
	}
	if password := field(r); s.body.HasPass && r.OK() {
		s.attempt.Password(c, password)
	}
}

// field takes a length-prefixed string or binary.
func field(r *octets.Reader) []byte { return r.Bytes(int(r.U16())) }

func properties(r *octets.Reader) {
	n, head := varint(r.Rest())
	r.Skip(max(head, 1))
	r.Skip(n)
}

func mqttVersion(level byte) string {
	switch level {
	case 3:
		return "3.1"
	case 4:
		return "3.1.1"
	case 5:
		return "5"
	}
	return ""
}

// connack reads the answer. A refusal for another reason than the credential says nothing about it.
func (s *mqttStream) connack(c *protocol.Context, rec []byte) {
	_, head := varint(rec[1:])
	r := octets.NewReader(rec[1+head:])
	r.Skip(1)
	code := r.U8()
	if !r.OK() {
		return
	}
	s.body.Return = int(code)
	switch code {
	case 0:
		s.end(c, login.Accepted)
	case 4, 5, 0x86, 0x87, 0x8c: // bad user name or password, not authorised, bad authentication method
		s.end(c, login.Rejected)
	}
}

// end tells of the CONNECT, and then of the login.
func (s *mqttStream) end(c *protocol.Context, outcome string) {
	switch {
	case s.said:
	case s.first != 0:
		c.Emit(s.first, &s.body)
	case s.pinged != 0:
		c.Emit(s.pinged, &observation.Session{Protocol: "mqtt"})
	}
	s.said = true
	s.attempt.Close(c, outcome)
}

func (s *mqttStream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	return s.packets[d].Gap(n)
}

func (s *mqttStream) Close(c *protocol.Context) { s.end(c, login.Unknown) }
