// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"fmt"

	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// Query asks for what people entered.
type Query = store.Entries

// Entry is a statement that was made on a form.
type Entry struct {
	proof.Entry
	Stands bool // no withdrawal took it back by name
	Erased bool // what it said in its payload is gone
}

// Entries gives what people entered, in the order of the log. Each is held against its leaf; the leaves
// against the tree only Read and Fsck hold.
func (c *Case) Entries(ctx context.Context, q Query) ([]Entry, error) {
	var all []Entry
	err := c.db.Entered(ctx, q, func(rec *store.Entry) error {
		l, err := proof.DecodeLeaf(rec.Leaf)
		if err != nil {
			return damaged(leafName(rec.Index), "%v", err)
		}
		if string(l.Statement) != rec.Digest || rec.Bytes == nil {
			return damaged(leafName(rec.Index), "it is listed as an entry, and is another statement or none")
		}
		e, err := entryOf(&rec.Record, l)
		all = append(all, Entry{Entry: e, Stands: rec.Stands, Erased: rec.HasPayload && rec.Body == nil})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading entries of case %s: %w", c.dir, err)
	}
	return all, nil
}

// CountEntries counts them, whatever the query's limit.
func (c *Case) CountEntries(ctx context.Context, q Query) (int64, error) {
	n, err := c.db.CountEntries(ctx, q)
	if err != nil {
		return 0, fmt.Errorf("case %s: %w", c.dir, err)
	}
	return n, nil
}
