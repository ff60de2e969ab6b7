// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package quic

import "github.com/writ-iot/writ/internal/protocol/octets"

// long is a packet with a long header (RFC 9000, 17.2).
type long struct {
	version     uint32
	destination []byte
	typ         byte   // the two type bits
	body        []byte // what follows the connection identifiers
	head        int    // where body begins
}

const maxID = 20 // bytes of a connection identifier (RFC 9000, 17.2)

// readLong reads the part of a long header that all versions share (RFC 8999, 5.1).
func readLong(p []byte) (l long, ok bool) {
	r := octets.NewReader(p)
	first := r.U8()
	l.version = r.U32()
	n := int(r.U8())
	l.destination = r.Bytes(n)
	m := int(r.U8())
	r.Skip(m)
	l.typ, l.body, l.head = first>>4&3, r.Rest(), len(p)-r.Len()
	return l, r.OK() && first&0x80 != 0 && n <= maxID && m <= maxID
}

// varint takes a variable-length integer (RFC 9000, 16); values beyond any length read as too long.
func varint(r *octets.Reader) int {
	first := r.U8()
	v := uint64(first & 0x3f)
	for range 1<<(first>>6) - 1 {
		v = v<<8 | uint64(r.U8())
	}
	return int(min(v, 1<<40))
}

// extent says where the packet number of a packet of known kind begins, and where the packet ends.
func (l *long) extent(k kind) (number, end int, ok bool) {
	r := octets.NewReader(l.body)
	if k == initial {
		r.Skip(varint(&r)) // the token
	}
	n := varint(&r)
	number = l.head + len(l.body) - r.Len()
	return number, number + n, r.OK() && n <= r.Len()
}

// crypto calls put with what each CRYPTO frame of an Initial packet carries. Only frames that such a packet
// may have are passed over (RFC 9000, 12.4).
func crypto(plain []byte, put func(off int, b []byte)) {
	for r := octets.NewReader(plain); r.Len() > 0; {
		switch kind := r.U8(); kind {
		case 0, 1: // PADDING, PING
		case 2, 3: // ACK: largest, delay, count, first range, then gap and range
			varint(&r)
			varint(&r)
			ranges := varint(&r)
			varint(&r)
			for i := 0; i < 2*ranges && r.Len() > 0; i++ {
				varint(&r)
			}
			for i := 0; kind == 3 && i < 3; i++ {
				varint(&r)
			}
		case 6:
			off := varint(&r)
			if b := r.Bytes(varint(&r)); b != nil {
				put(off, b)
			}
		default:
			return
		}
	}
}
