// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"encoding/binary"
	"io"
	"math/bits"
)

// Block types of pcapng (draft-ietf-opsawg-pcapng).
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockOldPacket = 2
	blockSimple    = 3
	blockPacket    = 6
	byteOrder      = 0x1a2b3c4d
)

// maxInterfaces bounds what a file of nothing but interface blocks can cost.
const maxInterfaces = 1 << 16

// maxDescription is how much of an interface's block is read: options beyond it are not needed.
const maxDescription = 64 << 10

type ngInterface struct {
	link   Link
	snap   uint32
	unit   tick
	offset int64 // seconds to add
}

// ngFile reads pcapng.
type ngFile struct {
	w          *window
	big        bool
	interfaces []ngInterface
	count      int
}

// openPcapng looks at the first block; ok is false when it is none, and f is nil when it is cut short.
func openPcapng(w *window) (f *ngFile, ok bool) {
	h := w.peek(12)
	if len(h) < 4 || binary.LittleEndian.Uint32(h) != blockSection {
		return nil, false
	}
	if len(h) < 12 {
		return nil, true
	}
	f = &ngFile{w: w}
	if err := f.section(0, h); err != nil {
		return nil, false
	}
	if size := f.u32(h[4:]); size <= maxDescription && len(w.peek(int(size))) < int(size) {
		return nil, true
	}
	return f, true
}

func (f *ngFile) u32(b []byte) uint32 {
	if f.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

func (f *ngFile) u16(b []byte) uint16 {
	if f.big {
		return binary.BigEndian.Uint16(b)
	}
	return binary.LittleEndian.Uint16(b)
}

func (f *ngFile) next(fr *Frame) error {
	for {
		got, err := f.block(fr)
		if got || err != nil {
			return err
		}
	}
}

// block reads one block and says whether it held a frame.
func (f *ngFile) block(fr *Frame) (bool, error) {
	at := f.w.offset()
	h := f.w.peek(12)
	if len(h) < 12 {
		return false, f.short(at, len(h))
	}
	if binary.LittleEndian.Uint32(h) == blockSection {
		if err := f.section(at, h); err != nil {
			return false, err
		}
	}
	kind, size := f.u32(h), f.u32(h[4:])
	if size < 12 || size%4 != 0 {
		return false, faultf(at, "a block claims the length %d after %d whole frames", size, f.count)
	}
	switch kind {
	case blockPacket, blockOldPacket, blockSimple:
		return f.packet(at, kind, size, fr)
	case blockInterface:
		if err := f.describe(at, size); err != nil {
			return false, err
		}
		return false, nil
	}
	return false, f.pass(at, int64(size))
}

// pass skips a block.
func (f *ngFile) pass(at, size int64) error {
	if !f.w.skip(size) {
		return f.short(at, 1)
	}
	return nil
}

// section begins a section: its byte order holds from its own length field on.
func (f *ngFile) section(at int64, h []byte) error {
	switch {
	case binary.LittleEndian.Uint32(h[8:]) == byteOrder:
		f.big = false
	case binary.BigEndian.Uint32(h[8:]) == byteOrder:
		f.big = true
	default:
		return faultf(at, "a section has no byte-order mark after %d whole frames", f.count)
	}
	f.interfaces = f.interfaces[:0]
	return nil
}

// packet reads a block that holds a frame.
func (f *ngFile) packet(at int64, kind, size uint32, fr *Frame) (bool, error) {
	if size > maxFrame+4096 {
		return false, f.pass(at, int64(size))
	}
	b := f.w.peek(int(size))
	if len(b) < int(size) {
		return false, f.short(at, len(b))
	}
	f.w.advance(int(size))
	b = b[8 : size-4]
	var nic int
	var stamp uint64
	var have, length uint32
	body := 20
	switch {
	case kind == blockSimple && len(b) >= 4:
		length, body = f.u32(b), 4
		have = min(length, uint32(len(b)-4))
		if len(f.interfaces) > 0 && f.interfaces[0].snap > 0 {
			have = min(have, f.interfaces[0].snap)
		}
	case kind != blockSimple && len(b) >= 20:
		nic = int(f.u32(b))
		if kind == blockOldPacket {
			nic = int(f.u16(b))
		}
		stamp = uint64(f.u32(b[4:]))<<32 | uint64(f.u32(b[8:]))
		have, length = f.u32(b[12:]), f.u32(b[16:])
	default:
		return false, faultf(at, "a packet block of %d bytes is too short after %d whole frames", size, f.count)
	}
	if uint64(have) > uint64(len(b)-body) {
		return false, faultf(at, "frame %d claims %d captured bytes in a block of %d", f.count+1, have, size)
	}
	if nic >= len(f.interfaces) {
		return false, faultf(at, "frame %d names interface %d of %d", f.count+1, nic, len(f.interfaces))
	}
	f.count++
	i := &f.interfaces[nic]
	fr.Time = i.unit.nanoseconds(stamp) + i.offset*1e9
	if kind == blockSimple {
		fr.Time = 0
	}
	fr.Data, fr.Length, fr.Link = b[body:body+int(have)], length, i.link
	return true, nil
}

// describe reads an interface description.
func (f *ngFile) describe(at int64, size uint32) error {
	b := f.w.peek(int(min(size, maxDescription)))
	if len(b) < 20 || len(b) < int(min(size, maxDescription)) {
		return f.short(at, len(b))
	}
	i := ngInterface{link: Link(f.u16(b[8:])), snap: f.u32(b[12:]), unit: tick{base: 10, exp: 6}}
	o := b[16:]
	if len(b) == int(size) {
		o = b[16 : size-4]
	}
	for len(o) >= 4 {
		code, n := f.u16(o), int(f.u16(o[2:]))
		if code == 0 || 4+n > len(o) {
			break
		}
		v := o[4 : 4+n]
		switch {
		case code == 9 && n >= 1: // if_tsresol
			i.unit = tick{base: 10, exp: v[0] & 0x7f}
			if v[0]&0x80 != 0 {
				i.unit.base = 2
			}
		case code == 14 && n >= 8: // if_tsoffset
			i.offset = int64(binary.LittleEndian.Uint64(v))
			if f.big {
				i.offset = int64(binary.BigEndian.Uint64(v))
			}
		}
		o = o[min(len(o), 4+(n+3)&^3):]
	}
	if len(f.interfaces) < maxInterfaces {
		f.interfaces = append(f.interfaces, i)
	}
	return f.pass(at, int64(size))
}

func (f *ngFile) short(at int64, have int) error {
	if err := f.w.ended(); err != nil {
		return faultf(at, "reading stopped after %d whole frames: %v", f.count, err)
	}
	if have == 0 {
		return io.EOF
	}
	return faultf(at, "the capture ends within a block: %d whole frames are kept", f.count)
}

// tick is an interface's unit of time: base to the power of minus exp, in seconds.
type tick struct{ base, exp uint8 }

// nanoseconds turns a count of ticks into nanoseconds, cutting what is finer.
func (t tick) nanoseconds(n uint64) int64 {
	if t.base == 2 {
		if t.exp > 63 {
			return 0
		}
		sec, frac := n>>t.exp, n&(1<<t.exp-1)
		hi, lo := bits.Mul64(frac, 1e9)
		return int64(sec)*1e9 + int64(lo>>t.exp|hi<<(64-t.exp))
	}
	for e := t.exp; e > 9; e-- {
		n /= 10
	}
	for e := t.exp; e < 9; e++ {
		n *= 10
	}
	return int64(n)
}
