// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func rdp() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "rdp", Ports: []uint16{3389}, Recognise: recogniseRDP,
		New: func() protocol.Stream {
			s := &rdpStream{}
			for d := range s.packets {
				s.packets[d] = octets.Records{Max: 256, Size: tpktSize}
			}
			return s
		}}
}

// tpktSize measures a TPKT (RFC 1006, 6): 03 00 and a length.
func tpktSize(b []byte) int {
	if len(b) < 4 {
		if len(b) > 0 && b[0] != 3 {
			return -1
		}
		return 0
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if b[0] != 3 || b[1] != 0 || n < 7 {
		return -1
	}
	return n
}

// recogniseRDP wants an X.224 connection request that carries what only RDP puts there: a cookie or a
// security negotiation (MS-RDPBCGR, 2.2.1.1). S7comm and MMS open with a bare X.224 too.
func recogniseRDP(c *protocol.Context, out, in []byte) protocol.Guess {
	if len(in) > 0 && in[0] != 3 || len(out) > 0 && out[0] != 3 {
		return protocol.No
	}
	n := tpktSize(out)
	if n < 0 || len(out) > 5 && (out[5] != 0xe0 || int(out[4]) != n-5) {
		return protocol.No
	}
	if n == 0 || len(out) < n {
		return protocol.Maybe
	}
	if n < 11 {
		return protocol.No
	}
	body := out[11:n]
	if bytes.HasPrefix(body, []byte("Cookie: ")) || isRDPNegotiation(body, 1) || len(body) == 0 &&
		onPort(c, []uint16{3389}) {
		return protocol.Yes
	}
	return protocol.No
}

func isRDPNegotiation(b []byte, kind byte) bool {
	return len(b) == 8 && b[0] == kind && b[2] == 8 && b[3] == 0
}

// rdpStream reads the server's choice of security and stops: what follows is TLS or RDP's own cipher.
type rdpStream struct {
	packets [2]octets.Records
	body    observation.Session
	first   uint32
}

func (s *rdpStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	rec, rest, ok := s.packets[d].Next(p, c.Frame)
	if !ok {
		return !s.packets[d].Lost
	}
	if d == protocol.ToServer {
		return true
	}
	s.body.Detail = "standard-security"
	if len(rec) >= 19 && isRDPNegotiation(rec[11:19], 2) {
		switch binary.LittleEndian.Uint32(rec[15:]) {
		case 0:
		case 1:
			s.body.StartTLS, s.body.Detail = true, "tls"
		case 2, 8:
			s.body.StartTLS, s.body.Detail = true, "credssp"
		}
	}
	if s.body.StartTLS {
		c.Restart(len(rest))
	}
	return false
}

func (s *rdpStream) Gap(*protocol.Context, protocol.Direction, int) bool { return false }

func (s *rdpStream) Close(c *protocol.Context) {
	if s.body.Protocol == "" && s.first != 0 {
		s.body.Protocol = "rdp"
		c.Emit(s.first, &s.body)
	}
}
