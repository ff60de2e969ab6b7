// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// Messages of SSL 2.0 (draft-hickman-netscape-ssl-00, 5). Clients of SSL 3.0 and TLS 1.0 may begin with
// its CLIENT-HELLO too (RFC 5246, E.2).
const (
	oldClientHello = 1
	oldMasterKey   = 2
	oldServerHello = 4
)

// maxRecord2 is the longest record: 15 bits of length and the header.
const maxRecord2 = 1<<15 + 2

// size2 is the size of a record of SSL 2.0: 15 bits of length, or 14 and a byte that counts the padding.
func size2(b []byte) int {
	if len(b) < 3 {
		return 0
	}
	n := int(b[0])<<8 | int(b[1])
	if b[0]&0x80 != 0 {
		n = n&0x7fff + 2
	} else {
		n = n&0x3fff + 3
	}
	if n < 4 {
		return -1
	}
	return n
}

// record2 takes bytes of records of SSL 2.0.
func (s *stream) record2(c *protocol.Context, d protocol.Direction, p []byte) []byte {
	side := &s.side[d]
	rec, rest, ok := side.old.Next(p, c.Frame)
	if !ok {
		side.lost = side.old.Lost
		return nil
	}
	body := rec[2:]
	if rec[0]&0x80 == 0 {
		body = rec[3:]
	}
	switch {
	case side.master: // what follows is under keys
		side.passed++
		s.finished[d] = true
	case d == protocol.ToServer && body[0] == oldClientHello:
		s.oldClientHello(body)
	case d == protocol.ToServer && body[0] == oldMasterKey && len(body) > 3:
		side.master = true
		s.body.CipherName = oldCipher(uint32(body[1])<<16 | uint32(body[2])<<8 | uint32(body[3]))
	case d == protocol.ToClient && body[0] == oldServerHello:
		side.master = true
		s.oldServerHello(c, body, side.old.First)
	}
	return rest
}

func (s *stream) oldClientHello(b []byte) {
	r := octets.NewReader(b[1:])
	v := r.U16()
	specs := r.U16()
	r.Skip(4)
	list := octets.NewReader(r.Bytes(int(specs)))
	if !r.OK() {
		return
	}
	for list.Len() > 2 {
		kind := list.U24()
		if kind < 1<<16 {
			s.body.WeakOffered = s.body.WeakOffered || s.kit.isWeak(uint16(kind))
		} else {
			s.body.WeakOffered = s.body.WeakOffered || isWeak(oldCipher(kind))
		}
	}
	s.body.OfferedMax = version(v)
	s.hello[0] = true
	if v != 2 {
		s.side[protocol.ToServer].mode = undecided // the answer, and all that follows, is in records of its own
	}
}

// oldServerHello: session hit, certificate type, version, three lengths, certificate.
func (s *stream) oldServerHello(c *protocol.Context, b []byte, first uint32) {
	r := octets.NewReader(b[1:])
	r.Skip(1)
	kind, v := r.U8(), r.U16()
	length := int(r.U16())
	r.Skip(4)
	if !r.OK() || v != 2 || s.hello[1] {
		return
	}
	s.body.Version, s.hello[1] = version(v), true
	if der := r.Bytes(length); kind == 1 && len(der) > 0 {
		s.kit.certs.say(c, first, der, 0, false)
	}
}

// oldCipher names a cipher kind of SSL 2.0.
func oldCipher(kind uint32) string {
	switch kind {
	case 0x010080:
		return "SSL2_RC4_128_WITH_MD5"
	case 0x020080:
		return "SSL2_RC4_128_EXPORT40_WITH_MD5"
	case 0x030080:
		return "SSL2_RC2_128_CBC_WITH_MD5"
	case 0x040080:
		return "SSL2_RC2_128_CBC_EXPORT40_WITH_MD5"
	case 0x050080:
		return "SSL2_IDEA_128_CBC_WITH_MD5"
	case 0x060040:
		return "SSL2_DES_64_CBC_WITH_MD5"
	case 0x0700c0:
		return "SSL2_DES_192_EDE3_CBC_WITH_MD5"
	}
	return ""
}

// isOldHello says that b begins with a CLIENT-HELLO whose lengths agree.
func isOldHello(b []byte) protocol.Guess {
	if len(b) > 0 && b[0]&0x80 == 0 || len(b) > 2 && b[2] != oldClientHello {
		return protocol.No
	}
	if len(b) < 11 {
		return protocol.Maybe
	}
	r := octets.NewReader(b)
	n := int(r.U16() & 0x7fff)
	r.Skip(1)
	v, specs, session, challenge := r.U16(), int(r.U16()), int(r.U16()), int(r.U16())
	if v != 2 && v>>8 != 3 || v&0xff > 4 || specs == 0 || specs%3 != 0 || session > 32 ||
		challenge < 8 || challenge > 64 || n != 9+specs+session+challenge {
		return protocol.No
	}
	return protocol.Yes
}
