// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package names

import "github.com/writ-iot/writ/internal/protocol"

// maxRecords is how many records of a local message are told.
const maxRecords = 128

// multicast reads mDNS and LLMNR: questions of a query, records of a response.
func (r *reader) multicast(c *protocol.Context, d protocol.Direction, p []byte) bool {
	h, ok := parseHeader(p)
	if !ok || h.opcode() != 0 || h.code() > 10 || h.counts[0]+h.records() == 0 || h.counts[0] > 255 {
		return false
	}
	off, ok := r.questions(p, &h)
	if !ok {
		return false
	}
	if _, whole := r.walk(p, &h, off); !whole && h.counts[0] == 0 {
		return false
	}
	clientSpeaks := d == protocol.ToServer
	if r.proto == "llmnr" {
		clientSpeaks = h.response() == (d == protocol.ToClient) // Client is who asked
	}
	if h.response() {
		r.each(c, p, &h, off, clientSpeaks)
		return true
	}
	for _, q := range r.asked {
		r.begin(q.name, q.kind, &h)
		r.tell(c, clientSpeaks)
	}
	return true
}

// each tells the records of the answer and additional sections.
func (r *reader) each(c *protocol.Context, p []byte, h *header, off int, clientSpeaks bool) {
	first, last := h.counts[1], h.counts[1]+h.counts[2]
	for i := range min(h.records(), maxRecords) {
		rec, next, ok := r.next(p, off, true)
		if !ok {
			return
		}
		off = next
		if i >= first && i < last || rec.kind == typeOPT || rec.name == "" {
			continue
		}
		r.begin(rec.name, rec.kind, h)
		r.data(p, &rec)
		r.tell(c, clientSpeaks)
	}
}
