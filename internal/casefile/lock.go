// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
)

// acquire takes the case's lock and writes the process's number into it, for whom it keeps out.
func acquire(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil, kind.Errorf(kind.Denied,
			"%w: a case is locked while it is read, too: copy it to where you may write, and read the copy", err)
	}
	if err != nil {
		return nil, durable.Explain(err)
	}
	ok, err := tryLock(f)
	if err == nil && !ok {
		err = kind.Errorf(kind.Conflict, "it is in use by %s: wait for its end, or end it", holder(f))
	}
	if err == nil {
		err = durable.Explain(errors.Join(f.Truncate(0), write(f, strconv.Itoa(os.Getpid())+"\n")))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
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

// unlock empties the file and lets go; the file stays, so that no two processes lock different ones.
func unlock(f *os.File) error { return errors.Join(f.Truncate(0), letGo(f), f.Close()) }
