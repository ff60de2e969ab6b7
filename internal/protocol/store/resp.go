// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"strconv"
)

const (
	maxWord    = 512     // of a bulk string or a line
	maxRESP    = 1 << 29 // Redis allows bulk strings of 512 MB
	maxMembers = 1 << 20
)

// resp walks through RESP (redis.io, protocol specification): lines by their first byte, counted arrays,
// counted strings. The zero value is ready.
type resp struct {
	buf   []byte
	inner bool // a counted string is under way
	bulk  int  // what is left of it, CR LF included
	need  int  // members left of what is at the top
	lost  bool
}

// word is one element.
type word struct {
	kind byte // + - : $ * … ; 0 for an inline command
	n    int  // of an array: its members
	text []byte
	top  bool // it begins a value at the top
	last bool // it ends one
}

// next gives the next element, valid until the next call, and what is left of p.
func (r *resp) next(p []byte) (w word, rest []byte, ok bool) {
	for len(p) > 0 && !r.lost {
		if r.inner {
			n := min(r.bulk, len(p))
			r.keep(p[:n])
			p = p[n:]
			if r.bulk -= n; r.bulk > 0 {
				break
			}
			r.inner = false
			return r.member(word{kind: '$', text: bytes.TrimSuffix(r.take(), []byte("\r\n"))}), p, true
		}
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			r.keep(p)
			break
		}
		r.keep(p[:i])
		p = p[i+1:]
		if w, ok = r.line(bytes.TrimSuffix(r.take(), []byte{'\r'})); ok {
			return w, p, true
		}
	}
	return word{}, nil, false
}

func (r *resp) keep(p []byte) {
	if room := maxWord + 2 - len(r.buf); room > 0 {
		r.buf = append(r.buf, p[:min(room, len(p))]...)
	}
}

func (r *resp) take() []byte {
	b := r.buf
	r.buf = r.buf[:0]
	return b
}

// line reads one line. It returns false where a counted string follows.
func (r *resp) line(l []byte) (word, bool) {
	if len(l) == 0 {
		r.lost = r.need > 0
		return word{}, false
	}
	w := word{kind: l[0], text: l[1:]}
	switch w.kind {
	case '+', '-', ':', '_', '#', ',', '(':
		return r.member(w), true
	case '$', '=', '!', '*', '~', '>', '%', '|':
	default:
		r.lost = r.need > 0
		return r.member(word{text: l}), !r.lost
	}
	n, err := strconv.Atoi(string(w.text))
	switch {
	case err != nil || n < -1 || n > maxRESP:
		r.lost = true
		return word{}, false
	case w.kind == '$' || w.kind == '=' || w.kind == '!':
		if n < 0 {
			return r.member(word{kind: '_'}), true
		}
		r.inner, r.bulk = true, n+2
		return word{}, false
	}
	w.n = max(n, 0)
	if w.kind == '%' || w.kind == '|' {
		w.n *= 2
	}
	if r.lost = w.n > maxMembers || r.need > maxMembers; r.lost {
		return word{}, false
	}
	w = r.member(w)
	r.need += w.n
	w.last = r.need == 0
	return w, true
}

// member counts an element off the array that it is part of.
func (r *resp) member(w word) word {
	w.top = r.need == 0
	if r.need > 0 {
		r.need--
	}
	w.last = r.need == 0
	return w
}
