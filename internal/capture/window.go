// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package capture

import "io"

// windowSize is the one buffer of a reader: large enough for the longest frame and that read(2) is rare, small
// enough to stay in the second-level cache. Mapping the file instead costs more, in page faults.
const windowSize = 3 << 17

// window is a sliding view of a byte stream.
type window struct {
	r    io.Reader
	buf  []byte
	i, n int   // unread bytes are buf[i:n]
	base int64 // offset in the stream of buf[0]
	err  error // what the last read said
}

func newWindow(r io.Reader) *window { return &window{r: r, buf: make([]byte, windowSize)} }

// over is the window put over another stream; w may be nil.
func (w *window) over(r io.Reader) *window {
	if w == nil {
		return newWindow(r)
	}
	return &window{r: r, buf: w.buf}
}

// offset is where in the stream the next unread byte stands.
func (w *window) offset() int64 { return w.base + int64(w.i) }

// peek gives the next n unread bytes, n up to windowSize, or all that are left where the stream is shorter.
func (w *window) peek(n int) []byte {
	if w.n-w.i < n {
		w.fill(n)
	}
	if w.n-w.i < n {
		return w.buf[w.i:w.n]
	}
	return w.buf[w.i : w.i+n]
}

// fill reads until n bytes are unread, or the stream ends.
func (w *window) fill(n int) {
	copy(w.buf, w.buf[w.i:w.n])
	w.base += int64(w.i)
	w.n -= w.i
	w.i = 0
	for idle := 0; w.n < n && w.err == nil; {
		var k int
		k, w.err = w.r.Read(w.buf[w.n:])
		w.n += k
		if k > 0 {
			idle = 0
		} else if idle++; idle > 100 && w.err == nil {
			w.err = io.ErrNoProgress
		}
	}
}

// advance passes n bytes that were peeked.
func (w *window) advance(n int) { w.i += n }

// skip passes n bytes without keeping them; false where the stream ends before.
func (w *window) skip(n int64) bool {
	for n > int64(w.n-w.i) {
		n -= int64(w.n - w.i)
		w.i = w.n
		if w.fill(1); w.n == w.i {
			return false
		}
	}
	w.i += int(n)
	return true
}

// ended says what stopped the stream: nil for its end.
func (w *window) ended() error {
	if w.err == io.EOF {
		return nil
	}
	return w.err
}
