// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
)

// Us is the subject of what is entered for the house as a whole, and makes no claim: our organisation, or the first
// by name where several persons are ours.
func Us(ctx context.Context, c *casefile.Case) (fact.Subject, error) {
	all, err := Everybody(ctx, c)
	if err != nil {
		return fact.Subject{}, err
	}
	if len(all) > 0 && all[0].Own {
		return all[0].Subject, nil
	}
	s, _, err := ourself(ctx, c, all)
	return s, err
}
