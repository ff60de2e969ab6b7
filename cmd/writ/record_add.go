// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
)

// adding is what the flags of record add say.
type adding struct {
	dir           string
	given         register.Given
	fields, facts []string
	megabytes     int64
	dry, partial  bool
}

func recordAddCommand(d *door) *cobra.Command {
	var a adding
	var f formatFlag
	c := &cobra.Command{
		Use:   "add KIND [TOPIC] --case DIR --day DAY --by WHO",
		Short: "Add one record: what it makes known counts from its day on",
		Long: `Add one record: what it makes known counts from its day on.

writ record kinds lists the kinds; with a kind it says which topics and fields that has, and which facts it
makes known. Any further fact that can become known by a record is entered with --fact. A file beside it is
kept by its digest and never opened.

A record that falls into the period of a closed register opens the register again.`,
		Example: `  writ record add policy access-control --case hospital.case --day 2026-01-15 --by "security office" --attach policy.pdf
  writ record add risk-analysis --case hospital.case --day 2026-10-01 --by "security office" \
      --field scope="all sites, all devices" --field period=one-year
  writ record add judgement us/hipaa-security/164.308/a/1/ii/A --case hospital.case --day 2026-10-02 --until 2027-10-01 \
      --by "security official" --field met=yes --reasons "covers every device of the inventory"
  writ record add decision waiver --case hospital.case --day 2026-10-02 --until 2027-03-31 --by "security office" \
      --field scope=164.312/e/2/ii@device:0f3a --field requester="radiology" --field approver="chief executive" \
      --reasons "replaced with the new network"`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 2 {
				return fmt.Errorf("a record has a kind and a topic: %q is too much", args[2])
			}
			return needs("which kind of record? writ record kinds lists them")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			var errs [2]error
			a.given.Kind = args[0]
			if len(args) > 1 {
				a.given.Topic = args[1]
			}
			a.given.Fields, errs[0] = pairs("field", a.fields)
			a.given.Facts, errs[1] = pairs("fact", a.facts)
			if err := errors.Join(errs[:]...); err != nil {
				return err
			}
			return d.inDesk(c.Context(), a.dir, func(desk *register.Desk) error {
				out, err := desk.Add(c.Context(), []register.Given{a.given}, register.How{DryRun: a.dry, MaxFile: a.megabytes << 20})
				if err != nil {
					return err
				}
				return d.added(out, a.dry, f.json())
			})
		},
	}
	fl := c.Flags()
	g := &a.given
	fl.StringVar(&a.dir, "case", "", "the case")
	fl.StringVar(&g.About, "about", "", "whom or what it is about: organisation (by default), a person of a group, a device, a product")
	fl.StringVar(&g.Day, "day", "", "the day from which it is so (YYYY-MM-DD)")
	fl.StringVar(&g.Until, "until", "", "the last day on which it is so")
	fl.StringVar(&g.By, "by", "", "who enters it: a function or a name")
	fl.StringVar(&g.Title, "title", "", "what people call it")
	fl.StringVar(&g.Reasons, "reasons", "", "why")
	fl.StringArrayVar(&a.fields, "field", nil, "NAME=VALUE, as the kind has it; may be given again")
	fl.StringArrayVar(&a.facts, "fact", nil, "NAME=VALUE, a further fact; may be given again")
	fl.StringArrayVar(&g.Attach, "attach", nil, "a file that is kept beside it; may be given again")
	fl.Int64Var(&a.megabytes, "max-file", register.MaxFile>>20, "the most megabytes of an attached file")
	fl.BoolVar(&a.dry, "dry-run", false, "check it, and keep nothing")
	f.add(c, "text", "json")
	return c
}

// addedView is what became of records, for programs.
type addedView struct {
	IDs      []string      `json:"ids"`
	New      int           `json:"new"`
	Repeated int           `json:"repeated"`
	Kept     bool          `json:"kept"`
	Faults   []string      `json:"faults"`
	Voided   []closingView `json:"opened_again"`
	Notes    []string      `json:"notes"`
}

func (d *door) added(a *register.Added, dry, asJSON bool) error {
	d.settle()
	if asJSON {
		v := addedView{IDs: orNone(a.IDs), New: a.New, Repeated: a.Repeated, Kept: !dry, Faults: []string{},
			Voided: closingViews(a.Voided), Notes: orNone(a.Notes)}
		for _, f := range a.Faults {
			v.Faults = append(v.Faults, f.Error())
		}
		return d.json(v)
	}
	p := paper.New(d.out, d.width)
	switch {
	case dry:
		p.F("nothing was kept: %s, %d held already\n", records(a.New, "new"), a.Repeated)
	case a.New == 0:
		p.F("the case holds that already: nothing new was said\n")
	case a.New == 1 && a.Repeated == 0:
		p.F("kept as %s\n", a.IDs[0])
	default:
		p.F("%s kept; %d held already\n", records(a.New, "new"), a.Repeated)
	}
	for _, n := range a.Notes {
		p.Text(0, paper.Warn, paper.Clean(n))
	}
	for _, f := range a.Faults {
		p.Text(0, paper.Warn, "left out: "+paper.Clean(f.Error()))
	}
	opened(p, a.Voided)
	return p.Err
}

func records(n int, what string) string {
	if what != "" {
		what += " "
	}
	if n == 1 {
		return "1 " + what + "record"
	}
	return fmt.Sprintf("%d %srecords", n, what)
}

// opened says which registers are open again, and how to close them.
func opened(p *paper.Printer, all []register.Closing) {
	for i := range all {
		c := &all[i]
		name := strings.TrimSpace(c.Kind + " " + c.Topic)
		p.Text(0, paper.Warn, fmt.Sprintf("the register of %s records, closed to %s, is open again (%s is taken back): when it is "+
			"complete, writ record close %s", name, c.Day, c.ID, name))
	}
}
