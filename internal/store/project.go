// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/proof"
)

// Subject is a statement's subject as the tables name it; "" without one.
func Subject(st *evidence.Statement) string { return name(st.Subject) }

func name(s fact.Subject) string {
	if s == (fact.Subject{}) {
		return ""
	}
	return s.String()
}

// project changes the projections by what a statement says. It must rest on the statement and on what
// stands in the projections, and on nothing else: Rebuild and Check run it again from the first leaf.
func (t *tx) project(index int64, digest string, st *evidence.Statement) error {
	if st.Form != "" {
		err := t.exec(`INSERT INTO entry (idx, digest, form, subject) VALUES ($1, $2, $3, $4)`, index,
			digest, st.Form, Subject(st))
		if err != nil {
			return err
		}
	}
	for _, d := range st.Withdraws {
		err := t.exec(`INSERT INTO taken (digest, by_digest) VALUES ($1, $2)
			ON CONFLICT (digest, by_digest) DO NOTHING`,
			string(d), digest)
		if err != nil {
			return err
		}
	}
	if a := st.Artefact; a != nil {
		return t.exec(`INSERT INTO artefact (sha256, idx, media, size, packets) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (sha256) DO NOTHING`, a.SHA256, index, a.Media, a.Size, a.Packets)
	}
	if m := st.Member; m != nil {
		return t.exec(`INSERT INTO member (subject, product, maker, runner, own, seen, first_idx, last_idx)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (subject) DO UPDATE SET
			product = CASE WHEN excluded.product <> '' THEN excluded.product ELSE member.product END,
			maker = CASE WHEN excluded.maker <> '' THEN excluded.maker ELSE member.maker END,
			runner = CASE WHEN excluded.runner <> '' THEN excluded.runner ELSE member.runner END,
			own = member.own OR excluded.own,
			seen = CASE WHEN excluded.seen > member.seen THEN excluded.seen ELSE member.seen END,
			last_idx = excluded.last_idx`,
			name(m.Subject), name(m.Product), name(m.Maker), name(m.Runner), m.Own, evidence.FormatTime(m.Seen), index)
	}
	for i := range st.Claims {
		c := &st.Claims[i]
		if err := t.observed(index, c.Subject, c.Fact, c.ObservedAt); err != nil {
			return err
		}
	}
	return nil
}

// projectStub does the same for what is left of an erased statement. Only statements with claims are
// ever erased, and a stub still says when each fact was observed.
func (t *tx) projectStub(index int64, s *proof.Stub) error {
	for _, c := range s.Claims {
		if err := t.observed(index, s.Subject, c.Fact, c.ObservedAt); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) observed(index int64, s fact.Subject, f fact.Name, at time.Time) error {
	return t.exec(`INSERT INTO latest (subject, fact, observed_at, idx) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject, fact) DO UPDATE SET observed_at = excluded.observed_at, idx = excluded.idx
		WHERE excluded.observed_at >= latest.observed_at`, name(s), string(f), evidence.FormatTime(at), index)
}

// projections are the tables that project fills, with the columns of their keys.
var projections = map[string]string{"artefact": "sha256", "member": "subject", "latest": "subject, fact",
	"entry": "idx", "taken": "digest, by_digest"}

// Rebuild makes the projections again from the statements, in one transaction.
func (s *Store) Rebuild(ctx context.Context) error {
	err := s.write(ctx, func(t *tx) error {
		for table := range projections {
			if err := t.exec(`DELETE FROM ` + table); err != nil {
				return err
			}
		}
		return t.replay(t.Tx)
	})
	return wrap("rebuilding projections", err)
}

// replay projects every statement of from, in order.
func (t *tx) replay(from interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}) error {
	const page = 500 // the rows are closed before the next statement runs on the same connection
	for next := int64(0); ; {
		var all []Record
		rows, err := from.QueryContext(t.ctx, `SELECT idx, digest, bytes, stub FROM statement WHERE idx >= $1
			ORDER BY idx LIMIT $2`, next, page)
		if err != nil {
			return err
		}
		for rows.Next() {
			var r Record
			if err := rows.Scan(&r.Index, &r.Digest, &r.Bytes, &r.Stub); err != nil {
				return err
			}
			all = append(all, r)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for _, r := range all {
			if err := t.again(&r); err != nil {
				return fmt.Errorf("leaf %d: %w", r.Index, err)
			}
			next = r.Index + 1
		}
		if len(all) < page {
			return nil
		}
	}
}

// again projects a record.
func (t *tx) again(r *Record) error {
	if r.Bytes == nil {
		s, err := proof.DecodeStub(r.Stub)
		if err != nil {
			return err
		}
		return t.projectStub(r.Index, &s)
	}
	st, err := evidence.Decode(r.Bytes)
	if err != nil {
		return err
	}
	return t.project(r.Index, r.Digest, st)
}

// Check looks at the database's own structure and makes the projections again beside those that are
// kept. It gives what is wrong, in words, and changes nothing.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	var wrong []string
	rows, err := s.r.QueryContext(ctx, `PRAGMA integrity_check(20)`)
	if err != nil {
		return nil, wrap("checking the database", err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, wrap("checking the database", err)
		}
		if line != "ok" {
			wrong = append(wrong, strings.ReplaceAll(line, "\n", "; "))
		}
	}
	if err := rows.Err(); err != nil {
		return nil, wrap("checking the database", err)
	}
	other, err := Memory(ctx)
	if err != nil {
		return nil, err
	}
	defer other.Close()
	if err := other.write(ctx, func(t *tx) error { return t.replay(s.r) }); err != nil {
		return append(wrong, "the projections cannot be made again: "+err.Error()), nil
	}
	for table, key := range projections {
		line, err := difference(ctx, s.r, other.r, table, key)
		if err != nil {
			return nil, wrap("comparing projection "+table, err)
		}
		if line != "" {
			wrong = append(wrong, line)
		}
	}
	slices.Sort(wrong)
	return wrong, nil
}

// difference names the first row in which a kept projection and the one made again part.
func difference(ctx context.Context, kept, made *sql.DB, table, key string) (string, error) {
	text := fmt.Sprintf(`SELECT * FROM %s ORDER BY %s`, table, key)
	a, err := kept.QueryContext(ctx, text)
	if err != nil {
		return "", err
	}
	defer a.Close()
	b, err := made.QueryContext(ctx, text)
	if err != nil {
		return "", err
	}
	defer b.Close()
	for {
		x, more, err := line(a)
		if err != nil {
			return "", err
		}
		y, also, err := line(b)
		if err != nil || !more && !also {
			return "", err
		}
		if x != y {
			return fmt.Sprintf("projection %s: row %s; the statements give %s (writ rebuild makes it again)", table, x,
				y), nil
		}
	}
}

func line(rows *sql.Rows) (string, bool, error) {
	if !rows.Next() {
		return "none", false, rows.Err()
	}
	columns, err := rows.Columns()
	if err != nil {
		return "", false, err
	}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	err = rows.Scan(to...)
	return fmt.Sprintf("%q", fmt.Sprintf("%v", values)), true, err
}
