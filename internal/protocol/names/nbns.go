// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package names

import (
	"encoding/binary"
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

// Types of RFC 1002, 4.2.1.3.
const (
	typeNB     = 0x20
	typeNBSTAT = 0x21
)

// encoded is a NetBIOS name on the wire: a label of 32 letters A to P, two to a byte.
const encoded = 32

// netbios reads the NetBIOS name service: queries, registrations and node status.
type netbios struct {
	known intern
	buf   []byte
	body  observation.DNS
}

func (n *netbios) read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	h, ok := parseHeader(p)
	if op := h.opcode(); !ok || op >= 1 && op <= 3 || h.counts[0] > 1 || h.records() > 16 {
		return false
	}
	if h.counts[0]+h.records() == 0 {
		return false
	}
	off := headerSize
	name, off, ok := n.name(p, off)
	if !ok || len(p)-off < 4 {
		return false
	}
	kind := binary.BigEndian.Uint16(p[off:])
	if kind != typeNB && kind != typeNBSTAT && kind != 0x0a || binary.BigEndian.Uint16(p[off+2:]) != 1 {
		return false
	}
	n.body = observation.DNS{Name: name, Type: nbType(kind), Response: h.response(), Code: h.code(),
		Multicast: true, Protocol: "nbns", Answers: n.body.Answers[:0], Texts: n.body.Texts[:0]}
	if h.counts[0] == 1 {
		off += 4
		if h.records() > 0 { // a registration: the record repeats the name, as a pointer
			if off, ok = skipName(p, off); ok {
				n.record(p, off, kind)
			}
		}
	} else {
		n.record(p, off, kind)
	}
	if h.response() == (d == protocol.ToClient) {
		c.Emit(0, &n.body)
	} else {
		c.EmitReversed(0, &n.body)
	}
	return true
}

func nbType(kind uint16) string {
	switch kind {
	case typeNB:
		return "NB"
	case typeNBSTAT:
		return "NBSTAT"
	}
	return "NULL"
}

// record reads type, class, time to live, length and data at off.
func (n *netbios) record(p []byte, off int, kind uint16) {
	if len(p)-off < 10 {
		return
	}
	v := p[off+10:]
	v = v[:min(len(v), int(binary.BigEndian.Uint16(p[off+8:])))]
	if kind == typeNBSTAT {
		n.status(v)
		return
	}
	for len(v) >= 6 && len(n.body.Answers) < maxAnswers { // flags, address
		n.body.Answers = append(n.body.Answers, netip.AddrFrom4([4]byte(v[2:])))
		v = v[6:]
	}
}

// status reads a node's own names (RFC 1002, 4.2.18): 15 characters, a suffix, flags.
func (n *netbios) status(v []byte) {
	if len(v) == 0 {
		return
	}
	count := int(v[0])
	for v = v[1:]; count > 0 && len(v) >= 18 && len(n.body.Texts) < maxTexts; count-- {
		n.body.Texts = append(n.body.Texts, n.spell(v[:16]))
		v = v[18:]
	}
}

// name decodes the first name; the scope behind it is passed over.
func (n *netbios) name(p []byte, off int) (_ string, next int, ok bool) {
	if len(p) < off+1+encoded || p[off] != encoded {
		return "", 0, false
	}
	var plain [16]byte
	for i := range plain {
		hi, lo := p[off+1+2*i]-'A', p[off+2+2*i]-'A'
		if hi > 15 || lo > 15 {
			return "", 0, false
		}
		plain[i] = hi<<4 | lo
	}
	next, ok = skipName(p, off)
	return n.spell(plain[:]), next, ok
}

func skipName(p []byte, off int) (next int, ok bool) {
	for off < len(p) && p[off] != 0 {
		switch {
		case p[off] >= 0xc0:
			return off + 2, off+2 <= len(p)
		case p[off] >= 64:
			return 0, false
		}
		off += 1 + int(p[off])
	}
	return off + 1, off < len(p)
}

// spell writes a name of 15 characters, padded with spaces or NULs, and its suffix: WPAD<00>.
func (n *netbios) spell(b []byte) string {
	const hex = "0123456789abcdef"
	end := 15
	for end > 0 && (b[end-1] == ' ' || b[end-1] == 0) {
		end--
	}
	n.buf = n.buf[:0]
	for _, c := range b[:end] {
		if c < ' ' || c > '~' {
			c = '.'
		}
		n.buf = append(n.buf, c)
	}
	n.buf = append(n.buf, '<', hex[b[15]>>4], hex[b[15]&15], '>')
	return n.known.of(n.buf)
}
