// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package secret turns credentials and personal identifiers into digests that say whether two are the
// same and nothing else: HMAC-SHA-256 under a key that never leaves the run or the case.
package secret

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"

	"github.com/writ-iot/writ/internal/observation"
)

// Keyer digests secrets. It is safe for concurrent use.
type Keyer struct{ key [32]byte }

// NewKeyer makes a keyer with a random key.
func NewKeyer() *Keyer {
	k := &Keyer{}
	rand.Read(k.key[:]) // crypto/rand.Read never fails since Go 1.24
	return k
}

// KeyerFrom makes a keyer from a kept key.
func KeyerFrom(key [32]byte) *Keyer { return &Keyer{key: key} }

// Digest is the keyed digest of v under a label that keeps uses apart: 32 hex characters.
func (k *Keyer) Digest(label string, v []byte) string {
	m := hmac.New(sha256.New, k.key[:])
	m.Write([]byte(label))
	m.Write([]byte{0})
	m.Write(v)
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// Secret makes the stand-in for a secret of a kind: its length and its digest.
func (k *Keyer) Secret(what string, v []byte) observation.Secret {
	return observation.Secret{What: what, Length: len(v), Digest: k.Digest(what, v)}
}
