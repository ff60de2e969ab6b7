// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"fmt"
	"slices"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// Erase erases the payloads of statements: names, addresses, a person's words, with the salts that
// their digests rest on. whole erases the statements too, down to their stubs: every verdict on which
// one could bear is then at most not shown. That it was done, and why, is a statement of its own in the
// same commit; every proof of before still holds. Copies that were handed over are beyond its reach.
func (c *Case) Erase(ctx context.Context, digests []evidence.Digest, whole bool, why string) (Receipt, error) {
	receipt, err := c.erase(ctx, digests, whole, why)
	if err != nil {
		return Receipt{}, fmt.Errorf("erasing from case %s: %w", c.dir, err)
	}
	return receipt, nil
}

func (c *Case) erase(ctx context.Context, digests []evidence.Digest, whole bool, why string) (Receipt, error) {
	digests = slices.Compact(slices.Sorted(slices.Values(digests)))
	var erasures []store.Erasure
	for _, d := range digests {
		e, err := c.erasure(ctx, d, whole)
		if err != nil {
			return Receipt{}, err
		}
		erasures = append(erasures, e)
	}
	r, err := c.sign([]Draft{{Statement: evidence.Statement{Kind: evidence.Erasure, Erases: digests, Whole: whole,
		Note: why}}}, nil)
	if err != nil {
		return Receipt{}, err
	}
	r.erasures = erasures
	receipts, err := c.submit(ctx, r)
	if err != nil {
		return Receipt{}, err
	}
	return receipts[0], c.db.Scrub(ctx)
}

// erasure looks a statement up and says what is to be left of it.
func (c *Case) erasure(ctx context.Context, d evidence.Digest, whole bool) (store.Erasure, error) {
	rec, found, err := c.db.Find(ctx, string(d))
	if err == nil && !found {
		err = kind.Errorf(kind.NotFound, "the case has no statement %s", d)
	}
	if err != nil || !whole || rec.Bytes == nil {
		return store.Erasure{Digest: d}, err
	}
	l, err := proof.DecodeLeaf(rec.Leaf)
	if err != nil {
		return store.Erasure{}, damaged(leafName(rec.Index), "%v", err)
	}
	e, err := entryOf(rec, l)
	if err != nil {
		return store.Erasure{}, err
	}
	if !proof.Withholdable(e.Statement.Kind) {
		return store.Erasure{}, kind.Errorf(kind.Denied,
			"%s is a %s statement: without it others would say something else; withdraw it instead",
			leafName(rec.Index), e.Statement.Kind)
	}
	stub := proof.StubOf(&e)
	b, err := stub.Encode()
	return store.Erasure{Digest: d, Stub: b}, err
}

// erased compares what is gone with what the log says was erased.
type erased struct {
	payloads, statements map[evidence.Digest]int64 // gone, with their leaves
	said, saidWhole      map[evidence.Digest]bool
}

func newErased() *erased {
	return &erased{map[evidence.Digest]int64{}, map[evidence.Digest]int64{}, map[evidence.Digest]bool{},
		map[evidence.Digest]bool{}}
}

// meet takes a record in; st is nil when the statement is gone.
func (e *erased) meet(rec *store.Record, st *evidence.Statement) {
	d := evidence.Digest(rec.Digest)
	switch {
	case st == nil:
		e.statements[d] = rec.Index
	case rec.HasPayload && rec.Salt == nil:
		e.payloads[d] = rec.Index
	}
	if st != nil && st.Kind == evidence.Erasure {
		for _, d := range st.Erases {
			e.said[d], e.saidWhole[d] = true, e.saidWhole[d] || st.Whole
		}
	}
}

// unsaid gives the leaves of which something is gone, and no statement says that it was erased.
func (e *erased) unsaid() []int64 {
	var all []int64
	for d, index := range e.payloads {
		if !e.said[d] {
			all = append(all, index)
		}
	}
	for d, index := range e.statements {
		if !e.saidWhole[d] {
			all = append(all, index)
		}
	}
	slices.Sort(all)
	return all
}
