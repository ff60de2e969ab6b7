// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// mostSenders bounds the senders of link messages that are told apart.
const mostSenders = 4096

// senders remembers who has spoken.
type senders map[observation.MAC]bool

func (s senders) fresh(mac observation.MAC) bool {
	if s[mac] || len(s) >= mostSenders {
		return false
	}
	s[mac] = true
	return true
}

// goose reads IEC 61850-8-1 events: application, length, two reserved words, then a message whose tag is 0x61.
func goose() protocol.LinkProtocol {
	seen, body := senders{}, &observation.OT{}
	return protocol.LinkProtocol{Name: "goose", EtherType: 0x88b8,
		Read: func(c *protocol.Context, src, _ observation.MAC, p []byte) {
			if len(p) < 10 || p[8] != 0x61 || !seen.fresh(src) {
				return
			}
			// A signature (IEC 62351-6) stands behind the message and shows in the first reserved word.
			signed := binary.BigEndian.Uint16(p[4:])&0x0fff != 0
			*body = observation.OT{Protocol: "goose", Function: "event", Unauthenticated: !signed}
			c.Emit(0, body)
		}}
}

// profinetDCP reads discovery (IEC 61158-6-10): a frame number 0xfefc to 0xfeff, service, kind, transaction, delay,
// length, then blocks of option, suboption, length and value.
func profinetDCP() protocol.LinkProtocol {
	seen, body := senders{}, &observation.OT{}
	return protocol.LinkProtocol{Name: "profinet", EtherType: 0x8892,
		Read: func(c *protocol.Context, src, _ observation.MAC, p []byte) {
			if len(p) < 12 || p[0] != 0xfe || p[1] < 0xfc {
				return
			}
			*body = observation.OT{Protocol: "profinet", Function: "dcp-" + numbered(dcpServices, p[2]),
				Unauthenticated: true,
				Write:           p[2] == 4 && p[3] == 0}
			dcpBlocks(body, p[12:])
			if body.Product != "" || body.Vendor != "" || body.Write || seen.fresh(src) {
				c.Emit(0, body)
			}
		}}
}

var dcpServices = map[byte]string{3: "get", 4: "set", 5: "identify", 6: "hello"}

// dcpBlocks takes the device's vendor text (option 2, suboption 1) out of a response.
func dcpBlocks(to *observation.OT, b []byte) {
	r := octets.NewReader(b)
	for r.Len() >= 4 {
		option, sub := r.U8(), r.U8()
		n := int(r.U16())
		v := r.Bytes(n)
		r.Skip(n & 1)
		if option == 2 && sub == 1 && len(v) > 2 {
			to.Product = octets.Text(v[2:], 64)
		}
	}
}

// profinetCM reads connections: DCE/RPC version 4 whose interface is PROFINET IO (dea00001 to dea00004 …).
func profinetCM() protocol.DatagramProtocol {
	return protocol.DatagramProtocol{Name: "profinet", Ports: []uint16{34964},
		New: func() protocol.DatagramReader {
			return &datagram{is: isProfinet, read: func(t *teller, c *protocol.Context, d protocol.Direction,
				b []byte, first uint32) {
				op := binary.BigEndian.Uint16(b[68:])
				if b[4]&0x10 != 0 {
					op = binary.LittleEndian.Uint16(b[68:])
				}
				name := map[uint16]string{0: "connect", 1: "release", 2: "read", 3: "write", 4: "control",
					5: "read-implicit"}[op]
				if d == protocol.ToServer && name != "" {
					t.say(c, first, "profinet", uint32(op), name, op == 3)
				}
			}}
		}}
}

// isProfinet looks at the interface's number, in the byte order that the header names.
func isProfinet(b []byte) bool {
	if len(b) < 80 || b[0] != 4 || b[1] > 10 {
		return false
	}
	id := binary.BigEndian.Uint32(b[24:])
	if b[4]&0x10 != 0 {
		id = binary.LittleEndian.Uint32(b[24:])
	}
	return id >= 0xdea00001 && id <= 0xdea00004
}
