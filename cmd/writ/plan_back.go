// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/plan/show"
	"github.com/writ-iot/writ/internal/register"
	"github.com/writ-iot/writ/internal/sheet"
)

// planOut writes a plan as a list in which people name owners.
func planOut(w io.Writer, a *assess.Assessment, p *plan.Plan) error {
	return listOut(w, show.Sheeted(), "xlsx", func(yield func(sheet.Item) bool) {
		for i := range p.Actions {
			x := &p.Actions[i]
			if !yield(sheet.Item{ID: x.ID, Cells: show.Cells(a, x)}) {
				return
			}
		}
	})
}

// ownersBack takes in the owners of a plan that went out, as records of responsibility.
func (d *door) ownersBack(ctx context.Context, q *question, o plan.Options, f *backFlags, asJSON bool) error {
	if q.caseDir == "" {
		return errors.New("an owner is kept in a case: --case DIR")
	}
	return d.inDesk(ctx, q.caseDir, func(desk *register.Desk) error {
		a, owners, err := d.plannedIn(ctx, desk.Case, q)
		if err != nil {
			return err
		}
		p, err := d.planOf(a, owners, o)
		if err != nil {
			return err
		}
		there := map[string][]string{}
		for i := range p.Actions {
			there[p.Actions[i].ID] = show.Cells(a, &p.Actions[i])
		}
		var given []register.Given
		return d.comeBack(&returning{
			file: *f, json: asJSON, list: show.Sheeted(), things: "owners", needs: []string{show.OwnerSoFar},
			base: func(id string) ([]string, error) {
				if there[id] == nil {
					return nil, kind.Errorf(kind.NotFound, "the plan has no action %.80q (any more): give --for, --limit "+
						"and --budget as when it went out", id)
				}
				return there[id], nil
			},
			take: func(ch *sheet.Change, where string) error {
				owner := strings.TrimSpace(ch.Cells[len(ch.Cells)-1])
				switch {
				case ch.ID == "":
					return errors.New("an action follows from evidence: none can be added to the list")
				case owner == "":
					return errors.New("column Owner is empty: name another, or take the record back with writ record revoke")
				}
				given = append(given, register.Given{Kind: "responsibility", Day: a.Day.String(), Where: where,
					By: cmp.Or(f.by, nobodyYet), Fields: map[string]string{"control": ch.ID, "accountable": owner}})
				return nil
			},
			keep: func(dry bool) ([]string, error) { return ownersKept(ctx, desk, given, dry) },
		})
	})
}

// ownersKept keeps records of responsibility. One that the case holds already would not be the newest: it is refused.
func ownersKept(ctx context.Context, desk *register.Desk, given []register.Given, dry bool) (reopened []string,
	err error) {
	added, err := desk.Add(ctx, given, register.How{DryRun: true})
	if err == nil && added.Repeated > 0 {
		err = kind.Errorf(kind.Conflict, "%d of these owners were named before on the same day, and others after them: "+
			"take those back with writ record revoke", added.Repeated)
	}
	if err == nil && !dry {
		added, err = desk.Add(ctx, given, register.How{})
	}
	if err != nil {
		return nil, fmt.Errorf("keeping owners: %w", err)
	}
	for i := range added.Voided {
		reopened = append(reopened, added.Voided[i].Kind)
	}
	return reopened, nil
}
