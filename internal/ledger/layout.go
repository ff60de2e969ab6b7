// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Height of a tile: it holds 256 hashes, or leaves.
const Height = 8

// Entries is the level of a tile that holds leaves.
const Entries = -1

// Tiles lists the tiles of hashes and leaves that a log publishes when it grows from old to size
// leaves: those that are full now and, where a level's end is not full, its partial tile.
func Tiles(old, size int64) []tlog.Tile {
	tiles := tlog.NewTiles(Height, old, size)
	for _, t := range tiles {
		if t.L == 0 {
			t.L = Entries
			tiles = append(tiles, t)
		}
	}
	return tiles
}

// Path is where a tile lies below the log's directory, with slashes.
func Path(t tlog.Tile) string {
	rest := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", Height))
	if after, ok := strings.CutPrefix(rest, "data/"); ok {
		rest = "entries/" + after
	}
	return "tile/" + rest
}

// ParsePath reads a tile's path in the one way it is written.
func ParsePath(path string) (tlog.Tile, error) {
	rest, ok := strings.CutPrefix(path, "tile/")
	if after, leaves := strings.CutPrefix(rest, "entries/"); leaves {
		rest = "data/" + after
	}
	t, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", Height, rest))
	if !ok || err != nil || Path(t) != path {
		return tlog.Tile{}, fmt.Errorf("%q is no tile's path", path)
	}
	return t, nil
}

// Within says whether a log of size leaves has published, now or before, a tile of this place and
// width.
func Within(t tlog.Tile, size int64) bool {
	level := max(t.L, 0)
	if level >= 8 || t.N > size {
		return false
	}
	return t.N<<Height+int64(t.W) <= size>>(Height*level)
}
