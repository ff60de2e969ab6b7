// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/ledger"
)

// Batch is what one transaction adds.
type Batch struct {
	Rows       []Row
	Identities []Identity
	Kept       []Kept
	Erasures   []Erasure      // after the rows, which say so
	Progress   func(rows int) // told now and then how many are there; nil: nobody asks
}

// Erasure takes a statement's payload away; with a stub, the statement too.
type Erasure struct {
	Digest evidence.Digest
	Stub   []byte // nil: the payload only
}

// Row is a statement and its leaf.
type Row struct {
	Signed  evidence.Signed
	Leaf    []byte
	Content evidence.Digest // of what it says; "": it is worked out here
}

// Identity says which subject a keyed name means.
type Identity struct{ Kind, Name, ID, MAC string }

// Kept is an artefact that the case holds.
type Kept struct {
	SHA256 string
	Size   int64
}

// Place is where a statement lies. Repeated says that it was there already, under that leaf, and was
// not added again.
type Place struct {
	Index    int64
	Digest   evidence.Digest
	Leaf     []byte
	Repeated bool
}

// Append adds a batch in one transaction and returns after it is durable. On an error nothing of it is
// there. A statement that says what one in the log says already is not added again.
func (s *Store) Append(ctx context.Context, b *Batch) ([]Place, error) {
	places := make([]Place, len(b.Rows))
	err := s.write(ctx, func(t *tx) error {
		if err := t.aside(b); err != nil {
			return err
		}
		size, err := t.size()
		if err != nil {
			return err
		}
		g := ledger.Grow(size, t)
		for i := range b.Rows {
			if places[i], err = t.append(g, &b.Rows[i]); err != nil {
				return err
			}
			if b.Progress != nil && i%nodesAtOnce == 0 {
				b.Progress(i)
			}
		}
		for _, e := range b.Erasures {
			if err := t.erase(e); err != nil {
				return err
			}
		}
		return t.grow(g)
	})
	return places, wrap("appending to the case", err)
}

