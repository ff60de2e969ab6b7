// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/blob"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// patience is how far the clock may stand behind the last leaf: steps of that size are a clock being
// set right, and the leaf then takes the last leaf's time.
const patience = 5 * time.Second

// batchRows is the number of statements from which on a commit takes no further request.
const batchRows = 4096

// Draft is a statement to be signed and appended.
type Draft struct {
	Statement evidence.Statement // By, Payload and Version are set here; a zero At becomes now
	// Payload is what the statement says with names in it, as a value for JSON; nil without.
	Payload any
}

// Receipt says where a statement lies. It is given after the statement is durable.
type Receipt struct {
	Index     int64     // its leaf
	KnownAt   time.Time // the leaf's time
	Statement evidence.Digest
	Repeated  bool // the case said the same already, at that leaf
}

// request is one Append waiting for its commit.
type request struct {
	signed   []evidence.Signed
	erasures []store.Erasure
	receipts []Receipt
	err      error
	done     chan struct{}
}

// Append signs the drafts and appends them in one transaction, all or none; it returns after the
// database's write-ahead log is synced. Appends that wait at the same time share a commit. What was
// said already is not said again. After an error of kind full or conflict it can be tried again; after
// other errors of the disk the case must be opened again first.
//
// When ctx ends before the commit has begun nothing is appended; afterwards it is finished all the same.
func (c *Case) Append(ctx context.Context, drafts []Draft) ([]Receipt, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("appending to case %s: %w", c.dir, err)
	}
	r, err := c.sign(drafts, progressOf(ctx))
	if err != nil {
		return nil, err
	}
	return c.submit(ctx, r)
}

type progressKey struct{}

// WithProgress asks to be told how far an Append of many statements is: half of it is signing, half the commit. f is
// called by one goroutine at a time.
func WithProgress(ctx context.Context, f func(done, all int)) context.Context {
	return context.WithValue(ctx, progressKey{}, f)
}

func progressOf(ctx context.Context) func(done, all int) {
	f, _ := ctx.Value(progressKey{}).(func(done, all int))
	return f
}

// submit queues a request and waits for its commit.
func (c *Case) submit(ctx context.Context, r *request) ([]Receipt, error) {
	c.mu.Lock()
	c.queue = append(c.queue, r)
	c.mu.Unlock()
	select {
	case <-r.done:
	case <-ctx.Done():
		if c.cancel(r) {
			return nil, fmt.Errorf("appending to case %s: %w", c.dir, ctx.Err())
		}
		<-r.done
	case c.writing <- struct{}{}: // this one commits for all who wait
		c.commitAll(ctx)
		<-c.writing
	}
	if r.err != nil {
		return nil, fmt.Errorf("case %s: %w", c.dir, r.err)
	}
	return r.receipts, nil
}

func (c *Case) sign(drafts []Draft, progress func(done, all int)) (*request, error) {
	r := &request{done: make(chan struct{}), signed: make([]evidence.Signed, len(drafts))}
	now := c.clock()
	var counting sync.Mutex
	done := 0
	return r, sideBySide(len(drafts), func(i int) (err error) {
		if r.signed[i], err = c.signOne(drafts[i], now); err != nil {
			return fmt.Errorf("draft %d: %w", i, err)
		}
		if progress != nil {
			counting.Lock()
			defer counting.Unlock()
			if done++; done%alone == 0 {
				progress(done, 2*len(drafts))
			}
		}
		return nil
	})
}

// alone is how much one goroutine does by itself: a signature and a leaf cost more than to begin one.
const alone = 256

