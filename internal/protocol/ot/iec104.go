// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"github.com/writ-iot/writ/internal/protocol"
)

// An IEC 60870-5-104 message is 0x68, a length and four control bytes; an I-format message (bit 0 of the first
// clear) carries an ASDU that begins with its type.
const (
	iecHead = 6
	iecMax  = 255
	iecPort = 2404
)

func iec104() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "iec104", Ports: []uint16{iecPort},
		Recognise: func(c *protocol.Context, out, in []byte) protocol.Guess {
			b := either(out, in)
			g := isIEC104(b)
			if g == protocol.Yes && c.Server.Port() != iecPort {
				// 0x68 alone is no firm mark: elsewhere two messages must follow each other.
				return isIEC104(b[min(len(b), iecSize(b)):])
			}
			return g
		},
		New: func() protocol.Stream {
			t := &teller{}
			return newStream(iecSize, iecMax, func(c *protocol.Context, _ protocol.Direction, rec []byte,
				first uint32) {
				if len(rec) > iecHead && rec[2]&1 == 0 {
					kind := rec[iecHead]
					t.say(c, first, "iec104", uint32(kind), iecName(kind), isIECCommand(kind))
				}
			})
		}}
}

func isIEC104(b []byte) protocol.Guess {
	if len(b) > 0 && b[0] != 0x68 || len(b) > 1 && (b[1] < 4 || b[1] > 253) {
		return protocol.No
	}
	if len(b) < iecHead {
		return protocol.Maybe
	}
	switch c := b[2:iecHead]; {
	case c[0]&3 == 3: // U: one of six commands, nothing else
		switch c[0] {
		case 0x07, 0x0b, 0x13, 0x23, 0x43, 0x83:
			return sure(b[1] == 4 && c[1]|c[2]|c[3] == 0)
		}
		return protocol.No
	case c[0]&1 == 1: // S: the receive number
		return sure(b[1] == 4 && c[0] == 1 && c[1] == 0 && c[2]&1 == 0)
	default: // I
		return sure(b[1] >= 10 && c[2]&1 == 0)
	}
}

func sure(ok bool) protocol.Guess {
	if ok {
		return protocol.Yes
	}
	return protocol.No
}

func iecSize(b []byte) int {
	if len(b) > 0 && b[0] != 0x68 {
		return -1
	}
	if len(b) < 2 {
		return 0
	}
	if b[1] < 4 {
		return -1
	}
	return 2 + int(b[1])
}

// isIECCommand names the types that command or set (IEC 60870-5-101, table 8).
func isIECCommand(kind byte) bool {
	return kind >= 45 && kind <= 51 || kind >= 58 && kind <= 64 || kind == 105 || kind >= 110 && kind <= 113
}

func iecName(kind byte) string {
	switch {
	case isIECCommand(kind):
		return "command-" + numbered(nil, kind)
	case kind == 100:
		return "interrogation"
	case kind == 103:
		return "clock-synchronisation"
	}
	return "information-" + numbered(nil, kind)
}
