// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import "context"

// Memberships gives the records by which subjects became members, in order, until f returns an error. It goes by
// the members' own index: what else the case holds costs nothing.
func (s *Store) Memberships(ctx context.Context, f func(*Record) error) error {
	return s.records(ctx, f, `WHERE l.idx IN (SELECT n.idx FROM member m CROSS JOIN statement n
		ON n.subject = m.subject AND n.kind = 'membership') ORDER BY l.idx`)
}
