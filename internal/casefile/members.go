// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"fmt"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// Memberships gives the statements that say who there is, in the order of the log: a later one of the same
// subject replaces an earlier one's words. It reads no other statement.
func (c *Case) Memberships(ctx context.Context) ([]proof.Entry, error) {
	var all []proof.Entry
	err := c.db.Memberships(ctx, func(rec *store.Record) error {
		l, err := proof.DecodeLeaf(rec.Leaf)
		if err != nil {
			return damaged(leafName(rec.Index), "%v", err)
		}
		e, err := entryOf(rec, l)
		if err == nil && e.Statement.Member == nil {
			err = damaged(leafName(rec.Index), "it is listed as a membership, and is none")
		}
		all = append(all, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading who belongs to case %s: %w", c.dir, err)
	}
	return all, nil
}

// Known gives the subject that one of the keys names, as Subject does, and makes none: false where none is
// known.
func (c *Case) Known(ctx context.Context, k fact.SubjectKind, keys ...string) (fact.Subject, bool, error) {
	if len(keys) == 0 {
		return fact.Subject{}, false, kind.Errorf(kind.Invalid, "looking for a %s: no key is given", k)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id, _, err := c.identify(ctx, k, keys)
	if err != nil {
		return fact.Subject{}, false, fmt.Errorf("looking for a %s: %w", k, err)
	}
	return fact.Subject{Kind: k, ID: id}, id != "", nil
}
