// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
)

func vnc() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "vnc", Ports: []uint16{5900, 5901, 5902},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			if len(in) > 0 {
				return isRFB(in)
			}
			return isRFB(out)
		},
		New: func() protocol.Stream { return &vncStream{} }}
}

const rfbVersion = 12 // "RFB 003.008\n" (RFC 6143, 7.1.1)

func isRFB(b []byte) protocol.Guess {
	for i := range min(len(b), rfbVersion) {
		want, c := "RFB 000.000\n"[i], b[i]
		if want == '0' && !isDigit(c) || want != '0' && c != want {
			return protocol.No
		}
	}
	if len(b) >= rfbVersion {
		return protocol.Yes
	}
	return protocol.Maybe
}

// vncStream reads the handshake: versions, security type, and whether the password was taken.
type vncStream struct {
	said   [2][]byte // the handshake's bytes so far, at most maxHandshake
	first  uint32
	body   observation.Session
	login  login.Attempt
	closed bool
}

const maxHandshake = 512

func (s *vncStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	s.said[d] = append(s.said[d], p[:min(len(p), maxHandshake-len(s.said[d]))]...)
	if s.read(c) {
		s.end(c)
		return false
	}
	return len(s.said[d]) < maxHandshake
}

// read goes through the handshake (RFC 6143, 7.1) from the start and returns true at its end.
func (s *vncStream) read(c *protocol.Context) bool {
	out, in := s.said[protocol.ToServer], s.said[protocol.ToClient]
	if len(out) < rfbVersion || len(in) < rfbVersion {
		return false
	}
	if isRFB(out) != protocol.Yes || isRFB(in) != protocol.Yes {
		return true
	}
	s.body.Version = string(in[:rfbVersion-1])
	minor := string(min(string(out[8:11]), string(in[8:11])))
	out, in = out[rfbVersion:], in[rfbVersion:]
	var kind int
	if minor < "007" {
		if len(in) < 4 {
			return false
		}
		kind, in = int(min(binary.BigEndian.Uint32(in), 255)), in[4:]
	} else {
		if len(in) < 1 || len(in) < 1+int(in[0]) || len(out) < 1 {
			return len(in) > 0 && in[0] == 0
		}
		kind, in, out = int(out[0]), in[1+int(in[0]):], out[1:]
	}
	s.body.Detail = rfbSecurity(kind)
	return kind != 2 || s.challenge(c, minor, out, in)
}

// challenge follows VNC authentication: 16 bytes each way, then the result.
func (s *vncStream) challenge(c *protocol.Context, minor string, out, in []byte) bool {
	if len(in) < 16 || len(out) < 16 {
		return false
	}
	if !s.login.IsOpen() {
		s.login.Open(c, "vnc", s.first)
		s.login.Hidden("digest-response")
	}
	if len(in) < 20 {
		return false
	}
	outcome := login.Rejected
	if binary.BigEndian.Uint32(in[16:]) == 0 {
		outcome = login.Accepted
	}
	s.say(c)
	s.login.Close(c, outcome)
	return true
}

func rfbSecurity(kind int) string {
	switch kind {
	case 0:
		return "refused"
	case 1:
		return "none"
	case 2:
		return "vnc-auth"
	case 18, 19:
		return "tls"
	}
	return "other"
}

func (s *vncStream) say(c *protocol.Context) {
	if s.body.Protocol == "" && s.first != 0 {
		s.body.Protocol = "vnc"
		c.Emit(s.first, &s.body)
	}
}

func (s *vncStream) end(c *protocol.Context) {
	if !s.closed {
		s.closed = true
		s.say(c)
		s.login.Close(c, login.Unknown)
	}
}

func (s *vncStream) Gap(*protocol.Context, protocol.Direction, int) bool { return false }

func (s *vncStream) Close(c *protocol.Context) { s.end(c) }
