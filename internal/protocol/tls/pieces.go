// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

// maxSpans bounds the holes that a message may have while it comes.
const maxSpans = 32

// Pieces puts a message together out of pieces that may come in any order, more than once and
// overlapping. The zero value is ready.
type Pieces struct {
	buf   []byte
	spans []span // what is there, in order, apart from each other
}

type span struct{ from, to int }

// Put takes the piece at an offset. What lies beyond limit is left out, as is a piece that would make
// too many holes.
func (p *Pieces) Put(off int, b []byte, limit int) {
	if off < 0 || off >= limit || len(b) == 0 {
		return
	}
	b = b[:min(len(b), limit-off)]
	s := span{off, off + len(b)}
	i := 0
	for i < len(p.spans) && p.spans[i].to < s.from {
		i++
	}
	j := i
	for j < len(p.spans) && p.spans[j].from <= s.to {
		s.from, s.to = min(s.from, p.spans[j].from), max(s.to, p.spans[j].to)
		j++
	}
	if i == j && len(p.spans) >= maxSpans {
		return
	}
	if n := s.to - len(p.buf); n > 0 {
		p.buf = append(p.buf, make([]byte, n)...)
	}
	copy(p.buf[off:], b)
	if i == j {
		p.spans = append(p.spans, span{})
		copy(p.spans[i+1:], p.spans[i:])
	} else {
		p.spans = append(p.spans[:i+1], p.spans[j:]...)
	}
	p.spans[i] = s
}

// Head is what there is without a hole from the start on, valid until the next Put.
func (p *Pieces) Head() []byte {
	if len(p.spans) == 0 || p.spans[0].from != 0 {
		return nil
	}
	return p.buf[:p.spans[0].to]
}

// Reset makes it empty.
func (p *Pieces) Reset() { p.buf, p.spans = p.buf[:0], p.spans[:0] }
