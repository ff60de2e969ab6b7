// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"github.com/writ-iot/writ/fact"
)

// What is digested and signed begins with a line of its own, so that no bytes made for one use can be
// passed off for another. The note that signs a checkpoint begins with the log's origin, which holds
// no space.
const (
	statementUse = "writ statement v1\n"
	signatureUse = "writ signature v1\n"
	payloadUse   = "writ payload v1\n"
	keyUse       = "writ key v1\n"
)

// ErrSignature says that a signature does not belong to the statement and the key.
var ErrSignature = errors.New("signature does not hold")

// Signed is a statement with its bytes, its digest and its signature.
type Signed struct {
	Statement Statement
	Bytes     []byte // canonical
	Digest    Digest
	Signature []byte   // Ed25519, 64 bytes; nil for a statement that nobody signed
	Payload   *Payload // nil: none, or erased
}

// KeyID names a public key: statements carry it as By.
func KeyID(pub ed25519.PublicKey) string { return string(hash(keyUse, pub)) }

// DigestOf is the digest of a statement's canonical bytes.
func DigestOf(b []byte) Digest { return hash(statementUse, b) }

// Sign makes s the statement of key's holder. p is the payload that s speaks of, or nil.
func Sign(s Statement, p *Payload, key ed25519.PrivateKey) (Signed, error) {
	if len(key) != ed25519.PrivateKeySize {
		return Signed{}, fmt.Errorf("signing statement: a private key of %d bytes", len(key))
	}
	s.By = KeyID(key.Public().(ed25519.PublicKey))
	signed, err := Unsigned(s, p)
	if err != nil {
		return Signed{}, err
	}
	signed.Signature = ed25519.Sign(key, signedMessage(signed.Digest))
	return signed, nil
}

// Unsigned gives a statement its bytes and digest only: for a run that keeps nothing.
func Unsigned(s Statement, p *Payload) (Signed, error) {
	s.Version, s.Payload = Version, ""
	if p != nil {
		s.Payload = p.Digest()
	}
	b, err := Encode(&s)
	if err != nil {
		return Signed{}, err
	}
	return Signed{Statement: s, Bytes: b, Digest: DigestOf(b), Payload: p}, nil
}

// Open reads a signed statement and checks that key signed it.
func Open(b, signature []byte, key ed25519.PublicKey) (Signed, error) {
	s, err := Decode(b)
	if err != nil {
		return Signed{}, err
	}
	signed := Signed{Statement: *s, Bytes: b, Digest: DigestOf(b), Signature: signature}
	return signed, signed.Verify(key)
}

// Verify says whether key's holder signed these bytes and they are the statement's.
func (s *Signed) Verify(key ed25519.PublicKey) error {
	if d := DigestOf(s.Bytes); d != s.Digest {
		return fmt.Errorf("statement %s: its bytes have the digest %s", s.Digest, d)
	}
	if id := KeyID(key); s.Statement.By != id {
		return fmt.Errorf("statement %s: signed by key %.16s…, not by %.16s…: %w", s.Digest,
			s.Statement.By, id, ErrSignature)
	}
	if err := VerifyDigest(s.Digest, s.Signature, key); err != nil {
		return err
	}
	if s.Payload != nil && s.Payload.Digest() != s.Statement.Payload {
		return fmt.Errorf("statement %s: its payload is another", s.Digest)
	}
	return nil
}

// VerifyDigest checks a signature by the statement's digest alone: it holds when the statement itself
// has been withheld.
func VerifyDigest(d Digest, signature []byte, key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, signedMessage(d), signature) {
		return fmt.Errorf("statement %s: %w", d, ErrSignature)
	}
	return nil
}

func signedMessage(d Digest) []byte { return append([]byte(signatureUse), d.raw()...) }

// Facts gives the statement's claims as the judge takes them: each names the statement and the
// collector.
func (s *Signed) Facts() []fact.Claim {
	claims := make([]fact.Claim, len(s.Statement.Claims))
	for i, c := range s.Statement.Claims {
		c.Statement, c.Collector = string(s.Digest), s.Statement.Collector
		claims[i] = c
	}
	return claims
}
