// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func ldap() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "ldap", Ports: []uint16{389, 3268}, Recognise: recogniseLDAP,
		New: func() protocol.Stream {
			s := &ldapStream{talk: talk{session: observation.Session{Protocol: "ldap"}}}
			for d := range s.messages {
				s.messages[d] = octets.Records{Size: ldapSize, Max: 4096}
			}
			return s
		}}
}

// The operations (RFC 4511, 4.2 to 4.12), by their tags.
const (
	ldapBind             = 0x60
	ldapBindResponse     = 0x61
	ldapExtended         = 0x77
	ldapExtendedResponse = 0x78
	startTLS             = "1.3.6.1.4.1.1466.20037"
)

func ldapSize(b []byte) int {
	if len(b) > 0 && b[0] != 0x30 {
		return -1
	}
	return octets.BERSize(b)
}

// recogniseLDAP wants a sequence of a message number and an operation that clients ask for. SNMP begins
// alike, and has a string there.
func recogniseLDAP(_ *protocol.Context, out, in []byte) protocol.Guess {
	if len(in) > 0 && in[0] != 0x30 || len(out) == 0 && len(in) > 0 {
		return protocol.No
	}
	n := ldapSize(out)
	if n < 0 {
		return protocol.No
	}
	head := 2
	if len(out) > 1 && out[1] > 0x80 {
		head += int(out[1] & 0x7f)
	}
	if len(out) < head+2 {
		return protocol.Maybe
	}
	id := int(out[head+1])
	if out[head] != 2 || id < 1 || id > 4 || n < head+id+4 {
		return protocol.No
	}
	if len(out) < head+2+id+1 {
		return protocol.Maybe
	}
	switch tag := out[head+2+id]; tag {
	case ldapBind, 0x63, 0x66, 0x68, 0x4a, 0x6c, 0x6e, 0x50, ldapExtended:
		return protocol.Yes
	case 0x42: // unbind: no content
		return protocol.Yes
	}
	return protocol.No
}

// ldapStream reads binds and their answers. One connection may bind again and again, as different people.
type ldapStream struct {
	talk
	messages [2]octets.Records
	id       int64 // of the message whose answer decides
	tls      bool
}

func (s *ldapStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	s.begin(c)
	for {
		rec, rest, ok := s.messages[d].Next(p, c.Frame)
		if !ok {
			return !s.messages[d].Lost
		}
		p = rest
		message, _, _ := octets.BER(rec)
		id, body, whole := octets.BER(message.Value)
		op, _, cut := octets.BER(body)
		switch {
		case !whole || !cut || id.Tag != 2:
		case d == protocol.ToServer:
			s.ask(c, id.Int(), op)
		case id.Int() == s.id:
			if !s.answer(c, op, len(rest)) {
				return false
			}
		}
		if s.bored() {
			return false
		}
	}
}

func (s *ldapStream) ask(c *protocol.Context, id int64, op octets.TLV) {
	switch op.Tag {
	case ldapBind:
		s.bind(c, id, op.Value)
	case ldapExtended:
		if name, _, ok := octets.BER(op.Value); ok && string(name.Value) == startTLS {
			s.id, s.tls = id, true
		}
	}
}

// bind reads version, name and the choice of authentication: simple [0], or SASL [3] of mechanism and
// credentials. A simple bind without a password is anonymous, whatever the name (RFC 4513, 5.1.2).
func (s *ldapStream) bind(c *protocol.Context, id int64, b []byte) {
	_, b, _ = octets.BER(b)
	name, b, _ := octets.BER(b)
	auth, _, ok := octets.BER(b)
	switch {
	case !ok:
	case auth.Tag == 0x80 && len(auth.Value) == 0:
		s.session.Detail = "anonymous"
	case auth.Tag == 0x80:
		s.id = id
		s.open(c, "ldap-simple", s.messages[protocol.ToServer].First)
		s.attempt.User(name.Value)
		s.attempt.Password(c, auth.Value)
	case auth.Tag == 0xa3:
		s.id = id
		mechanism, b, _ := octets.BER(auth.Value)
		credentials, _, _ := octets.BER(b)
		if !s.attempt.IsOpen() {
			s.open(c, "ldap-sasl", s.messages[protocol.ToServer].First)
			s.sasl.Begin(mechanism.Value)
		}
		s.sasl.Response(c, &s.attempt, credentials.Value)
	}
}

// answer reads the result: 0 is success, 14 asks for more.
func (s *ldapStream) answer(c *protocol.Context, op octets.TLV, rest int) bool {
	result, _, ok := octets.BER(op.Value)
	if !ok {
		return true
	}
	code := result.Int()
	switch {
	case op.Tag == ldapBindResponse && code != 14:
		s.attempt.Close(c, verdict(code == 0))
	case op.Tag == ldapExtendedResponse && s.tls && code == 0:
		return s.upgrade(c, rest)
	}
	return true
}

func (s *ldapStream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	return s.messages[d].Gap(n)
}
