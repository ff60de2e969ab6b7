// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package casefile

import (
	"io/fs"
	"os"
	"syscall"
)

// exposed says whether others may read or change a file of this process's user. As ssh does, it leaves
// alone what belongs to somebody else, who shares it on purpose.
func exposed(path string) (fs.FileMode, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	mode := info.Mode().Perm()
	return mode, ok && int(s.Uid) == os.Getuid() && mode&0o077 != 0
}
