// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package local

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	stunHead     = 20
	stunCookie   = 0x2112a442
	stunSoftware = 0x8022
)

// readSTUN reads a message of RFC 8489: two zero bits, method, length, cookie, transaction. The older
// form (RFC 3489) has no cookie and counts on its port only.
func readSTUN(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if len(p) < stunHead || p[0]&0xc0 != 0 {
		return false
	}
	n := int(binary.BigEndian.Uint16(p[2:]))
	if n != len(p)-stunHead || n%4 != 0 || !isSTUN(c, p) {
		return false
	}
	for r := octets.NewReader(p[stunHead:]); r.Len() >= 4; {
		kind, n := r.U16(), int(r.U16())
		v := r.Bytes(n)
		if r.Skip(-n & 3); !r.OK() {
			break
		}
		if kind == stunSoftware {
			speak(c, d, &observation.Identity{Protocol: "stun", Text: octets.Text(v, maxField), OfClient: true})
			break
		}
	}
	return true
}

func isSTUN(c *protocol.Context, p []byte) bool {
	if binary.BigEndian.Uint32(p[4:]) == stunCookie {
		return true
	}
	kind := binary.BigEndian.Uint16(p)
	old := kind&^0x0110 == 1 || kind&^0x0110 == 2 // binding, shared secret
	return old && (c.Server.Port() == 3478 || c.Client.Port() == 3478)
}
