// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package names

import (
	"encoding/binary"
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxQuestions = 16
	maxAnswers   = 64 // told of one message; the rest is walked
	maxTexts     = 32
	maxText      = 255
)

// reader reads messages of one protocol. Its scratch is reused from message to message.
type reader struct {
	proto string
	local bool // of the local segment: records are told one by one, spelt as said
	known intern
	buf   []byte
	body  observation.DNS
	asked []question
}

type question struct {
	name string
	kind uint16
}

// record is one resource record: data is at off of the message.
type record struct {
	name     string
	kind     uint16
	off, end int
}

// unicast reads DNS. On port 53 a message may be cut short or trail bytes; elsewhere it must be whole and
// usual, because nothing but its shape says that it is DNS.
func (r *reader) unicast(c *protocol.Context, d protocol.Direction, p []byte) bool {
	switch c.Server.Port() {
	case 5353, 5355, 137:
		return false
	}
	return r.message(c, d, p, c.Server.Port() != 53 && c.Client.Port() != 53)
}

func (r *reader) message(c *protocol.Context, d protocol.Direction, p []byte, strict bool) bool {
	h, ok := parseHeader(p)
	if !ok || !plausible(&h, strict) {
		return false
	}
	off, ok := r.questions(p, &h)
	if !ok {
		return false
	}
	end, whole := r.walk(p, &h, off)
	if (strict || h.counts[0] == 0) && (!whole || end != len(p)) {
		return false
	}
	for i, q := range r.asked {
		r.begin(q.name, q.kind, &h)
		if i == 0 && h.response() {
			r.answers(p, &h, off)
		}
		r.tell(c, h.response() == (d == protocol.ToClient))
	}
	return true
}

// plausible judges the header: what no DNS message has is refused.
func plausible(h *header, strict bool) bool {
	op := h.opcode()
	if op > 6 || op == 3 || h.flags&0x40 != 0 || h.counts[0] > maxQuestions || h.counts[0]+h.records() == 0 {
		return false
	}
	if !h.response() && h.code() != 0 {
		return false
	}
	if !strict {
		return true
	}
	query := !h.response() && op == 0 && (h.counts[1] != 0 || h.counts[2] != 0 || h.counts[3] > 2)
	return h.counts[0] == 1 && !query && h.records() < 256
}

// questions reads the question section into r.asked.
func (r *reader) questions(p []byte, h *header) (off int, ok bool) {
	r.asked = r.asked[:0]
	off = headerSize
	for range h.counts[0] {
		r.buf, off, ok = name(r.buf[:0], p, off, !r.local)
		if !ok || len(p)-off < 4 {
			return 0, false
		}
		kind, class := binary.BigEndian.Uint16(p[off:]), binary.BigEndian.Uint16(p[off+2:])
		if r.local {
			class &= 0x7fff // RFC 6762, 5.4: the top bit asks for a unicast answer
		}
		if kind == 0 || class != 1 && class != 3 && class != 4 && class != 254 && class != 255 {
			return 0, false
		}
		off += 4
		r.asked = append(r.asked, question{r.known.of(r.buf), kind})
	}
	return off, true
}

// walk goes over all records and says where they end, and whether all were there.
func (r *reader) walk(p []byte, h *header, off int) (end int, ok bool) {
	for range h.records() {
		if off, ok = skipRecord(p, off); !ok {
			return 0, false
		}
	}
	return off, true
}

// skipRecord passes a record without looking at its name's text.
func skipRecord(p []byte, off int) (int, bool) {
	for off < len(p) && p[off] != 0 && p[off] < 64 {
		off += 1 + int(p[off])
	}
	switch {
	case off >= len(p):
		return 0, false
	case p[off] >= 0xc0:
		off += 2
	case p[off] == 0:
		off++
	default:
		return 0, false
	}
	if len(p)-off < 10 {
		return 0, false
	}
	off += 10 + int(binary.BigEndian.Uint16(p[off+8:]))
	return off, off <= len(p)
}

// next reads the record at off; its name's text only where named.
func (r *reader) next(p []byte, off int, named bool) (rec record, next int, ok bool) {
	if next, ok = skipRecord(p, off); !ok {
		return rec, 0, false
	}
	var at int
	if r.buf, at, ok = name(r.buf[:0], p, off, !r.local); !ok {
		return rec, 0, false
	}
	if named {
		rec.name = r.known.of(r.buf)
	}
	rec.kind, rec.off, rec.end = binary.BigEndian.Uint16(p[at:]), at+10, next
	return rec, next, true
}

func (r *reader) begin(name string, kind uint16, h *header) {
	if name == "" {
		name = "." // the root
	}
	r.body = observation.DNS{Name: name, Type: typeName(kind), Response: h.response(),
		Multicast: r.local, Protocol: r.proto, Answers: r.body.Answers[:0], Texts: r.body.Texts[:0]}
	if h.response() {
		r.body.Code = h.code()
	}
}

// answers gathers the addresses and targets of the answer section.
func (r *reader) answers(p []byte, h *header, off int) {
	for range min(h.counts[1], maxAnswers) {
		rec, next, ok := r.next(p, off, false)
		if !ok {
			return
		}
		if rec.kind != typeTXT {
			r.data(p, &rec)
		}
		off = next
	}
}

// data adds what a record holds to the body.
func (r *reader) data(p []byte, rec *record) {
	v := p[rec.off:rec.end]
	switch rec.kind {
	case typeA:
		if len(v) == 4 {
			r.body.Answers = append(r.body.Answers, netip.AddrFrom4([4]byte(v)))
		}
	case typeAAAA:
		if len(v) == 16 {
			r.body.Answers = append(r.body.Answers, netip.AddrFrom16([16]byte(v)))
		}
	case typePTR:
		r.target(p, rec.off)
	case typeSRV: // priority, weight, port, target
		r.target(p, rec.off+6)
	case typeTXT, typeHINFO:
		r.strings(v)
	}
}

func (r *reader) target(p []byte, off int) {
	var ok bool
	if r.buf, _, ok = name(r.buf[:0], p, off, !r.local); ok {
		r.text(r.known.of(r.buf))
	}
}

// strings reads character-strings: each a length and its bytes.
func (r *reader) strings(v []byte) {
	for len(v) > 0 && len(v) > int(v[0]) {
		n := 1 + int(v[0])
		r.text(octets.Text(v[1:n], maxText))
		v = v[n:]
	}
}

func (r *reader) text(s string) {
	if s != "" && len(r.body.Texts) < maxTexts {
		r.body.Texts = append(r.body.Texts, s)
	}
}

// tell emits the body. asked says that the context's client is who asked (of mDNS: who speaks).
func (r *reader) tell(c *protocol.Context, asked bool) {
	if asked {
		c.Emit(0, &r.body)
	} else {
		c.EmitReversed(0, &r.body)
	}
}
