// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
)

const stubUse = "writ stub v1\n"

// Book is a log with what its leaves speak of: every leaf has its statement, or its stub.
type Book struct {
	Leaves  [][]byte // the log's entries, first to last
	Entries []Entry  // in the order of their leaves
	Stubs   []Stub   // in the order of their leaves
}

// A stub is written as canonical JSON; its place and time are its leaf's.
//
//	{"claims":[{"fact":"telnet.used","method":"passive","observed_at":"…"}],"kind":"observation",
//	 "statement":"…","subject":{…}}
type (
	wireStub struct {
		Claims    []wireStubClaim `json:"claims,omitempty"`
		Kind      evidence.Kind   `json:"kind"`
		Statement evidence.Digest `json:"statement"`
		Subject   fact.Subject    `json:"subject,omitzero"`
	}
	wireStubClaim struct {
		Fact       fact.Name   `json:"fact"`
		Method     fact.Method `json:"method"`
		ObservedAt string      `json:"observed_at"`
	}
)

// Encode gives the stub's canonical bytes.
func (s *Stub) Encode() ([]byte, error) {
	w := wireStub{Kind: s.Kind, Statement: s.Statement, Subject: s.Subject}
	for _, c := range s.Claims {
		w.Claims = append(w.Claims, wireStubClaim{c.Fact, c.Method, evidence.FormatTime(c.ObservedAt)})
	}
	return evidence.Marshal(w)
}

// Digest is what the leaf holds of the stub.
func (s *Stub) Digest() (evidence.Digest, error) {
	b, err := s.Encode()
	if err != nil {
		return "", fmt.Errorf("encoding stub of %s: %w", s.Statement, err)
	}
	h := sha256.Sum256(append([]byte(stubUse), b...))
	return evidence.Digest(hex.EncodeToString(h[:])), nil
}

// check says whether the leaf committed to the stub.
func (s *Stub) check(l *Leaf) error {
	d, err := s.Digest()
	if err == nil && d != l.Stub {
		err = fmt.Errorf("its stub is not the one that the leaf commits to")
	}
	return err
}

// Check says whether the leaf is the entry's: that it names the statement, and commits to its stub.
func (l *Leaf) Check(e *Entry) error {
	if l.Statement != e.Digest {
		return fmt.Errorf("the leaf is of statement %s, not of %s", short(l.Statement), short(e.Digest))
	}
	s := StubOf(e)
	return s.check(l)
}

// CheckStub says the same of a stub.
func (l *Leaf) CheckStub(s *Stub) error {
	if l.Statement != s.Statement {
		return fmt.Errorf("the leaf is of statement %s, the stub of %s", short(l.Statement), short(s.Statement))
	}
	return s.check(l)
}

// DecodeStub reads a stub in its one spelling. Its place is the caller's to fill in.
func DecodeStub(b []byte) (Stub, error) {
	s, err := decodeStub(b)
	if err != nil {
		return Stub{}, fmt.Errorf("decoding stub: %w", err)
	}
	return s, nil
}

func decodeStub(b []byte) (Stub, error) {
	var w wireStub
	if err := decodeCanonical(b, evidence.MaxStatement, &w); err != nil {
		return Stub{}, err
	}
	if _, err := evidence.ParseDigest(string(w.Statement)); err != nil {
		return Stub{}, err
	}
	if !Withholdable(w.Kind) {
		return Stub{}, fmt.Errorf("a statement of kind %q cannot be withheld", w.Kind)
	}
	s := Stub{Statement: w.Statement, Kind: w.Kind, Subject: w.Subject}
	for _, c := range w.Claims {
		at, err := evidence.ParseTime(c.ObservedAt)
		if err != nil {
			return Stub{}, err
		}
		s.Claims = append(s.Claims, StubClaim{c.Fact, c.Method, at})
	}
	if again, err := s.Encode(); err != nil || !bytes.Equal(again, b) {
		return Stub{}, evidence.ErrNotCanonical
	}
	return s, nil
}

// decodeCanonical reads canonical JSON of at most limit bytes into w, which knows every key.
func decodeCanonical(b []byte, limit int, w any) error {
	if len(b) > limit {
		return fmt.Errorf("%d bytes, at most %d are allowed", len(b), limit)
	}
	if err := evidence.CheckCanonical(b); err != nil { // before encoding/json: it bounds the depth
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(w)
}
