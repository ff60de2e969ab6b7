// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the program's own; the build may set it.
var version = "0.1.0"

// engineName names the program in assessments and dossiers.
func engineName() string { return "writ " + version }

func versionCommand(d *door) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which Writ this is, and which law it carries",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			built := ""
			if info, ok := debug.ReadBuildInfo(); ok {
				built = fmt.Sprintf("built with %s\n", info.GoVersion)
			}
			_, err = fmt.Fprintf(d.out, "%s\n%slaw %s %.12s, %d instruments, %d provisions\n", engineName(), built,
				cat.Version, cat.Digest, len(cat.Instruments), len(cat.Provisions))
			return err
		},
	}
}
