// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"strings"
)

// Entries asks for what people entered.
type Entries struct {
	Form    string // the form, or with a dot at its end all beneath it; "": every form
	Subject string // as Subject names it; "": any
	Digest  string // how the statement's digest begins, in hex; "": any
	Words   string // what the payload holds, letter for letter; "": anything
	// Days that the payload gives as day and until (YYYY-MM-DD), "": any. What was erased has none.
	Valid            string // begun on this day, and not ended before it
	EndsFrom, EndsTo string // with an end from, up to
	Taken            bool   // also what a withdrawal took back
	Newest           bool   // the last first
	From             int64  // the first leaf; with Newest the last. 0: no bound
	Limit            int    // 0: all
	Offset           int    // of those asked for, how many are passed over
}

// standing keeps what no withdrawal took back by name, save one that was taken back itself.
const standing = `NOT EXISTS (SELECT 1 FROM taken t WHERE t.digest = e.digest
	AND NOT EXISTS (SELECT 1 FROM taken u WHERE u.digest = t.by_digest))`

// What a payload gives as its days, found letter for letter: in canonical JSON a text cannot hold its key, for it
// would be escaped there. To parse each body would cost twice as much.
const (
	bodyDay   = `substr(p.body, NULLIF(instr(p.body, CAST('"day":"' AS BLOB)), 0) + 7, 10)`
	bodyUntil = `substr(p.body, NULLIF(instr(p.body, CAST('"until":"' AS BLOB)), 0) + 9, 10)`
)

// inBody says whether the query looks into payloads.
func (q *Entries) inBody() bool { return q.Words+q.Valid+q.EndsFrom+q.EndsTo != "" }

// where gives the condition and what it is asked with. ordered keeps the index of forms out: what lies beneath a form
// is a large part of all entries, and is wanted in the log's order, page by page.
func (q *Entries) where(ordered bool) (string, []any) {
	var parts []string
	var args []any
	add := func(text string, arg any) {
		args = append(args, arg)
		parts = append(parts, fmt.Sprintf(text, len(args)))
	}
	if under, ok := strings.CutSuffix(q.Form, "."); ok && under != "" { // '/' is the letter after '.'
		form := `e.form`
		if ordered {
			form = `COALESCE(e.form, '')`
		}
		add(form+` >= $%d`, under+".")
		add(form+` < $%d`, under+"/")
	} else if q.Form != "" {
		add(`e.form = $%d`, q.Form)
	}
	if q.Subject != "" {
		add(`e.subject = $%d`, q.Subject)
	}
	if q.Digest != "" { // 'g' is the letter after the last digit
		add(`e.digest >= $%d`, q.Digest)
		add(`e.digest < $%d`, q.Digest+"g")
	}
	if q.Words != "" {
		add(`instr(CAST(p.body AS TEXT), $%d) > 0`, q.Words)
	}
	if q.Valid != "" {
		add(bodyDay+` <= CAST($%d AS BLOB)`, q.Valid)
		add(`COALESCE(`+bodyUntil+`, CAST('9999' AS BLOB)) >= CAST($%d AS BLOB)`, q.Valid)
	}
	if q.EndsFrom != "" {
		add(bodyUntil+` >= CAST($%d AS BLOB)`, q.EndsFrom)
	}
	if q.EndsTo != "" {
		add(bodyUntil+` <= CAST($%d AS BLOB)`, q.EndsTo)
	}
	if !q.Taken {
		parts = append(parts, standing)
	}
	if q.From > 0 && q.Newest {
		add(`e.idx <= $%d`, q.From)
	} else if q.From > 0 {
		add(`e.idx >= $%d`, q.From)
	}
	if len(parts) == 0 {
		return "", nil
	}
	return "WHERE " + strings.Join(parts, " AND "), args
}

// selectEntry reads what Record and Entry hold. CROSS keeps the entries the outer loop: a page then touches its
// own rows only.
const selectEntry = `SELECT l.idx, l.entry, s.digest, s.content, s.kind, s.subject, s.bytes, s.stub, p.idx IS NOT NULL,
	p.salt, p.body, ` + standing + ` FROM entry e CROSS JOIN leaf l ON l.idx = e.idx JOIN statement s ON s.idx = e.idx
	LEFT JOIN payload p ON p.idx = e.idx `

// Entry is a record of an entry, unchecked, and whether it stands.
type Entry struct {
	Record
	Stands bool
}

// Entered gives what people entered, in order, until f returns an error.
func (s *Store) Entered(ctx context.Context, q Entries, f func(*Entry) error) error {
	where, args := q.where(true)
	text := selectEntry + where + ` ORDER BY e.idx`
	if q.Newest {
		text += ` DESC`
	}
	if q.Limit > 0 {
		text += fmt.Sprintf(` LIMIT %d OFFSET %d`, q.Limit, q.Offset)
	}
	rows, err := s.r.QueryContext(ctx, text, args...)
	if err != nil {
		return wrap("reading entries", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e Entry
		if err := rows.Scan(append(e.columns(), &e.Stands)...); err != nil {
			return wrap("reading entries", err)
		}
		if err := f(&e); err != nil {
			return err
		}
	}
	return wrap("reading entries", rows.Err())
}

// CountEntries counts what people entered, whatever the limit.
func (s *Store) CountEntries(ctx context.Context, q Entries) (int64, error) {
	where, args := q.where(false)
	text := `SELECT count(*) FROM entry e `
	if q.inBody() {
		text += `JOIN payload p ON p.idx = e.idx `
	}
	var n int64
	err := s.r.QueryRowContext(ctx, text+where, args...).Scan(&n)
	return n, wrap("counting entries", err)
}
