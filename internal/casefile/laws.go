// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"fmt"
	"io"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// maxLaw bounds the file of a law that a case keeps: larger than any catalogue.
const maxLaw = 64 << 20

// Laws gives the adoptions of the case in order: what it was judged by, and since which leaf. It reads no
// other statement; that none of them is missing is for Read to say.
func (c *Case) Laws(ctx context.Context) ([]proof.Entry, error) {
	var all []proof.Entry
	err := c.db.OfKind(ctx, string(evidence.Adoption), func(rec *store.Record) error {
		l, err := proof.DecodeLeaf(rec.Leaf)
		if err != nil {
			return damaged(leafName(rec.Index), "%v", err)
		}
		e, err := entryOf(rec, l)
		if err == nil && e.Statement.Law == nil {
			err = damaged(leafName(rec.Index), "it is kept as an adoption, and is none")
		}
		all = append(all, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the law of case %s: %w", c.dir, err)
	}
	return all, nil
}

// Law gives the file of a law that the case adopted. That it is gone is damage: the case cannot be judged
// without it.
func (c *Case) Law(ref *evidence.LawRef) ([]byte, error) {
	b, err := c.law(ref)
	if kind.Of(err) == kind.NotFound {
		err = kind.Mark(kind.Corrupt, err)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the law %s of case %s: %w", ref.Version, c.dir, err)
	}
	return b, nil
}

func (c *Case) law(ref *evidence.LawRef) ([]byte, error) {
	if ref.Size > maxLaw {
		return nil, kind.Errorf(kind.Invalid, "%d bytes, at most %d are read", ref.Size, maxLaw)
	}
	r, err := c.blobs.Open(ref.Bundle)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxLaw+1)) // to its end, where the reader says whether it is undamaged
	if err == nil && int64(len(b)) != ref.Size {
		err = damaged(artefacts+"/"+ref.Bundle, "%d bytes, the adoption names %d", len(b), ref.Size)
	}
	return b, err
}