// sideBySide calls f for 0 up to n, on every processor where that is worth while. It gives the first error of each.
func sideBySide(n int, f func(int) error) error {
	parts := min(runtime.GOMAXPROCS(0), (n+alone-1)/alone)
	errs := make([]error, parts)
	var wait sync.WaitGroup
	for p := range parts {
		wait.Go(func() {
			for i := n * p / parts; i < n*(p+1)/parts && errs[p] == nil; i++ {
				errs[p] = f(i)
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// complete gives a row its leaf, and the digest of what its statement says.
func complete(r *store.Row, at time.Time) error {
	l, err := proof.LeafOf(&r.Signed, at)
	if err != nil {
		return err
	}
	if r.Leaf, err = l.Encode(); err != nil {
		return err
	}
	r.Content, err = r.Signed.Statement.Content()
	return err
}

func (c *Case) signOne(d Draft, now time.Time) (_ evidence.Signed, err error) {
	var p *evidence.Payload
	if d.Payload != nil {
		if p, err = evidence.NewPayload(d.Payload, rand.Reader); err != nil {
			return evidence.Signed{}, err
		}
	}
	if d.Statement.At.IsZero() {
		d.Statement.At = now
	}
	return evidence.Sign(d.Statement, p, c.keys.signer.Private())
}

// cancel takes a request back; false when a commit has taken it already.
func (c *Case) cancel(r *request) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, q := range c.queue {
		if q == r {
			c.queue = append(c.queue[:i:i], c.queue[i+1:]...)
			return true
		}
	}
	return false
}

// commitAll commits until nobody waits. The caller holds writing.
func (c *Case) commitAll(ctx context.Context) {
	for {
		group, b := c.take()
		if len(group) == 0 {
			return
		}
		err := c.commit(context.WithoutCancel(ctx), group, b)
		for _, r := range group {
			r.err = err
			close(r.done)
		}
	}
}

// take takes requests from the queue, and all that stands beside them.
func (c *Case) take() ([]*request, *store.Batch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows, n := 0, 0
	for n < len(c.queue) && (n == 0 || rows+len(c.queue[n].signed) <= batchRows) {
		rows += len(c.queue[n].signed)
		n++
	}
	group := c.queue[:n:n]
	c.queue = c.queue[n:]
	return group, &store.Batch{Rows: make([]store.Row, 0, rows), Identities: c.pending, Kept: c.kept}
}

// commit appends a group. The caller holds writing.
func (c *Case) commit(ctx context.Context, group []*request, b *store.Batch) error {
	if c.broken != nil {
		return c.broken
	}
	at, err := c.now()
	if err != nil {
		return err
	}
	for _, r := range group {
		b.Erasures = append(b.Erasures, r.erasures...)
		for _, s := range r.signed {
			b.Rows = append(b.Rows, store.Row{Signed: s})
		}
	}
	if err := sideBySide(len(b.Rows), func(i int) error { return complete(&b.Rows[i], at) }); err != nil {
		return err
	}
	if f, n := progressOf(ctx), len(b.Rows); f != nil {
		b.Progress = func(rows int) { f(n+rows, 2*n) }
	}
	places, err := c.db.Append(ctx, b)
	if err != nil {
		if k := kind.Of(err); k != kind.Full && k != kind.Conflict {
			c.broken = fmt.Errorf("an earlier write was not certain, open the case again: %w", err)
		}
		return err
	}
	c.settle(b)
	for _, r := range group {
		for range r.signed {
			if err := c.receive(r, places[0], at); err != nil {
				return err
			}
			places = places[1:]
		}
	}
	return nil
}

// settle forgets what the commit has kept.
func (c *Case) settle(b *store.Batch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = c.pending[len(b.Identities):]
	c.kept = c.kept[len(b.Kept):]
}

// receive writes a statement's receipt; at is the time of the leaves that this commit made.
func (c *Case) receive(r *request, p store.Place, at time.Time) error {
	if p.Repeated {
		l, err := proof.DecodeLeaf(p.Leaf)
		if err != nil {
			return damaged(leafName(p.Index), "%v", err)
		}
		at = l.At
	} else {
		c.size, c.last = p.Index+1, at
	}
	r.receipts = append(r.receipts, Receipt{p.Index, at, p.Digest, p.Repeated})
	return nil
}

// now gives the time of the next leaf: never before the last. The caller holds writing.
func (c *Case) now() (time.Time, error) {
	now := c.clock().UTC()
	switch behind := c.last.Sub(now); {
	case behind <= 0:
		return now, nil
	case behind > patience:
		return time.Time{}, kind.Errorf(kind.Unavailable, "the clock says %s, but the last leaf is of %s: "+
			"nothing is appended or signed until the clock is right", now.Format(time.RFC3339),
			c.last.Format(time.RFC3339))
	}
	return c.last, nil
}

// Keep keeps an artefact, and returns when it is durable. The case's database knows of it from the next
// Append on.
func (c *Case) Keep(ctx context.Context, r io.Reader) (blob.Ref, error) {
	if c.Frozen() {
		return blob.Ref{}, fmt.Errorf("case %s: %w", c.dir, errFrozen)
	}
	ref, err := c.blobs.Put(ctx, r)
	if err != nil {
		return blob.Ref{}, fmt.Errorf("case %s: %w", c.dir, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, store.Kept{SHA256: ref.SHA256, Size: ref.Size})
	return ref, nil
}

// Artefact gives a kept artefact's bytes; the reader says at their end whether they are undamaged.
func (c *Case) Artefact(sha string) (io.ReadCloser, error) { return c.blobs.Open(sha) }
