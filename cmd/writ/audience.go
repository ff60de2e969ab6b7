// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/audience"
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
	b := &audience.Basis{Assessment: a, Plan: plan.Make(report.PlanOf(a), v, plan.Options{For: judge.Own}), Exposures: exposures(a)}
	doc := to.Make(b)
	switch format {
	case "json":
		return d.json(doc)
	case "html":
		return doc.HTML(d.raw)
	}
	return doc.Text(d.out, d.width)
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
