// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/writ-iot/writ/internal/observation"
)

// packed is the IEEE's public listing of address blocks (MA-L, MA-M, MA-S and IAB), packed by gen. It is
// searched where it lies: a run that asks for few addresses touches few of its pages.
//
//go:embed registry.bin
var packed string

// widths are the sizes of the blocks that IEEE assigns, in bits, longest first.
var widths = [...]uint{36, 28, 24}

// Assignment is one block and whom it was assigned to.
type Assignment struct {
	Prefix uint64 // left-aligned in the low Bits
	Bits   uint
	Name   string
}

// Registry finds whom a link address was assigned to: for each width the blocks in order, eight bytes each,
// of which the last three are where the name begins; then all names, ended by a newline each.
type Registry struct {
	blocks [len(widths)]string
	names  string
}

const (
	entrySize = 8
	placeBits = 24 // of an entry: where its name begins
)

// Addresses is the embedded registry.
func Addresses() *Registry {
	r, err := Open(packed)
	if err != nil {
		panic("the embedded " + err.Error())
	}
	return r
}

// Lookup gives the name to which the longest block holding m was assigned; "" where none was, where the
// address is local (not assigned by IEEE at all) or a group's.
func (r *Registry) Lookup(m observation.MAC) string {
	if m[0]&0b11 != 0 {
		return ""
	}
	v := uint64(m[0])<<40 | uint64(m[1])<<32 | uint64(m[2])<<24 | uint64(m[3])<<16 | uint64(m[4])<<8 | uint64(m[5])
	for i, bits := range widths {
		prefix := v >> (48 - bits)
		b := r.blocks[i]
		at := sort.Search(len(b)/entrySize, func(k int) bool { return entry(b, k)>>placeBits >= prefix })
		if at*entrySize < len(b) && entry(b, at)>>placeBits == prefix {
			return r.name(entry(b, at) & (1<<placeBits - 1))
		}
	}
	return ""
}

func entry(b string, k int) uint64 {
	return binary.BigEndian.Uint64([]byte(b[k*entrySize : (k+1)*entrySize])) // is not copied
}

func (r *Registry) name(at uint64) string {
	if at >= uint64(len(r.names)) {
		return "" // damaged: no reading finds it out before
	}
	name, _, _ := strings.Cut(r.names[at:], "\n")
	return name
}

// Len is the number of blocks.
func (r *Registry) Len() int {
	n := 0
	for _, b := range r.blocks {
		n += len(b) / entrySize
	}
	return n
}

// Pack writes assignments in the form that Open reads: how many blocks there are of each width and how many
// bytes of names, in four bytes each, then the registry as it is searched.
func Pack(all []Assignment) ([]byte, error) {
	var names []byte
	place := map[string]uint64{}
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b Assignment) int { return strings.Compare(a.Name, b.Name) })
	for _, a := range sorted {
		if strings.ContainsRune(a.Name, '\n') {
			return nil, fmt.Errorf("packing block %x/%d: the name holds a newline", a.Prefix, a.Bits)
		}
		if _, ok := place[a.Name]; !ok {
			place[a.Name] = uint64(len(names))
			names = append(append(names, a.Name...), '\n')
		}
	}
	if len(names) >= 1<<placeBits {
		return nil, fmt.Errorf("packing %d bytes of names: an entry tells places up to %d", len(names), 1<<placeBits)
	}
	var head, entries []byte
	for _, bits := range widths {
		of := ofWidth(all, bits)
		head = binary.BigEndian.AppendUint32(head, uint32(len(of)))
		for _, a := range of {
			entries = binary.BigEndian.AppendUint64(entries, a.Prefix<<placeBits|place[a.Name])
		}
	}
	head = binary.BigEndian.AppendUint32(head, uint32(len(names)))
	return slices.Concat(head, entries, names), nil
}

// ofWidth is the blocks of one width in order, the first of those that claim the same.
func ofWidth(all []Assignment, bits uint) []Assignment {
	var of []Assignment
	for _, a := range all {
		if a.Bits == bits {
			of = append(of, a)
		}
	}
	slices.SortStableFunc(of, func(a, b Assignment) int { return int(int64(a.Prefix) - int64(b.Prefix)) })
	return slices.CompactFunc(of, func(a, b Assignment) bool { return a.Prefix == b.Prefix })
}

var errRegistry = errors.New("address registry: cut short or damaged")

// Open takes what Pack wrote, as it lies.
func Open(p string) (*Registry, error) {
	r := &Registry{}
	number := func() (n uint64) {
		if len(p) >= 4 {
			n, p = uint64(binary.BigEndian.Uint32([]byte(p[:4]))), p[4:]
		}
		return n
	}
	var sizes [len(widths)]uint64
	for i := range sizes {
		sizes[i] = number() * entrySize
	}
	names := number()
	for i, n := range sizes {
		if n > uint64(len(p)) {
			return nil, errRegistry
		}
		r.blocks[i], p = p[:n], p[n:]
	}
	if r.names = p; names == 0 || uint64(len(p)) != names {
		return nil, errRegistry
	}
	return r, nil
}
