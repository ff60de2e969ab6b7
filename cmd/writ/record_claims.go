// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/intake"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/judge"
)

func recordClaimsCommand(d *door) *cobra.Command {
	var dir string
	var all bool
	var f formatFlag
	c := &cobra.Command{
		Use:   "claims --case DIR",
		Short: "Hold statuses from elsewhere against what is computed: those that disagree",
		Long: `Hold statuses from elsewhere (writ record import --map) against what is computed. A status is a claim of
whoever wrote it: it changes no verdict. Those that disagree are listed, the gravest first:
contradicted (evidence shows, or points to, the contrary), not shown (claimed to be met, and evidence does not
show it), otherwise (claimed not to be met or not to apply, and computed otherwise). --all lists the others too.`,
		Example: `  writ record claims --case hospital.case`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				claims, err := intake.Claims(c.Context(), cf)
				if err != nil {
					return err
				}
				var q question
				a, _, err := d.ofCase(c.Context(), cf, &q)
				if err != nil {
					return err
				}
				return d.claims(intake.Compare(claims, a.Result), all, f.json())
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	c.Flags().BoolVar(&all, "all", false, "also those that agree, are open, or are of no provision here")
	f.add(c, "text", "json")
	return c
}

// claimJSON is a claim beside what is computed, for programs.
type claimJSON struct {
	ID        string          `json:"id"`
	Standing  intake.Standing `json:"standing"`
	Claims    intake.Stance   `json:"claims"`
	Says      string          `json:"says"`
	Provision string          `json:"provision"`
	Ref       string          `json:"ref"`
	Law       string          `json:"law,omitempty"`
	About     string          `json:"about,omitempty"`
	Day       string          `json:"day,omitempty"`
	Who       string          `json:"who,omitempty"`
	By        string          `json:"by"`
	Known     time.Time       `json:"known"`
	Verdicts  int             `json:"verdicts"`
	Verdict   string          `json:"verdict,omitempty"` // the gravest
	Computed  string          `json:"computed,omitempty"`
}

func asClaim(x *intake.Compared) claimJSON {
	c := x.Claim
	out := claimJSON{ID: c.ID, Standing: x.Standing, Claims: c.Stance, Says: c.Fields["status"], Provision: c.Provision,
		Ref: c.Fields["provision"],
		Law: c.Fields["law"], About: c.Fields["about"], Day: c.Fields["day"], Who: c.Fields["who"], By: c.By,
		Known: c.Known, Verdicts: x.Verdicts}
	if v := x.Worst; v != nil {
		out.Verdict, out.Computed = v.ID(), computed(v)
	}
	return out
}

func computed(v *judge.Verdict) string {
	out := v.Outcome.String()
	for _, f := range v.Flags {
		if f == judge.BreachIndicated {
			out += ", " + f
		}
	}
	return out
}

func (d *door) claims(all []intake.Compared, every, asJSON bool) error {
	shown, counts := []claimJSON{}, map[intake.Standing]int{}
	for i := range all {
		s := all[i].Standing
		counts[s]++
		if every || s == intake.Contradicted || s == intake.Unsupported || s == intake.Unclaimed {
			shown = append(shown, asClaim(&all[i]))
		}
	}
	if asJSON {
		return d.json(shown)
	}
	p := paper.New(d.out, d.width)
	g := &paper.Grid{Width: p.Width}
	g.Head("standing", "provision", "claimed", "computed", "about", "who says so")
	for i := range shown {
		c := &shown[i]
		place := c.Provision
		if place == "" {
			place = c.Law + " " + c.Ref
		}
		g.Row(string(c.Standing), paper.Clean(place), paper.Clean(fmt.Sprintf("%s (%s)", c.Claims, c.Says)), c.Computed,
			paper.Clean(c.About), paper.Clean(c.Who))
		if c.Standing == intake.Contradicted {
			g.Paint(0, paper.Bad)
		}
	}
	if len(shown) > 0 {
		p.F("%s", g)
	}
	p.F("%d claims: %d contradicted, %d not shown, %d computed otherwise, %d agree, %d open, %d of no provision here\n",
		len(all), counts[intake.Contradicted],
		counts[intake.Unsupported], counts[intake.Unclaimed], counts[intake.Agrees], counts[intake.Open],
		counts[intake.Nowhere])
	return p.Err
}
