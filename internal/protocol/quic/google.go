// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package quic

import (
	"bytes"
	"encoding/binary"

	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// isOld says that p has a header of the versions before the standard with a version in it: the public
// header up to Q043 (flags, a connection identifier of eight bytes, version), or the long one of Q044 to
// Q049. What came later has the packets of the standard.
func isOld(p []byte) bool {
	switch {
	case len(p) <= 13:
		return false
	case p[0]&0xc0 == 0xc0:
		v := binary.BigEndian.Uint32(p[1:])
		_, readable := dialectOf(v)
		return isGoogle(v) && !readable
	}
	return p[0]&0xc9 == 0x09 && isGoogle(binary.BigEndian.Uint32(p[9:]))
}

// oldHello looks for the server's name in the client's hello, which these versions did not encrypt.
func (r *reader) oldHello(c *protocol.Context, d protocol.Direction, p []byte) {
	if d != protocol.ToServer || r.side[0].hello || r.side[0].tries >= maxTries {
		return
	}
	r.side[0].tries++
	if i := bytes.Index(p, []byte(oldMark)); i >= 0 && r.named(p[i:]) {
		r.say(c)
	}
}

// oldMark begins a client's hello.
const oldMark = "CHLO"

// named reads the server's name out of a client's hello, and says whether it is there.
func (r *reader) named(hello []byte) bool {
	name := tag(hello[len(oldMark):], "SNI\x00")
	if len(name) > 0 {
		r.body.SNI = octets.Text(name, 255)
		r.side[0].hello = true
	}
	return r.side[0].hello
}

// tag is the value of a tag in a message of tags: count, two bytes unused, then tag and end of value for
// each, then the values; all little endian.
func tag(b []byte, name string) []byte {
	r := octets.NewReader(b)
	count := int(r.LU16())
	r.Skip(2)
	index := octets.NewReader(r.Bytes(count * 8))
	values := r.Rest()
	from := 0
	for index.Len() >= 8 {
		key, to := index.Bytes(4), int(index.LU32())
		if to < from || to > len(values) {
			return nil
		}
		if string(key) == name {
			return values[from:to]
		}
		from = to
	}
	return nil
}
