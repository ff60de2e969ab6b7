// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"encoding/binary"
	"net/netip"

	"github.com/writ-iot/writ/internal/protocol"
)

// rtp knows a stream by two packets that fit each other: one alone looks like many things.
func rtp() protocol.DatagramProtocol {
	t := &rtpTable{}
	return protocol.DatagramProtocol{Name: "rtp", New: t.next}
}

// rtpTable remembers the last packet that may have been the first of a stream, by its source.
type rtpTable struct {
	seen  [256]rtpSeen
	spare *rtpReader
}

type rtpSeen struct {
	source         uint32
	sequence       uint16
	client, server netip.AddrPort
	frame          uint32
	back           bool // it went to the client
}

func (t *rtpTable) next() protocol.DatagramReader {
	if t.spare == nil {
		t.spare = &rtpReader{table: t}
	}
	return t.spare // a reader whose first answer is false has kept nothing
}

type rtpReader struct {
	table *rtpTable
	known bool
}

const rtpHead = 12 // RFC 3550, 5.1

func (r *rtpReader) Read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if len(p) < rtpHead || p[0]>>6 != 2 {
		return false
	}
	if r.known {
		return true
	}
	kind := p[1] & 0x7f
	size := rtpHead + 4*int(p[0]&15)
	if !isMedia(kind) || len(p) < size+8 {
		return false
	}
	now := rtpSeen{source: binary.BigEndian.Uint32(p[8:]), sequence: binary.BigEndian.Uint16(p[2:]),
		client: c.Client, server: c.Server, frame: c.Frame, back: d == protocol.ToClient}
	was := &r.table.seen[now.source*2654435761>>24]
	fits := was.source == now.source && now.sequence-was.sequence <= 3 && was.back == now.back &&
		was.client == now.client && was.server == now.server
	if !fits || now.source == 0 || now.frame == was.frame {
		*was = now
		return false
	}
	r.known, r.table.spare = true, nil
	if kind <= 8 && speech(p[size:]) {
		inClear.say(c, was.frame)
	}
	return true
}

func (r *rtpReader) Close(*protocol.Context) {}

// isMedia says that a payload type is registered for sound or pictures, or dynamic (RFC 3551, 6).
func isMedia(kind byte) bool {
	switch kind {
	case 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 25, 26, 28, 31, 32, 33, 34:
		return true
	}
	return kind >= 96
}

// speech says that bytes are unlike those of a cipher: samples of sound repeat themselves. Of 160 bytes that
// are evenly spread, about 119 differ.
func speech(b []byte) bool {
	if len(b) < 160 {
		return false
	}
	var seen [256]bool
	n := 0
	for _, v := range b[:160] {
		if !seen[v] {
			seen[v] = true
			n++
		}
	}
	return n < 90
}
