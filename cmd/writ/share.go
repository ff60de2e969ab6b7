// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/audience"
)

func shareCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	var o audience.ShareOptions
	c := &cobra.Command{
		Use:   "share [INPUT...]",
		Short: "Write findings without what identifies anybody, so that a sector can learn from its members",
		Long: `Write findings without what identifies anybody: no name, address, number or digest, no time finer than
a month; only which duty stands how for how many devices, products or organisations.

--products adds vendor and model of devices: what is rare may point at its owner. --least N leaves out what stands
for fewer than N.`,
		Example: "  writ share --case hospital.case --least 3 --format csv > findings.csv",
		RunE: func(c *cobra.Command, args []string) error {
			if o.Least < 1 {
				return fmt.Errorf("--least %d: at least one", o.Least)
			}
			a, err := d.judged(c.Context(), args, &q)
			if err != nil {
				return err
			}
			s := audience.Share(a, o)
			if f.json() {
				return d.json(s)
			}
			return s.CSV(d.raw)
		},
	}
	q.add(c, readCase)
	c.Flags().BoolVar(&o.Products, "products", false, "with vendor and model of devices")
	c.Flags().IntVar(&o.Least, "least", 1, "leave out what stands for fewer")
	f.add(c, "csv", "json")
	return c
}
