// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Digest is a SHA-256 in hex, 64 lower-case digits. What was digested begins with a line that names
// its use, so that a digest made for one use never stands for another.
type Digest string

// ParseDigest reads a digest as people hand it on.
func ParseDigest(s string) (Digest, error) {
	if !isHex(s) {
		return "", fmt.Errorf("digest %q: want 64 lower-case hex digits", s)
	}
	return Digest(s), nil
}

// raw is the digest's 32 bytes; nil when it is none.
func (d Digest) raw() []byte {
	b, err := hex.DecodeString(string(d))
	if err != nil {
		return nil
	}
	return b
}

func isHex(s string) bool {
	if len(s) != 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func hash(use string, parts ...[]byte) Digest {
	h := sha256.New()
	h.Write([]byte(use))
	for _, p := range parts {
		h.Write(p)
	}
	return Digest(hex.EncodeToString(h.Sum(nil)))
}