// aside adds what stands beside the statements.
func (t *tx) aside(b *Batch) error {
	for _, i := range b.Identities {
		err := t.exec(`INSERT INTO identity (kind, name, id, mac) VALUES ($1, $2, $3, $4)
			ON CONFLICT (kind, name) DO NOTHING`,
			i.Kind, i.Name, i.ID, i.MAC)
		if err != nil {
			return err
		}
	}
	for _, k := range b.Kept {
		err := t.exec(`INSERT INTO kept (sha256, size) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING`, k.SHA256,
			k.Size)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) erase(e Erasure) error {
	err := t.exec(`UPDATE payload SET salt = NULL, body = NULL
		WHERE idx IN (SELECT idx FROM statement WHERE digest = $1)`, string(e.Digest))
	if err != nil || e.Stub == nil {
		return err
	}
	if err := t.exec(`DELETE FROM entry WHERE digest = $1`, string(e.Digest)); err != nil {
		return err
	}
	return t.exec(`UPDATE statement SET bytes = NULL, stub = $2 WHERE digest = $1 AND bytes IS NOT NULL`,
		string(e.Digest), e.Stub)
}

func (t *tx) size() (int64, error) {
	var n int64
	_, err := t.row(`SELECT COALESCE(MAX(idx) + 1, 0) FROM leaf`, []any{&n})
	return n, err
}

func (t *tx) append(g *ledger.Growth, r *Row) (Place, error) {
	st := &r.Signed.Statement
	content := r.Content
	if content == "" {
		var err error
		if content, err = st.Content(); err != nil {
			return Place{}, err
		}
	}
	if !t.otherWords(&r.Signed, content) {
		if p, ok, err := t.repeated(&r.Signed, content); ok || err != nil {
			return p, err
		}
	}
	t.last[content] = r.Signed.Payload
	index, err := g.Add(tlog.RecordHash(r.Leaf))
	if err != nil {
		return Place{}, err
	}
	if err := t.exec(`INSERT INTO leaf (idx, entry) VALUES ($1, $2)`, index, r.Leaf); err != nil {
		return Place{}, err
	}
	err = t.exec(`INSERT INTO statement (idx, digest, content, kind, subject, bytes) VALUES ($1, $2, $3, $4, $5, $6)`,
		index, string(r.Signed.Digest), string(content), string(st.Kind), Subject(st), r.Signed.Bytes)
	if err != nil {
		return Place{}, fmt.Errorf("statement %s: %w", r.Signed.Digest, err)
	}
	if p := r.Signed.Payload; p != nil {
		if err := t.exec(`INSERT INTO payload (idx, salt, body) VALUES ($1, $2, $3)`, index,
			p.Salt[:], p.Body); err != nil {
			return Place{}, err
		}
	}
	return Place{Index: index, Digest: r.Signed.Digest, Leaf: r.Leaf}, t.project(index, string(r.Signed.Digest), st)
}

// otherWords says without a look at the tables that a statement repeats none: the last of this transaction that says
// the same said it in other words. So do the rows of a roster.
func (t *tx) otherWords(signed *evidence.Signed, content evidence.Digest) bool {
	last, said := t.last[content], signed.Payload
	return last != nil && said != nil && wordsCount(signed.Statement.Kind) && !bytes.Equal(last.Body, said.Body)
}

// repeated looks for a statement that says the same. Where the last word counts (who a subject is, what
// is taken back) it repeats only the last word: said again after something else it says something new.
// So does what people say or call a thing, in other words: those stand in the payload. An erased payload
// does not come back.
func (t *tx) repeated(signed *evidence.Signed, content evidence.Digest) (Place, bool, error) {
	st, p := &signed.Statement, Place{Repeated: true}
	var digest string
	var body []byte
	var named bool
	found, err := t.row(`SELECT s.idx, s.digest, l.entry, p.body, p.idx IS NOT NULL
		FROM statement s JOIN leaf l ON l.idx = s.idx LEFT JOIN payload p ON p.idx = s.idx
		WHERE s.content = $1 ORDER BY s.idx DESC LIMIT 1`,
		[]any{&p.Index, &digest, &p.Leaf, &body, &named}, string(content))
	p.Digest = evidence.Digest(digest)
	if !found || err != nil || p.Digest == signed.Digest {
		return p, found, err
	}
	gone := named && body == nil
	if said := signed.Payload; said != nil && !gone && !bytes.Equal(said.Body, body) && wordsCount(st.Kind) {
		return p, false, nil
	}
	var later int64
	if st.Form != "" { // what was taken back can be entered again
		var by string
		taken, err := t.row(`SELECT by_digest FROM taken WHERE digest = $1 LIMIT 1`, []any{&by}, digest)
		return p, !taken, err
	}
	switch st.Kind {
	case evidence.Membership:
		found, err = t.row(`SELECT idx FROM statement WHERE subject = $1 AND kind = $2 AND idx > $3 LIMIT 1`,
			[]any{&later}, Subject(st), string(st.Kind), p.Index)
		return p, !found, err
	case evidence.Withdrawal:
		found, err = t.row(`SELECT idx FROM statement WHERE kind = $1 AND idx > $2 LIMIT 1`,
			[]any{&later}, string(st.Kind), p.Index)
		return p, !found, err
	}
	return p, true, nil
}

// wordsCount says whether a payload says something new by itself. That of an input, or of what a
// collector saw, says where it was found.
func wordsCount(k evidence.Kind) bool { return k != evidence.Artefact && k != evidence.Observation }

// nodesAtOnce is how many hashes one statement inserts: of a large batch there are twice as many as of leaves.
const nodesAtOnce = 100

func (t *tx) grow(g *ledger.Growth) error {
	from, fresh := g.Fresh()
	for len(fresh) > 0 {
		n := 1
		if len(fresh) >= nodesAtOnce {
			n = nodesAtOnce
		}
		args := make([]any, 0, 2*n)
		for i := range n {
			args = append(args, from+int64(i), fresh[i][:])
		}
		if err := t.exec(insertNodes(n), args...); err != nil {
			return err
		}
		from, fresh = from+int64(n), fresh[n:]
	}
	return nil
}

func insertNodes(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO node (idx, hash) VALUES ($1, $2)`)
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, `, ($%d, $%d)`, 2*i+1, 2*i+2)
	}
	return b.String()
}

// ReadHashes reads the tree's hashes inside the transaction.
func (t *tx) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	return readHashes(indexes, func(i int64, b *[]byte) (bool, error) {
		return t.row(`SELECT hash FROM node WHERE idx = $1`, []any{b}, i)
	})
}
