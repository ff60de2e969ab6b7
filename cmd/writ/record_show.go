// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
)

func recordShowCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	c := &cobra.Command{
		Use:     "show ID --case DIR",
		Short:   "Show one record: what it makes known, and until when it must be kept",
		Example: "  writ record show 0f3a9c11 --case hospital.case",
		Args:    one("which record? name how its ID begins: writ record list shows them"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				it, err := desk.Show(c.Context(), args[0])
				if err != nil {
					return err
				}
				all, err := d.views(c.Context(), desk, []register.Item{*it}, true)
				if err != nil {
					return err
				}
				if f.json() {
					return d.json(all[0])
				}
				return d.shown(&all[0])
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	f.add(c, "text", "json")
	return c
}

// shown prints one record.
func (d *door) shown(v *itemView) error {
	const wide = 12
	p := paper.New(d.out, d.width)
	p.F("%s  %s\n", paper.Bold.Render(v.ID), strings.TrimSpace(v.Kind+" "+v.Topic))
	field := func(label, text string) {
		if text != "" {
			p.Field(wide, label, paper.Clean(text))
		}
	}
	field("title", v.Title)
	field("about", v.AboutName)
	field("day", v.Day)
	field("until", v.Until)
	for _, name := range slices.Sorted(maps.Keys(v.Fields)) {
		field(name, v.Fields[name])
	}
	field("reasons", v.Reasons)
	field("entered", v.Entered+" by "+v.By)
	if v.Says != "" {
		field("says so", v.Says)
	}
	field("state", v.state())
	for _, a := range v.Attached {
		field("attached", fmt.Sprintf("%s, %d bytes, SHA-256 %s", a.Name, a.Size, a.SHA256))
	}
	for _, c := range v.Facts {
		until := ""
		if c.Until != "" {
			until = " until " + c.Until
		}
		field("makes known", fmt.Sprintf("%s is %s from %s%s", c.Fact, c.Value, c.From, until))
	}
	for _, s := range v.Scope {
		field("scope", s)
	}
	for _, z := range v.Frozen {
		field("rests on", fmt.Sprintf("%s of %s is %s", z.Fact, z.Subject, z.Value))
	}
	for _, u := range v.Duties {
		field(dutyText(&u))
	}
	return p.Err
}

// dutyText is a duty to keep, or not to, in a line.
func dutyText(u *register.Duty) (label, text string) {
	where := fmt.Sprintf("%s %s", u.Law, u.Pinpoint)
	if u.Bound != "own" {
		where += " (whether it binds us is not known)"
	}
	switch {
	case u.Limit:
		return "limit", fmt.Sprintf("%s: %s, for %s", where, u.Period, u.Why)
	case u.Until == "":
		return "keep", fmt.Sprintf("until a day not known, by %s: %s; %s", where, u.Period, u.Why)
	}
	return "keep", fmt.Sprintf("until %s, by %s: %s, %s", u.Until, where, u.Period, u.Why)
}
