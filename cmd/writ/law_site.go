// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/lawsite"
	"github.com/writ-iot/writ/proof"
)

func lawSiteCommand(d *door) *cobra.Command {
	var day dayFlag
	var f formatFlag
	c := &cobra.Command{
		Use: "site DIR", Short: "Write the whole catalogue as pages to browse, search and print",
		Long: `Write the whole catalogue as pages to browse, search and print.

DIR becomes a site of static pages that work from the disk (open DIR/index.html) and from any web
server, and ask for nothing from outside. It is written whole or not at all, into a directory that is
new, empty, or holds an earlier site and nothing else.`,
		Example: "  writ law site law-site\n  writ law site --as-of 2027-12-12 law-2027",
		Args:    one("where to? name a directory: writ law site law-site"),
		RunE: func(_ *cobra.Command, args []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			s, err := lawsite.Make(cat, day.or(d))
			if err != nil {
				return err
			}
			if err := s.Write(args[0]); err != nil {
				return err
			}
			if f.json() {
				return d.json(siteMade{Directory: args[0], Day: day.or(d).String(), Catalogue: refOf(cat),
					Files: slices.Sorted(maps.Keys(s.Files))})
			}
			fmt.Fprintf(d.err, "writ: %d files in %s; open %s/index.html\n", len(s.Files), args[0], args[0])
			return nil
		},
	}
	day.add(c)
	f.add(c, "text", "json")
	return c
}

// siteMade is what a program is told of a site (docs/schema/law-site.schema.json).
type siteMade struct {
	Directory string             `json:"directory"`
	Day       string             `json:"day"` // the law day of the pages
	Catalogue proof.CatalogueRef `json:"catalogue"`
	Files     []string           `json:"files"` // below the directory, sorted
}
