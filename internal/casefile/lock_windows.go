// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"

	"github.com/writ-iot/writ/internal/durable"
)

// tryLock takes the lock that the kernel gives back when the process ends, however it ends. It lies far
// behind the file's text, which others may then read.
func tryLock(f *os.File, shared bool) (bool, error) {
	how := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if !shared {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, durable.Explain(err)
}

// letGo does nothing: closing the file gives the lock back.
func letGo(*os.File) error { return nil }

// writable says whether this process may change a file, or make one in a directory. Its rights cannot be
// asked for in a word here: it is tried.
func writable(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	if !info.IsDir() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return err == nil && f.Close() == nil
	}
	f, err := os.CreateTemp(path, "*"+durable.Temp)
	return err == nil && errors.Join(f.Close(), os.Remove(f.Name())) == nil
}
