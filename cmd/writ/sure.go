// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
)

// sure remembers that something could not be written, for those who write and do not look: the help of
// every command is written so.
type sure struct {
	to  io.Writer
	err error
}

// Write writes, and after an error nothing more: what came later would be read as if it were all.
func (s *sure) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.to.Write(p)
	s.err = err
	return n, err
}

// or is how a run ends: what it found is of no use where it could not be written.
func (s *sure) or(err error) error {
	if s.err == nil || err != nil && !errors.Is(err, errViolated) && !errors.Is(err, errReported) {
		return err
	}
	return fmt.Errorf("writing the output: %w", s.err)
}
