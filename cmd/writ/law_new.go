// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/law"
)

func lawNewCommand(d *door) *cobra.Command {
	var kind wordFlag
	var dir string
	kind.kind = "KIND"
	c := &cobra.Command{
		Use: "new ID", Short: "Begin a law: its file, the list of its places, and a law test with the three cases",
		Long: `Begin a law: its file, the list of its places, and a law test with the three cases.

What only you know begins with FILL and says what belongs there. Lint the result as an overlay until it
finds nothing: writ law lint --overlay DIR. No file that is there already is touched.`,
		Example: "  writ law new fr/decret-2026-1 --kind statutory-instrument --dir our-law",
		Args:    one("which law? name its ID, jurisdiction/name: writ law new uk/psti --kind statute"),
		RunE: func(_ *cobra.Command, args []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			id := law.InstrumentID(args[0])
			if i, ok := cat.Instrument(id); ok {
				return fmt.Errorf("the catalogue has %s already (%s); copy its file into an overlay to change it", id,
					i.File)
			}
			sheets, err := lawtool.Scaffold(id, law.Kind(kind.value))
			if err != nil {
				return err
			}
			if err := lawtool.WriteSheets(dir, sheets); err != nil {
				return err
			}
			for _, s := range sheets {
				fmt.Fprintln(d.out, filepath.Join(dir, filepath.FromSlash(s.Path)))
			}
			fmt.Fprintf(d.err, "writ: fill in what begins with FILL; writ law lint --overlay %s lists what is left\n",
				dir)
			return nil
		},
	}
	var kinds []string
	for _, k := range law.Kinds() {
		kinds = append(kinds, string(k))
	}
	kind.add(c, "kind", "what it is: a statute, a standard …", kinds...)
	c.Flags().StringVar(&dir, "dir", ".", "the directory below which the files go, to be laid over the catalogue")
	return c
}
