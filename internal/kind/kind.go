// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package kind names the few kinds of error, so that a door can choose an exit code or a status
// without reading the message.
//
// A Kind is itself an error: errors.Is(err, kind.Corrupt) asks, and Errorf marks. The exported
// packages, which may not import this one, mark their errors with a method ErrorKind() string that
// returns one of the words below; Of understands both.
package kind

import (
	"errors"
	"fmt"
)

// Kind of an error. Other is zero: nobody said what kind it is.
type Kind uint8

// The kinds.
const (
	Other       Kind = iota
	Invalid          // the input or the use is wrong
	NotFound         // what was asked for is not there
	Denied           // it is there, and the asker may not
	Conflict         // it stands against something else, such as a second process
	Corrupt          // what was kept is not what was written; never repaired in silence
	Unavailable      // it may work later: a disk or a service did not answer
	Full             // no room is left to write
)

var words = [...]string{"other", "invalid", "not found", "denied", "conflict", "corrupt", "unavailable", "full"}

// Error is the kind's word, so that a Kind can be wrapped and asked for.
func (k Kind) Error() string { return words[k] }

// Exit is the process status that the kind ends in: 3 for damage, else 2.
func (k Kind) Exit() int {
	if k == Corrupt {
		return 3
	}
	return 2
}

type marked struct {
	kind Kind
	err  error
}

func (m *marked) Error() string   { return m.err.Error() }
func (m *marked) Unwrap() []error { return []error{m.kind, m.err} }

// Mark gives err a kind. Nil stays nil.
func Mark(k Kind, err error) error {
	if err == nil {
		return nil
	}
	return &marked{k, err}
}

// Errorf is fmt.Errorf with a kind. The outermost kind wins.
func Errorf(k Kind, format string, args ...any) error {
	return &marked{k, fmt.Errorf(format, args...)}
}

// Of gives the kind of err: the outermost that was marked; Other when none was.
func Of(err error) Kind {
	var m *marked
	if errors.As(err, &m) {
		return m.kind
	}
	var w interface{ ErrorKind() string }
	if errors.As(err, &w) {
		for k, word := range words {
			if word == w.ErrorKind() {
				return Kind(k)
			}
		}
	}
	var k Kind
	if errors.As(err, &k) {
		return k
	}
	return Other
}
