// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
)

// stoppable is an input that ends when ctx does: a read that waits for a terminal or a pipe would not.
type stoppable struct {
	ctx  context.Context
	from io.Reader
}

type taken struct {
	n   int
	err error
}

// Read reads. One that was given up still waits for its bytes, into room of its own.
func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	done := make(chan taken, 1)
	room := make([]byte, len(p))
	go func() {
		n, err := s.from.Read(room)
		done <- taken{n, err}
	}()
	select {
	case t := <-done:
		return copy(p, room[:t.n]), t.err
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
}
