// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/capture"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/observe"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

func assessCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	var all, keep bool
	failOn := wordFlag{kind: "WHAT"}
	c := &cobra.Command{
		Use:   "assess [INPUT...]",
		Short: "Judge what inputs show, what a profile says and what a case holds, by the law",
		Long: `Judge what inputs show, what a profile says and what a case holds, by the law.

Inputs are captures (pcap, pcapng, either gzipped); - is standard input. Without --case nothing
is written. With it the case keeps what was seen and said, not the inputs: those hold every
password and all patient data that crossed the wire. --keep keeps them, too.

Exit status: 0 done; 1 done, and a duty of one's own that must be met is violated; 2 bad input
or use; 3 the case is damaged.`,
		Example: `  writ assess --profile examples/hospital.yaml capture.pcap
  writ assess --profile examples/hospital.yaml --case hospital.case --format json capture.pcap`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 && q.profile == "" && q.caseDir == "" {
				return fmt.Errorf("nothing to assess: name an input, a profile or a case")
			}
			if keep {
				if err := keepable(args, &q); err != nil {
					return err
				}
			}
			a, err := d.assess(c.Context(), args, &q, keep)
			if err != nil {
				return err
			}
			if err := d.write(a, f.value, all); err != nil {
				return err
			}
			return fails(a, failOn.value)
		},
	}
	q.add(c, "keep everything in this case, and judge all that it holds; made where it is not there")
	f.add(c, "text", "json", "html")
	c.Flags().BoolVar(&keep, "keep", false,
		"keep the inputs in the case as they are, secrets and patient data included")
	c.Flags().BoolVar(&all, "all", false, "list what does not apply, too (json)")
	failOn.add(c, "fail-on",
		"what ends in exit status 1: own, supplier (theirs too), indicated (indicated breaches too), never",
		"own", "supplier", "indicated", "never")
	return c
}

// fails says whether an assessment ends in exit status 1. A recommendation never does.
func fails(a *assess.Assessment, on string) error {
	own := a.Result.Own
	bad := own.Violated
	switch on {
	case "supplier":
		bad += a.Result.Supplier.Violated
	case "indicated":
		bad += own.BreachIndicated
	case "never":
		bad = 0
	}
	if bad > 0 {
		return errViolated
	}
	return nil
}

// assess runs the main job for any command that judges. Only assess itself keeps inputs.
func (d *door) assess(ctx context.Context, inputs []string, q *question, keep bool) (*assess.Assessment, error) {
	var c *casefile.Case
	var err error
	if q.caseDir != "" && casefile.Exists(q.caseDir) {
		if c, err = d.openCase(ctx, q.caseDir, false); err != nil {
			return nil, err
		}
	}
	a, c, err := d.assessIn(ctx, c, inputs, q, keep)
	if c != nil {
		if e := c.Close(ctx); err == nil {
			err = e
		}
	}
	return a, err
}

// assessIn assesses into a case, which it makes where one is asked for and none is open yet.
func (d *door) assessIn(ctx context.Context, c *casefile.Case, inputs []string, q *question, keep bool) (
	*assess.Assessment, *casefile.Case, error) {
	o, pinned, err := d.options(ctx, c, q)
	if err == nil && q.caseDir != "" {
		for _, path := range inputs {
			if err := capture.Check(path); err != nil {
				return nil, c, err // before a case is made for nothing
			}
		}
		if c == nil {
			c, err = d.openCase(ctx, q.caseDir, true)
		}
	}
	if err == nil {
		o.Question, err = q.asked(d, c)
	}
	if err != nil {
		return nil, c, err
	}
	if c != nil {
		l := &ledger{Case: c, law: o.Catalogue.Digest, asked: o.Question}
		if !pinned {
			l.pin = func(ctx context.Context) (casefile.Draft, error) { return d.pin(ctx, c, o.Catalogue) }
		}
		o.Ledger, o.Observe.Keys = l, c.Keyer()
		if keep {
			o.Keep = keeper(c)
		}
	}
	a, err := d.run(ctx, inputs, o)
	return a, c, err
}

// options are those of a run, and whether its case is pinned to a law already; c is nil without a case.
func (d *door) options(ctx context.Context, c *casefile.Case, q *question) (o assess.Options, pinned bool, err error) {
	var pin *proof.Entry
	if c != nil {
		if pin, err = q.pin(ctx, d, c); err != nil {
			return o, false, err
		}
	}
	cat, err := d.lawOf(c, pin)
	if err != nil {
		return o, false, err
	}
	engine, err := judge.Compile(cat)
	if err != nil {
		return o, false, err
	}
	p, err := d.profile(cat, q)
	o = assess.Options{Catalogue: cat, Engine: q.through(engine), Profile: p,
		Now: d.now().UTC(), Observe: d.observing()}
	return o, pin != nil, err
}

func (d *door) run(ctx context.Context, inputs []string, o assess.Options) (*assess.Assessment, error) {
	a, err := assess.Run(ctx, inputs, o)
	d.settle()
	if err != nil {
		return nil, err
	}
	a.Engine = engineName()
	return a, nil
}

// profile reads the profile and the records that stand beside it.
func (d *door) profile(cat *law.Catalogue, q *question) (*profile.Profile, error) {
	p := &profile.Profile{}
	if q.profile != "" {
		var err error
		if p, err = profile.Load(q.profile, cat); err != nil {
			return nil, err
		}
	}
	for _, name := range q.records {
		b, err := durable.ReadFile(name, maxRecords)
		if err != nil {
			return nil, fmt.Errorf("reading records: %w", err)
		}
		if err := p.ParseRecords(name, b, cat); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// write writes an assessment in a format.
func (d *door) write(a *assess.Assessment, format string, all bool) error {
	switch format {
	case "json":
		return report.JSON(d.raw, a, all)
	case "html":
		return report.HTML(d.raw, a)
	}
	return report.Text(d.out, a, d.width)
}

func (d *door) observing() observe.Options {
	return observe.Options{Stdin: d.in, Progress: d.progress()}
}
