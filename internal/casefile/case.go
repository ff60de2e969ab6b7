// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package casefile is the one door to a case: everything about one organisation, in one directory.
//
//	hospital.case/
//	  case.db      statements, leaves, projections (SQLite): the only truth
//	  log/         checkpoint and tiles in the layout of C2SP tlog-tiles, for any client and witness
//	  artefacts/   what was taken in, by its SHA-256
//	  keys/        log.key signs statements and checkpoints, log.pub goes to others, secrets.key digests
//	  lock         held while a process works on the case
//
// What Append acknowledges would outlive a power cut. What is damaged is named and refused, never
// repaired in silence. A case whose checkpoint says more than its database signs nothing again.
package casefile

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/writ-iot/writ/internal/blob"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/secret"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// Names inside a case.
const (
	database   = "case.db"
	logDir     = "log"
	artefacts  = "artefacts"
	checkpoint = logDir + "/checkpoint"
)

// maxArtefact is the default bound of one artefact's bytes: 16 GiB.
const maxArtefact = 16 << 30

// Options of a case. The zero value works.
type Options struct {
	Clock       func() time.Time // nil: the system's
	MaxArtefact int64            // bytes of one artefact; 0: 16 GiB
}

// Case is an open case. Its methods are safe for concurrent use.
type Case struct {
	dir   string
	clock func() time.Time
	hold  *hold
	db    *store.Store // the hold's
	blobs *blob.Dir
	keys  *keys

	// writing holds one token: its holder commits, and owns size, last and broken.
	writing chan struct{}
	size    int64
	last    time.Time // of the last leaf
	broken  error     // nothing is written any more: the case is frozen, closed, or a write left it uncertain

	// publishing guards what was published.
	publishing sync.Mutex
	published  proof.Checkpoint
	note       []byte

	// mu guards what waits for the next commit.
	mu       sync.Mutex
	queue    []*request
	pending  []store.Identity
	kept     []store.Kept
	subjects map[[2]string]string // kind and keyed name → ID
}

// Exists says whether a case lies in dir.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, database))
	return err == nil
}

// present makes sure that a case lies in dir: what has keys or a log and no database lost it.
func present(dir string) error {
	_, err := os.Stat(filepath.Join(dir, database))
	if err == nil || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		return durable.Explain(err)
	}
	for _, name := range []string{privateKey, checkpoint} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return damaged(database, "it is missing, and %s is there", name)
		}
	}
	return kind.Errorf(kind.NotFound, "no case lies there (it has no %s)", database)
}

// Create makes a case in dir, which must not be there or be empty, and opens it. The case appears whole
// or not at all.
func Create(ctx context.Context, dir string, o Options) (*Case, error) {
	if err := create(ctx, dir); err != nil {
		return nil, fmt.Errorf("creating case %s: %w", dir, err)
	}
	return Open(ctx, dir, o)
}

func create(ctx context.Context, dir string) error {
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		if err := present(dir); kind.Of(err) == kind.Corrupt {
			return err
		}
		return kind.Errorf(kind.Conflict, "the directory is not empty")
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return durable.Explain(err)
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := durable.MkdirAll(parent, 0o777); err != nil {
		return err
	}
	work, err := os.MkdirTemp(parent, filepath.Base(dir)+"-*"+durable.Temp)
	if err != nil {
		return durable.Explain(err)
	}
	defer os.RemoveAll(work) // gone already when all went well
	if err := fill(ctx, work); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) { // empty
		return durable.Explain(err)
	}
	if err := os.Rename(work, dir); err != nil {
		return durable.Explain(err)
	}
	return durable.SyncDir(parent)
}

// fill makes what a new case consists of.
func fill(ctx context.Context, dir string) error {
	for _, sub := range []string{logDir, artefacts, keysDir} {
		if err := durable.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return err
		}
	}
	var id [16]byte
	rand.Read(id[:]) // never fails
	k, err := makeKeys(dir, "writ.case/"+hex.EncodeToString(id[:]))
	if err != nil {
		return err
	}
	db, err := store.Create(ctx, filepath.Join(dir, database))
	if err != nil {
		return err
	}
	return errors.Join(db.SetMeta(ctx, k.meta()), db.Close())
}

