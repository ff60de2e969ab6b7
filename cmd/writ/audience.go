// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"slices"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/audience"
	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
)

// reportFor writes the report that an audience is given.
func (d *door) reportFor(ctx context.Context, inputs []string, q *question, who, format string) error {
	to, err := audience.Named(who)
	if err != nil {
		return err
	}
	a, err := d.judged(ctx, inputs, q)
	if err != nil {
		return err
	}
	v, err := plan.LoadVocabulary(d.actions())
	if err != nil {
		return err
	}
	b := &audience.Basis{Assessment: a, Plan: plan.Make(report.PlanOf(a), v, plan.Options{For: judge.Own}),
		Exposures: exposures(a)}
	if b.Owed, err = d.owed(ctx, q); err != nil {
		return err
	}
	doc := to.Make(b)
	switch format {
	case "json":
		return d.json(doc)
	case "html":
		return doc.HTML(d.raw)
	}
	return doc.Text(d.out, d.width)
}

// owed are the statutory notices of a case's incidents that run or are late, the first due first.
func (d *door) owed(ctx context.Context, q *question) (all []audience.Owed, err error) {
	if q.caseDir == "" {
		return nil, nil
	}
	err = d.incidents(ctx, &incidentFlags{caseDir: q.caseDir, day: q.day}, func(s *scene) error {
		for _, i := range s.all {
			if i.Closed != nil {
				continue
			}
			list, err := s.list(ctx, i)
			if err != nil {
				return err
			}
			for _, c := range list.Clocks {
				if !c.Undetermined && (c.State == incident.Running || c.State == incident.Late) {
					all = append(all, audience.Owed{Incident: i.ID + " " + i.Title, Law: c.Instrument.Short,
						Pinpoint: c.Law.Pinpoint, State: string(c.State), Due: c.Due})
				}
			}
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b audience.Owed) int { return a.Due.Compare(b.Due) })
	return all, err
}

// exposures are the statutory maxima of every person of ours.
func exposures(a *assess.Assessment) []lawtool.Exposure {
	var all []lawtool.Exposure
	for _, p := range a.Result.Persons {
		if p.Person.IsZero() {
			continue
		}
		who := ""
		if len(a.Result.Persons) > 1 {
			who = a.Name(p.Person)
		}
		all = append(all, lawtool.Exposures(who, p.Instruments, turnoverOf(a, p.Person))...)
	}
	return all
}
