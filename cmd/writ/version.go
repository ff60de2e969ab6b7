// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// version is the program's own; the build may set it.
var version = "0.1.0"

// engineName names the program in assessments and dossiers.
func engineName() string { return "writ " + version }

func versionCommand(d *door) *cobra.Command {
	var f formatFlag
	c := &cobra.Command{
		Use:   "version",
		Short: "Say which Writ this is, and which law it carries",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			if f.json() {
				return d.json(versionOf(cat))
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
	f.add(c, "text", "json")
	return c
}

// versionTold is what a program is told of this one (docs/schema/version.schema.json).
type versionTold struct {
	Version     string             `json:"version"`
	Engine      string             `json:"engine"` // by which verdicts are judged: another may come to others
	Go          string             `json:"go"`     // the toolchain that built it; "" where the build did not say
	OS          string             `json:"os"`
	Arch        string             `json:"arch"`
	Catalogue   proof.CatalogueRef `json:"catalogue"`
	Instruments int                `json:"instruments"`
	Provisions  int                `json:"provisions"`
	Controls    int                `json:"controls"`
	Facts       int                `json:"facts"`
}

func versionOf(cat *law.Catalogue) versionTold {
	v := versionTold{Version: version, Engine: judge.Version, OS: runtime.GOOS, Arch: runtime.GOARCH,
		Catalogue: refOf(cat), Instruments: len(cat.Instruments), Provisions: len(cat.Provisions),
		Controls: len(cat.Controls), Facts: len(cat.Vocabulary.Names())}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Go = info.GoVersion
	}
	return v
}
