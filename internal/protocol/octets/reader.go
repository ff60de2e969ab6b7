// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package octets

import "encoding/binary"

// Reader walks a slice. A read beyond the end gives zero values and makes OK false for good, so a parser
// reads a whole header and asks once.
type Reader struct {
	b   []byte
	bad bool
}

// NewReader reads b.
func NewReader(b []byte) Reader { return Reader{b: b} }

// OK says that no read went beyond the end.
func (r *Reader) OK() bool { return !r.bad }

// Len is what is left.
func (r *Reader) Len() int { return len(r.b) }

// Rest is what is left, unread.
func (r *Reader) Rest() []byte { return r.b }

// Bytes takes n bytes, nil when there are fewer.
func (r *Reader) Bytes(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.b, r.bad = nil, true
		return nil
	}
	v := r.b[:n:n]
	r.b = r.b[n:]
	return v
}

// Skip passes over n bytes.
func (r *Reader) Skip(n int) { r.Bytes(n) }

// U8 takes one byte.
func (r *Reader) U8() byte {
	if v := r.Bytes(1); v != nil {
		return v[0]
	}
	return 0
}

// U16 takes two bytes, big endian.
func (r *Reader) U16() uint16 {
	if v := r.Bytes(2); v != nil {
		return binary.BigEndian.Uint16(v)
	}
	return 0
}

// U24 takes three bytes, big endian.
func (r *Reader) U24() uint32 {
	if v := r.Bytes(3); v != nil {
		return uint32(v[0])<<16 | uint32(v[1])<<8 | uint32(v[2])
	}
	return 0
}

// U32 takes four bytes, big endian.
func (r *Reader) U32() uint32 {
	if v := r.Bytes(4); v != nil {
		return binary.BigEndian.Uint32(v)
	}
	return 0
}

// LU16 takes two bytes, little endian.
func (r *Reader) LU16() uint16 {
	if v := r.Bytes(2); v != nil {
		return binary.LittleEndian.Uint16(v)
	}
	return 0
}

// LU32 takes four bytes, little endian.
func (r *Reader) LU32() uint32 {
	if v := r.Bytes(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

// CString takes the bytes before the next NUL, and the NUL.
func (r *Reader) CString() []byte {
	for i, c := range r.b {
		if c == 0 {
			v := r.b[:i:i]
			r.b = r.b[i+1:]
			return v
		}
	}
	r.b, r.bad = nil, true
	return nil
}
