// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/writ-iot/writ/evidence"
)

// Key is a public Ed25519 key and the log's origin that it signs for. Its text is a verifier key of
// signed notes, so that any witness can take it:
//
//	writ.case/5f0c…+a1b2c3d4+ATlR…
type Key struct {
	Origin   string
	Public   ed25519.PublicKey
	verifier note.Verifier
}

// newKey names a public key.
func newKey(origin string, public ed25519.PublicKey) (Key, error) {
	text, err := note.NewEd25519VerifierKey(origin, public)
	if err != nil {
		return Key{}, fmt.Errorf("key of %s: %w", origin, err)
	}
	return ParseKey(text)
}

// ParseKey reads a key's text.
func ParseKey(text string) (Key, error) {
	v, err := note.NewVerifier(text)
	if err != nil {
		return Key{}, fmt.Errorf("reading key: %w", err)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return Key{}, fmt.Errorf("reading key: its origin holds more than printable ASCII")
	}
	parts := strings.SplitN(text, "+", 3) // the last may hold more of them: it is base64
	b, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(b) != 1+ed25519.PublicKeySize {
		return Key{}, fmt.Errorf("reading key: want an Ed25519 verifier key")
	}
	k := Key{Origin: v.Name(), Public: b[1:], verifier: v}
	if k.String() != text {
		return Key{}, fmt.Errorf("reading key: %q is not how this key is written", text)
	}
	return k, nil
}

// String is the key's text.
func (k Key) String() string {
	return fmt.Sprintf("%s+%08x+%s", k.Origin, k.verifier.KeyHash(),
		base64.StdEncoding.EncodeToString(append([]byte{1}, k.Public...)))
}

// ID is the key's digest, as statements carry it.
func (k Key) ID() string { return evidence.KeyID(k.Public) }

// Is says whether pin names the key: by its whole text, or by its ID.
func (k Key) Is(pin string) bool { return pin == k.String() || pin == k.ID() }

// Signer signs checkpoints with a private key. It is a note.Signer.
type Signer struct {
	Key
	private ed25519.PrivateKey
}

// NewSigner makes the signer of a log's checkpoints.
func NewSigner(origin string, private ed25519.PrivateKey) (*Signer, error) {
	if len(private) != ed25519.PrivateKeySize {
		return nil, fmt.Errorf("key of %s: a private key of %d bytes", origin, len(private))
	}
	k, err := newKey(origin, private.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	return &Signer{k, private}, nil
}

// ParseSigner reads a private key in the form of signed notes: PRIVATE+KEY+origin+hash+key.
func ParseSigner(text string) (*Signer, error) {
	rest, ok := strings.CutPrefix(text, "PRIVATE+KEY+")
	if _, err := note.NewSigner(text); !ok || err != nil {
		return nil, fmt.Errorf("reading private key: it is not one of signed notes")
	}
	origin, rest, _ := strings.Cut(rest, "+")
	_, key64, _ := strings.Cut(rest, "+")
	b, err := base64.StdEncoding.DecodeString(key64)
	if err != nil || len(b) != 1+ed25519.SeedSize {
		return nil, fmt.Errorf("reading private key: want an Ed25519 key")
	}
	s, err := NewSigner(origin, ed25519.NewKeyFromSeed(b[1:]))
	if err == nil && s.PrivateText() != text {
		err = fmt.Errorf("reading private key: it is not written as this key is")
	}
	return s, err
}

// PrivateText is the private key in the form of signed notes. It is secret.
func (s *Signer) PrivateText() string {
	return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", s.Origin, s.KeyHash(),
		base64.StdEncoding.EncodeToString(append([]byte{1}, s.private.Seed()...)))
}

// Private is the key that signs statements of the same case.
func (s *Signer) Private() ed25519.PrivateKey { return s.private }

// Name, KeyHash and Sign make it a note.Signer.
func (s *Signer) Name() string { return s.Origin }

// KeyHash is the note's short hash of the key.
func (s *Signer) KeyHash() uint32 { return s.verifier.KeyHash() }

// Sign signs a note's text.
func (s *Signer) Sign(text []byte) ([]byte, error) { return ed25519.Sign(s.private, text), nil }

// keyHashOf reads the short hash before a note's signature; it is for messages only.
func keyHashOf(signature64 string) uint32 {
	b, err := base64.StdEncoding.DecodeString(signature64)
	if err != nil || len(b) < 4 {
		return 0
	}
	return binary.BigEndian.Uint32(b)
}
