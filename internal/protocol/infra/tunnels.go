// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package infra

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

// isWireGuard knows the handshake by its exact lengths (WireGuard paper, 5.4); data only after one, or
// on the usual port.
func isWireGuard(c *protocol.Context, _ protocol.Direction, p []byte, known bool) (observation.Session, bool) {
	b := observation.Session{Protocol: "wireguard"}
	if len(p) < 32 || p[1]|p[2]|p[3] != 0 {
		return b, false
	}
	switch p[0] {
	case 1:
		return b, len(p) == 148
	case 2:
		return b, len(p) == 92
	case 3:
		return b, len(p) == 64 && (known || c.Server.Port() == 51820)
	case 4:
		return b, len(p)%16 == 0 && (known || c.Server.Port() == 51820)
	}
	return b, false
}

// Operations of OpenVPN's first byte, above three bits of key number.
const (
	vpnClientReset  = 7 << 3
	vpnServerReset  = 8 << 3
	vpnClientReset3 = 10 << 3
	vpnPort         = 1194
)

// isOpenVPN knows the first packet from its forms: plain; authenticated, a keyed digest and a counter at
// one before the rest; encrypted, the counter first (on the usual port alone: the rest is noise).
func isOpenVPN(c *protocol.Context, d protocol.Direction, p []byte, known bool) (observation.Session, bool) {
	b := observation.Session{Protocol: "openvpn"}
	if len(p) < 2 {
		return b, false
	}
	if known {
		op := p[0] >> 3
		return b, op >= 1 && op <= 11
	}
	if p[0] != vpnClientReset && p[0] != vpnClientReset3 || d != protocol.ToServer || len(p) < 14 {
		return b, false
	}
	if len(p) == 14 {
		return b, vpnOpening(p[9:])
	}
	for _, digest := range []int{16, 20, 32, 64} { // MD5, SHA-1, SHA-256, SHA-512
		if len(p) == 22+digest && p[9+digest+3] == 1 && vpnOpening(p[9+digest+8:]) {
			return b, true
		}
	}
	return b, len(p) >= 54 && c.Server.Port() == vpnPort && binary.BigEndian.Uint32(p[9:]) == 1
}

// vpnOpening is an empty list of acknowledgements and packet number zero.
func vpnOpening(p []byte) bool {
	return len(p) == 5 && p[0] == 0 && binary.BigEndian.Uint32(p[1:]) == 0
}

// openVPNTCP has a length of two bytes before each packet.
func openVPNTCP() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "openvpn", Ports: []uint16{vpnPort},
		Recognise: func(c *protocol.Context, out, _ []byte) protocol.Guess {
			if len(out) > 0 && out[0] != 0 || len(out) > 2 && out[2] != vpnClientReset && out[2] != vpnClientReset3 {
				return protocol.No
			}
			if len(out) < 2 {
				return protocol.Maybe
			}
			n := int(out[1])
			if n < 14 {
				return protocol.No
			}
			if len(out) < 2+n {
				return protocol.Maybe
			}
			if _, ok := isOpenVPN(c, protocol.ToServer, out[2:2+n], false); ok {
				return protocol.Yes
			}
			return protocol.No
		},
		New: func() protocol.Stream { return &told{body: observation.Session{Protocol: "openvpn"}} }}
}

// isL2TP wants a control message with length and sequence numbers (RFC 2661, 3.1); then takes data too.
func isL2TP(_ *protocol.Context, _ protocol.Direction, p []byte, known bool) (observation.Session, bool) {
	b := observation.Session{Protocol: "l2tp"}
	if len(p) < 6 || p[1]&0xf != 2 && p[1]&0xf != 3 {
		return b, false
	}
	if known {
		return b, true
	}
	return b, len(p) >= 12 && p[0] == 0xc8 && int(binary.BigEndian.Uint16(p[2:])) == len(p)
}

// isRADIUS walks the attributes: they must fill the length that the header says (RFC 2865, 3).
func isRADIUS(c *protocol.Context, _ protocol.Direction, p []byte, _ bool) (observation.Session, bool) {
	b := observation.Session{Protocol: "radius"}
	if len(p) < 20 {
		return b, false
	}
	n := int(binary.BigEndian.Uint16(p[2:]))
	if b.Detail = radiusCode(p[0]); b.Detail == "" || n < 20 || n > len(p) || n < len(p) && !radiusPort(c) {
		return b, false
	}
	attributes := p[20:n]
	if len(attributes) == 0 {
		return b, radiusPort(c)
	}
	for len(attributes) > 0 {
		if len(attributes) < 2 || attributes[1] < 3 || int(attributes[1]) > len(attributes) || attributes[0] == 0 {
			return b, false
		}
		attributes = attributes[attributes[1]:]
	}
	return b, true
}

func radiusPort(c *protocol.Context) bool {
	switch c.Server.Port() {
	case 1812, 1813, 1645, 1646, 3799:
		return true
	}
	return false
}

func radiusCode(code byte) string {
	switch code {
	case 1:
		return "access-request"
	case 2:
		return "access-accept"
	case 3:
		return "access-reject"
	case 4:
		return "accounting-request"
	case 5:
		return "accounting-response"
	case 11:
		return "access-challenge"
	case 40, 43:
		return "dynamic-authorization"
	}
	return ""
}
