// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/internal/readiness"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func readinessCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	var product string
	c := &cobra.Command{
		Use:   "readiness SCHEME [INPUT...]",
		Short: "Say how far products are on the way to a standard, a label or a law, unit by unit",
		Long: `Say how far products are on the way to a standard, a label or a law, unit by unit.

SCHEME is an instrument (etsi/en-303-645) or a part of one (eu/cra/annex-1). A voluntary text is judged as if it
had been adopted, a coming one by the law of the day on which all of it binds. Each unit is met, contradicted or not
shown with what is missing and who can bring it: the wire, a test, a document, an answer, a person's judgement.
Readiness is never compliance.`,
		Example: `  writ readiness etsi/en-303-645 --profile examples/maker.yaml capture.pcap
  writ readiness eu/cra/annex-1 --case maker.case --format json
  writ readiness eu/cra/art-32 --profile examples/maker.yaml      the route to conformity that the class leaves open`,
		Args: needs("readiness for what? name an instrument: writ law list names all"),
		RunE: func(c *cobra.Command, args []string) error {
			cat, err := d.lawAt(c.Context(), &q)
			if err != nil {
				return err
			}
			scheme, err := readiness.Find(cat, args[0])
			if err != nil {
				return err
			}
			q.lens = func(e *judge.Engine) *judge.Engine { return e.Only(scheme.Instrument.ID).AsAdopted() }
			if !q.state.set {
				q.day.day, q.day.set = scheme.Day(q.day.or(d)), true
			}
			a, err := d.judged(c.Context(), args[1:], &q)
			if err != nil {
				return err
			}
			r := readiness.Of(cat, scheme, a.Result, a.Day, a.Name)
			if err := only(r, product); err != nil {
				return err
			}
			if f.json() {
				return d.json(r)
			}
			return lawtool.WriteReadiness(d.out, r, product)
		},
	}
	q.add(c, readCase)
	f.add(c, "text", "json")
	c.Flags().StringVar(&product, "product", "", "the units of this product alone, by its name")
	return c
}

// only leaves one product in a report.
func only(r *readiness.Report, product string) error {
	if product == "" {
		return nil
	}
	var names []string
	for i := range r.Subjects {
		names = append(names, r.Subjects[i].Name)
	}
	r.Subjects = slices.DeleteFunc(r.Subjects, func(s readiness.Subject) bool {
		return !strings.EqualFold(s.Name, product)
	})
	if len(r.Subjects) > 0 {
		return nil
	}
	hint := "there are " + strings.Join(names, ", ")
	if near := law.Suggest(product, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return fmt.Errorf("no product is called %q; %s", product, hint)
}
