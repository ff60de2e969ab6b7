// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"errors"
	"io"
)

// What a gzip may unpack to: this much whatever its length, and this many times its length. Captures pack to
// a tenth, floods of one frame to a hundredth; zeros, to a thousandth, are no traffic.
const (
	freelyUnpacked = 256 << 20
	mostUnpacked   = 300
)

var errUnpacks = errors.New("it unpacks to more than 300 times its length: if that is honest, unpack it by hand")

// unpacking ends a stream that grows beyond what was packed.
type unpacking struct {
	r    io.Reader
	left int64
}

func (u *unpacking) Read(p []byte) (int, error) {
	if u.left <= 0 {
		return 0, errUnpacks
	}
	n, err := u.r.Read(p[:min(int64(len(p)), u.left)])
	u.left -= int64(n)
	return n, err
}
