// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
)

// Book is a log with what its leaves speak of: every leaf has its statement, or its stub.
type Book struct {
	Leaves  [][]byte // the log's entries, first to last
	Entries []Entry  // in the order of their leaves
	Stubs   []Stub   // in the order of their leaves
}

// A stub is written as canonical JSON; its place and time are its leaf's.
//
//	{"claims":[{"fact":"telnet.used","method":"passive","observed_at":"…"}],"kind":"observation","statement":"…","subject":{…}}
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
