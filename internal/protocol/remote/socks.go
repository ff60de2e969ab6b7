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

func socks() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "socks", Ports: []uint16{1080}, Recognise: recogniseSocks,
		New: func() protocol.Stream { return &socksStream{body: observation.Session{Protocol: "socks"}} }}
}

// recogniseSocks wants both ends: a few bytes of one alone could be anything.
func recogniseSocks(_ *protocol.Context, out, in []byte) protocol.Guess {
	if len(out) == 0 {
		if len(in) > 0 {
			return protocol.No
		}
		return protocol.Maybe
	}
	switch out[0] {
	case 4:
		return isSocks4(out, in)
	case 5:
		return isSocks5(out, in)
	}
	return protocol.No
}

// isSocks5 wants a choice of methods, and one of them taken (RFC 1928, 3).
func isSocks5(out, in []byte) protocol.Guess {
	if len(out) > 1 && (out[1] == 0 || out[1] > 10) || len(in) > 0 && in[0] != 5 {
		return protocol.No
	}
	if len(out) < 2 || len(out) < 2+int(out[1]) || len(in) < 2 {
		return protocol.Maybe
	}
	methods := out[2 : 2+int(out[1])]
	for _, m := range methods {
		if m > 9 && m < 0x80 {
			return protocol.No
		}
	}
	if in[1] == 0xff || bytes.IndexByte(methods, in[1]) >= 0 {
		return protocol.Yes
	}
	return protocol.No
}

// isSocks4 wants a request with its NUL, and a reply: NUL, 90 to 93.
func isSocks4(out, in []byte) protocol.Guess {
	if len(out) > 1 && out[1] != 1 && out[1] != 2 || len(in) > 0 && in[0] != 0 || len(in) > 1 && (in[1] < 90 ||
		in[1] > 93) {
		return protocol.No
	}
	if len(out) > 8 {
		name, _, whole := bytes.Cut(out[8:], []byte{0})
		if len(name) > 255 || !octets.Printable(name) {
			return protocol.No
		}
		if whole && len(in) >= 8 {
			return protocol.Yes
		}
	}
	return protocol.Maybe
}

// maxSocks holds a method choice, the longest name, password and address, and what a client may send ahead.
const maxSocks = 1200

// socksStream reads up to the proxy's answer. What follows is another protocol.
type socksStream struct {
	said    [2][]byte // the handshake so far
	body    observation.Session
	first   uint32
	told    bool
	attempt login.Attempt
}

func (s *socksStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	had := len(s.said[d])
	s.said[d] = append(s.said[d], p[:min(len(p), maxSocks-had)]...)
	r := [2]octets.Reader{octets.NewReader(s.said[0]), octets.NewReader(s.said[1])}
	granted := false
	if len(s.said[0]) > 0 && s.said[0][0] == 4 {
		granted = s.version4(&r)
	} else {
		granted = s.version5(c, &r)
	}
	whole := r[0].OK() && r[1].OK()
	if whole {
		s.tell(c)
		if granted {
			c.Restart(had + len(p) - (len(s.said[d]) - r[d].Len()))
		}
	}
	return !whole && len(s.said[d]) < maxSocks
}

// version4 reads command, port, address, name, and a domain where the address is 0.0.0.x.
func (s *socksStream) version4(r *[2]octets.Reader) (granted bool) {
	s.body.Version, s.body.Detail = "4", "no-auth"
	out, in := &r[0], &r[1]
	out.Skip(4)
	address := out.Bytes(4)
	out.CString()
	if out.OK() && address[0]|address[1]|address[2] == 0 && address[3] != 0 {
		out.CString()
	}
	in.Skip(1)
	granted = in.U8() == 90
	in.Skip(6)
	return granted
}

// version5 reads the method, a name and password where that is the method (RFC 1929), request and reply.
func (s *socksStream) version5(c *protocol.Context, r *[2]octets.Reader) (granted bool) {
	s.body.Version = "5"
	out, in := &r[0], &r[1]
	out.Skip(1)
	out.Skip(int(out.U8()))
	in.Skip(1)
	method := in.U8()
	switch {
	case !in.OK() || !out.OK():
		return false
	case method == 0:
		s.body.Detail = "no-auth"
	case method == 2:
		if s.body.Detail = "user-pass"; !s.password(c, out, in) {
			return false
		}
	default: // refused, or a method whose exchange is not read
		return false
	}
	out.Skip(3)
	socksAddress(out)
	in.Skip(1)
	granted = in.U8() == 0
	in.Skip(1)
	socksAddress(in)
	return granted
}

// password reads name and password, and the answer. It returns false where the exchange ends there.
func (s *socksStream) password(c *protocol.Context, out, in *octets.Reader) bool {
	out.Skip(1)
	name := out.Bytes(int(out.U8()))
	value := out.Bytes(int(out.U8()))
	if !out.OK() {
		return false
	}
	if !s.told && !s.attempt.IsOpen() {
		s.tell(c)
		s.attempt.Open(c, "socks", c.Frame)
		s.attempt.User(name)
		s.attempt.Password(c, value)
	}
	in.Skip(1)
	status := in.U8()
	if !in.OK() {
		return false
	}
	outcome := login.Rejected
	if status == 0 {
		outcome = login.Accepted
	}
	s.attempt.Close(c, outcome)
	return status == 0
}

// socksAddress passes over an address (1: IPv4, 3: name, 4: IPv6) and its port.
func socksAddress(r *octets.Reader) {
	switch r.U8() {
	case 1:
		r.Skip(4 + 2)
	case 3:
		r.Skip(int(r.U8()) + 2)
	case 4:
		r.Skip(16 + 2)
	default:
		r.Skip(maxSocks + 1) // no address: bad for good
	}
}

func (s *socksStream) tell(c *protocol.Context) {
	if !s.told && s.first != 0 {
		s.told = true
		c.Emit(s.first, &s.body)
	}
}

func (s *socksStream) Gap(*protocol.Context, protocol.Direction, int) bool { return false }

func (s *socksStream) Close(c *protocol.Context) {
	s.tell(c)
	s.attempt.Close(c, login.Unknown)
	clear(s.said[0]) // it may hold a password
}
