// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/internal/risk/register"
	"github.com/writ-iot/writ/internal/risk/show"
)

func riskTreatCommand(d *door) *cobra.Command {
	var q question
	var t register.Treatment
	var f formatFlag
	var residual string
	var back backFlags
	option := wordFlag{kind: "OPTION"}
	c := &cobra.Command{
		Use:   "treat RISK... --case DIR --option OPTION",
		Short: "Enter what is decided of risks: mitigate, transfer, avoid or accept them",
		Long: `Enter what is decided of risks: mitigate, transfer, avoid or accept them.

RISK is an ID as the register writes it, threat@asset, or a part of one that no other shares; or
the threat with what the asset is called, interception@pump-3a. The decision is signed into the
case, of all risks named or of none, and stands beside verdicts: it changes none. A later one takes
the place of an earlier one.

Who asks for an acceptance cannot approve it. It ends on a day, and holds no longer than the facts
that it was given on: when one of them takes another known value, or a weakness comes that it did
not know, it is void, and the risk is open again. A treatment that is carried out counts as done
until evidence that came later still shows the weakness.

With --back the decisions are those of a list that writ risk list --format xlsx wrote and that people
changed: each row that changed is one, after it was printed, and with --apply all are kept or none.
Who takes the list in (--by) is who asks.`,
		Example: `  writ risk treat interception@pump-3a --case hospital.case --option mitigate \
      --text "encrypting gateway before the pumps" --by "head of medical engineering" \
      --owner "network operations" --due 2027-03-31 --reasons "patient data crosses the ward in clear"
  writ risk treat unmanaged-risk@organisation --case hospital.case --option accept --until 2027-06-30 \
      --by "head of information security" --approver "board of management" --reasons "analysis is under way"
  writ risk treat --back risks.xlsx --case hospital.case --apply --by "head of information security"`,
		Args: func(c *cobra.Command, args []string) error {
			if back.path != "" {
				return nil
			}
			return needs("treat what? name a risk or a part of its ID, as writ risk list writes it")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := back.alone(c, args, "option", "text", "reasons", "approver", "owner", "due", "until", "done",
				"residual"); err != nil {
				return err
			}
			switch {
			case q.caseDir == "":
				return fmt.Errorf("a decision is kept in a case: --case DIR")
			case back.path != "":
				back.by = t.By
				return d.treatBack(c.Context(), &q, &back, f.json())
			case !c.Flags().Changed("option"):
				return fmt.Errorf("treat how? --option %s", strings.Join(option.known, ", "))
			}
			t.Option = register.Option(option.value)
			return d.treat(c.Context(), &q, args, &t, residual, f.json())
		},
	}
	g := c.Flags()
	g.StringVar(&q.caseDir, "case", "", "the case that keeps the decision")
	option.add(c, "option", "mitigate, transfer, avoid, accept", "mitigate", "transfer", "avoid", "accept")
	g.StringVar(&t.Text, "text", "", "what is to be done")
	g.StringVar(&t.Reasons, "reasons", "", "why")
	g.StringVar(&t.By, "by", "", "who asks for it")
	g.StringVar(&t.Approver, "approver", "", "who approves it; of an acceptance somebody else than who asks")
	g.StringVar(&t.Owner, "owner", "", "who carries it out")
	g.StringVar(&t.Due, "due", "", "by which day it is carried out (YYYY-MM-DD)")
	g.StringVar(&t.Until, "until", "", "the last day on which an acceptance stands")
	g.BoolVar(&t.Done, "done", false, "it is carried out")
	g.StringVar(&residual, "residual", "",
		"the likelihood and impact that a person expects to be left, 1 to 5 each: 2,4")
	back.add(c, "writ risk list --format xlsx")
	f.add(c, "text", "json")
	return c
}

// treat finds the risks in the case as it stands today, checks the decision of each and keeps all or none.
func (d *door) treat(ctx context.Context, q *question, ids []string, t *register.Treatment, residual string,
	asJSON bool) error {
	pair, err := pairOf(residual)
	if err != nil {
		return err
	}
	t.Residual = pair
	c, err := d.openCase(ctx, q.caseDir, false)
	if err != nil {
		return err
	}
	err = d.treatIn(ctx, c, q, ids, t, asJSON)
	if e := c.Close(ctx); err == nil {
		err = e
	}
	return err
}

func (d *door) treatIn(ctx context.Context, c *casefile.Case, q *question, ids []string, t *register.Treatment,
	asJSON bool) error {
	s, err := d.risksOf(ctx, c, q)
	if err != nil {
		return err
	}
	var entries []journal.Entry
	var risks []string
	for _, id := range ids {
		r, err := theRisk(s, id)
		if err != nil {
			return err
		}
		x := *t
		x.Threat, x.Frozen = r.Threat.ID, r.Freeze()
		x.Before = register.Pair{Likelihood: r.Likelihood.Step, Impact: r.Impact.Step}
		if err := x.Check(fact.DayOf(d.now())); err != nil {
			return kind.Errorf(kind.Invalid, "deciding of %s:\n%s", r.ID, indent(err))
		}
		entries = append(entries, journal.Entry{Form: register.Form, Subject: r.Asset, Body: x})
		risks = append(risks, r.ID)
	}
	receipts, err := journal.Write(ctx, c, entries...)
	if err != nil {
		return fmt.Errorf("keeping what is decided of %s: %w", strings.Join(risks, ", "), err)
	}
	if s, err = d.risksOf(ctx, c, q); err != nil {
		return err
	}
	if asJSON {
		return s.JSON(d.raw, "")
	}
	for i, r := range receipts {
		known := ""
		if r.Repeated {
			known = ", as it was already"
		}
		if _, err := fmt.Fprintf(d.out, "leaf %d: %s of %s, %s%s\n", r.Index, t.Option, report.Clean(risks[i]),
			s.State(risks[i]), known); err != nil {
			return err
		}
	}
	return nil
}

// theRisk is the one whose ID holds a text.
func theRisk(s *show.Sheet, id string) (*register.Risk, error) {
	found := s.Find(id)
	switch len(found) {
	case 0:
		return nil, kind.Errorf(kind.NotFound, "no risk %q: writ risk list --all lists them", id)
	case 1:
		return found[0], nil
	}
	const most = 20
	var ids []string
	for _, r := range found {
		ids = append(ids, r.ID+"  "+report.Clean(s.Called(r)))
	}
	slices.Sort(ids)
	more := ""
	if n := len(ids) - most; n > 0 {
		ids, more = ids[:most], fmt.Sprintf("\nand %d more", n)
	}
	return nil, kind.Errorf(kind.Invalid, "%d risks have %q in their ID; name one:\n%s%s", len(found), id,
		strings.Join(ids, "\n"), more)
}

// pairOf reads a likelihood and an impact.
func pairOf(s string) (*register.Pair, error) {
	if s == "" {
		return nil, nil
	}
	a, b, ok := strings.Cut(s, ",")
	l, err := strconv.Atoi(strings.TrimSpace(a))
	i, e := strconv.Atoi(strings.TrimSpace(b))
	if !ok || err != nil || e != nil {
		return nil, fmt.Errorf("--residual %q: want a likelihood and an impact, 1 to 5 each, like 2,4", s)
	}
	return &register.Pair{Likelihood: l, Impact: i}, nil
}

// indent writes each of several errors on a line of its own.
func indent(err error) string {
	var all interface{ Unwrap() []error }
	if !errors.As(err, &all) {
		return "  " + err.Error()
	}
	var lines []string
	for _, e := range all.Unwrap() {
		lines = append(lines, "  "+e.Error())
	}
	return strings.Join(lines, "\n")
}
