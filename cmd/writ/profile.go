// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func profileCommand(d *door) *cobra.Command {
	c := &cobra.Command{Use: "profile", Short: "Make and check an organisation's profile"}
	c.AddCommand(profileInitCommand(d), profileCheckCommand(d))
	return c
}

func profileInitCommand(d *door) *cobra.Command {
	var blank, group bool
	var f formatFlag
	c := &cobra.Command{
		Use:   "init",
		Short: "Ask what decides most (yes, no, unknown), and write a profile",
		Long: `Ask the questions that decide most first, and write a profile to standard output.

Each question is the one that decides most of what is still open; what no longer matters after
an answer is not asked. An empty line is unknown, ? says what is meant, q ends. What was not
asked is unknown, and unknown harms nobody: it stays not shown. --blank asks nothing and writes
every question unanswered. --group asks one legal person of a group after the other, because each bears its
own duties, until a name is left empty. docs/profile.md says what else a profile can hold. --format json writes the
same profile without the questions: whatever takes a profile reads it, too.`,
		Example: "  writ profile init > us.yaml\n  writ profile init --group > group.yaml",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cat, engine, err := d.engine()
			if err != nil {
				return err
			}
			today := fact.DayOf(d.now())
			if group {
				return d.askGroup(cat, engine, today, blank, f.json())
			}
			answers := map[fact.Name]string{"declared-on": today.String()}
			if !blank {
				if answers, err = profile.Ask(d.in, d.err, cat, engine, today); err != nil {
					return err
				}
			}
			if f.json() {
				return d.json(profileOf(cat, answers))
			}
			return profile.Template(d.raw, cat, answers)
		},
	}
	c.Flags().BoolVar(&blank, "blank", false, "ask nothing")
	c.Flags().BoolVar(&group, "group", false, "ask the legal persons of a group")
	f.add(c, "text", "json")
	return c
}

// askGroup makes the profile of a group.
func (d *door) askGroup(cat *law.Catalogue, engine *judge.Engine, today fact.Day, blank, json bool) (err error) {
	g := &profile.Asked{Group: map[fact.Name]string{"declared-on": today.String()}}
	if !blank {
		if g, err = profile.AskGroup(d.in, d.err, cat, engine, today); err != nil {
			return err
		}
	}
	if json {
		return d.json(groupOf(cat, g))
	}
	return profile.GroupTemplate(d.raw, cat, g)
}

func profileCheckCommand(d *door) *cobra.Command {
	var f formatFlag
	c := &cobra.Command{
		Use: "check FILE", Short: "Read a profile, and report every fault with its place",
		Args: one("which profile? name the file"),
		RunE: func(_ *cobra.Command, args []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			p, err := profile.Load(args[0], cat)
			if f.json() {
				return d.checked(args[0], p, err)
			}
			return err
		},
	}
	f.add(c, "text", "json")
	return c
}
