// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/kind"
)

// SQLite's primary result codes (sqlite.org/rescode.html).
const (
	codeBusy, codeLocked, codeReadOnly, codeIOErr   = 5, 6, 8, 10
	codeCorrupt, codeFull, codeCantOpen, codeNotADB = 11, 13, 14, 26
)

// wrap says what was being done and gives the error its kind.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	if kind.Of(err) != kind.Other {
		return fmt.Errorf("%s: %w", doing, err)
	}
	k := kind.Other
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case codeBusy, codeLocked:
			k = kind.Conflict
		case codeReadOnly:
			k = kind.Denied
		case codeIOErr, codeCantOpen:
			k = kind.Unavailable
		case codeCorrupt, codeNotADB:
			k = kind.Corrupt
		case codeFull:
			k = kind.Full
		}
	}
	if k == kind.Other {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return kind.Errorf(k, "%s: %w", doing, err)
}

// tx is a transaction that prepares each text once.
type tx struct {
	*sql.Tx
	ctx   context.Context
	stmts map[string]*sql.Stmt
	last  map[evidence.Digest]*evidence.Payload // of what was appended in it, by content: the last words; nil: none
}

// write runs f in one transaction on the writing connection. Once it has begun, the transaction is not
// cut off by ctx: it commits or rolls back whole.
func (s *Store) write(ctx context.Context, f func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	inner, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(&tx{inner, ctx, map[string]*sql.Stmt{}, map[evidence.Digest]*evidence.Payload{}}); err != nil {
		return errors.Join(err, inner.Rollback())
	}
	return inner.Commit()
}

func (t *tx) stmt(text string) (*sql.Stmt, error) {
	if st := t.stmts[text]; st != nil {
		return st, nil
	}
	st, err := t.PrepareContext(t.ctx, text)
	if err == nil {
		t.stmts[text] = st
	}
	return st, err
}

func (t *tx) exec(text string, args ...any) error {
	st, err := t.stmt(text)
	if err == nil {
		_, err = st.ExecContext(t.ctx, args...)
	}
	return err
}

// row reads one row; false when there is none.
func (t *tx) row(text string, to []any, args ...any) (bool, error) {
	st, err := t.stmt(text)
	if err == nil {
		err = st.QueryRowContext(t.ctx, args...).Scan(to...)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
