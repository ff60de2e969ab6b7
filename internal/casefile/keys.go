// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/secret"
	"github.com/writ-iot/writ/proof"
)

const (
	keysDir    = "keys"
	privateKey = keysDir + "/log.key"
	publicKey  = keysDir + "/log.pub"
	secretsKey = keysDir + "/secrets.key"
	maxKey     = 4 << 10
)

// keys are those of one case. The database holds the public key and a digest under the other, so that a
// changed or foreign key file is noticed before it is used.
type keys struct {
	signer  *proof.Signer
	secrets *secret.Keyer
}

// makeKeys draws new keys and writes their files, each readable by its owner only.
func makeKeys(dir, origin string) (*keys, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	signer, err := proof.NewSigner(origin, private)
	if err != nil {
		return nil, err
	}
	var s [32]byte
	rand.Read(s[:]) // never fails
	for name, text := range map[string]string{
		privateKey: signer.PrivateText(),
		publicKey:  signer.Key.String(),
		secretsKey: hex.EncodeToString(s[:]),
	} {
		if err := durable.Replace(filepath.Join(dir, name), []byte(text+"\n"), 0o600); err != nil {
			return nil, err
		}
	}
	return &keys{signer, secret.KeyerFrom(s)}, nil
}

func readKeys(dir string) (*keys, error) {
	text, err := readKey(dir, privateKey)
	if err != nil {
		return nil, err
	}
	signer, err := proof.ParseSigner(text)
	if err != nil {
		return nil, damaged(privateKey, "%v", err)
	}
	if text, err = readKey(dir, publicKey); err != nil {
		return nil, err
	}
	if text != signer.Key.String() {
		return nil, damaged(publicKey, "it is not the key that belongs to %s", privateKey)
	}
	if text, err = readKey(dir, secretsKey); err != nil {
		return nil, err
	}
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != 32 || hex.EncodeToString(b) != text {
		return nil, damaged(secretsKey, "want 64 lower-case hex digits")
	}
	return &keys{signer, secret.KeyerFrom([32]byte(b))}, nil
}

// readKey reads a key's one line. The errors never hold what stands in it.
func readKey(dir, name string) (string, error) {
	b, err := durable.ReadFile(filepath.Join(dir, name), maxKey)
	switch {
	case kind.Of(err) == kind.NotFound:
		return "", damaged(name, "it is missing")
	case kind.Of(err) == kind.Invalid:
		return "", damaged(name, "it is longer than any key")
	case err != nil:
		return "", fmt.Errorf("%s: %w", name, err)
	}
	text, ok := strings.CutSuffix(string(b), "\n")
	if !ok || strings.ContainsAny(text, "\n\r") {
		return "", damaged(name, "want one line, ended")
	}
	return text, nil
}

// meta is what the database says of the case.
func (k *keys) meta() map[string]string {
	return map[string]string{
		"version": "1",
		"origin":  k.signer.Origin,
		"key":     k.signer.Key.String(),
		"secrets": k.secrets.Digest("writ secrets key", nil),
	}
}

// check compares the key files with what the database says.
func (k *keys) check(meta map[string]string) error {
	if v := meta["version"]; v != "1" && len(v) == 1 && v > "1" {
		return kind.Errorf(kind.Invalid, "the case is of version %s, this program knows 1: use a newer one", v)
	}
	want := k.meta()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		file := privateKey
		if name == "secrets" {
			file = secretsKey
		}
		if meta[name] != want[name] {
			return damaged(file, "it is not the key of this case: the database names another %s", name)
		}
	}
	if len(meta) != len(want) {
		return damaged(database, "it says more of the case than this program knows")
	}
	return nil
}
