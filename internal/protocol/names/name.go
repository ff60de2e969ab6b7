// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package names

import (
	"strconv"

	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxWire   = 255 // RFC 1035, 2.3.4
	maxIntern = 4096
)

// intern keeps the strings of names seen lately, so that a name met again costs nothing.
type intern map[string]string

func (n intern) of(b []byte) string {
	if s, ok := n[string(b)]; ok {
		return s
	}
	if len(n) >= maxIntern {
		clear(n)
	}
	s := string(b)
	n[s] = s
	return s
}

// name appends to dst the name at off of p, labels joined by dots, and gives the offset after it. Pointers
// (RFC 1035, 4.1.4) lead only backwards, so that no chain of them is a loop.
func name(dst, p []byte, off int, fold bool) (_ []byte, next int, ok bool) {
	start, floor, wire := len(dst), off, 0
	next = -1
	for off < len(p) {
		n := int(p[off])
		switch {
		case n == 0:
			if next < 0 {
				next = off + 1
			}
			return dst, next, true
		case n < 64:
			if wire += n + 1; wire >= maxWire || off+1+n > len(p) {
				return dst, 0, false
			}
			if len(dst) > start {
				dst = append(dst, '.')
			}
			dst = label(dst, p[off+1:off+1+n], fold)
			off += 1 + n
		case n >= 0xc0 && off+1 < len(p):
			to := (n&0x3f)<<8 | int(p[off+1])
			if to >= floor {
				return dst, 0, false
			}
			if next < 0 {
				next = off + 2
			}
			off, floor = to, to
		default:
			return dst, 0, false
		}
	}
	return dst, 0, false
}

// label appends a label: in lower case and its odd bytes as \DDD where fold is set (RFC 1035, 5.1), else
// as it stands: multicast names are UTF-8 (RFC 6762, 16).
func label(dst, l []byte, fold bool) []byte {
	for _, c := range l {
		switch {
		case fold && 'A' <= c && c <= 'Z':
			dst = append(dst, c+'a'-'A')
		case fold && (c <= ' ' || c > '~'):
			dst = append(dst, '\\', '0'+c/100, '0'+c/10%10, '0'+c%10)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// typeName is the mnemonic of a record type.
func typeName(t uint16) string {
	switch t {
	case 1:
		return "A"
	case 2:
		return "NS"
	case 5:
		return "CNAME"
	case 6:
		return "SOA"
	case 12:
		return "PTR"
	case 13:
		return "HINFO"
	case 15:
		return "MX"
	case 16:
		return "TXT"
	case 28:
		return "AAAA"
	case 33:
		return "SRV"
	case 35:
		return "NAPTR"
	case 41:
		return "OPT"
	case 43:
		return "DS"
	case 47:
		return "NSEC"
	case 48:
		return "DNSKEY"
	case 64:
		return "SVCB"
	case 65:
		return "HTTPS"
	case 252:
		return "AXFR"
	case 255:
		return "ANY"
	case 257:
		return "CAA"
	}
	return "TYPE" + strconv.Itoa(int(t))
}

// The types that are read.
const (
	typeA     = 1
	typePTR   = 12
	typeHINFO = 13
	typeTXT   = 16
	typeAAAA  = 28
	typeSRV   = 33
	typeOPT   = 41
)

// header of a message (RFC 1035, 4.1.1).
type header struct {
	flags  uint16
	counts [4]int // questions, answers, authorities, additional
}

const headerSize = 12

func (h *header) response() bool { return h.flags&0x8000 != 0 }
func (h *header) opcode() int    { return int(h.flags >> 11 & 0xf) }
func (h *header) code() uint8    { return uint8(h.flags & 0xf) }
func (h *header) records() int   { return h.counts[1] + h.counts[2] + h.counts[3] }

func parseHeader(p []byte) (h header, ok bool) {
	r := octets.NewReader(p)
	r.Skip(2)
	h.flags = r.U16()
	for i := range h.counts {
		h.counts[i] = int(r.U16())
	}
	return h, r.OK()
}
