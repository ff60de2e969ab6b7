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
	var f formatFlag
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
			if f.json() {
				return d.json(lawBegun{ID: string(id), Kind: kind.value, Directory: dir, Files: pathsOf(sheets)})
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
	f.add(c, "text", "json")
	return c
}

// lawBegun is what a program is told of a new law (docs/schema/law-new.schema.json).
type lawBegun struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Directory string   `json:"directory"` // to be laid over the catalogue
	Files     []string `json:"files"`     // below it, with forward slashes
}

func pathsOf(sheets []lawtool.Sheet) []string {
	out := make([]string, len(sheets))
	for i, s := range sheets {
		out[i] = s.Path
	}
	return out
}
