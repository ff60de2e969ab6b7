// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Growth is a tree that grows by leaves: it reads the hashes that are kept and makes those that are to
// be kept.
type Growth struct {
	size  int64 // leaves, the new ones included
	from  int64 // index of the first new stored hash
	kept  tlog.HashReader
	fresh []tlog.Hash
}

// Grow begins with the tree of size leaves whose hashes kept reads.
func Grow(size int64, kept tlog.HashReader) *Growth {
	return &Growth{size: size, from: tlog.StoredHashCount(size), kept: kept}
}

// Add appends a leaf by its hash and gives its index.
func (g *Growth) Add(leaf tlog.Hash) (int64, error) {
	made, err := tlog.StoredHashesForRecordHash(g.size, leaf, g)
	if err != nil {
		return 0, fmt.Errorf("growing the tree by leaf %d: %w", g.size, err)
	}
	g.fresh = append(g.fresh, made...)
	g.size++
	return g.size - 1, nil
}

// Size is the number of leaves.
func (g *Growth) Size() int64 { return g.size }

// Fresh gives the new hashes and the index at which the first is to be stored.
func (g *Growth) Fresh() (int64, []tlog.Hash) { return g.from, g.fresh }

// Root is the tree's root.
func (g *Growth) Root() (tlog.Hash, error) { return tlog.TreeHash(g.size, g) }

// ReadHashes reads kept and new hashes alike.
func (g *Growth) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	var old, places []int64
	for i, at := range indexes {
		switch n := at - g.from; {
		case n < 0:
			old, places = append(old, at), append(places, int64(i))
		case n < int64(len(g.fresh)):
			hashes[i] = g.fresh[n]
		default:
			return nil, fmt.Errorf("hash %d is not made yet", at)
		}
	}
	if len(old) == 0 {
		return hashes, nil
	}
	read, err := g.kept.ReadHashes(old)
	if err != nil {
		return nil, err
	}
	if len(read) != len(old) {
		return nil, fmt.Errorf("%d of %d hashes were read", len(read), len(old))
	}
	for i, place := range places {
		hashes[place] = read[i]
	}
	return hashes, nil
}
