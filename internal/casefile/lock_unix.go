// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package casefile

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/writ-iot/writ/internal/durable"
)

// tryLock takes the lock that the kernel gives back when the process ends, however it ends.
func tryLock(f *os.File, shared bool) (bool, error) {
	how := syscall.LOCK_EX
	if shared {
		how = syscall.LOCK_SH
	}
	err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, durable.Explain(err)
}

// letGo gives the lock back by itself: closing the file does not, while a process that is just being
// started still holds a copy of its descriptor.
func letGo(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }

// writable says whether this process may change a file, or what lies in a directory.
func writable(path string) bool { return unix.Access(path, unix.W_OK) == nil }
