// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package durabletest

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Freeze copies a tree to where this process may not write, and gives the copy: to a read-only medium,
// for a superuser; else to directories that it may not change.
func Freeze(t *testing.T, dir string) string {
	t.Helper()
	medium := t.TempDir()
	to := filepath.Join(medium, filepath.Base(dir))
	if os.Getuid() != 0 {
		Copy(t, dir, to)
		allow(t, to, 0o500)
		t.Cleanup(func() { allow(t, to, 0o700) })
		return to
	}
	if err := syscall.Mount("tmpfs", medium, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("a medium cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(medium, 0); err != nil {
			t.Error(err)
		}
	})
	Copy(t, dir, to)
	if err := syscall.Mount("", medium, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	return to
}

// allow gives each directory of a tree a mode.
func allow(t *testing.T, dir string, mode fs.FileMode) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			err = os.Chmod(path, mode|0o100)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
