// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/internal/risk"
)

func lawExposureCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	c := &cobra.Command{
		Use:   "exposure",
		Short: "Work out the statutory maxima of the laws that bind an organisation, with the arithmetic",
		Args:  cobra.NoArgs,
		Long: "A share is taken of the figure that its law names: the turnover of the whole group or of the person alone, or the\n" +
			"revenue in one country. A figure that the profile lacks is not assumed: the range stays open, and the figure is asked\n" +
			"for. What is at least so much is a floor: the maximum of national law may be more.",
		Example: "  writ law exposure --profile examples/maker.yaml",
		RunE: func(c *cobra.Command, _ []string) error {
			if q.profile == "" {
				return fmt.Errorf("whose? name a profile with --profile")
			}
			a, err := d.assess(c.Context(), nil, &q, false)
			if err != nil {
				return err
			}
			all := []lawtool.Exposure{}
			for _, p := range a.Result.Persons {
				if p.Person.IsZero() {
					continue
				}
				who, known := "", turnoverOf(a, p.Person)
				if len(a.Result.Persons) > 1 {
					who = a.Name(p.Person)
				}
				of := lawtool.Exposures(who, p.Instruments, known)
				if all = append(all, of...); f.json() {
					continue
				}
				if err := lawtool.WriteExposures(d.out, of, func(n fact.Name) string {
					def, _ := a.Catalogue.Vocabulary.Lookup(n)
					return def.Meaning
				}); err != nil {
					return err
				}
			}
			if f.json() {
				return d.json(all)
			}
			return nil
		},
	}
	c.Flags().StringVar(&q.profile, "profile", "", "the organisation's profile (YAML)")
	q.day.add(c)
	f.add(c, "text", "json")
	return c
}

// turnoverOf is what is said of a person's own figures and size.
func turnoverOf(a *assess.Assessment, person fact.Subject) risk.Figures {
	known := risk.Figures{Millions: map[fact.Name]int64{}}
	for i := range a.Facts {
		c := &a.Facts[i]
		if c.Subject != person {
			continue
		}
		switch {
		case c.Value.Type() == fact.Number:
			known.Millions[c.Fact] = c.Value.Int()
		case c.Fact == "org.size":
			known.Size = c.Value.Word()
		}
	}
	return known
}
