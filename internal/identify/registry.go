// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/writ-iot/writ/internal/observation"
)

// registry.bin is the IEEE's public listing of address blocks (MA-L, MA-M, MA-S and IAB), packed by gen.
//
//go:embed registry.bin
var packed []byte

// widths are the sizes of the blocks that IEEE assigns, in bits, longest first.
var widths = [...]uint{36, 28, 24}

// maxRegistry bounds what unpacking may write: ten times today's size.
const maxRegistry = 32 << 20

// Assignment is one block and whom it was assigned to.
type Assignment struct {
	Prefix uint64 // left-aligned in the low Bits
	Bits   uint
	Name   string
}

// Registry finds whom a link address was assigned to. It is immutable.
type Registry struct {
	names  string // all names, one after the other
	starts []uint32
	blocks [len(widths)]block
}

// block is all assignments of one width, sorted by prefix.
type block struct {
	prefixes []uint64
	names    []uint32
}

// Addresses is the embedded registry; it is unpacked at the first look.
var Addresses = sync.OnceValue(func() *Registry {
	r, err := Unpack(packed)
	if err != nil {
		panic("the embedded address registry is damaged: " + err.Error())
	}
	return r
})

// Lookup gives the name to which the longest block holding m was assigned; "" where none was, where the
// address is local (not assigned by IEEE at all) or a group's.
func (r *Registry) Lookup(m observation.MAC) string {
	if m[0]&0b11 != 0 {
		return ""
	}
	v := uint64(m[0])<<40 | uint64(m[1])<<32 | uint64(m[2])<<24 | uint64(m[3])<<16 | uint64(m[4])<<8 | uint64(m[5])
	for i, bits := range widths {
		b := &r.blocks[i]
		if at, ok := slices.BinarySearch(b.prefixes, v>>(48-bits)); ok {
			return r.name(b.names[at])
		}
	}
	return ""
}

func (r *Registry) name(i uint32) string { return r.names[r.starts[i]:r.starts[i+1]] }

// Len is the number of blocks.
func (r *Registry) Len() int {
	n := 0
	for i := range r.blocks {
		n += len(r.blocks[i].prefixes)
	}
	return n
}

// Pack writes assignments in the form that Unpack reads: the names, sorted and ended by a newline each,
// behind their number; then for each width the number of blocks and, for each, the distance from the
// block before and the name's place; all numbers as varints; the whole deflated.
func Pack(all []Assignment) ([]byte, error) {
	var names []string
	for _, a := range all {
		if strings.ContainsRune(a.Name, '\n') {
			return nil, fmt.Errorf("packing block %x/%d: the name holds a newline", a.Prefix, a.Bits)
		}
		names = append(names, a.Name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	raw := binary.AppendUvarint(nil, uint64(len(names)))
	for _, n := range names {
		raw = append(append(raw, n...), '\n')
	}
	for _, bits := range widths {
		var of []Assignment
		for _, a := range all {
			if a.Bits == bits {
				of = append(of, a)
			}
		}
		slices.SortFunc(of, func(a, b Assignment) int { return int(int64(a.Prefix) - int64(b.Prefix)) })
		of = slices.CompactFunc(of, func(a, b Assignment) bool { return a.Prefix == b.Prefix })
		raw = binary.AppendUvarint(raw, uint64(len(of)))
		last := uint64(0)
		for _, a := range of {
			at, _ := slices.BinarySearch(names, a.Name)
			raw = binary.AppendUvarint(binary.AppendUvarint(raw, a.Prefix-last), uint64(at))
			last = a.Prefix
		}
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

var errRegistry = errors.New("address registry: cut short or damaged")

// Unpack reads what Pack wrote.
func Unpack(p []byte) (*Registry, error) {
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(p)), maxRegistry))
	if err != nil {
		return nil, fmt.Errorf("inflating the address registry: %w", err)
	}
	r := &Registry{starts: []uint32{0}}
	n, raw, ok := uvarint(raw)
	if !ok || n > uint64(len(raw)) {
		return nil, errRegistry
	}
	var names strings.Builder
	for range n {
		end := bytes.IndexByte(raw, '\n')
		if end < 0 {
			return nil, errRegistry
		}
		names.Write(raw[:end])
		r.starts = append(r.starts, uint32(names.Len()))
		raw = raw[end+1:]
	}
	r.names = names.String()
	for i := range r.blocks {
		if raw, ok = r.blocks[i].unpack(raw, n); !ok {
			return nil, errRegistry
		}
	}
	return r, nil
}

func (b *block) unpack(raw []byte, names uint64) (rest []byte, ok bool) {
	n, raw, ok := uvarint(raw)
	if !ok || n > uint64(len(raw)) {
		return nil, false
	}
	b.prefixes, b.names = make([]uint64, n), make([]uint32, n)
	last := uint64(0)
	for i := range n {
		var step, name uint64
		if step, raw, ok = uvarint(raw); !ok {
			return nil, false
		}
		if name, raw, ok = uvarint(raw); !ok || name >= names {
			return nil, false
		}
		last += step
		b.prefixes[i], b.names[i] = last, uint32(name)
	}
	return raw, true
}

func uvarint(p []byte) (v uint64, rest []byte, ok bool) {
	v, n := binary.Uvarint(p)
	if n <= 0 {
		return 0, nil, false
	}
	return v, p[n:], true
}
