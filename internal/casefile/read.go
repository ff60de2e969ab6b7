// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// Read gives the whole case: leaves, statements with their payloads, stubs of what was erased. It
// checks every statement against its leaf, and all leaves against the tree and the last checkpoint;
// signatures are left to Fsck, because the checkpoint's signature covers the leaves.
func (c *Case) Read(ctx context.Context) (*proof.Book, error) {
	size, err := c.db.Size(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading case %s: %w", c.dir, err)
	}
	c.publishing.Lock()
	published := c.published
	c.publishing.Unlock()
	r := &reader{key: c.keys.signer.Key, published: published}
	err = c.db.Scan(ctx, 0, size, r.take)
	if err == nil {
		err = r.finish(size, c.db)
	}
	if err != nil {
		return nil, fmt.Errorf("reading case %s: %w", c.dir, err)
	}
	return &r.book, nil
}

// Covers reads a checkpoint that was published before, or is held outside, and says whether the case's
// log begins with what it covers: its size is then a knowledge point.
func (c *Case) Covers(note []byte) (proof.Checkpoint, error) {
	cp, err := proof.OpenPin(note, c.keys.signer.Key)
	if err != nil {
		return cp, fmt.Errorf("case %s: %w", c.dir, err)
	}
	c.writing <- struct{}{}
	size := c.size
	<-c.writing
	if cp.Size > size {
		return cp, fmt.Errorf("case %s: %w", c.dir, damaged("the checkpoint",
			"it covers %d leaves and the case holds %d: this is an older copy", cp.Size, size))
	}
	root, err := tlog.TreeHash(cp.Size, c.db)
	if err == nil && root != cp.Root {
		err = damaged("the checkpoint", "the case's first %d leaves are not those that it covers: the log was forked",
			cp.Size)
	}
	if err != nil {
		return cp, fmt.Errorf("case %s: %w", c.dir, err)
	}
	return cp, nil
}

// Rebuild makes the database's projections again from the statements.
func (c *Case) Rebuild(ctx context.Context) error {
	c.writing <- struct{}{}
	defer func() { <-c.writing }()
	if c.broken != nil {
		return fmt.Errorf("case %s: %w", c.dir, c.broken)
	}
	if err := c.db.Rebuild(ctx); err != nil {
		return fmt.Errorf("case %s: %w", c.dir, err)
	}
	return nil
}

// reader turns records into a book, strictly.
type reader struct {
	key       proof.Key
	published proof.Checkpoint
	tree      proof.Tree
	book      proof.Book
	last      proof.Leaf
}

func (r *reader) take(rec *store.Record) error {
	if rec.Index != r.tree.Size() {
		return damaged(leafName(r.tree.Size()), "it is missing in the database")
	}
	l, err := r.leaf(rec)
	if err != nil {
		return err
	}
	r.book.Leaves = append(r.book.Leaves, rec.Leaf)
	r.last = l
	if rec.Bytes == nil {
		s, err := stubOf(rec, l)
		r.book.Stubs = append(r.book.Stubs, s)
		return err
	}
	e, err := entryOf(rec, l)
	r.book.Entries = append(r.book.Entries, e)
	return err
}

// leaf reads the leaf and adds it to the tree; at the checkpoint's size the roots must be one.
func (r *reader) leaf(rec *store.Record) (proof.Leaf, error) {
	where := leafName(rec.Index)
	l, err := proof.DecodeLeaf(rec.Leaf)
	switch {
	case err != nil:
		return l, damaged(where, "%v", err)
	case rec.Digest == "":
		return l, damaged(where, "its statement is missing in the database")
	case string(l.Statement) != rec.Digest:
		return l, damaged(where, "it is of statement %.16s…, the database has %.16s… there", l.Statement, rec.Digest)
	case l.By != r.key.ID():
		return l, damaged(where, "it is signed by key %.16s…, not by the case's %.16s…", l.By, r.key.ID())
	case l.At.Before(r.last.At):
		return l, damaged(where, "its time lies before that of the leaf under it")
	}
	r.tree.Append(proof.LeafHash(rec.Leaf))
	if r.tree.Size() == r.published.Size && r.tree.Root() != r.published.Root {
		return l, damaged(database, "its first %d leaves are not those that %s covers", r.published.Size, checkpoint)
	}
	return l, nil
}

// finish holds the leaves that were read against the tree that is kept.
func (r *reader) finish(size int64, kept tlog.HashReader) error {
	if r.tree.Size() != size {
		return damaged(leafName(r.tree.Size()), "it is missing in the database")
	}
	root, err := tlog.TreeHash(size, kept)
	if err != nil {
		return err
	}
	if root != r.tree.Root() {
		return damaged(database, "the tree's hashes are not those of its %d leaves", size)
	}
	return nil
}

func entryOf(rec *store.Record, l proof.Leaf) (proof.Entry, error) {
	where := leafName(rec.Index)
	if d := evidence.DigestOf(rec.Bytes); string(d) != rec.Digest {
		return proof.Entry{}, damaged(where, "its statement is damaged: its bytes have the digest %.16s…, not %.16s…",
			d, rec.Digest)
	}
	st, err := evidence.Decode(rec.Bytes)
	if err != nil {
		return proof.Entry{}, damaged(where, "%v", err)
	}
	e := proof.Entry{Index: rec.Index, KnownAt: l.At, Signed: evidence.Signed{Statement: *st, Bytes: rec.Bytes,
		Digest: evidence.Digest(rec.Digest), Signature: l.Signature}}
	if e.Payload, err = payloadOf(rec, st.Payload); err != nil {
		return e, err
	}
	if err := l.Check(&e); err != nil {
		return e, damaged(where, "%v", err)
	}
	return e, nil
}

// payloadOf gives the payload; nil where the statement has none, or it was erased.
func payloadOf(rec *store.Record, want evidence.Digest) (*evidence.Payload, error) {
	where := leafName(rec.Index)
	switch {
	case rec.HasPayload != (want != ""):
		return nil, damaged(where, "its payload is missing in the database, or it should have none")
	case !rec.HasPayload || rec.Salt == nil && rec.Body == nil:
		return nil, nil
	case len(rec.Salt) != 32:
		return nil, damaged(where, "its payload is damaged: a salt of %d bytes", len(rec.Salt))
	}
	p := &evidence.Payload{Salt: [32]byte(rec.Salt), Body: rec.Body}
	if p.Digest() != want {
		return nil, damaged(where, "its payload is damaged")
	}
	return p, nil
}

func stubOf(rec *store.Record, l proof.Leaf) (proof.Stub, error) {
	s, err := proof.DecodeStub(rec.Stub)
	if err == nil {
		err = l.CheckStub(&s)
	}
	if err != nil {
		return s, damaged(leafName(rec.Index), "what is left of its erased statement: %v", err)
	}
	s.Index, s.KnownAt = rec.Index, l.At
	return s, nil
}
