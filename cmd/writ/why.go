// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
)

func whyCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	c := &cobra.Command{
		Use:   "why VERDICT [INPUT...]",
		Short: "Say a verdict backwards: article, control, fact, statement, frame",
		Long: `Say a verdict backwards: article, control, fact, statement, frame.

VERDICT is an ID as reports write it, provision@subject, or any part of one that no other has: a
part that several share is refused, and the refusal lists them.`,
		Example: `  writ why --case hospital.case us/hipaa-security/164.312/e/2/ii@device:df649039
  writ why --profile examples/hospital.yaml 164.312/e/2/ii@device:device-1 capture.pcap`,
		Args: needs("why what? name a verdict or a part of its ID, as reports write it"),
		RunE: func(c *cobra.Command, args []string) error {
			a, err := d.judged(c.Context(), args[1:], &q)
			if err != nil {
				return err
			}
			found := report.Find(a, args[0])
			switch len(found) {
			case 0:
				return fmt.Errorf("no verdict %q: writ report --format json lists all", args[0])
			case 1:
				if f.json() {
					return report.WhyJSON(d.raw, a, found[0])
				}
				return report.Why(d.out, a, found[0])
			}
			return ambiguous(args[0], found)
		},
	}
	q.add(c, readCase)
	f.add(c, "text", "json")
	return c
}

// ambiguous asks which of several verdicts is meant.
func ambiguous(part string, found []*judge.Verdict) error {
	var list strings.Builder
	if err := report.Verdicts(&list, found, 40); err != nil {
		return err
	}
	return fmt.Errorf("%d verdicts have %q in their ID; name one:\n%s", len(found), part,
		ansi.Strip(strings.TrimSuffix(list.String(), "\n")))
}
