// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package octets

import "bytes"

// MaxLine is how much of a line is kept; what goes beyond is dropped up to its end.
const MaxLine = 2048

// Lines puts lines together out of one direction's bytes. The zero value is ready.
type Lines struct {
	// First is the frame in which the line last returned began.
	First uint32

	buf     []byte
	begun   uint32
	discard bool // the rest of a line whose head was lost in a gap
	done    bool
}

// Next takes bytes of p up to the end of a line and gives the line without its CR LF, valid until the
// next call, and what is left of p. Without a whole line it keeps the bytes and returns false.
func (l *Lines) Next(p []byte, frame uint32) (line, rest []byte, ok bool) {
	for {
		if l.done {
			l.buf, l.done = l.buf[:0], false
		}
		if len(p) == 0 {
			return nil, nil, false
		}
		if len(l.buf) == 0 && l.begun == 0 {
			l.begun = frame
		}
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			l.keep(p)
			return nil, nil, false
		}
		whole := p[:i]
		if len(l.buf) > 0 || len(whole) > MaxLine {
			l.keep(whole)
			whole = l.buf
		}
		l.First, l.begun, l.done, p = l.begun, 0, true, p[i+1:]
		if l.discard {
			l.discard = false
			continue
		}
		return bytes.TrimSuffix(whole, []byte{'\r'}), p, true
	}
}

func (l *Lines) keep(p []byte) {
	if room := MaxLine - len(l.buf); !l.discard && room > 0 {
		l.buf = append(l.buf, p[:min(room, len(p))]...)
	}
}

// Partial is the line begun and not ended.
func (l *Lines) Partial() []byte {
	if l.done || l.discard {
		return nil
	}
	return l.buf
}

// Gap forgets the line at hand: its rest is dropped up to the next line end.
func (l *Lines) Gap() { l.buf, l.begun, l.done, l.discard = l.buf[:0], 0, false, true }

// Reset makes it new, for other bytes; its buffer is kept.
func (l *Lines) Reset() { *l = Lines{buf: l.buf[:0]} }
