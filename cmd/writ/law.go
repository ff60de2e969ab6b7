// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/lawlint"
	"github.com/writ-iot/writ/internal/lawtest"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func lawCommand(d *door) *cobra.Command {
	c := &cobra.Command{Use: "law", Short: "List, show, search, apply, lint and test the law that Writ knows"}
	c.AddCommand(lawListCommand(d), lawShowCommand(d), lawSearchCommand(d), lawAppliesCommand(d),
		lawLintCommand(d), lawTestCommand(d),
		lawCrosswalkCommand(d), lawCalendarCommand(d), lawDiffCommand(d), lawExposureCommand(d),
		lawSiteCommand(d), lawExportCommand(d), lawNewCommand(d), lawRecipientsCommand(d))
	return c
}

func lawListCommand(d *door) *cobra.Command {
	var f formatFlag
	var day dayFlag
	var few lawtool.Filter
	var counts bool
	c := &cobra.Command{
		Use: "list", Short: "List every instrument, with its state on a day, or count what it holds",
		Args:    cobra.NoArgs,
		Example: "  writ law list --jurisdiction EU --depth listed\n  writ law list --counts > docs/law-counts.md",
		RunE: func(*cobra.Command, []string) error {
			cat, err := d.law()
			if err == nil {
				cat, err = lawtool.Narrow(cat, few)
			}
			if err != nil {
				return err
			}
			if counts && f.json() {
				return d.json(lawtool.CountAll(cat))
			}
			if counts {
				return lawtool.WriteCounts(d.out, lawtool.CountAll(cat))
			}
			rows := lawtool.List(cat, day.or(d))
			if f.json() {
				return d.json(rows)
			}
			return lawtool.WriteList(d.out, rows)
		},
	}
	c.Flags().StringVar(&few.Jurisdiction, "jurisdiction", "", "only law of this jurisdiction: EU, US …")
	c.Flags().StringVar(&few.Kind, "kind", "", "only instruments of this kind: statute, standard …")
	c.Flags().StringVar(&few.Depth, "depth", "", "only provisions of this depth: listed, modelled, tested, reviewed")
	c.Flags().StringVar(&few.Confidence, "confidence", "", "only provisions that are verified, remembered or doubtful")
	c.Flags().StringVar(&few.Mode, "mode", "", "only provisions that are judged, by-record or open")
	c.Flags().BoolVar(&counts, "counts", false, "count provisions by depth, by confidence and by what decides them")
	f.add(c, "text", "json")
	day.add(c)
	return c
}

func lawShowCommand(d *door) *cobra.Command {
	var f formatFlag
	var day dayFlag
	c := &cobra.Command{
		Use: "show ID", Short: "Show all that is known of an instrument, a provision, a control or a fact",
		Args: one("show what? name an instrument, a provision, a control or a fact"),
		Example: `  writ law show eu/cra
  writ law show us/hipaa-security/164.312/e/2/ii
  writ law show data.health_cleartext`,
		RunE: func(_ *cobra.Command, args []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			if !f.json() {
				return lawtool.Show(d.out, cat, args[0], day.or(d))
			}
			v, err := lawtool.View(cat, args[0], day.or(d))
			if err != nil {
				return err
			}
			return d.json(v)
		},
	}
	f.add(c, "text", "json")
	day.add(c)
	return c
}

func lawSearchCommand(d *door) *cobra.Command {
	var f formatFlag
	c := &cobra.Command{
		Use: "search WORD...", Short: "Find what holds every word",
		Args: needs("search for what? name words; all must be there"),
		RunE: func(_ *cobra.Command, args []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			hits := lawtool.Search(cat, strings.Join(args, " "))
			if f.json() {
				return d.json(hits)
			}
			return lawtool.WriteHits(d.out, hits, 40)
		},
	}
	f.add(c, "text", "json")
	return c
}

func lawLintCommand(d *door) *cobra.Command {
	var f formatFlag
	c := &cobra.Command{
		Use: "lint", Short: "Report everything that is wrong with the catalogue, each with its place",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all := lawlint.Lint(d.lawFS)
			if f.json() {
				if err := d.json(lawtest.Findings(all)); err != nil {
					return err
				}
			} else if err := lawtool.WriteProblems(d.out, all); err != nil {
				return err
			}
			if all.Err() != nil {
				return errReported
			}
			return nil
		},
	}
	f.add(c, "text", "json")
	return c
}

func lawTestCommand(d *door) *cobra.Command {
	var f formatFlag
	c := &cobra.Command{
		Use: "test", Short: "Run the law tests: given these facts on this day, the verdict is …", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cat, engine, err := d.engine()
			if err != nil {
				return err
			}
			s := lawtest.Run(cat, d.lawFS, engine)
			if f.json() {
				err = d.json(s)
			} else {
				err = lawtool.WriteTests(d.out, s)
			}
			if err == nil && !s.OK() {
				return errReported
			}
			return err
		},
	}
	f.add(c, "text", "json")
	return c
}

// law loads the catalogue that the program carries, or the one that --catalogue names.
func (d *door) law() (*law.Catalogue, error) {
	trees, err := law.ReadTrees(catalogue.Trees)
	if err != nil {
		return nil, err
	}
	return law.LoadWith(trees, d.lawFS)
}

// engine loads and compiles it.
func (d *door) engine() (*law.Catalogue, *judge.Engine, error) {
	cat, err := d.law()
	if err != nil {
		return nil, nil, err
	}
	e, err := judge.Compile(cat)
	return cat, e, err
}
