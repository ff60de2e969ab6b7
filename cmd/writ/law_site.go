// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/lawsite"
)

func lawSiteCommand(d *door) *cobra.Command {
	var day dayFlag
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
			fmt.Fprintf(d.err, "writ: %d files in %s; open %s/index.html\n", len(s.Files), args[0], args[0])
			return nil
		},
	}
	day.add(c)
	return c
}
