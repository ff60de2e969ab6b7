// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"bytes"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// shelf keeps stored hashes as a store does.
type shelf []tlog.Hash

func (s shelf) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, i := range indexes {
		if i >= int64(len(s)) {
			return nil, fmt.Errorf("hash %d is not kept", i)
		}
		all = append(all, s[i])
	}
	return all, nil
}

func leaf(i int64) []byte { return fmt.Appendf(nil, "leaf %d", i) }

// grown keeps size leaves, added in steps.
func grown(t testing.TB, size, step int64) shelf {
	t.Helper()
	var s shelf
	for at := int64(0); at < size; {
		g := Grow(at, s)
		for g.Size() < min(at+step, size) {
			if _, err := g.Add(tlog.RecordHash(leaf(g.Size()))); err != nil {
				t.Fatal(err)
			}
		}
		from, fresh := g.Fresh()
		if from != int64(len(s)) {
			t.Fatalf("new hashes begin at %d, %d are kept", from, len(s))
		}
		before, err := g.Root()
		if err != nil {
			t.Fatal(err)
		}
		s, at = append(s, fresh...), g.Size()
		if after, err := tlog.TreeHash(at, s); err != nil || after != before {
			t.Fatalf("root of %d leaves is %v before it is kept and %v after (%v)", at, before, after, err)
		}
	}
	return s
}

func TestStepsDoNotChangeTheTree(t *testing.T) {
	for _, size := range []int64{1, 2, 255, 256, 257, 700} {
		want, err := tlog.TreeHash(size, grown(t, size, size))
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range []int64{1, 3, 256} {
			if got, err := tlog.TreeHash(size, grown(t, size, step)); err != nil || got != want {
				t.Errorf("%d leaves in steps of %d: root %v, want %v (%v)", size, step, got, want, err)
			}
		}
	}
}

// tiles is a published log in memory, read by another's client.
type tiles map[string][]byte

func (m tiles) Height() int { return Height }

func (m tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range want {
		b, ok := m[Path(t)]
		if !ok {
			return nil, fmt.Errorf("no tile %s", Path(t))
		}
		all = append(all, b)
	}
	return all, nil
}

func (m tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func TestPublishedTilesProveEveryLeaf(t *testing.T) {
	const size = 256*3 + 7
	s, m := grown(t, size, 50), tiles{}
	for _, tile := range Tiles(0, size) {
		if tile.L == Entries {
			continue
		}
		b, err := tlog.ReadTileData(tile, s)
		if err != nil {
			t.Fatal(err)
		}
		m[Path(tile)] = b
	}
	root, err := tlog.TreeHash(size, s)
	if err != nil {
		t.Fatal(err)
	}
	r := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, m)
	for i := int64(0); i < size; i++ {
		p, err := tlog.ProveRecord(size, i, r)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckRecord(p, size, root, i, tlog.RecordHash(leaf(i))); err != nil {
			t.Fatalf("leaf %d: %v", i, err)
		}
	}
}

func TestPathsAreThoseOfTheTilesStandard(t *testing.T) {
	for path, want := range map[string]tlog.Tile{
		"tile/0/000":               {H: 8, L: 0, N: 0, W: 256},
		"tile/1/x001/x234/067.p/8": {H: 8, L: 1, N: 1234067, W: 8},
		"tile/entries/x001/000":    {H: 8, L: -1, N: 1000, W: 256},
	} {
		if got := Path(want); got != path {
			t.Errorf("%v lies at %s, want %s", want, got, path)
		}
		if got, err := ParsePath(path); err != nil || got != want {
			t.Errorf("%s reads as %v (%v)", path, got, err)
		}
	}
	for _, bad := range []string{"", "checkpoint", "tile/8/0/000", "tile/data/000", "tile/0/0", "tile/0/000.p/256", "tile/-1/000", "tile/0/../000", "tile/0/001.p/0"} {
		if got, err := ParsePath(bad); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}

func TestTilesNameWhatANewSizeNeeds(t *testing.T) {
	var got []string
	for _, tile := range Tiles(250, 513) {
		got = append(got, Path(tile))
		if !Within(tile, 513) || Within(tile, 250) {
			t.Errorf("%s is not within the log it is published for", Path(tile))
		}
	}
	want := "[tile/0/000 tile/0/001 tile/0/002.p/1 tile/1/000.p/2 tile/entries/000 tile/entries/001 tile/entries/002.p/1]"
	if fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestBundleGivesBackItsLeaves(t *testing.T) {
	var b []byte
	want := [][]byte{[]byte("one"), {}, bytes.Repeat([]byte("x"), 65535)}
	for _, e := range want {
		var err error
		if b, err = AppendEntry(b, e); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ParseBundle(b)
	if err != nil || len(got) != 3 || !bytes.Equal(got[0], want[0]) || len(got[1]) != 0 || !bytes.Equal(got[2], want[2]) {
		t.Errorf("%v", err)
	}
	if _, err := AppendEntry(nil, make([]byte, 65536)); err == nil {
		t.Error("a leaf beyond two bytes of length was taken")
	}
	if _, err := ParseBundle(b[:len(b)-1]); err == nil {
		t.Error("a bundle cut short was taken")
	}
}

func FuzzParseBundle(f *testing.F) {
	f.Add([]byte("\x00\x03one\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, err := ParseBundle(b)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range entries {
			if again, err = AppendEntry(again, e); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(again, b) {
			t.Fatalf("%q comes back as %q", b, again)
		}
	})
}

func FuzzParsePath(f *testing.F) {
	f.Add("tile/1/x001/x234/067.p/8")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, path string) {
		if tile, err := ParsePath(path); err == nil && Path(tile) != path {
			t.Fatalf("%q comes back as %q", path, Path(tile))
		}
	})
}
