// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/protocol"
)

// A DNP3 frame (IEEE 1815, clause 9.2) is 05 64, a length, control, destination, source and a checksum; then
// blocks of 16 bytes, each with a checksum. The first block begins with transport and application control,
// then the function.
const (
	dnp3Head = 10
	dnp3Max  = 292
)

func dnp3() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "dnp3", Ports: []uint16{20000},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess { return isDNP3(either(out, in)) },
		New: func() protocol.Stream {
			r := &dnp3Reader{}
			return newStream(dnp3Size, dnp3Max, r.read)
		}}
}

func dnp3UDP() protocol.DatagramProtocol {
	return protocol.DatagramProtocol{Name: "dnp3", Ports: []uint16{20000},
		New: func() protocol.DatagramReader { return &dnp3Reader{} }}
}

func isDNP3(b []byte) protocol.Guess {
	switch {
	case len(b) > 0 && b[0] != 0x05, len(b) > 1 && b[1] != 0x64, len(b) > 2 && b[2] < 5:
		return protocol.No
	case len(b) < dnp3Head:
		return protocol.Maybe
	case binary.LittleEndian.Uint16(b[8:]) != dnp3CRC(b[:8]):
		return protocol.No
	}
	return protocol.Yes
}

// dnp3CRC is the checksum of a header or block: polynomial 0x3d65, reflected, inverted.
func dnp3CRC(b []byte) uint16 {
	crc := uint16(0)
	for _, c := range b {
		crc ^= uint16(c)
		for range 8 {
			if crc&1 != 0 {
				crc = crc>>1 ^ 0xa6bc
			} else {
				crc >>= 1
			}
		}
	}
	return ^crc
}

func dnp3Size(b []byte) int {
	if len(b) > 0 && b[0] != 0x05 || len(b) > 1 && b[1] != 0x64 {
		return -1
	}
	if len(b) < 3 {
		return 0
	}
	data := int(b[2]) - 5
	if data < 0 {
		return -1
	}
	return dnp3Head + data + (data+15)/16*2
}

type dnp3Reader struct{ teller }

func (r *dnp3Reader) Read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if isDNP3(p) != protocol.Yes {
		return false
	}
	r.read(c, d, p, c.Frame)
	return true
}

func (r *dnp3Reader) Close(*protocol.Context) {}

func (r *dnp3Reader) read(c *protocol.Context, _ protocol.Direction, rec []byte, first uint32) {
	if len(rec) < dnp3Head+3 || rec[dnp3Head]&0x40 == 0 { // not the first segment of a message
		return
	}
	fn := rec[dnp3Head+2]
	r.say(c, first, "dnp3", uint32(fn), numbered(dnp3Functions, fn), isDNP3Write(fn))
}

var dnp3Functions = map[byte]string{0: "confirm", 1: "read", 2: "write", 3: "select", 4: "operate",
	5: "direct-operate",
	6: "direct-operate-no-ack", 13: "cold-restart", 14: "warm-restart", 18: "stop-application",
	20: "enable-unsolicited",
	21: "disable-unsolicited", 23: "delay-measurement", 129: "response", 130: "unsolicited-response"}

func isDNP3Write(fn byte) bool { return fn >= 2 && fn <= 6 && fn != 3 || fn >= 13 && fn <= 18 }
