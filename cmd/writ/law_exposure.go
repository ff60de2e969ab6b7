// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/internal/risk"
)

// turnover is the fact on which shares of a penalty rest.
const turnover = "org.turnover_eur_m"

func lawExposureCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	c := &cobra.Command{
		Use: "exposure", Short: "Work out the statutory maxima of the laws that bind an organisation, with the arithmetic", Args: cobra.NoArgs,
		Example: "  writ law exposure --profile examples/maker.yaml",
		RunE: func(c *cobra.Command, _ []string) error {
			if q.profile == "" {
				return fmt.Errorf("whose? name a profile with --profile")
			}
			a, err := d.assess(c.Context(), nil, &q, false)
			if err != nil {
				return err
			}
			p, err := profile.Load(q.profile, a.Catalogue)
			if err != nil {
				return err
			}
			var t risk.Turnover
			for _, answer := range p.Organisation.Facts {
				if answer.Fact == turnover {
					t = risk.Turnover{EURm: answer.Value.Int(), Known: true}
				}
			}
			all := lawtool.Exposures(a.Result, t)
			if f.json() {
				return d.json(all)
			}
			return lawtool.WriteExposures(d.out, all, t)
		},
	}
	c.Flags().StringVar(&q.profile, "profile", "", "the organisation's profile (YAML)")
	q.day.add(c)
	f.add(c, "text", "json")
	return c
}
