// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package packet

import (
	"encoding/binary"
	"slices"

	"github.com/writ-iot/writ/internal/capture"
)

func cat(parts ...any) (b []byte) {
	for _, p := range parts {
		switch v := p.(type) {
		case string:
			b = append(b, v...)
		case []byte:
			b = append(b, v...)
		case uint16:
			b = binary.BigEndian.AppendUint16(b, v)
		case uint32:
			b = binary.BigEndian.AppendUint32(b, v)
		case byte:
			b = append(b, v)
		}
	}
	return b
}

// The two ends of the frames below.
const (
	macA, macB = "\x02\x00\x00\x00\x00\x0a", "\x02\x00\x00\x00\x00\x0b"
	v4A, v4B   = "\x0a\x00\x00\x01", "\x0a\x00\x00\x02"
	v6A        = "\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
	v6B        = "\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02"
)

func ether(t uint16, body []byte) []byte { return cat(macB, macA, t, body) }

// ip4 makes a datagram; piece is the field of flags and fragment offset.
func ip4(proto byte, id, piece uint16, body []byte) []byte {
	return cat(byte(0x45), byte(0), uint16(20+len(body)), id, piece, byte(64), proto, uint16(0), v4A, v4B, body)
}

func ip6(next byte, body []byte) []byte {
	return cat(uint32(0x60000000), uint16(len(body)), next, byte(64), v6A, v6B, body)
}

func udp(sp, dp uint16, body string) []byte { return cat(sp, dp, uint16(8+len(body)), uint16(0), body) }

func tcp(sp, dp uint16, seq, ack uint32, flags byte, body string) []byte {
	return cat(sp, dp, seq, ack, byte(0x50), flags, uint16(1000), uint32(0), body)
}

// decode decodes one frame.
func decode(link capture.Link, b []byte) Packet {
	var d Decoder
	var p Packet
	d.Decode(&capture.Frame{Data: b, Link: link, Length: uint32(len(b))}, &p)
	return p
}

// saw is what of a packet the tables below look at.
type saw struct {
	layer    Layer
	src, dst string
	proto    uint8
	sp, dp   uint16
	payload  string
	fault    Fault
}

func of(p *Packet) saw {
	s := saw{layer: p.Layer, proto: p.Proto, sp: p.SrcPort, dp: p.DstPort, fault: p.Fault}
	if p.Layer >= LayerNetwork {
		s.src, s.dst = p.Src.IP().String(), p.Dst.IP().String()
		s.payload = string(p.Payload)
	}
	return s
}

// The datagram that most frames below carry, and how it is seen.
var (
	hello   = ip4(ProtoUDP, 1, 0, udp(1000, 53, "hello"))
	hello6  = ip6(ProtoUDP, udp(1000, 53, "hello"))
	helloed = saw{LayerPorts, "10.0.0.1", "10.0.0.2", ProtoUDP, 1000, 53, "hello", None}
	hello6d = saw{LayerPorts, "fd00::1", "fd00::2", ProtoUDP, 1000, 53, "hello", None}
)

func padded(b []byte, n int) []byte { return append(slices.Clone(b), make([]byte, n)...) }
