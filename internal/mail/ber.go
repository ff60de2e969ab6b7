// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package mail

import "errors"

// Bounds of a signature's encoding. The library that reads it descends without bound, and looks through all that
// follows at every object of an open length: what would exhaust it is not given to it.
const (
	maxNested = 64
	maxWork   = 1 << 31 // objects within open lengths × bytes
)

var errDeep = errors.New("its signature is built to exhaust its reader")

// walk measures how a signature is encoded (X.690 section 8.1).
type walk struct {
	b    []byte
	open int // objects within open lengths
}

// bounded says whether an encoding can be read at a sensible cost. What is not well formed is left to the reader.
func bounded(b []byte) error {
	w := &walk{b: b}
	if _, deep := w.object(0, 0); deep || w.open*len(b) > maxWork {
		return errDeep
	}
	return nil
}

// object passes over the object at an offset and gives where it ends; -1 where it is not well formed.
func (w *walk) object(at, depth int) (end int, deep bool) {
	if depth > maxNested || w.open*len(w.b) > maxWork {
		return -1, true
	}
	start := at
	if at = w.tag(at); at < 0 || at >= len(w.b) {
		return -1, false
	}
	l := int(w.b[at])
	if at++; l == 0x80 {
		return w.untilEnd(at, depth)
	}
	if l > 0x80 {
		n := l & 0x7f
		if n > 4 || at+n > len(w.b) {
			return -1, false
		}
		l = 0
		for range n {
			l = l<<8 | int(w.b[at])
			at++
		}
	}
	end = at + l
	if l > len(w.b) || end > len(w.b) {
		return -1, false
	}
	if w.b[start]&0x20 == 0 {
		return end, false
	}
	for at < end {
		if at, deep = w.object(at, depth+1); deep || at < 0 {
			return -1, deep
		}
	}
	return end, false
}

// tag passes over a tag.
func (w *walk) tag(at int) int {
	if at >= len(w.b) {
		return -1
	}
	long := w.b[at]&0x1f == 0x1f
	at++
	for long && at < len(w.b) && w.b[at] >= 0x80 {
		at++
	}
	if long {
		at++
	}
	return at
}

// untilEnd passes over an object of an open length.
func (w *walk) untilEnd(at, depth int) (end int, deep bool) {
	for at+1 < len(w.b) && (w.b[at] != 0 || w.b[at+1] != 0) {
		w.open++
		if at, deep = w.object(at, depth+1); deep || at < 0 {
			return -1, deep
		}
	}
	return at + 2, false
}
