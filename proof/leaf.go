// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/evidence"
)

// MaxLeaf bounds a leaf's bytes; tiles hold lengths of 16 bits.
const MaxLeaf = 1024

// Leaf is an entry of the log: that a statement with this digest, signed by this key, had come to the
// log by this time. It holds nothing of what the statement says, so that the log can be shown to
// anyone, and it outlives a statement that is withheld.
//
// The stub's digest commits to what is left when the statement is withheld or erased: its kind, its
// subject, its facts and their times. Else whoever withholds a withdrawal could call it something else,
// and a stub could be silent about the fact that it hides.
//
//	{"at":"2027-12-12T12:00:00.000000001Z","by":"…","signature":"…","statement":"…","stub":"…"}
type Leaf struct {
	At        time.Time // never before the leaf under it
	By        string
	Signature []byte
	Statement evidence.Digest
	Stub      evidence.Digest
}

// LeafOf gives the leaf of a signed statement that comes to the log at a time.
func LeafOf(s *evidence.Signed, at time.Time) (Leaf, error) {
	stub := StubOf(&Entry{Signed: *s})
	d, err := stub.Digest()
	return Leaf{at, s.Statement.By, s.Signature, s.Digest, d}, err
}

type wireLeaf struct {
	At        string          `json:"at"`
	By        string          `json:"by"`
	Signature string          `json:"signature"`
	Statement evidence.Digest `json:"statement"`
	Stub      evidence.Digest `json:"stub"`
}

// Encode gives the leaf's canonical bytes: the log's entry.
func (l Leaf) Encode() ([]byte, error) {
	return evidence.Marshal(wireLeaf{evidence.FormatTime(l.At), l.By, hex.EncodeToString(l.Signature), l.Statement,
		l.Stub})
}

// DecodeLeaf reads an entry of the log, in its one spelling.
func DecodeLeaf(b []byte) (Leaf, error) {
	if len(b) > MaxLeaf {
		return Leaf{}, fmt.Errorf("decoding leaf: %d bytes", len(b))
	}
	if err := evidence.CheckCanonical(b); err != nil {
		return Leaf{}, fmt.Errorf("decoding leaf: %w", err)
	}
	var w wireLeaf
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return Leaf{}, fmt.Errorf("decoding leaf: %w", err)
	}
	at, err := evidence.ParseTime(w.At)
	if err != nil || at.IsZero() {
		return Leaf{}, fmt.Errorf("decoding leaf: time %q", w.At)
	}
	signature, err := hex.DecodeString(w.Signature)
	if err != nil {
		return Leaf{}, fmt.Errorf("decoding leaf: signature: %w", err)
	}
	for _, d := range []evidence.Digest{w.Statement, w.Stub} {
		if _, err := evidence.ParseDigest(string(d)); err != nil {
			return Leaf{}, fmt.Errorf("decoding leaf: %w", err)
		}
	}
	l := Leaf{at, w.By, signature, w.Statement, w.Stub}
	if again, err := l.Encode(); err != nil || !bytes.Equal(again, b) {
		return Leaf{}, fmt.Errorf("decoding leaf: %w", evidence.ErrNotCanonical)
	}
	return l, nil
}

// LeafHash is the entry's hash in the tree (RFC 6962 section 2.1).
func LeafHash(entry []byte) tlog.Hash { return tlog.RecordHash(entry) }

// Tree adds up a log from its leaf hashes, first to last, keeping only the roots of its whole subtrees.
// The zero Tree is empty.
type Tree struct {
	size  int64
	roots []tlog.Hash // of the subtrees, largest first
}

// Append adds the next leaf's hash.
func (t *Tree) Append(h tlog.Hash) {
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.roots) - 1
		h = tlog.NodeHash(t.roots[last], h)
		t.roots = t.roots[:last]
	}
	t.roots = append(t.roots, h)
	t.size++
}

// Size is the number of leaves.
func (t *Tree) Size() int64 { return t.size }

// Root is the root of the tree so far.
func (t *Tree) Root() tlog.Hash {
	if t.size == 0 {
		h, _ := tlog.TreeHash(0, nil) // never an error: nothing is read
		return h
	}
	last := len(t.roots) - 1
	h := t.roots[last]
	for i := last - 1; i >= 0; i-- {
		h = tlog.NodeHash(t.roots[i], h)
	}
	return h
}
