// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
)

func recordCloseCommand(d *door) *cobra.Command {
	var dir string
	var g register.Closes
	var facts []string
	var f formatFlag
	c := &cobra.Command{
		Use:   "close KIND [TOPIC] --case DIR --by WHO",
		Short: "Say that a register is complete to a day: only so does it become known that something is missing",
		Long: `Say that a register is complete to a day: only so does it become known that something is missing.

The closing is signed, covers every record of the kind up to its day, and stands for a year unless --until says
otherwise. It is void with the first record of its period that is added or taken back: then close it again. What
it shows beyond its records (--fact) is the word of whoever closes it.`,
		Example: `  writ record close policy --case hospital.case --by "security office" --dry-run
  writ record close training --case hospital.case --by "people office"
  writ record close policy incident-response --case hospital.case --by "security office" --until 2027-06-30`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 2 {
				return fmt.Errorf("a register has a kind and a topic: %q is too much", args[2])
			}
			return needs("which register? name a kind of record: writ record kinds lists them")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) (err error) {
			g.Kind = args[0]
			if len(args) > 1 {
				g.Topic = args[1]
			}
			if g.Facts, err = pairs("fact", facts); err != nil {
				return err
			}
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				closed, err := desk.Close(c.Context(), g)
				if err != nil {
					return err
				}
				if f.json() {
					return d.json(closingOf(closed))
				}
				return d.closedAs(closed)
			})
		},
	}
	fl := c.Flags()
	fl.StringVar(&dir, "case", "", "the case")
	fl.StringVar(&g.About, "about", "", "whose register: organisation by default")
	fl.StringVar(&g.Day, "day", "", "complete to this day (YYYY-MM-DD); today by default")
	fl.StringVar(&g.Until, "until", "", "the last day on which that stands; a year later by default")
	fl.StringVar(&g.By, "by", "", "who says so: a function or a name")
	fl.StringArrayVar(&facts, "fact", nil, "NAME=VALUE, which the register shows; may be given again")
	fl.BoolVar(&g.DryRun, "dry-run", false, "show what would become known, and keep nothing")
	f.add(c, "text", "json")
	return c
}

func (d *door) closedAs(c *register.Closing) error {
	p := paper.New(d.out, d.width)
	if c.ID == "" {
		p.F("nothing was kept; closed, the register would show this:\n")
	}
	p.F("the register of %s records is closed to %s, until %s (%s): %s, %d valid on that day\n", strings.TrimSpace(c.Kind+" "+c.Topic), c.Day,
		c.Until, cmp.Or(c.ID, "a dry run"), records(c.Records, "covered"), c.Valid)
	for i := range c.Shows {
		p.F("  now known: %s is %s\n", c.Shows[i].Fact, c.Shows[i].Value)
	}
	return p.Err
}

func recordRevokeCommand(d *door) *cobra.Command {
	var dir, by, why string
	var f formatFlag
	c := &cobra.Command{
		Use:     "revoke ID... --case DIR --by WHO --reasons WHY",
		Short:   "Take records, decisions or closings back: what they made known is not known any more",
		Example: `  writ record revoke 0f3a9c11 --case hospital.case --by "security office" --reasons "entered for the wrong device"`,
		Args:    needs("which record? name how its ID begins: writ record list shows them"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				out, err := desk.Revoke(c.Context(), args, by, why)
				if err != nil {
					return err
				}
				if f.json() {
					return d.json(revokedOf(out))
				}
				return d.revoked(out)
			})
		},
	}
	fl := c.Flags()
	fl.StringVar(&dir, "case", "", "the case")
	fl.StringVar(&by, "by", "", "who takes it back: a function or a name")
	fl.StringVar(&why, "reasons", "", "why")
	f.add(c, "text", "json")
	return c
}

// revokedView is what taking back did, for programs.
type revokedView struct {
	IDs     []string      `json:"ids"`
	Voided  []closingView `json:"opened_again"`
	Unknown []movedView   `json:"facts"`
}

// movedView is a fact that is not what it was.
type movedView struct {
	About  string `json:"about"`
	Fact   string `json:"fact"`
	Was    string `json:"was"`
	Now    string `json:"now"` // "": unknown
	Reason string `json:"reason"`
}

func revokedOf(r *register.Revoked) revokedView {
	v := revokedView{r.IDs, closingViews(r.Voided), []movedView{}}
	for _, u := range r.Unknown {
		v.Unknown = append(v.Unknown, movedView{u.Subject.String(), string(u.Fact), u.Was, u.Now.Value.String(), string(u.Now.Reason)})
	}
	return v
}

func (d *door) revoked(r *register.Revoked) error {
	p := paper.New(d.out, d.width)
	p.F("taken back: %s\n", strings.Join(r.IDs, ", "))
	for _, u := range r.Unknown {
		now := "not known any more (" + string(u.Now.Reason) + ")"
		if u.Now.Value.String() != "" {
			now = u.Now.Value.String()
		}
		p.F("  %s was %s, and is %s\n", u.Fact, u.Was, now)
	}
	opened(p, r.Voided)
	return p.Err
}
