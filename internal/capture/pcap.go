// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"encoding/binary"
	"io"
)

// The magic numbers of a classic capture, as they read in the writer's own byte order.
const (
	magicMicro    = 0xa1b2c3d4
	magicNano     = 0xa1b23c4d
	magicModified = 0xa1b2cd34 // Kuznetzov's: 8 more bytes a record
)

// pcapFile reads the classic format.
type pcapFile struct {
	w      *window
	big    bool
	scale  int64 // of the fraction of a second, to nanoseconds
	header int   // length of a record's header
	link   Link
	count  int
}

// openPcap reads the file header; ok is false when it is none, and f is nil when it is cut short.
func openPcap(w *window) (f *pcapFile, ok bool) {
	h := w.peek(24)
	if len(h) < 4 {
		return nil, false
	}
	f = &pcapFile{w: w, header: 16}
	le, be := binary.LittleEndian.Uint32(h), binary.BigEndian.Uint32(h)
	m := le
	if be == magicMicro || be == magicNano || be == magicModified {
		f.big, m = true, be
	}
	switch m {
	case magicMicro:
		f.scale = 1000
	case magicNano:
		f.scale = 1
	case magicModified:
		f.scale, f.header = 1000, 24
	default:
		return nil, false
	}
	if len(h) < 24 {
		return nil, true
	}
	// The upper bits hold the length of a frame check sequence, not the type.
	f.link = Link(f.u32(h[20:]))
	w.advance(24)
	return f, true
}

func (f *pcapFile) u32(b []byte) uint32 {
	if f.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

func (f *pcapFile) next(fr *Frame) error {
	at := f.w.offset()
	h := f.w.peek(f.header)
	if len(h) < f.header {
		return f.short(at, len(h))
	}
	sec, frac := int64(f.u32(h)), int64(f.u32(h[4:]))
	size, length := f.u32(h[8:]), f.u32(h[12:])
	if size > maxFrame {
		return faultf(at, "frame %d claims %d captured bytes, more than any frame has", f.count+1, size)
	}
	all := f.w.peek(f.header + int(size))
	if len(all) < f.header+int(size) {
		return f.short(at, len(all))
	}
	f.w.advance(len(all))
	f.count++
	fr.Time = sec*1e9 + frac*f.scale
	fr.Data = all[f.header:]
	fr.Length = length
	fr.Link = f.link
	return nil
}

func (f *pcapFile) short(at int64, have int) error {
	if err := f.w.ended(); err != nil {
		return faultf(at, "reading stopped after %d whole frames: %v", f.count, err)
	}
	if have == 0 {
		return io.EOF
	}
	return faultf(at, "the capture ends within frame %d: %d whole frames are kept", f.count+1, f.count)
}
