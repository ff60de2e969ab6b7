// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"fmt"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/ledger"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// Publish brings log/ up to what was appended and signs it. It returns the checkpoint after all of it
// would outlive a power cut. In this order, so that a checkpoint never speaks of what is not there:
//
//	the database's commit                                  (Append)
//	each tile:  openat(T.tmp) write fsync close renameat(T) fsync(its directory)
//	openat(log/checkpoint.tmp) write fsync close renameat(log/checkpoint) fsync(log)
//	the database notes the checkpoint
//
// A crash in between leaves tiles that the old checkpoint does not need, or a checkpoint that the
// database has not noted: both are right, and the next Publish goes on from there.
func (c *Case) Publish(ctx context.Context) (proof.Checkpoint, error) {
	c.writing <- struct{}{}
	defer func() { <-c.writing }()
	if c.broken != nil {
		return proof.Checkpoint{}, fmt.Errorf("publishing case %s: %w", c.dir, c.broken)
	}
	return c.publish(ctx)
}

// Checkpoint gives the last published checkpoint as the signed note that others pin; nil when none was.
func (c *Case) Checkpoint() []byte {
	c.publishing.Lock()
	defer c.publishing.Unlock()
	return c.note
}

// publish does what Publish says. The caller holds writing.
func (c *Case) publish(ctx context.Context) (proof.Checkpoint, error) {
	c.publishing.Lock()
	defer c.publishing.Unlock()
	if c.note != nil && c.published.Size == c.size || c.size == 0 {
		return c.published, nil
	}
	if _, err := c.now(); err != nil {
		return proof.Checkpoint{}, fmt.Errorf("publishing: %w", err)
	}
	cp, err := c.writeLog(ctx)
	if err != nil {
		return proof.Checkpoint{}, fmt.Errorf("publishing: %w", err)
	}
	note, err := proof.SignCheckpoint(cp, c.keys.signer)
	if err != nil {
		return proof.Checkpoint{}, err
	}
	if err := durable.Replace(filepath.Join(c.dir, checkpoint), note, 0o600); err != nil {
		return proof.Checkpoint{}, fmt.Errorf("publishing: %w", err)
	}
	if err := c.db.SetPublished(ctx, cp.Size, note); err != nil {
		return proof.Checkpoint{}, err
	}
	c.published, c.note = cp, note
	return cp, nil
}

// writeLog writes the tiles that the new size needs. The root it gives rests on the published root and
// on the new leaves alone; that the database's own hashes give the same is checked.
func (c *Case) writeLog(ctx context.Context) (proof.Checkpoint, error) {
	old := c.published.Size
	first := old >> ledger.Height << ledger.Height // the bundle that was cut short begins here
	g, entries := ledger.Grow(old, c.db), [][]byte(nil)
	err := c.db.Scan(ctx, first, c.size, func(r *store.Record) error {
		if r.Index != first+int64(len(entries)) {
			return damaged(leafName(first+int64(len(entries))), "it is missing in the database")
		}
		entries = append(entries, r.Leaf)
		if r.Index < old {
			return nil
		}
		_, err := g.Add(proof.LeafHash(r.Leaf))
		return err
	})
	if err != nil {
		return proof.Checkpoint{}, err
	}
	if g.Size() != c.size {
		return proof.Checkpoint{}, damaged(database, "%d of %d leaves can be read", g.Size(), c.size)
	}
	root, err := g.Root()
	if err != nil {
		return proof.Checkpoint{}, err
	}
	if kept, err := tlog.TreeHash(c.size, c.db); err != nil || kept != root {
		return proof.Checkpoint{}, damaged(database, "the tree's hashes are not those of its %d leaves", c.size)
	}
	for _, t := range ledger.Tiles(old, c.size) {
		if err := ctx.Err(); err != nil {
			return proof.Checkpoint{}, err
		}
		b, err := tileData(t, g, func(i int64) []byte { return entries[i-first] })
		if err != nil {
			return proof.Checkpoint{}, err
		}
		path := filepath.Join(c.dir, logDir, filepath.FromSlash(ledger.Path(t)))
		if err := durable.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return proof.Checkpoint{}, err
		}
		if err := durable.Replace(path, b, 0o600); err != nil {
			return proof.Checkpoint{}, err
		}
	}
	return proof.Checkpoint{Origin: c.keys.signer.Origin, Size: c.size, Root: root}, nil
}

// tileData gives a tile's bytes: hashes, or leaves each with its length.
func tileData(t tlog.Tile, r tlog.HashReader, leaf func(int64) []byte) ([]byte, error) {
	if t.L != ledger.Entries {
		return tlog.ReadTileData(t, r)
	}
	var b []byte
	for i := range int64(t.W) {
		var err error
		if b, err = ledger.AppendEntry(b, leaf(t.N<<ledger.Height+i)); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// readPublished reads log/checkpoint and holds it against the database of size leaves. Whoever restored
// an older copy of one of them finds it out here, before anything is signed.
func readPublished(ctx context.Context, dir string, db *store.Store, key proof.Key,
	size int64) (proof.Checkpoint, []byte, error) {
	var none proof.Checkpoint
	noted, err := db.Published(ctx)
	if err != nil {
		return none, nil, err
	}
	note, err := durable.ReadFile(filepath.Join(dir, checkpoint), proof.MaxCheckpoint)
	switch {
	case kind.Of(err) == kind.NotFound && noted == nil:
		return none, nil, nil
	case kind.Of(err) == kind.NotFound:
		return none, nil, damaged(checkpoint, "it is missing, and the database notes that one was published")
	case kind.Of(err) == kind.Invalid:
		return none, nil, damaged(checkpoint, "it is longer than any checkpoint")
	case err != nil:
		return none, nil, fmt.Errorf("%s: %w", checkpoint, err)
	}
	cp, err := proof.OpenCheckpoint(note, key)
	if err != nil {
		return none, nil, damaged(checkpoint, "%v", err)
	}
	if cp.Size > size {
		return none, nil, damaged(checkpoint,
			"it covers %d leaves and the database holds %d: an older copy of the database "+
				"was restored; nothing is signed until the newer one is back", cp.Size, size)
	}
	if root, err := tlog.TreeHash(cp.Size, db); err != nil || root != cp.Root {
		return none, nil, damaged(checkpoint, "the database's first %d leaves are not those that it covers", cp.Size)
	}
	if noted != nil {
		last, err := proof.OpenCheckpoint(noted, key)
		if err != nil {
			return none, nil, damaged(database, "its last checkpoint: %v", err)
		}
		if last.Size > cp.Size {
			return none, nil, damaged(checkpoint,
				"it covers %d leaves, and %d were published: an older copy of %s was restored",
				cp.Size, last.Size, logDir)
		}
	}
	return cp, note, nil
}
