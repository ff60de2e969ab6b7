// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package dhcp

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"github.com/writ-iot/writ/internal/protocol/octets"
)

// options holds the values of one message by code. Values are slices of the message; an option that comes
// in several parts (RFC 3396) is put together.
type options struct {
	value [256][]byte
	used  []byte
}

func (o *options) at(code byte) []byte { return o.value[code] }

func (o *options) clear() {
	for _, c := range o.used {
		o.value[c] = nil
	}
	o.used = o.used[:0]
}

// parse reads the options after the cookie and, where option 52 says so, those in the file and sname fields.
func (o *options) parse(p []byte) {
	o.clear()
	o.area(p[header+4:])
	if over := o.at(optOverload); len(over) == 1 {
		if over[0]&1 != 0 {
			o.area(p[108:header])
		}
		if over[0]&2 != 0 {
			o.area(p[44:108])
		}
	}
}

func (o *options) area(b []byte) {
	for len(b) > 0 && b[0] != 255 {
		if b[0] == 0 {
			b = b[1:]
			continue
		}
		if len(b) < 2 || len(b) < 2+int(b[1]) {
			return
		}
		n := 2 + int(b[1])
		o.add(b[0], b[2:n:n])
		b = b[n:]
	}
}

func (o *options) add(code byte, v []byte) {
	if o.value[code] == nil {
		o.used = append(o.used, code)
		o.value[code] = v
		return
	}
	o.value[code] = append(o.value[code], v...) // a full slice: append copies
}

func word(b []byte) uint32 { return binary.BigEndian.Uint32(b) }

func addr4(b []byte) netip.Addr { return netip.AddrFrom4([4]byte(b)) }

func one(v []byte) netip.Addr {
	if len(v) != 4 {
		return netip.Addr{}
	}
	return addr4(v)
}

func several(to []netip.Addr, v []byte) []netip.Addr {
	for len(v) >= 4 && len(to) < maxAddrs {
		to, v = append(to, addr4(v)), v[4:]
	}
	return to
}

// trim cuts what follows a NUL: many clients count it in.
func trim(v []byte) []byte {
	if i := bytes.IndexByte(v, 0); i >= 0 {
		return v[:i]
	}
	return v
}

// labels is a name in DNS wire form, uncompressed (RFC 1035, 3.1); the last label may lack its end.
func labels(v []byte) string {
	var buf [maxName]byte
	name := buf[:0]
	for len(v) > 0 && v[0] != 0 && v[0] < 64 && len(v) > int(v[0]) {
		n := 1 + int(v[0])
		if len(name)+n > maxName {
			break
		}
		if len(name) > 0 {
			name = append(name, '.')
		}
		name, v = append(name, v[1:n]...), v[n:]
	}
	return octets.Text(name, maxName)
}
