// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package durabletest copies trees of files for tests, also to where nothing may be written.
package durabletest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Copy copies a tree of files, modes and all: os.CopyFS widens them.
func Copy(t testing.TB, from, to string) {
	t.Helper()
	err := os.CopyFS(to, os.DirFS(from))
	if err == nil {
		err = filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(from, path)
			if err != nil {
				return err
			}
			return os.Chmod(filepath.Join(to, rel), info.Mode().Perm())
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}
