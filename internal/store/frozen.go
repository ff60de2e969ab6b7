// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
)

// Frozen is a database that is read where nothing may be written beside it: on a read-only medium, or in
// another's directory. Every write to it is refused with kind denied.
type Frozen struct {
	*Store
	path string
	was  [2]stamp
}

// stamp says whether a file was changed.
type stamp struct {
	size int64
	at   time.Time
}

// OpenFrozen opens the SQLite database at path to be read as it stands, with what its write-ahead log
// holds. It takes no lock and leaves no file: the caller keeps writers out, and Unchanged says whether
// one came all the same.
//
// A write-ahead log is read without the index beside it that SQLite would share and cannot make here
// (sqlite.org/wal.html, "Read-Only Databases"); without one the file is taken as immutable.
func OpenFrozen(ctx context.Context, path string) (*Frozen, error) {
	if err := lies(path); err != nil {
		return nil, err
	}
	f := &Frozen{path: path}
	abs, err := filepath.Abs(path)
	if err == nil {
		f.was, err = stamps(path)
	}
	if err != nil {
		return nil, fmt.Errorf("opening database: %w", durable.Explain(err))
	}
	q, pragmas := url.Values{"mode": {"ro"}, "immutable": {"1"}}, []string{"query_only(1)"}
	if f.was[1].size > 0 {
		q, pragmas = url.Values{"mode": {"ro"}, "vfs": {unlocked}}, append(pragmas, "locking_mode(EXCLUSIVE)")
	}
	db, err := sql.Open("sqlite", dsn(abs, q, pragmas...))
	if err == nil {
		db.SetMaxOpenConns(4)
		f.Store = &Store{w: db, r: db}
		err = f.current(ctx)
	}
	if err != nil {
		return nil, errors.Join(wrap("opening database "+path+" to read it only", err), f.Close())
	}
	return f, nil
}

// Close closes it.
func (f *Frozen) Close() error {
	if f.Store == nil {
		return nil
	}
	return f.Store.Close()
}

// Unchanged refuses, with kind conflict, what was read while somebody wrote.
func (f *Frozen) Unchanged() error {
	now, err := stamps(f.path)
	if err != nil {
		return durable.Explain(err)
	}
	if now != f.was {
		return kind.Errorf(kind.Conflict, "%s was written to while it was read: try again", f.path)
	}
	return nil
}

// stamps are those of a database and of its write-ahead log, which need not be there.
func stamps(path string) (s [2]stamp, err error) {
	for i, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if i > 0 && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return s, err
		}
		s[i] = stamp{info.Size(), info.ModTime()}
	}
	return s, nil
}

// current makes sure that the tables are of this version: older ones cannot be brought up here.
func (s *Store) current(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var done int
	if err := s.r.QueryRowContext(ctx, `SELECT count(*) FROM migration`).Scan(&done); err != nil {
		return wrap("reading the tables' version", err)
	}
	switch {
	case done > len(names):
		return newer(done, len(names))
	case done < len(names):
		return kind.Errorf(kind.Denied, "the tables are of version %d and cannot be brought up to %d here: "+
			"copy the case to where you may write, and read the copy", done, len(names))
	}
	return nil
}
