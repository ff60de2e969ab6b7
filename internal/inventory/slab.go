// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

// slab is a list that grows by pieces: nothing is copied and little is held in reserve, so that its peak is
// its size. Places stay where they are.
type slab[T any] struct {
	pieces [][]T
	n      int
}

// piece is how many elements a piece holds: a power of two.
const piece = 1 << 10

func (s *slab[T]) at(i uint32) *T { return &s.pieces[i/piece][i%piece] }

func (s *slab[T]) add(x T) uint32 {
	if s.n%piece == 0 {
		s.pieces = append(s.pieces, make([]T, piece))
	}
	i := uint32(s.n)
	s.n++
	*s.at(i) = x
	return i
}
