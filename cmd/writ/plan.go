// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/plan/show"
	"github.com/writ-iot/writ/internal/register"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
)

func planCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	whose := wordFlag{kind: "WHOSE"}
	var limit, budget countFlag
	var back backFlags
	c := &cobra.Command{
		Use:   "plan [INPUT...]",
		Short: "The fewest, cheapest actions that clear most of what evidence contradicts or points against",
		Long: `The fewest, cheapest actions that clear most of what evidence contradicts or points against.

Each action says what to do, on what, with how much effort, who may carry it out, which duties
it helps to clear and what evidence will prove it. A duty that asks for several things is clear
once all of them are done. A medical device of another maker is left as it is: there are
measures around it, and a question to its maker. A plan changes no verdict; new evidence does.

What is merely not shown needs evidence, not action: the cheapest of it is listed last.

The workbook (xlsx) has a row for each action, with an ID that stays. With --back it comes back: an owner
that was changed in it becomes a record of responsibility, after it was printed. Give the options as
when it went out.`,
		Example: `  writ plan --case hospital.case
  writ plan --profile examples/hospital.yaml --budget 10 capture.pcap
  writ plan --case hospital.case --for suppliers --format csv > letters.csv
  writ plan --case hospital.case --format xlsx > plan.xlsx
  writ plan --back plan.xlsx --case hospital.case --apply --by "compliance office"`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := back.alone(c, args, "profile", "records"); err != nil {
				return err
			}
			o := plan.Options{For: judge.Own, Limit: limit.n, Budget: budget.n * personDay}
			if whose.value == "suppliers" {
				o.For = judge.Supplier
			}
			if back.path != "" {
				return d.ownersBack(c.Context(), &q, o, &back, f.json())
			}
			a, owners, err := d.planned(c.Context(), args, &q)
			if err != nil {
				return err
			}
			p, err := d.planOf(a, owners, o)
			if err != nil {
				return err
			}
			switch f.value {
			case "json":
				return show.JSON(d.raw, a, p)
			case "csv":
				return show.CSV(d.raw, a, p)
			case "xlsx":
				return planOut(d.raw, a, p)
			}
			return show.Text(d.out, a, p, d.width)
		},
	}
	q.add(c, readCase)
	f.add(c, "text", "json", "csv", "xlsx")
	back.add(c, "writ plan --format xlsx")
	whose.add(c, "for", "whose duties: us, suppliers", "us", "suppliers")
	c.Flags().Var(&limit, "limit", "the best plan of at most so many actions")
	c.Flags().Var(&budget, "budget", "the best plan of at most so many person-days")
	return c
}

// planned is what there is to plan for, and who answers for what by the records of responsibility in the case.
func (d *door) planned(ctx context.Context, inputs []string, q *question) (*assess.Assessment,
	map[string]string, error) {
	if q.caseDir == "" || len(inputs) > 0 || q.profile != "" || len(q.records) > 0 {
		a, err := d.judged(ctx, inputs, q)
		return a, nil, err
	}
	c, err := d.openCase(ctx, q.caseDir, false)
	if err != nil {
		return nil, nil, err
	}
	a, owners, err := d.plannedIn(ctx, c, q)
	if e := c.Close(ctx); err == nil {
		err = e
	}
	return a, owners, err
}

func (d *door) plannedIn(ctx context.Context, c *casefile.Case, q *question) (*assess.Assessment,
	map[string]string, error) {
	a, _, err := d.ofCase(ctx, c, q)
	if err != nil {
		return nil, nil, err
	}
	owners, err := ownersOf(ctx, c, a.Day)
	return a, owners, err
}

// planOf makes the plan with the owners that are known.
func (d *door) planOf(a *assess.Assessment, owners map[string]string, o plan.Options) (*plan.Plan, error) {
	v, err := plan.LoadVocabulary(d.actions())
	if err != nil {
		return nil, err
	}
	w := report.PlanOf(a)
	w.Owner = func(id string) string { return owners[id] }
	return plan.Make(w, v, o), nil
}

// ownersOf reads who is accountable for a control or an action on a day; of several records the newest stands.
func ownersOf(ctx context.Context, c *casefile.Case, day fact.Day) (map[string]string, error) {
	kept, err := journal.Read(ctx, c, casefile.Query{Form: "record.responsibility"})
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for i := range kept {
		var b register.Body
		if err := kept[i].Into(&b); err != nil {
			return nil, err
		}
		from, err := fact.ParseDay(b.Day)
		if err != nil || from > day {
			continue
		}
		if until, err := fact.ParseDay(b.Until); b.Until != "" && (err != nil || until < day) {
			continue
		}
		out[b.Fields["control"]] = b.Fields["accountable"]
	}
	return out, nil
}

// personDay is how many hours a person works a day.
const personDay = 8

// actions are the vocabulary of actions: the catalogue's own where it has one, else the program's. They decide no
// verdict and are no part of the law that a case keeps.
func (d *door) actions() fs.FS {
	if found, err := fs.Glob(d.lawFS, plan.Dir+"/*.yaml"); err == nil && len(found) > 0 {
		return d.lawFS
	}
	return catalogue.FS
}

// countFlag is a number of things, at least one.
type countFlag struct{ n int }

// Set, String and Type make it a flag.
func (f *countFlag) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1_000_000 {
		return fmt.Errorf("want a whole number from 1 to 1000000")
	}
	f.n = n
	return nil
}

func (f *countFlag) String() string {
	if f.n == 0 {
		return ""
	}
	return strconv.Itoa(f.n)
}

// Type names the value in the help.
func (f *countFlag) Type() string { return "N" }
