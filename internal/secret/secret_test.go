// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"fmt"
	"strings"
	"testing"
)

func TestADigestSaysWhetherTwoAreTheSameAndNothingElse(t *testing.T) {
	k, same, other := KeyerFrom([32]byte{1}), KeyerFrom([32]byte{1}), NewKeyer()
	d := k.Digest("credential", []byte("admin"))
	if len(d) != 32 || strings.Trim(d, "0123456789abcdef") != "" {
		t.Errorf("a digest is %q", d)
	}
	if d != same.Digest("credential", []byte("admin")) {
		t.Error("one secret has two digests under one key")
	}
	for what, differs := range map[string]string{"secret": k.Digest("credential", []byte("Admin")), "use": k.Digest("community", []byte("admin")),
		"key": other.Digest("credential", []byte("admin")), "border": k.Digest("credentiala", []byte("dmin"))} {
		if d == differs {
			t.Errorf("another %s has the same digest", what)
		}
	}
	if NewKeyer().Digest("a", nil) == NewKeyer().Digest("a", nil) {
		t.Error("two runs have one key")
	}
}

func TestASecretStandsForItsValueWithoutIt(t *testing.T) {
	s := NewKeyer().Secret("credential", []byte("hunter2"))
	if s.What != "credential" || s.Length != 7 || s.Digest == "" || strings.Contains(fmt.Sprint(s), "hunter2") {
		t.Errorf("made %+v", s)
	}
}
