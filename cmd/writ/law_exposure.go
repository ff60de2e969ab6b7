// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/internal/risk"
)

// turnover is the fact on which shares of a penalty rest.
const turnover = "org.turnover_eur_m"

func lawExposureCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	c := &cobra.Command{
		Use:     "exposure",
		Short:   "Work out the statutory maxima of the laws that bind an organisation, with the arithmetic",
		Args:    cobra.NoArgs,
		Example: "  writ law exposure --profile examples/maker.yaml",
		RunE: func(c *cobra.Command, _ []string) error {
			if q.profile == "" {
				return fmt.Errorf("whose? name a profile with --profile")
			}
			a, err := d.assess(c.Context(), nil, &q, false)
			if err != nil {
				return err
			}
			all := []lawtool.Exposure{}
			for _, p := range a.Result.Persons {
				if p.Person.IsZero() {
					continue
				}
				who, t := "", turnoverOf(a, p.Person)
				if len(a.Result.Persons) > 1 {
					who = a.Name(p.Person)
				}
				of := lawtool.Exposures(who, p.Instruments, t)
				if all = append(all, of...); f.json() {
					continue
				}
				if err := lawtool.WriteExposures(d.out, of, t); err != nil {
					return err
				}
			}
			if f.json() {
				return d.json(all)
			}
			return nil
		},
	}
	c.Flags().StringVar(&q.profile, "profile", "", "the organisation's profile (YAML)")
	q.day.add(c)
	f.add(c, "text", "json")
	return c
}

// turnoverOf is what is said of a person's own turnover.
func turnoverOf(a *assess.Assessment, person fact.Subject) (t risk.Turnover) {
	for i := range a.Facts {
		if c := &a.Facts[i]; c.Subject == person && c.Fact == turnover {
			t = risk.Turnover{EURm: c.Value.Int(), Known: true}
		}
	}
	return t
}
