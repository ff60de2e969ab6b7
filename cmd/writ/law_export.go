// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/lawtool"
)

func lawExportCommand(d *door) *cobra.Command {
	var f formatFlag
	c := &cobra.Command{
		Use: "export", Short: "Write the whole catalogue as one JSON object, or its provisions as CSV",
		Args: cobra.NoArgs,
		Long: `Write the whole catalogue as one JSON object, or its provisions as CSV.

The JSON holds all that verdicts rest on and has the schema catalogue/schema/export.schema.json. It does
not depend on the day.`,
		Example: "  writ law export > law.json\n  writ law export --format csv > provisions.csv",
		RunE: func(*cobra.Command, []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			if f.json() {
				return d.json(lawtool.Export(cat))
			}
			return lawtool.WriteCSV(d.raw, cat)
		},
	}
	f.add(c, "json", "csv")
	return c
}
