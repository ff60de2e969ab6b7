// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/law"
)

func lawCrosswalkCommand(d *door) *cobra.Command {
	var f formatFlag
	var control string
	c := &cobra.Command{
		Use:   "crosswalk [INSTRUMENT INSTRUMENT]",
		Short: "Show where two laws ask about the same thing, or one control across all laws",
		Long: `Show where two laws ask about the same thing, or one control across all laws.

It is derived from the controls and facts that laws share. It never makes a verdict: each law is judged by itself.`,
		Example: "  writ law crosswalk eu/cra uk/psti\n  writ law crosswalk --control no-telnet",
		RunE: func(_ *cobra.Command, args []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			if control != "" && len(args) == 0 {
				uses, err := lawtool.Across(cat, law.ControlID(control))
				if err != nil {
					return err
				}
				if f.json() {
					return d.json(uses)
				}
				return lawtool.WriteUses(d.out, uses)
			}
			if len(args) != 2 || control != "" {
				return fmt.Errorf("name two instruments, or one control with --control")
			}
			meetings, err := lawtool.Crosswalk(cat, law.InstrumentID(args[0]), law.InstrumentID(args[1]))
			if err != nil {
				return err
			}
			if f.json() {
				return d.json(meetings)
			}
			return lawtool.WriteCrosswalk(d.out, meetings)
		},
	}
	c.Flags().StringVar(&control, "control", "", "one control across all laws")
	f.add(c, "text", "json")
	return c
}

func lawCalendarCommand(d *door) *cobra.Command {
	var f formatFlag
	var from, until dayFlag
	c := &cobra.Command{
		Use: "calendar", Short: "List the dates of all laws: what begins, what ends, what is coming",
		Args:    cobra.NoArgs,
		Example: "  writ law calendar --from 2026-12-01 --until 2028-12-31\n  writ law calendar --format ics > law.ics",
		RunE: func(*cobra.Command, []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			first := from.or(d)
			last := first.AddMonths(24)
			if until.set {
				last = until.day
			}
			if last < first {
				return fmt.Errorf("the window ends on %s, before it begins on %s", last, first)
			}
			dates := lawtool.Calendar(cat, first, last)
			switch f.value {
			case "json":
				return d.json(dates)
			case "ics":
				return lawtool.WriteICS(d.raw, dates, d.now())
			}
			return lawtool.WriteCalendar(d.out, dates)
		},
	}
	c.Flags().Var(&from, "from", "the first day; today by default")
	c.Flags().Var(&until, "until", "the last day; two years on by default")
	f.add(c, "text", "json", "ics")
	return c
}

func lawDiffCommand(d *door) *cobra.Command {
	var f formatFlag
	var q question
	c := &cobra.Command{
		Use:   "diff OLD [NEW]",
		Short: "Say what changed between two catalogues, and which verdicts of a case move",
		Long: `Say what changed between two catalogues, and with --case which verdicts of a case move.

OLD and NEW are directories or bundles; by default NEW is the program's own.`,
		Example: "  writ law diff old/ --case hospital.case",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			old, err := readLaw(args[0])
			if err != nil {
				return err
			}
			fresh, err := d.law()
			if len(args) == 2 {
				fresh, err = readLaw(args[1])
			}
			if err != nil {
				return err
			}
			if q.caseDir != "" {
				return d.diffCase(c.Context(), &q, old, fresh, f.json())
			}
			if q.day.set || q.state.set || !q.at.at.IsZero() || q.known.set() {
				return fmt.Errorf("dates are those by which a case is judged: name it with --case")
			}
			changes := lawtool.Diff(old, fresh)
			if f.json() {
				return d.json(changes)
			}
			return lawtool.WriteDiff(d.out, changes)
		},
	}
	c.Flags().StringVar(&q.caseDir, "case", "", "list the verdicts of this case that move, too")
	q.dates(c)
	f.add(c, "text", "json")
	return c
}
