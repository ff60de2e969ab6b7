// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package durable replaces files so that after a crash or a power cut the old or the new content is
// there whole, and what was reported as written is written.
package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/writ-iot/writ/internal/kind"
)

// Temp ends the name of a file that is being written. One that a crash left behind is worth nothing.
const Temp = ".tmp"

// Replace gives path its content and returns when that would outlive a power cut. The happy path:
//
//	openat(path.tmp, O_WRONLY|O_CREAT|O_TRUNC, mode)
//	write  fsync  close
//	renameat(path.tmp, path)
//	openat(dir)  fsync  close
//
// The directory must be there; two writers of one path are kept apart by the caller. An error after
// the rename leaves the new content in place, perhaps not for good: the caller treats it as not written.
func Replace(path string, content []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path+Temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return Explain(err)
	}
	_, err = f.Write(content)
	return finish(f, path, err)
}

// Commit renames a temporary file into its place, as Replace does. f is closed in every case; on an
// error it is removed.
func Commit(f *os.File, path string) error { return finish(f, path, nil) }

func finish(f *os.File, path string, err error) error {
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return Explain(errors.Join(err, ignoreMissing(os.Remove(f.Name()))))
	}
	return SyncDir(filepath.Dir(path))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// MkdirAll makes a directory and those above it, and syncs the parent of each that it made.
func MkdirAll(dir string, mode fs.FileMode) error {
	err := os.Mkdir(dir, mode)
	switch {
	case err == nil:
		return SyncDir(filepath.Dir(dir))
	case errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir:
		if err := MkdirAll(filepath.Dir(dir), mode); err != nil {
			return err
		}
		return MkdirAll(dir, mode)
	}
	return Explain(err)
}

// SyncDir makes the names in a directory outlive a power cut.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return Explain(err)
	}
	return Explain(errors.Join(syncDir(d), d.Close()))
}

// ReadFile reads a file of at most limit bytes.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, Explain(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, kind.Errorf(kind.Invalid, "%s: more than %d bytes", path, limit)
	}
	return b, Explain(err)
}

// Explain marks an error of the file system with its kind.
func Explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return kind.Mark(kind.Full, err)
	case errors.Is(err, fs.ErrNotExist):
		return kind.Mark(kind.NotFound, err)
	case errors.Is(err, fs.ErrPermission):
		return kind.Mark(kind.Denied, err)
	case errors.Is(err, fs.ErrExist):
		return kind.Mark(kind.Conflict, err)
	}
	return kind.Mark(kind.Unavailable, err)
}
