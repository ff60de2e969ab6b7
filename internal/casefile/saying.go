// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"fmt"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// Saying gives what the case holds on some facts of one subject: the statements that may speak of them, and every
// withdrawal. It is a part of what Read gives, for whoever asks after a few facts of a large case; what a closed
// register covers is not in it.
func (c *Case) Saying(ctx context.Context, about fact.Subject, names ...fact.Name) (*proof.Book, error) {
	book := &proof.Book{}
	take := func(rec *store.Record) error {
		l, err := proof.DecodeLeaf(rec.Leaf)
		if err != nil {
			return damaged(leafName(rec.Index), "%v", err)
		}
		if rec.Bytes == nil {
			s, err := stubOf(rec, l)
			book.Stubs = append(book.Stubs, s)
			return err
		}
		e, err := entryOf(rec, l)
		book.Entries = append(book.Entries, e)
		return err
	}
	err := c.db.Saying(ctx, about, names, take)
	if err == nil {
		err = c.db.OfKind(ctx, string(evidence.Withdrawal), take)
	}
	if err != nil {
		return nil, fmt.Errorf("reading case %s: %w", c.dir, err)
	}
	return book, nil
}
