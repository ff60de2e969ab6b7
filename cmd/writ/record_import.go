// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/register"
)

func recordImportCommand(d *door) *cobra.Command {
	var dir string
	var def register.Defaults
	var how register.How
	var megabytes int64
	var f formatFlag
	c := &cobra.Command{
		Use:   "import FILE --case DIR",
		Short: "Add many records from a file: YAML, or a roster (.csv, .xlsx) under headings that the kind knows",
		Long: `Add many records from a file: YAML, or a roster (.csv, .xlsx) under headings that the kind knows.

Each row of a roster is one record of --kind; writ record kinds KIND says which headings it knows. A row with
a fault refuses the whole file, unless --partial takes the others; either way each fault is said with its row.
A cell that a formula computed is nobody's word, and is refused. The same file again adds nothing.`,
		Example: `  writ record import staff.xlsx --kind training --case hospital.case --by "people office"
  writ record import records.yaml --case hospital.case --dry-run`,
		Args: one("which file? name a .yaml, .csv or .xlsx"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				how.MaxFile, how.Progress = megabytes<<20, d.counted(filepath.Base(args[0]))
				out, err := desk.Import(c.Context(), args[0], def, how)
				if err != nil {
					d.settle()
					return err
				}
				return d.added(out, how.DryRun, f.json())
			})
		},
	}
	fl := c.Flags()
	fl.StringVar(&dir, "case", "", "the case")
	fl.StringVar(&def.Kind, "kind", "", "which kind of record each row is")
	fl.StringVar(&def.Topic, "topic", "", "the topic of each record that gives none")
	fl.StringVar(&def.About, "about", "", "whom or what each record is about that does not say so")
	fl.StringVar(&def.By, "by", "", "who enters them: a function or a name")
	fl.StringVar(&def.Sheet, "sheet", "", "the sheet of a workbook; its first by default")
	fl.BoolVar(&how.Partial, "partial", false, "take the records without a fault")
	fl.BoolVar(&how.DryRun, "dry-run", false, "check all, and keep nothing")
	fl.Int64Var(&megabytes, "max-file", register.MaxFile>>20, "the most megabytes of an attached file")
	f.add(c, "text", "json")
	return c
}
