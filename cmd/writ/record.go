// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/register"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func recordCommand(d *door) *cobra.Command {
	c := &cobra.Command{
		Use:   "record",
		Short: "Keep what people decided, wrote, trained and signed",
		Long: `Keep what people decided, wrote, trained and signed: policies, training, assessments, contracts,
judgements, decisions. docs/records.md says how.

A record makes known what its kind says, from its day on; nothing follows from a record that is not there.
Only a register that a person closes shows that something is missing. Nothing is edited: a record is made,
or taken back.`,
		Example: `  writ record kinds training                              what a record of training holds
  writ record import staff.xlsx --kind training --case hospital.case --by "people office"
  writ record close training --case hospital.case --by "people office"
  writ record list --case hospital.case --expiring 30`,
	}
	c.AddCommand(recordAddCommand(d), withLists(d, recordImportCommand(d)), recordExportCommand(d), recordClaimsCommand(d),
		recordListCommand(d), recordShowCommand(d), recordCloseCommand(d),
		recordRevokeCommand(d), recordHoldCommand(d), recordEraseCommand(d), recordTemplateCommand(d), recordKindsCommand(d))
	return c
}

// inDesk does something at the desk of a case, under the case's own law.
func (d *door) inDesk(ctx context.Context, dir string, do func(*register.Desk) error) error {
	return d.inCase(ctx, dir, func(c *casefile.Case) error {
		desk, err := d.desk(ctx, c)
		if err != nil {
			return err
		}
		return do(desk)
	})
}

// desk is where a case's records are kept. The kinds of records are the program's, whatever law the case is judged
// by: what that law does not know, they leave out.
func (d *door) desk(ctx context.Context, c *casefile.Case) (*register.Desk, error) {
	own, err := d.ownLaw()
	if err != nil {
		return nil, err
	}
	kinds, err := register.LoadKinds(catalogue.FS, own)
	if err != nil {
		return nil, err
	}
	var q question
	pin, err := q.pin(ctx, d, c)
	if err != nil {
		return nil, err
	}
	cat := own
	if d.named != "" || pin != nil && pin.Statement.Law.Digest != own.Digest {
		if cat, err = d.lawOf(c, pin); err != nil {
			return nil, err
		}
	}
	desk := register.NewDesk(c, cat, kinds, d.now)
	desk.Verdicts = func(ctx context.Context) (*judge.Result, error) {
		a, _, err := d.ofCase(ctx, c, &q)
		if err != nil {
			return nil, err
		}
		return a.Result, nil
	}
	return desk, nil
}

// ownLaw is the law that the program carries.
func (d *door) ownLaw() (*law.Catalogue, error) {
	trees, err := law.ReadTrees(catalogue.Trees)
	if err != nil {
		return nil, err
	}
	return law.LoadWith(trees, catalogue.FS)
}

// heldBy is which laws hold us, from the case as it is judged now.
func heldBy(ctx context.Context, desk *register.Desk) (register.Holds, error) {
	r, err := desk.Verdicts(ctx)
	if err != nil {
		return nil, err
	}
	return register.HoldsOf(r), nil
}

// pairs reads NAME=VALUE.
func pairs(flag string, all []string) (map[string]string, error) {
	out := map[string]string{}
	for _, text := range all {
		name, value, ok := strings.Cut(text, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return nil, fmt.Errorf("--%s %q: want NAME=VALUE", flag, text)
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("--%s: %s is given twice", flag, name)
		}
		out[name] = strings.TrimSpace(value)
	}
	return out, nil
}

// counted draws how far work with many records is.
func (d *door) counted(what string) func(done, all int) {
	bar := d.progress()
	if bar == nil {
		return nil
	}
	return func(done, all int) { bar(what, int64(done), int64(all)) }
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
