// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/proof"
)

func reportCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	var all bool
	var who, about string
	c := &cobra.Command{
		Use:   "report [INPUT...]",
		Short: "Write what a case holds, judged by the law of a day: text, JSON, or one HTML page",
		Long: `Write what a case holds, judged by the law of a day: text, JSON, or one HTML page.

--for cuts it for those who ask: board, regulator, auditor, customer, insurer. The facts are the same
for all; each figure names the verdicts that it adds up.`,
		Example: `  writ report --case hospital.case --format html > hospital.html
  writ report --case hospital.case --for board`,
		RunE: func(c *cobra.Command, args []string) error {
			if who != "" {
				return d.reportFor(c.Context(), args, &q, who, f.value)
			}
			a, err := d.judged(c.Context(), args, &q)
			if err != nil {
				return err
			}
			if about == "" {
				return d.write(a, f.value, all)
			}
			if a, err = report.Of(a, about); err != nil {
				return err
			}
			if f.value == "text" {
				return report.About(d.out, a, d.width)
			}
			return d.write(a, f.value, all)
		},
	}
	q.add(c, readCase)
	f.add(c, "text", "json", "html")
	c.Flags().BoolVar(&all, "all", false, "list what does not apply, too (json)")
	c.Flags().StringVar(&who, "for", "", "who asks: board, regulator, auditor, customer, insurer")
	c.Flags().StringVar(&about, "about", "", "one device, product or person, by its name or address (text, json)")
	c.Flags().StringVar(&q.issued, "issued", "", "the question that the assessment of this number answered when it was issued")
	return c
}

// readCase is what --case means to a command that adds nothing to it.
const readCase = "judge what this case holds"

// judged gives an assessment of a case as it stands, or of inputs and a profile as assess does. It adds
// nothing to a case.
func (d *door) judged(ctx context.Context, inputs []string, q *question) (*assess.Assessment, error) {
	given := len(inputs) > 0 || q.profile != "" || len(q.records) > 0
	switch {
	case given && q.caseDir != "":
		return nil, fmt.Errorf("a case is read as it stands: writ assess --case %s adds inputs, a profile or records",
			q.caseDir)
	case given:
		return d.assess(ctx, inputs, q, false)
	case q.caseDir == "":
		return nil, fmt.Errorf("name a case with --case, or inputs and a profile")
	}
	c, err := d.openCase(ctx, q.caseDir, false)
	if err != nil {
		return nil, err
	}
	a, _, err := d.ofCase(ctx, c, q)
	if e := c.Close(ctx); err == nil {
		err = e
	}
	return a, err
}

// ofCase judges what a case holds by the law that it is pinned to, which is then the door's.
func (d *door) ofCase(ctx context.Context, c *casefile.Case, q *question) (*assess.Assessment, proof.Question, error) {
	asked, err := q.asked(d, c)
	if err == nil && q.issued != "" {
		asked, err = q.ofIssued(ctx, c)
	}
	if err != nil {
		return nil, asked, err
	}
	a, err := d.answered(ctx, c, asked, q.through)
	if err != nil {
		return nil, asked, err
	}
	a.Issued = q.issued
	return a, asked, d.beside(ctx, c, a)
}

// answered is a case's answer to a question.
func (d *door) answered(ctx context.Context, c *casefile.Case, asked proof.Question,
	through func(*judge.Engine) *judge.Engine) (*assess.Assessment, error) {
	book, err := c.Read(ctx)
	if err != nil {
		return nil, err
	}
	cat, err := d.lawOf(c, proof.Adopted(book.Entries, asked))
	if err != nil {
		return nil, err
	}
	engine, err := judge.Compile(cat)
	if err != nil {
		return nil, err
	}
	a, err := assess.Judge(cat, through(engine), book, asked)
	if err != nil {
		return nil, err
	}
	if a.KnownAt.IsZero() {
		a.KnownAt = d.now().UTC()
	}
	if n := asked.KnownSize; n > 0 {
		last, err := proof.DecodeLeaf(book.Leaves[n-1])
		if err != nil {
			return nil, err
		}
		a.KnownAt = last.At
	}
	a.Engine = engineName()
	return a, nil
}
