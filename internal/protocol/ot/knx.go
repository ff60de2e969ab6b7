// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// KNXnet/IP (ISO 22510, 5.2): 06 10, a service and the total length, each of two bytes.
const knxHead = 6

func knx() protocol.DatagramProtocol {
	return protocol.DatagramProtocol{Name: "knx", Ports: []uint16{3671},
		New: func() protocol.DatagramReader {
			return &datagram{read: knxRead, is: func(b []byte) bool {
				return len(b) >= knxHead && knxSize(b) == len(b)
			}}
		}}
}

func knxTCP() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "knx", Ports: []uint16{3671},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			b := either(out, in)
			if len(b) > 0 && b[0] != 0x06 || len(b) > 1 && b[1] != 0x10 {
				return protocol.No
			}
			if len(b) < knxHead {
				return protocol.Maybe
			}
			return sure(knxSize(b) > 0)
		},
		New: func() protocol.Stream {
			t := &teller{}
			return newStream(knxSize, 512, func(c *protocol.Context, d protocol.Direction, rec []byte, first uint32) {
				knxRead(t, c, d, rec, first)
			})
		}}
}

func knxSize(b []byte) int {
	if len(b) < knxHead {
		return 0
	}
	n := int(binary.BigEndian.Uint16(b[4:]))
	if b[0] != 0x06 || b[1] != 0x10 || knxFamily(b[2]) == "" || n < knxHead || n > 2048 {
		return -1
	}
	return n
}

func knxFamily(b byte) string {
	return map[byte]string{2: "core", 3: "management", 4: "tunnelling", 5: "routing", 6: "remote-logging",
		7: "remote-configuration", 9: "secure"}[b]
}

func knxRead(t *teller, c *protocol.Context, _ protocol.Direction, b []byte, first uint32) {
	service := binary.BigEndian.Uint16(b[2:])
	if name, ok := knxName(service, b[knxHead:]); ok && t.fresh(1<<16) {
		t.body = observation.OT{Protocol: "knx", Function: "description", Product: name}
		c.Emit(first, &t.body)
		return
	}
	if !t.fresh(uint32(service)) {
		return
	}
	t.body = observation.OT{Protocol: "knx", Function: knxFamily(b[2]) + "-" + numbered(nil, b[3]),
		Unauthenticated: b[2] >= 3 && b[2] <= 7}
	c.Emit(first, &t.body)
}

// knxName reads the friendly name of a search or description response (ISO 22510, 7.5.4.2).
func knxName(service uint16, b []byte) (string, bool) {
	if service == 0x0202 || service == 0x020c { // a search response: the endpoint comes first
		b = b[min(len(b), 8):]
	} else if service != 0x0204 {
		return "", false
	}
	if len(b) < 54 || b[0] != 54 || b[1] != 1 {
		return "", false
	}
	name := octets.Text(b[24:54], 30)
	return name, name != ""
}
