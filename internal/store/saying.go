// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/writ-iot/writ/fact"
)

// Saying gives the records of the statements, and of what is left of erased ones, that say something of these
// facts of a subject, in order, until f returns an error. It looks through the subject's statements letter for
// letter: one that names a fact elsewhere is given too.
func (s *Store) Saying(ctx context.Context, about fact.Subject, names []fact.Name, f func(*Record) error) error {
	var named []string
	args := []any{name(about)}
	for _, n := range names {
		args = append(args, fmt.Sprintf(`"fact":%q`, string(n)))
		named = append(named, fmt.Sprintf(`instr(CAST(COALESCE(s.bytes, s.stub) AS TEXT), $%d) > 0`, len(args)))
	}
	if len(named) == 0 {
		return nil
	}
	return s.records(ctx, f, `WHERE s.subject = $1 AND (`+strings.Join(named, " OR ")+`) ORDER BY l.idx`, args...)
}
