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

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/risk/register"
	"github.com/writ-iot/writ/internal/risk/show"
	"github.com/writ-iot/writ/internal/sheet"
)

// risksOut writes the register as a list that people change.
func risksOut(w io.Writer, s *show.Sheet) error {
	return listOut(w, show.Sheeted(), "xlsx", func(yield func(sheet.Item) bool) {
		for i := range s.Risks {
			if r := &s.Risks[i]; !yield(sheet.Item{ID: r.ID, Cells: s.Cells(r)}) {
				return
			}
		}
	})
}

// treatBack takes in what was decided in a list of risks that went out.
func (d *door) treatBack(ctx context.Context, q *question, f *backFlags, asJSON bool) error {
	return d.inCase(ctx, q.caseDir, func(c *casefile.Case) error {
		s, err := d.risksOf(ctx, c, q)
		if err != nil {
			return err
		}
		risks := make(map[string]*register.Risk, len(s.Risks))
		for i := range s.Risks {
			risks[s.Risks[i].ID] = &s.Risks[i]
		}
		l := show.Sheeted()
		var entries []journal.Entry
		return d.comeBack(&returning{
			file: *f, json: asJSON, list: l, things: "decisions", needs: []string{show.Decision},
			base: func(id string) ([]string, error) {
				if risks[id] == nil {
					return nil, kind.Errorf(kind.NotFound, "no risk %.80q: evidence does not show it (any more)", id)
				}
				return s.Cells(risks[id]), nil
			},
			take: func(ch *sheet.Change, _ string) error {
				e, err := decisionIn(l, ch, risks[ch.ID], f.by, fact.DayOf(d.now()))
				entries = append(entries, e)
				return err
			},
			keep: func(dry bool) ([]string, error) {
				if dry {
					return nil, nil
				}
				if _, err := journal.Write(ctx, c, entries...); err != nil {
					return nil, fmt.Errorf("keeping what is decided of %d risks: %w", len(entries), err)
				}
				return nil, nil
			},
		})
	})
}

// decisionIn is a row that changed, as a decision. Who takes the list in is who asks for it.
func decisionIn(l *sheet.List, ch *sheet.Change, r *register.Risk, by string, today fact.Day) (journal.Entry, error) {
	if r == nil {
		return journal.Entry{}, errors.New("a risk follows from evidence: none can be added to the list")
	}
	cell := map[string]string{}
	for i := range l.Columns {
		cell[l.Columns[i].Key] = strings.TrimSpace(ch.Cells[i])
	}
	t := register.Treatment{Threat: r.Threat.ID, Option: register.Option(strings.ToLower(cell[show.ColOption])),
		Text: cell[show.ColText], Reasons: cell[show.ColReasons], By: cmp.Or(strings.TrimSpace(by), nobodyYet),
		Approver: cell[show.ColApprover], Owner: cell[show.ColOwner], Due: cell[show.ColDue],
		Until: cell[show.ColUntil], Frozen: r.Freeze(),
		Before: register.Pair{Likelihood: r.Likelihood.Step, Impact: r.Impact.Step}}
	if t.Option == "" {
		return journal.Entry{}, errors.New("column Treatment is empty: write mitigate, transfer, avoid or accept; " +
			"what was decided is replaced by another decision, never emptied")
	}
	var err error
	if t.Done, err = yes(cell[show.ColDone]); err != nil {
		return journal.Entry{}, fmt.Errorf("column Done: %w", err)
	}
	if t.Residual, err = pairOf(cell[show.ColLeft]); err != nil {
		return journal.Entry{}, errors.New(inColumns.Replace(err.Error()))
	}
	if err := t.Check(today); err != nil {
		return journal.Entry{}, errors.New(inColumns.Replace(strings.ReplaceAll(err.Error(), "\n", "; ")))
	}
	return journal.Entry{Form: register.Form, Subject: r.Asset, Body: t}, nil
}

// inColumns says of what is wrong with a decision which column it stands in, where the command line has flags.
var inColumns = strings.NewReplacer("--reasons", "column Reasons", "--due", "column Due", "--until",
	"column Accepted until", "--approver", "column Approved by", "--owner", "column Owner", "--done", "column Done",
	"--residual", "column Expected to be left")

// yes reads a cell that is ticked, or not.
func yes(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "yes", "true", "x", "done":
		return true, nil
	case "", "no", "false":
		return false, nil
	}
	return false, fmt.Errorf("%.20q is neither yes nor no", s)
}
