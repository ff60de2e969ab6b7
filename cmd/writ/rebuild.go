// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func rebuildCommand(d *door) *cobra.Command {
	var f formatFlag
	c := &cobra.Command{
		Use:   "rebuild CASE",
		Short: "Make a case's projections again from its statements; what was signed is not touched",
		Args:  one("which case? name its directory"),
		RunE: func(c *cobra.Command, args []string) error {
			cf, err := d.openCase(c.Context(), args[0], false)
			if err != nil {
				return err
			}
			err = cf.Rebuild(c.Context())
			if e := cf.Close(c.Context()); err == nil {
				err = e
			}
			if err == nil && f.json() {
				return d.json(rebuilt{Case: args[0], Rebuilt: true})
			}
			if err == nil {
				_, err = fmt.Fprintf(d.out, "%s: projections made again; check it with: writ fsck %s\n", args[0],
					args[0])
			}
			return err
		},
	}
	f.add(c, "text", "json")
	return c
}

// rebuilt is what a program is told of it (docs/schema/rebuild.schema.json).
type rebuilt struct {
	Case    string `json:"case"`    // as it was named
	Rebuilt bool   `json:"rebuilt"` // true: what fails ends in an error
}
