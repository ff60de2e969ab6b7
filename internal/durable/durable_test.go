// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package durable

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/writ-iot/writ/internal/kind"
)

func TestReplaceLeavesOldOrNew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "file")
	for _, want := range []string{"old", "new and longer", ""} {
		if err := Replace(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadFile(path, 20); err != nil || string(got) != want {
			t.Errorf("%q %v", got, err)
		}
	}
	if _, err := os.Stat(path + Temp); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary file is left: %v", err)
	}
	if i, err := os.Stat(path); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", i.Mode(), err)
	}
}

func TestErrorsHaveKinds(t *testing.T) {
	dir := t.TempDir()
	if err := Replace(filepath.Join(dir, "none", "file"), nil, 0o600); kind.Of(err) != kind.NotFound {
		t.Errorf("no directory: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Replace(filepath.Join(dir, "taken"), nil, 0o600); err == nil {
		t.Error("a directory was replaced by a file")
	}
	if _, err := os.Stat(filepath.Join(dir, "taken"+Temp)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary file is left: %v", err)
	}
	path := filepath.Join(dir, "file")
	if err := Replace(path, []byte("four"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path, 3); kind.Of(err) != kind.Invalid {
		t.Errorf("beyond the limit: %v", err)
	}
}