// Open opens the case in dir. It refuses, with kind corrupt, a case whose keys, database and checkpoint
// do not belong together; with kind conflict, one that another process has open; with kind denied, one
// whose secret keys others can read. Where the process may not write it opens the case frozen.
func Open(ctx context.Context, dir string, o Options) (*Case, error) {
	c, err := open(ctx, dir, o)
	if err != nil {
		return nil, fmt.Errorf("opening case %s: %w", dir, err)
	}
	return c, nil
}

func open(ctx context.Context, dir string, o Options) (_ *Case, err error) {
	if err := present(dir); err != nil {
		return nil, err
	}
	c := &Case{dir: dir, clock: o.Clock, writing: make(chan struct{}, 1), subjects: map[[2]string]string{}}
	if c.clock == nil {
		c.clock = time.Now
	}
	if c.hold, err = takeHold(dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.hold.release())
		}
	}()
	if c.hold.frozen {
		c.broken = errFrozen
	} else if err := c.hold.keepsKeys(); err != nil {
		return nil, err
	}
	if c.keys, err = readKeys(dir); err != nil {
		return nil, err
	}
	if err := c.hold.open(ctx); err != nil {
		return nil, err
	}
	c.db = c.hold.db
	meta, err := c.db.Meta(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.keys.check(meta); err != nil {
		return nil, err
	}
	limit := o.MaxArtefact
	if limit == 0 {
		limit = maxArtefact
	}
	if c.blobs, err = c.hold.artefacts(limit); err != nil {
		return nil, err
	}
	return c, c.load(ctx)
}

// load reads where the log ends and what was published.
func (c *Case) load(ctx context.Context) error {
	size, err := c.db.Size(ctx)
	if err != nil {
		return err
	}
	c.size = size
	if size > 0 {
		b, err := c.db.Leaf(ctx, size-1)
		if err != nil {
			return err
		}
		l, err := proof.DecodeLeaf(b)
		if err != nil {
			return damaged(leafName(size-1), "%v", err)
		}
		c.last = l.At
	}
	c.published, c.note, err = readPublished(ctx, c.dir, c.db, c.keys.signer.Key, size)
	return err
}

var errClosed = errors.New("it is closed")

// Close publishes what was appended since the last checkpoint, and releases the case. It may be called
// again.
func (c *Case) Close(ctx context.Context) error {
	c.writing <- struct{}{} // a commit under way ends first
	defer func() { <-c.writing }()
	if c.broken == errClosed {
		return nil
	}
	var err error
	if c.broken == nil {
		ctx := context.WithoutCancel(ctx)
		if _, b := c.take(); len(b.Kept) > 0 { // artefacts that no Append followed
			err = c.commit(ctx, nil, b)
		}
		_, published := c.publish(ctx)
		err = errors.Join(err, published)
	}
	c.broken = errClosed
	return errors.Join(err, c.hold.release())
}

// Dir is the case's directory.
func (c *Case) Dir() string { return c.dir }

// Frozen says that the case lies where this process may not write: it is read as it stands, and what
// would change it is refused with kind denied.
func (c *Case) Frozen() bool { return c.hold.frozen }

// KeepsKeys refuses, with kind denied, secret keys that others can read. Open does so already, but of a
// frozen case, whose keys nobody can put right where they lie.
func (c *Case) KeepsKeys() error { return c.hold.keepsKeys() }

// Key is the public key that statements and checkpoints of the case are signed with.
func (c *Case) Key() proof.Key { return c.keys.signer.Key }

// Keyer digests secrets under the case's key, which never leaves it.
func (c *Case) Keyer() *secret.Keyer { return c.keys.secrets }

func leafName(index int64) string { return fmt.Sprintf("leaf %d", index) }

// damaged says that what was kept at where is not what was written.
func damaged(where, format string, args ...any) error {
	return kind.Errorf(kind.Corrupt, "%s: %s", where, fmt.Sprintf(format, args...))
}
