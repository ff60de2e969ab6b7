// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"fmt"
	"io"
)

// MaxPayload bounds a payload's bytes.
const MaxPayload = 1 << 20

// Payload is what a statement says with names in it: addresses, users, a person's words. It can be
// erased: then its digest in the statement stays and says nothing, because the salt is gone too. No
// fact's value lies in it, so erasing it changes no verdict.
type Payload struct {
	Salt [32]byte
	Body []byte // canonical JSON
}

// NewPayload salts v. random gives the salt: crypto/rand.Reader outside tests.
func NewPayload(v any, random io.Reader) (*Payload, error) {
	b, err := Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("making payload: %w", err)
	}
	if len(b) > MaxPayload {
		return nil, fmt.Errorf("making payload: %d bytes, at most %d are allowed", len(b), MaxPayload)
	}
	p := &Payload{Body: b}
	if _, err := io.ReadFull(random, p.Salt[:]); err != nil {
		return nil, fmt.Errorf("making payload: drawing its salt: %w", err)
	}
	return p, nil
}

// Digest is what the statement holds of the payload.
func (p *Payload) Digest() Digest { return hash(payloadUse, p.Salt[:], p.Body) }
