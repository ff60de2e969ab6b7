// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package casefile

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/kind"
)

func TestASecretKeyThatOthersCanReadIsRefused(t *testing.T) {
	c := filled(t)
	for _, name := range []string{privateKey, secretsKey} {
		path := filepath.Join(c.dir, name)
		for _, mode := range []fs.FileMode{0o644, 0o640, 0o620, 0o604, 0o601} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), c.dir, Options{})
			if kind.Of(err) != kind.Denied || !strings.HasSuffix(err.Error(), "chmod 600 "+path) {
				t.Errorf("%s, mode %o: %v", name, mode, err)
			}
			// A check says so, and goes on: it uses no key to sign.
			if r := sound(t, c.dir); len(r.Notices) != 1 || !strings.HasSuffix(r.Notices[0], "chmod 600 "+path) {
				t.Errorf("%s, mode %o: notices %q", name, mode, r.Notices)
			}
		}
		for _, mode := range []fs.FileMode{0o400, 0o600, 0o700} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
			if r := sound(t, c.dir); len(r.Notices) != 0 {
				t.Errorf("%s, mode %o: notices %q", name, mode, r.Notices)
			}
			closeCase(t, reopen(t, c))
		}
	}
	public := filepath.Join(c.dir, publicKey) // it is for others
	if err := os.Chmod(public, 0o644); err != nil {
		t.Fatal(err)
	}
	closeCase(t, reopen(t, c))
}

func TestBothSecretKeysAreNamedAtOnce(t *testing.T) {
	c := filled(t)
	private, secrets := filepath.Join(c.dir, privateKey), filepath.Join(c.dir, secretsKey)
	for _, path := range []string{private, secrets} {
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Open(t.Context(), c.dir, Options{})
	if err == nil || !strings.HasSuffix(err.Error(), "chmod 600 "+private+" "+secrets) {
		t.Error(err)
	}
}
