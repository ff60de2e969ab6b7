// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/issue"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge"
)

func issueCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	var draft issue.Draft
	var period periodFlag
	c := &cobra.Command{
		Use:   "issue --case DIR",
		Short: "Make an assessment a document: numbered, frozen, signed for by named persons",
		Long: `Make an assessment a document. Until a named person issues it an assessment is a draft.

What is issued is frozen: number, purpose, scope and what was left out of it and why, the three dates, the law, the
checkpoint, the counts, the reservations, and for each duty the days of the period on which it was met,
contradicted and not shown. It is never edited: another takes its place with --supersedes, saying what changed.`,
		Example: `  writ issue --case hospital.case --scope "ward 3 and the archive" --purpose "yearly review" \
    --period 2026-01-01..2026-10-31 --prepared "head of information security" \
    --reviewed "data protection officer" --approved "board of management"`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			draft.From, draft.To = period.from, period.to
			if !period.set {
				draft.From, draft.To = fact.DayOf(d.now()), fact.DayOf(d.now())
			}
			return d.inCase(c.Context(), q.caseDir, func(cf *casefile.Case) error {
				return d.issue(c.Context(), cf, &q, &draft, f.value)
			})
		},
	}
	fl := c.Flags()
	fl.StringVar(&q.caseDir, "case", "", "the case")
	q.dates(c)
	fl.Var(&period, "period", "the days that it speaks of, the last included; today by default")
	fl.StringVar(&draft.Scope, "scope", "", "of what it speaks, in its readers' words")
	fl.StringVar(&draft.Purpose, "purpose", "", "what it is for")
	fl.StringArrayVar(&draft.Laws, "law", nil, "only this law, by its ID; may be given again")
	fl.StringArrayVar(&draft.Persons, "person", nil, "only the duties of this legal person; may be given again")
	fl.StringArrayVar(&draft.Without, "exclude", nil,
		"WHAT=WHY: leave out a law, a device, a product or a person, with the reason")
	fl.StringVar(&draft.Prepared, "prepared", "", "who prepared it")
	fl.StringVar(&draft.Reviewed, "reviewed", "", "who reviewed it")
	fl.StringVar(&draft.Approved, "approved", "", "who approves it; never who prepared it")
	fl.StringArrayVar(&draft.Reservations, "reservation", nil, "a reservation beside those that follow from the case")
	fl.StringVar(&draft.Supersedes, "supersedes", "", "the number of the assessment whose place it takes")
	fl.StringVar(&draft.Changes, "changes", "", "what changed since that one")
	f.add(c, "text", "json", "html")
	c.AddCommand(issueListCommand(d), issueShowCommand(d), issueCheckCommand(d))
	return c
}

// inCase opens a case that must be there, and closes it whatever happens.
func (d *door) inCase(ctx context.Context, dir string, do func(*casefile.Case) error) error {
	if dir == "" {
		return fmt.Errorf("which case? name it with --case")
	}
	c, err := d.openCase(ctx, dir, false)
	if err != nil {
		return err
	}
	err = do(c)
	if e := c.Close(ctx); err == nil {
		err = e
	}
	return err
}

// issue freezes the case as it is judged now, and keeps that.
func (d *door) issue(ctx context.Context, c *casefile.Case, q *question, draft *issue.Draft, format string) error {
	if err := draft.Check(fact.DayOf(d.now())); err != nil {
		return err
	}
	given, err := issue.All(ctx, c)
	if err != nil {
		return err
	}
	if err := issue.Successive(draft.Supersedes, given); err != nil {
		return err
	}
	b, err := d.basis(ctx, c, q)
	if err != nil {
		return err
	}
	subject, err := issuer(b.Assessment)
	if err != nil {
		return err
	}
	made, table, err := issue.Make(draft, b)
	d.settle()
	if err != nil {
		return err
	}
	made.Number = issue.Next(d.now().UTC().Year(), given)
	if err := issue.Keep(ctx, c, subject, made, table); err != nil {
		return err
	}
	return d.issued(made, issue.View{Table: table, Name: nameOf(b.Assessment)}, format)
}

// basis reads and judges the case, and publishes it: what is issued stands under that checkpoint.
func (d *door) basis(ctx context.Context, c *casefile.Case, q *question) (*issue.Basis, error) {
	if _, err := c.Publish(ctx); err != nil {
		return nil, err
	}
	a, asked, err := d.ofCase(ctx, c, q)
	if err != nil {
		return nil, err
	}
	engine, err := judge.Compile(a.Catalogue)
	if err != nil {
		return nil, err
	}
	book, err := c.Read(ctx)
	if err != nil {
		return nil, err
	}
	bar := d.progress()
	return &issue.Basis{Assessment: a, Engine: engine, Book: book, Question: asked, Checkpoint: c.Checkpoint(),
		Now: d.now(), Told: func(done, of int) error {
			if bar != nil {
				bar("days of the period", int64(done), int64(of))
			}
			return ctx.Err()
		}}, nil
}

// issuer is the person about whom the entry is made: the first of us.
func issuer(a *assess.Assessment) (fact.Subject, error) {
	for _, p := range a.Result.Persons {
		if !p.Person.IsZero() {
			return p.Person, nil
		}
	}
	return fact.Subject{}, kind.Errorf(kind.Invalid,
		"the case knows of no organisation of ours, so nobody can be assessed: "+
			"writ assess --case … --profile … says who we are")
}

func nameOf(a *assess.Assessment) func(string) string {
	return func(subject string) string {
		for s, n := range a.Names {
			if s.String() == subject {
				return n
			}
		}
		return subject
	}
}

// issued shows an assessment.
func (d *door) issued(a *issue.Assessment, v issue.View, format string) error {
	switch format {
	case "json":
		return d.json(issue.Shown{Assessment: a, Successor: v.Successor, Table: v.Table})
	case "html":
		return a.HTML(d.raw, v)
	}
	return a.Text(d.out, d.width, v)
}

// periodFlag is FROM..TO, or one day.
type periodFlag struct {
	from, to fact.Day
	set      bool
}

// Set, String and Type make it a flag.
func (f *periodFlag) Set(s string) (err error) {
	from, to, two := strings.Cut(s, "..")
	if !two {
		to = from
	}
	if f.from, err = fact.ParseDay(from); err == nil {
		f.to, err = fact.ParseDay(to)
	}
	if err != nil {
		return fmt.Errorf("%q: want FROM..TO, such as 2026-01-01..2026-03-31: %w", s, err)
	}
	f.set = true
	return nil
}

func (f *periodFlag) String() string {
	if !f.set {
		return ""
	}
	return f.from.String() + ".." + f.to.String()
}

// Type names the value in the help.
func (f *periodFlag) Type() string { return "FROM..TO" }

// given reads the assessment of a number.
func issuedAs(ctx context.Context, c *casefile.Case, number string) (*issue.Assessment, []issue.Assessment, error) {
	all, err := issue.All(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	for i := range all {
		if all[i].Number == number {
			return &all[i], all, nil
		}
	}
	return nil, nil, kind.Errorf(kind.NotFound, "case %s issued no assessment %s: writ issue list --case shows them",
		c.Dir(), number)
}
