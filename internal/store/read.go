// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Record is a statement as it lies in the tables, unchecked.
type Record struct {
	Index                          int64
	Leaf                           []byte
	Digest, Content, Kind, Subject string
	Bytes                          []byte // nil: erased
	Stub                           []byte // nil unless erased
	HasPayload                     bool
	Salt, Body                     []byte // nil: none, or erased
}

// Size is the number of leaves.
func (s *Store) Size(ctx context.Context) (int64, error) {
	var n int64
	err := s.r.QueryRowContext(ctx, `SELECT COALESCE(MAX(idx) + 1, 0) FROM leaf`).Scan(&n)
	return n, wrap("reading the log's size", err)
}

// Leaf gives one leaf's bytes.
func (s *Store) Leaf(ctx context.Context, index int64) ([]byte, error) {
	var b []byte
	err := s.r.QueryRowContext(ctx, `SELECT entry FROM leaf WHERE idx = $1`, index).Scan(&b)
	return b, wrap(fmt.Sprintf("reading leaf %d", index), err)
}

const selectRecord = `SELECT l.idx, l.entry, COALESCE(s.digest, ''), COALESCE(s.content, ''),
	COALESCE(s.kind, ''), COALESCE(s.subject, ''), s.bytes, s.stub, p.idx IS NOT NULL, p.salt, p.body
	FROM leaf l LEFT JOIN statement s ON s.idx = l.idx LEFT JOIN payload p ON p.idx = l.idx `

func (r *Record) columns() []any {
	return []any{&r.Index, &r.Leaf, &r.Digest, &r.Content, &r.Kind, &r.Subject, &r.Bytes, &r.Stub, &r.HasPayload,
		&r.Salt, &r.Body}
}

// Scan gives the records of leaves from up to, not including, to, in order, until f returns an error. A
// leaf without a statement gives a record without a digest.
func (s *Store) Scan(ctx context.Context, from, to int64, f func(*Record) error) error {
	return s.records(ctx, f, `WHERE l.idx >= $1 AND l.idx < $2 ORDER BY l.idx`, from, to)
}

func (s *Store) records(ctx context.Context, f func(*Record) error, where string, args ...any) error {
	rows, err := s.r.QueryContext(ctx, selectRecord+where, args...)
	if err != nil {
		return wrap("reading statements", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Record
		if err := rows.Scan(r.columns()...); err != nil {
			return wrap("reading statements", err)
		}
		if err := f(&r); err != nil {
			return err
		}
	}
	return wrap("reading statements", rows.Err())
}

// Find gives the record of a statement; false when there is none.
func (s *Store) Find(ctx context.Context, digest string) (*Record, bool, error) {
	var r Record
	err := s.r.QueryRowContext(ctx, selectRecord+`WHERE s.digest = $1`, digest).Scan(r.columns()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return &r, err == nil, wrap("reading statement "+digest, err)
}

// OfKind gives the records of a kind of statement, in order, until f returns an error.
func (s *Store) OfKind(ctx context.Context, kind string, f func(*Record) error) error {
	return s.records(ctx, f, `WHERE s.kind = $1 ORDER BY l.idx`, kind)
}

// Strays counts rows that belong to no leaf.
func (s *Store) Strays(ctx context.Context) (int64, error) {
	var n int64
	err := s.r.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM statement WHERE idx NOT IN (SELECT idx FROM leaf)) +
		(SELECT count(*) FROM payload WHERE idx NOT IN (SELECT idx FROM leaf))`).Scan(&n)
	return n, wrap("counting stray rows", err)
}

// Nodes gives the tree's hashes by their stored index, in order.
func (s *Store) Nodes(ctx context.Context, f func(index int64, hash []byte) error) error {
	rows, err := s.r.QueryContext(ctx, `SELECT idx, hash FROM node ORDER BY idx`)
	if err != nil {
		return wrap("reading the tree", err)
	}
	defer rows.Close()
	for rows.Next() {
		var index int64
		var hash []byte
		if err := rows.Scan(&index, &hash); err != nil {
			return wrap("reading the tree", err)
		}
		if err := f(index, hash); err != nil {
			return err
		}
	}
	return wrap("reading the tree", rows.Err())
}

// ReadHashes reads the tree's hashes: it is a tlog.HashReader.
func (s *Store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	return readHashes(indexes, func(i int64, b *[]byte) (bool, error) {
		err := s.r.QueryRow(`SELECT hash FROM node WHERE idx = $1`, i).Scan(b)
		if errors.Is(err, sql.ErrNoRows) {
			return false, nil
		}
		return err == nil, wrap("reading the tree", err)
	})
}

func readHashes(indexes []int64, read func(int64, *[]byte) (bool, error)) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		var b []byte
		found, err := read(at, &b)
		if err != nil {
			return nil, err
		}
		level, n := tlog.SplitStoredHashIndex(at)
		if !found || len(b) != tlog.HashSize {
			return nil, missingHash(level, n)
		}
		copy(hashes[i][:], b)
	}
	return hashes, nil
}
