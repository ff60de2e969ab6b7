// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package quic

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/tls"
)

const (
	// maxCrypto is how much of a side's handshake is put together: a hello, whatever its extensions.
	maxCrypto = 16 << 10
	// maxTries bounds the packets of a side that are decrypted in vain.
	maxTries = 16
	// minInitial is the least size of a datagram with a client's Initial packet (RFC 9000, 14.1).
	minInitial = 1200
)

// reader reads one conversation.
type reader struct {
	*shared
	body    observation.TLS
	first   uint32
	google  bool
	version uint32
	id      []byte // that the keys come from; nil before there are any
	keys    [2]keys
	side    [2]side
	said    bool
}

type side struct {
	pieces tls.Pieces
	at     int // where the next handshake message begins
	tries  int
	hello  bool
	data   bool // a packet under the keys of the finished handshake was seen
}

func (r *reader) Read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if len(p) == 0 || r.first == 0 && !opens(d, p) {
		return false
	}
	if r.first == 0 {
		r.first, r.body.Protocol, r.spare = c.Frame, "quic", nil
		r.google = isOld(p)
	}
	if r.google {
		r.oldHello(c, d, p)
		return true
	}
	if p[0]&0xc0 == 0 {
		return false
	}
	for len(p) > 0 && !r.said {
		if p[0]&0x80 == 0 {
			r.short(c, d)
			break
		}
		n := r.packet(d, p)
		if n <= 0 {
			break
		}
		p = p[n:]
	}
	return true
}

// opens says that a conversation may begin with p: a long header of a known version; or of one that is
// there to be refused, in a datagram as long as that of an Initial packet must be; or the old header.
func opens(d protocol.Direction, p []byte) bool {
	if isOld(p) {
		return true
	}
	l, ok := readLong(p)
	switch {
	case !ok || p[0]&0x40 == 0:
		return false
	case isKnown(l.version):
		return len(l.body) >= sampleSize
	}
	return d == protocol.ToServer && l.version&0x0f0f0f0f == 0x0a0a0a0a && len(p) >= minInitial &&
		len(l.destination) >= 8
}

// short takes note of a packet under the keys of a finished handshake.
func (r *reader) short(c *protocol.Context, d protocol.Direction) {
	r.side[d].data = true
	if r.side[0].data && r.side[1].data && r.side[0].hello {
		r.body.Established = true
		r.say(c)
	}
}

// packet reads a packet with a long header and says how long it is; 0 where that is not known.
func (r *reader) packet(d protocol.Direction, p []byte) int {
	l, ok := readLong(p)
	dia, known := dialectOf(l.version)
	if !ok || !known {
		return 0
	}
	k := dia.types[l.typ]
	if k == retry {
		return 0
	}
	number, end, ok := l.extent(k)
	if !ok {
		return 0
	}
	if side := &r.side[d]; k == initial && !side.hello && side.tries < maxTries {
		if plain, ok := r.open(dia, d, &l, p[:end], number); ok {
			crypto(plain, func(off int, b []byte) { side.pieces.Put(off, b, maxCrypto) })
			r.hellos(d)
		} else {
			side.tries++
		}
	}
	return end
}

// open removes the protection. The keys come from the identifier in the client's first packet; after a
// Retry from that in the next one; and a server that goes on in another version makes its own from the
// same (RFC 9368, 4.1).
func (r *reader) open(dia dialect, d protocol.Direction, l *long, p []byte, number int) (plain []byte, ok bool) {
	same := r.version == l.version
	if r.id != nil && same {
		if plain, r.plain, ok = r.keys[d].open(r.plain, p, number); ok {
			return plain, true
		}
	}
	id := l.destination
	if d == protocol.ToClient {
		if id = r.id; id == nil || same {
			return nil, false
		}
	}
	fresh, ok := initialKeys(dia, id)
	if !ok {
		return nil, false
	}
	if plain, r.plain, ok = fresh[d].open(r.plain, p, number); ok {
		r.keys, r.version = fresh, l.version
		r.id = append(r.id[:0], id...)
	}
	return plain, ok
}

// Handshake messages (RFC 8446, 4).
const (
	msgClientHello = 1
	msgServerHello = 2
)

// hellos reads the whole messages at the head of a side's handshake.
func (r *reader) hellos(d protocol.Direction) {
	side := &r.side[d]
	if r.version == versionQ050 {
		if b := side.pieces.Head(); d == protocol.ToServer && bytes.HasPrefix(b, []byte(oldMark)) {
			r.named(b)
		}
		return
	}
	for !side.hello {
		b := side.pieces.Head()
		if len(b) < side.at+4 {
			return
		}
		b = b[side.at:]
		n := int(b[1])<<16 | int(b[2])<<8 | int(b[3])
		if len(b) < 4+n {
			return
		}
		side.at += 4 + n
		switch body := b[4 : 4+n]; {
		case d == protocol.ToServer && b[0] == msgClientHello:
			side.hello = r.kit.ClientHello(&r.body, body)
		case d == protocol.ToClient && b[0] == msgServerHello:
			again, ok := r.kit.ServerHello(&r.body, body)
			side.hello = ok && !again
		}
	}
}

func (r *reader) say(c *protocol.Context) {
	if r.said || !r.side[0].hello {
		return
	}
	r.said = true
	if r.body.Established && r.body.Version == "" && r.version != versionQ050 {
		r.body.Version = "TLSv1.3" // all versions read here need it (RFC 9001, 4.2)
	}
	c.Emit(r.first, &r.body)
}

func (r *reader) Close(c *protocol.Context) { r.say(c) }
