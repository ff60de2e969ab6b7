// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"bytes"
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// OPC UA over TCP (IEC 62541-6, 7.1): three letters, a chunk letter, the size in four bytes, little-endian.
const (
	uaHead = 8
	uaKept = 2 << 10
	uaMax  = 64 << 20
)

func opcua() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "opcua", Ports: []uint16{4840},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess { return isUA(either(out, in)) },
		New: func() protocol.Stream {
			t := &teller{}
			return newStream(uaSize, uaKept, func(c *protocol.Context, d protocol.Direction, rec []byte,
				first uint32) {
				openChannel(t, c, rec, first)
			})
		}}
}

var uaKinds = []string{"HELF", "ACKF", "ERRF", "OPNF", "MSGF", "MSGC", "MSGA", "CLOF", "RHEF"}

func isUA(b []byte) protocol.Guess {
	for _, k := range uaKinds {
		if len(b) < len(k) && k[:len(b)] == string(b) {
			return protocol.Maybe
		}
		if bytes.HasPrefix(b, []byte(k)) {
			if len(b) < uaHead {
				return protocol.Maybe
			}
			return sure(uaSize(b) > 0)
		}
	}
	return protocol.No
}

func uaSize(b []byte) int {
	if len(b) < uaHead {
		return 0
	}
	n := binary.LittleEndian.Uint32(b[4:])
	if n < uaHead || n > uaMax || b[0] < 'A' || b[0] > 'Z' {
		return -1
	}
	return int(n)
}

// noSecurity ends the name of the policy under which nothing is signed or encrypted (IEC 62541-7).
const noSecurity = "#None"

// openChannel reads the security policy behind the channel's number (IEC 62541-6, 6.7.2).
func openChannel(t *teller, c *protocol.Context, rec []byte, first uint32) {
	if !bytes.HasPrefix(rec, []byte("OPN")) || len(rec) < 16 {
		return
	}
	r := octets.NewReader(rec[12:])
	policy := r.Bytes(int(int32(r.LU32())))
	none := bytes.HasSuffix(policy, []byte(noSecurity))
	key := uint32(1)
	if none {
		key = 2
	}
	if len(policy) == 0 || !t.fresh(key) {
		return
	}
	t.body = observation.OT{Protocol: "opcua", Function: "open-secure-channel", SecurityNone: none,
		Unauthenticated: none}
	c.Emit(first, &t.body)
}
