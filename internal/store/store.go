// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package store owns the case's database and its transactions. Statement, leaf, hashes of the tree and
// projections are rows of one transaction: a statement is in the log or it is not in the case.
//
// The SQL is one text for SQLite and PostgreSQL. It checks nothing that the database itself does not:
// casefile reads strictly.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
)

//go:embed migrations
var migrations embed.FS

// Store is an open database. Reads are safe beside each other and beside one write; writes are kept
// one at a time by its single writing connection.
type Store struct {
	w, r *sql.DB
}

// Open opens the SQLite database at path and brings its tables up to this version.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := lies(path); err != nil {
		return nil, err
	}
	return open(ctx, path)
}

// lies makes sure that a database lies at path: of none, or of an empty file, SQLite would make a new one.
func lies(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("opening database: %w", durable.Explain(err))
	}
	if info.Size() == 0 {
		return kind.Errorf(kind.Corrupt, "opening database %s: it is empty", path)
	}
	return nil
}

// Create makes the database at path, readable by its owner only; it is an error if a file is there.
func Create(ctx context.Context, path string) (*Store, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = errors.Join(f.Close(), durable.SyncDir(filepath.Dir(path)))
	}
	if err != nil {
		return nil, fmt.Errorf("creating database: %w", durable.Explain(err))
	}
	return open(ctx, path)
}

// Memory makes a database that lives as long as it is open.
func Memory(ctx context.Context) (*Store, error) {
	db, err := sql.Open("sqlite", "file::memory:?_txlock=immediate")
	if err != nil {
		return nil, wrap("opening database in memory", err)
	}
	db.SetMaxOpenConns(1)
	s := &Store{w: db, r: db}
	return s, s.migrate(ctx)
}

func open(ctx context.Context, path string) (*Store, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	}
	s := &Store{}
	// FULL: a commit returns after the write-ahead log is synced. secure_delete: what is erased is
	// overwritten with zeros.
	s.w, err = sql.Open("sqlite", dsn(abs, url.Values{"_txlock": {"immediate"}, "mode": {"rw"}},
		"journal_mode(WAL)", "synchronous(FULL)", "secure_delete(1)", "cache_size(-65536)"))
	if err == nil {
		s.w.SetMaxOpenConns(1)
		s.r, err = sql.Open("sqlite", dsn(abs, url.Values{"_txlock": {"deferred"}, "mode": {"rw"}}, "query_only(1)"))
	}
	if err == nil {
		s.r.SetMaxOpenConns(4)
		err = s.migrate(ctx)
	}
	if err != nil {
		return nil, errors.Join(wrap("opening database "+path, err), s.Close())
	}
	return s, nil
}

func dsn(path string, q url.Values, pragmas ...string) string {
	q["_pragma"] = append(pragmas, "busy_timeout(5000)", "cell_size_check(1)", "trusted_schema(0)")
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(),
		RawQuery: q.Encode()}).String()
}

// Close closes the database; SQLite then moves its write-ahead log into it.
func (s *Store) Close() error {
	var errs []error
	if s.r != nil && s.r != s.w {
		errs = append(errs, s.r.Close())
	}
	if s.w != nil {
		errs = append(errs, s.w.Close())
	}
	return errors.Join(errs...)
}

// Scrub moves the write-ahead log into the database and empties it, so that nothing erased stands in
// it any more. It returns kind conflict while somebody still reads what it holds.
func (s *Store) Scrub(ctx context.Context) error {
	var busy, pages, moved int
	err := s.w.QueryRowContext(context.WithoutCancel(ctx),
		`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	if err == nil && busy != 0 {
		err = kind.Errorf(kind.Conflict, "the database is being read: try again")
	}
	return wrap("emptying the write-ahead log", err)
}

// migrate applies the numbered files that were not applied yet, each in a transaction of its own. A
// database of a later version is refused.
func (s *Store) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	slices.Sort(names)
	if _, err := s.w.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migration (version BIGINT PRIMARY KEY)`); err != nil {
		return wrap("preparing tables", err)
	}
	var done int
	if err := s.w.QueryRowContext(ctx, `SELECT count(*) FROM migration`).Scan(&done); err != nil {
		return wrap("reading the tables' version", err)
	}
	if done > len(names) {
		return newer(done, len(names))
	}
	for i, name := range names[done:] {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		err = s.write(ctx, func(t *tx) error {
			if _, err := t.ExecContext(ctx, forSQLite(string(text))); err != nil {
				return err
			}
			return t.exec(`INSERT INTO migration (version) VALUES ($1)`, done+i+1)
		})
		if err != nil {
			return wrap("applying "+name, err)
		}
	}
	if done > 0 && done < len(names) { // what a newer projection would have held from the first leaf on
		return s.Rebuild(ctx)
	}
	return nil
}

func newer(done, known int) error {
	return kind.Errorf(kind.Invalid, "the tables are of version %d, this program knows %d: use a newer one", done,
		known)
}

// forSQLite spells the portable text for SQLite: an INTEGER key is the row's own number there.
func forSQLite(text string) string {
	return strings.ReplaceAll(text, "BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
}
