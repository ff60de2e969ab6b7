// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
)

const lockFile = "lock"

// acquire takes the case's lock and writes the process's number into it, for whom it keeps out.
func acquire(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, durable.Explain(err)
	}
	err = take(f, false)
	if err == nil {
		err = durable.Explain(errors.Join(f.Truncate(0), write(f, strconv.Itoa(os.Getpid())+"\n")))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// share keeps writers out of a case that is only read here, as far as the medium lets it: nil where no
// lock lies, or it belongs to another.
func share(dir string) (*os.File, error) {
	f, err := os.Open(filepath.Join(dir, lockFile))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, nil
	}
	if err != nil {
		return nil, durable.Explain(err)
	}
	if err := take(f, true); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func take(f *os.File, shared bool) error {
	ok, err := tryLock(f, shared)
	if err == nil && !ok {
		err = kind.Errorf(kind.Conflict, "it is in use by %s: wait for its end, or end it", holder(f))
	}
	return err
}

func write(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}

func holder(f *os.File) string {
	b, err := io.ReadAll(io.LimitReader(f, 20))
	pid, number := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || number != nil {
		return "another process"
	}
	return "process " + strconv.Itoa(pid)
}

// unshare lets go of what share gave.
func unshare(f *os.File) error {
	if f == nil {
		return nil
	}
	return errors.Join(letGo(f), f.Close())
}

// unlock empties the file and lets go; the file stays, so that no two processes lock different ones.
func unlock(f *os.File) error { return errors.Join(f.Truncate(0), letGo(f), f.Close()) }
