// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/writ-iot/writ/internal/blob"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/store"
)

// hold is a process's hold on a case's directory: its lock and its database. Where the process may not
// write (a read-only medium, another's directory) the case is held as it stands: readers share the lock,
// and that nobody wrote meanwhile is checked at the end, for there may be no lock to take.
type hold struct {
	dir    string
	frozen bool
	lock   *os.File // nil: none lies there that this process may open
	db     *store.Store
	kept   *store.Frozen // what db is a part of, where the case is frozen
}

var errFrozen = kind.Errorf(kind.Denied, "it lies where this process may not write: it can be read and no more; "+
	"copy it to where you may write, and work on the copy")

func takeHold(dir string) (*hold, error) {
	h := &hold{dir: dir, frozen: isFrozen(dir)}
	var err error
	if h.frozen {
		h.lock, err = share(dir)
	} else {
		h.lock, err = acquire(dir)
	}
	return h, err
}

// isFrozen says whether this process may not write to what a commit writes to.
func isFrozen(dir string) bool {
	for _, name := range []string{"", database, database + "-wal", database + "-shm", lockFile} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) && !writable(path) {
			return true
		}
	}
	return false
}

// open opens the database.
func (h *hold) open(ctx context.Context) (err error) {
	path := filepath.Join(h.dir, database)
	if !h.frozen {
		h.db, err = store.Open(ctx, path)
		return err
	}
	if h.kept, err = store.OpenFrozen(ctx, path); err == nil {
		h.db = h.kept.Store
	}
	return err
}

// artefacts opens the directory of artefacts; it is made where it is not there and can be.
func (h *hold) artefacts(limit int64) (*blob.Dir, error) {
	path := filepath.Join(h.dir, artefacts)
	if h.frozen {
		return blob.Frozen(path, limit), nil
	}
	return blob.At(path, limit)
}

// keepsKeys refuses secret keys that others can read, as ssh does: whoever reads one of them signs as the
// case, or finds out by trial what its digests are of.
func (h *hold) keepsKeys() error {
	var modes, paths []string
	for _, name := range []string{privateKey, secretsKey} {
		path := filepath.Join(h.dir, name)
		if mode, open := exposed(path); open {
			modes, paths = append(modes, fmt.Sprintf("%s has mode %04o", name, mode)), append(paths, path)
		}
	}
	if paths == nil {
		return nil
	}
	return kind.Errorf(kind.Denied, "%s: others than the owner can read a key that must stay secret: chmod 600 %s",
		strings.Join(modes, ", "), strings.Join(paths, " "))
}

// release lets go of the case. What was read of a frozen case while somebody wrote is worth nothing: the
// error is then of kind conflict.
func (h *hold) release() error {
	var errs []error
	if h.kept != nil {
		errs = append(errs, h.kept.Unchanged())
	}
	if h.db != nil {
		errs = append(errs, h.db.Close())
	}
	switch {
	case h.frozen:
		errs = append(errs, unshare(h.lock))
	case h.lock != nil:
		errs = append(errs, unlock(h.lock))
	}
	return errors.Join(errs...)
}
