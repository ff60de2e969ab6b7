// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/register"
	"github.com/writ-iot/writ/internal/supplier"
)

// beside gathers what stands beside the verdicts of a case, and changes none: what makers answered, and what was
// decided.
func (d *door) beside(ctx context.Context, c *casefile.Case, a *assess.Assessment) error {
	a.Beside = map[string][]string{}
	said, err := supplier.Said(ctx, c)
	if err != nil {
		return err
	}
	today := fact.DayOf(d.now())
	if len(said.All)+len(said.Notices) > 0 {
		for i := range a.Result.Verdicts {
			v := &a.Result.Verdicts[i]
			for _, one := range said.Beside(a, v, today) {
				a.Beside[v.ID()] = append(a.Beside[v.ID()], one.Line())
			}
		}
	}
	n, err := c.CountEntries(ctx, casefile.Query{Form: "decision."})
	if err != nil || n == 0 {
		return err
	}
	desk, err := d.desk(ctx, c)
	if err != nil {
		return err
	}
	decisions, err := desk.Decisions(ctx)
	for i := range decisions {
		for _, id := range decisions[i].Scope {
			a.Beside[id] = append(a.Beside[id], decided(&decisions[i]))
		}
	}
	return err
}

// decided is a decision in a line.
func decided(d *register.Decision) string {
	s := fmt.Sprintf("%s %s, asked for by %s, granted by %s", d.Topic, d.ID, d.Requester, d.Approver)
	if d.Void != "" {
		return s + "; void: " + d.Void
	}
	return fmt.Sprintf("%s, until %s", s, d.Until)
}
