// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// datagram makes a reader of datagrams out of a check and a record reader.
type datagram struct {
	teller
	is   func(b []byte) bool
	read func(t *teller, c *protocol.Context, d protocol.Direction, rec []byte, first uint32)
}

func (r *datagram) Read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if !r.is(p) {
		return false
	}
	r.read(&r.teller, c, d, p, c.Frame)
	return true
}

func (r *datagram) Close(*protocol.Context) {}

// HART-IP (IEC 62591 annex): version 1, kind, number, status, sequence, and the length in two bytes.
const hartHead = 8

func hartTCP() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "hart-ip", Ports: []uint16{5094},
		Recognise: func(c *protocol.Context, out, in []byte) protocol.Guess {
			b := either(out, in)
			if c.Server.Port() != 5094 || len(b) > 0 && b[0] != 1 {
				return protocol.No
			}
			if len(b) < hartHead {
				return protocol.Maybe
			}
			return sure(hartSize(b) > 0)
		},
		New: func() protocol.Stream {
			t := &teller{}
			return newStream(hartSize, 256, func(c *protocol.Context, d protocol.Direction, rec []byte,
				first uint32) {
				hartRead(t, c, d, rec, first)
			})
		}}
}

func hartUDP() protocol.DatagramProtocol {
	return protocol.DatagramProtocol{Name: "hart-ip", Ports: []uint16{5094}, PortOnly: true,
		New: func() protocol.DatagramReader {
			return &datagram{read: hartRead, is: func(b []byte) bool {
				return len(b) >= hartHead && hartSize(b) == len(b)
			}}
		}}
}

func hartSize(b []byte) int {
	if len(b) < hartHead {
		return 0
	}
	n := int(binary.BigEndian.Uint16(b[6:]))
	if b[0] != 1 || b[1]&0x0f > 2 && b[1]&0x0f != 15 || b[2] > 4 || n < hartHead || n > 2048 {
		return -1
	}
	return n
}

func hartRead(t *teller, c *protocol.Context, d protocol.Direction, rec []byte, first uint32) {
	name := map[byte]string{0: "session-initiate", 1: "session-close", 2: "keep-alive", 3: "token-passing-pdu",
		4: "direct-pdu"}[rec[2]]
	if d == protocol.ToServer {
		t.say(c, first, "hart-ip", uint32(rec[2]), name, false)
	}
}

// FINS (Omron W421): ICF, a zero, a gateway count, addresses, then the command in two bytes; over TCP behind
// the word FINS and a header of 16 bytes.
const (
	finsHead = 12
	finsWord = "FINS"
)

func finsUDP() protocol.DatagramProtocol {
	return protocol.DatagramProtocol{Name: "fins", Ports: []uint16{9600}, PortOnly: true,
		New: func() protocol.DatagramReader { return &datagram{read: finsRead, is: isFINS} }}
}

func isFINS(b []byte) bool {
	return len(b) >= finsHead && b[0]&0x3e == 0 && b[1] == 0 && b[2] <= 7 && b[10] >= 1 && b[10] <= 0x26
}

func finsTCP() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "fins", Ports: []uint16{9600},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			b := either(out, in)
			if n := min(len(b), len(finsWord)); string(b[:n]) != finsWord[:n] {
				return protocol.No
			} else if n < len(finsWord) {
				return protocol.Maybe
			}
			return protocol.Yes
		},
		New: func() protocol.Stream {
			t := &teller{}
			return newStream(finsSize, 512, func(c *protocol.Context, d protocol.Direction, rec []byte,
				first uint32) {
				if len(rec) >= 16 && isFINS(rec[16:]) {
					finsRead(t, c, d, rec[16:], first)
				}
			})
		}}
}

func finsSize(b []byte) int {
	if len(b) < 8 {
		return 0
	}
	n := binary.BigEndian.Uint32(b[4:])
	if !bytes.HasPrefix(b, []byte(finsWord)) || n < 8 || n > 1<<16 {
		return -1
	}
	return 8 + int(n)
}

