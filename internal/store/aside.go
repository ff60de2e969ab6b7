// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
)

func missingHash(level int, n int64) error {
	return kind.Errorf(kind.Corrupt, "the tree's hash %d of level %d is missing or damaged", n, level)
}

// Meta gives what the case is.
func (s *Store) Meta(ctx context.Context) (map[string]string, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT name, value FROM meta`)
	if err != nil {
		return nil, wrap("reading what the case is", err)
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, wrap("reading what the case is", err)
		}
		all[name] = value
	}
	return all, wrap("reading what the case is", rows.Err())
}

// SetMeta says what the case is, once.
func (s *Store) SetMeta(ctx context.Context, meta map[string]string) error {
	err := s.write(ctx, func(t *tx) error {
		for name, value := range meta {
			if err := t.exec(`INSERT INTO meta (name, value) VALUES ($1, $2)`, name, value); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("saying what the case is", err)
}

// Published gives the last checkpoint that was published; nil when none was.
func (s *Store) Published(ctx context.Context) ([]byte, error) {
	var note []byte
	err := s.r.QueryRowContext(ctx, `SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1`).Scan(&note)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return note, wrap("reading the last checkpoint", err)
}

// SetPublished notes that a checkpoint was published.
func (s *Store) SetPublished(ctx context.Context, size int64, note []byte) error {
	err := s.write(ctx, func(t *tx) error {
		return t.exec(`INSERT INTO checkpoint (size, note) VALUES ($1, $2) ON CONFLICT (size) DO NOTHING`, size, note)
	})
	return wrap("noting the checkpoint", err)
}

// Identity looks up a keyed name; false when it is not known.
func (s *Store) Identity(ctx context.Context, kind, name string) (Identity, bool, error) {
	i := Identity{Kind: kind, Name: name}
	err := s.r.QueryRowContext(ctx, `SELECT id, mac FROM identity WHERE kind = $1 AND name = $2`, kind,
		name).Scan(&i.ID, &i.MAC)
	if errors.Is(err, sql.ErrNoRows) {
		return i, false, nil
	}
	return i, err == nil, wrap("reading identity", err)
}

// Identities gives every keyed name.
func (s *Store) Identities(ctx context.Context, f func(Identity) error) error {
	rows, err := s.r.QueryContext(ctx, `SELECT kind, name, id, mac FROM identity ORDER BY kind, name`)
	if err != nil {
		return wrap("reading identities", err)
	}
	defer rows.Close()
	for rows.Next() {
		var i Identity
		if err := rows.Scan(&i.Kind, &i.Name, &i.ID, &i.MAC); err != nil {
			return wrap("reading identities", err)
		}
		if err := f(i); err != nil {
			return err
		}
	}
	return wrap("reading identities", rows.Err())
}

// Kept lists the artefacts that the case holds.
func (s *Store) Kept(ctx context.Context) ([]Kept, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT sha256, size FROM kept ORDER BY sha256`)
	if err != nil {
		return nil, wrap("listing artefacts", err)
	}
	defer rows.Close()
	var all []Kept
	for rows.Next() {
		var k Kept
		if err := rows.Scan(&k.SHA256, &k.Size); err != nil {
			return nil, wrap("listing artefacts", err)
		}
		all = append(all, k)
	}
	return all, wrap("listing artefacts", rows.Err())
}

// Member is a projection: who a subject is, by all memberships that were stated.
type Member struct {
	Subject, Product, Maker, Runner string
	Own                             bool
	Seen                            string
	First, Last                     int64 // leaves
}

// Member looks a subject up; false when no membership speaks of it.
func (s *Store) Member(ctx context.Context, subject fact.Subject) (Member, bool, error) {
	m := Member{Subject: name(subject)}
	err := s.r.QueryRowContext(ctx,
		`SELECT product, maker, runner, own, seen, first_idx, last_idx FROM member WHERE subject = $1`,
		m.Subject).Scan(&m.Product, &m.Maker, &m.Runner, &m.Own, &m.Seen, &m.First, &m.Last)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, wrap("reading member", err)
}

// Latest gives the leaf of the statement that observed a fact last; false when none did.
func (s *Store) Latest(ctx context.Context, subject fact.Subject, f fact.Name) (int64, bool, error) {
	var index int64
	err := s.r.QueryRowContext(ctx, `SELECT idx FROM latest WHERE subject = $1 AND fact = $2`, name(subject),
		string(f)).Scan(&index)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return index, err == nil, wrap("reading the latest look", err)
}

// Artefact gives the leaf that says an input was taken in; false when none does.
func (s *Store) Artefact(ctx context.Context, sha string) (int64, bool, error) {
	var index int64
	err := s.r.QueryRowContext(ctx, `SELECT idx FROM artefact WHERE sha256 = $1`, sha).Scan(&index)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return index, err == nil, wrap("reading artefact", err)
}
