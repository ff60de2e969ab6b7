// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/lawtool"
)

func lawAppliesCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	c := &cobra.Command{
		Use: "applies", Short: "Say which laws bind an organisation, and why, or what would decide it",
		Long: `Say of every law whether it binds an organisation, and why.

Of a group it is said of each of its legal persons. A law that binds is named with what it rests on, one that does
not with the fact that excludes it, one of which that is open with the questions that would decide it, one that
steps aside with the law that it gives way to.`,
		Args:    cobra.NoArgs,
		Example: "  writ law applies --profile examples/hospital.yaml",
		RunE: func(c *cobra.Command, _ []string) error {
			if q.profile == "" {
				return fmt.Errorf("whom? name a profile with --profile")
			}
			a, err := d.assess(c.Context(), nil, &q, false)
			if err != nil {
				return err
			}
			holds := lawtool.Holds(a.Catalogue, a.Result, a.Name)
			if f.json() {
				return d.json(holds)
			}
			return lawtool.WriteHolds(d.out, holds)
		},
	}
	c.Flags().StringVar(&q.profile, "profile", "", "the organisation's profile (YAML)")
	q.day.add(c)
	f.add(c, "text", "json")
	return c
}