var finsCommands = map[uint16]string{0x0101: "memory-read", 0x0102: "memory-write", 0x0103: "memory-fill",
	0x0201: "parameter-read",
	0x0202: "parameter-write", 0x0306: "program-read", 0x0307: "program-write", 0x0401: "run", 0x0402: "stop",
	0x0501: "controller-data-read",
	0x0601: "status-read", 0x0701: "clock-read", 0x0702: "clock-write"}

func finsRead(t *teller, c *protocol.Context, _ protocol.Direction, b []byte, first uint32) {
	command := binary.BigEndian.Uint16(b[10:])
	response := b[0]&0x40 != 0
	if response {
		// A controller's answer: an end code, then model and version of 20 bytes each (section 5-3-17).
		if command == 0x0501 && len(b) >= finsHead+42 && t.fresh(0x10501) {
			t.body = observation.OT{Protocol: "fins", Function: "controller-data-read", Unauthenticated: true,
				Vendor:   "Omron",
				Product:  octets.Text(b[finsHead+2:finsHead+22], 20),
				Revision: octets.Text(b[finsHead+22:finsHead+42], 20)}
			c.Emit(first, &t.body)
		}
		return
	}
	name := finsCommands[command]
	if name == "" {
		name = "command-" + numbered(nil, b[10]) + numbered(nil, b[11])
	}
	write := command == 0x0102 || command == 0x0103 || command == 0x0202 || command == 0x0307 ||
		command>>8 == 4 || command == 0x0702
	t.say(c, first, "fins", uint32(command), name, write)
}

// ADS (Beckhoff AMS/TCP): two zeros, a length in four bytes, then a header of 32 bytes with target, source,
// command, flags and the data's length, little-endian.
const adsHead = 38

func ads() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "ads", Ports: []uint16{48898},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			b := either(out, in)
			if len(b) > 0 && b[0] != 0 || len(b) > 1 && b[1] != 0 {
				return protocol.No
			}
			if len(b) < adsHead {
				return protocol.Maybe
			}
			return sure(adsSize(b) > 0)
		},
		New: func() protocol.Stream {
			t := &teller{}
			return newStream(adsSize, 256, func(c *protocol.Context, d protocol.Direction, rec []byte,
				first uint32) {
				adsRead(t, c, rec, first)
			})
		}}
}

func adsSize(b []byte) int {
	if len(b) < adsHead {
		return 0
	}
	n := binary.LittleEndian.Uint32(b[2:])
	command, flags := binary.LittleEndian.Uint16(b[22:]), binary.LittleEndian.Uint16(b[24:])
	if b[0] != 0 || b[1] != 0 || command > 9 || flags&^1 != 4 || n < 32 || n > 1<<24 ||
		binary.LittleEndian.Uint32(b[26:]) != n-32 {
		return -1
	}
	return 6 + int(n)
}

var adsCommands = map[byte]string{1: "read-device-info", 2: "read", 3: "write", 4: "read-state", 5: "write-control",
	6: "add-notification", 7: "delete-notification", 8: "notification", 9: "read-write"}

func adsRead(t *teller, c *protocol.Context, b []byte, first uint32) {
	command, response := b[22], b[24]&1 == 1
	if !response {
		t.say(c, first, "ads", uint32(command), numbered(adsCommands, command), command == 3 || command == 5)
		return
	}
	// The answer to read-device-info: result, version in two bytes and a build, a name of 16 bytes.
	if command == 1 && len(b) >= adsHead+24 && t.fresh(0x101) {
		v := b[adsHead:]
		t.body = observation.OT{Protocol: "ads", Function: "read-device-info", Unauthenticated: true,
			Vendor:  "Beckhoff",
			Product: octets.Text(v[8:24], 16), Revision: strconv.Itoa(int(v[4])) + "." + strconv.Itoa(int(v[5]))}
		c.Emit(first, &t.body)
	}
}
