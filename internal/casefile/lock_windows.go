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
func tryLock(f *os.File) (bool, error) {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &windows.Overlapped{OffsetHigh: 1})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, durable.Explain(err)
}

// letGo does nothing: closing the file gives the lock back.
func letGo(*os.File) error { return nil }
