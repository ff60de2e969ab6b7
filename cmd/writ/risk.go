// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/risk/register"
	"github.com/writ-iot/writ/internal/risk/show"
	"github.com/writ-iot/writ/law"
)

func riskCommand(d *door) *cobra.Command {
	c := &cobra.Command{
		Use:   "risk",
		Short: "The risk register of a case, what is decided of each risk, and the analysis that laws ask for",
		Long: `The risk register of a case, what is decided of each risk, and the analysis that laws ask for.

A risk is a threat to an asset, with the weaknesses that open the way. It is derived from the
facts each time; what is not known to be weak is not known to be sound. What people decide of a
risk stands beside verdicts and changes none.`,
	}
	c.AddCommand(riskListCommand(d), riskTreatCommand(d), riskReportCommand(d))
	return c
}

func riskListCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	var level string
	var all bool
	var limit countFlag
	c := &cobra.Command{
		Use:   "list [INPUT...]",
		Short: "List risks, gravest first, with their reasons",
		Long: `List risks, gravest first, with their reasons.

The workbook (xlsx) has a row for each risk, with an ID that stays, and comes back: writ risk treat --back
takes in what people decided in it. The csv has a row for each weakness, for other programs.`,
		Example: `  writ risk list --case hospital.case
  writ risk list --case hospital.case --format csv > weaknesses.csv
  writ risk list --case hospital.case --format xlsx > risks.xlsx`,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := d.risks(c.Context(), args, &q)
			if err != nil {
				return err
			}
			switch f.value {
			case "json":
				return s.JSON(d.raw, "")
			case "csv":
				return s.CSV(d.raw)
			case "xlsx":
				return risksOut(d.raw, s)
			}
			from, err := levelOf(s, level)
			if err != nil {
				return err
			}
			n := limit.n
			if n == 0 && !all {
				n = someRisks
			}
			return s.List(d.out, d.width, from, n)
		},
	}
	q.add(c, readCase)
	f.add(c, "text", "json", "csv", "xlsx")
	c.Flags().StringVar(&level, "level", "", "risks from this level on (text)")
	c.Flags().BoolVar(&all, "all", false, "list all risks (text)")
	c.Flags().Var(&limit, "limit", fmt.Sprintf("list at most so many risks (text); %d by default", someRisks))
	return c
}

// someRisks is how many risks anybody reads at once.
const someRisks = 10

func levelOf(s *show.Sheet, name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	var names []string
	for i, l := range s.Data.Scales.Levels {
		if l.Name == name || strings.ReplaceAll(l.Name, " ", "-") == name {
			return i, nil
		}
		names = append(names, l.Name)
	}
	return 0, fmt.Errorf("no level is called %q; there are %s", name, strings.Join(names, ", "))
}

func riskReportCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	var only string
	c := &cobra.Command{
		Use:   "report [INPUT...]",
		Short: "Write the risk analysis that laws ask for, element by element, from the register",
		Long: `Write the risk analysis that laws ask for, element by element, from the register.

Each law's part says which elements its text demands, which are there, which in part, and what a
person must complete: HIPAA 164.308(a)(1)(ii)(A), 16 CFR 314.4(b), GDPR Art. 32 and 35, NIS2
Art. 21, CRA Art. 13(2). It is a draft until a person has completed and signed it.`,
		Example: `  writ risk report --case hospital.case --format html > risks.html
  writ risk report --case hospital.case --law us/hipaa-security`,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := d.risks(c.Context(), args, &q)
			if err != nil {
				return err
			}
			if only != "" && !slices.Contains(s.Laws(), only) {
				hint := "those that do are " + strings.Join(s.Laws(), ", ")
				if near := law.Suggest(only, s.Laws()); near != "" {
					hint = fmt.Sprintf("did you mean %q?", near)
				}
				return fmt.Errorf("%q asks for no risk analysis that Writ knows; %s", only, hint)
			}
			switch f.value {
			case "json":
				return s.JSON(d.raw, only)
			case "html":
				return s.HTML(d.raw, only)
			}
			return s.Report(d.out, d.width, only)
		},
	}
	q.add(c, readCase)
	f.add(c, "text", "html", "json")
	c.Flags().StringVar(&only, "law", "", "the analysis that this law asks for, whether it binds or not")
	return c
}

// risks derives the register of a case with its treatments, or of inputs and a profile.
func (d *door) risks(ctx context.Context, inputs []string, q *question) (*show.Sheet, error) {
	if q.caseDir == "" || len(inputs) > 0 || q.profile != "" || len(q.records) > 0 {
		a, err := d.judged(ctx, inputs, q)
		if err != nil {
			return nil, err
		}
		return d.sheet(a, nil)
	}
	c, err := d.openCase(ctx, q.caseDir, false)
	if err != nil {
		return nil, err
	}
	s, err := d.risksOf(ctx, c, q)
	if e := c.Close(ctx); err == nil {
		err = e
	}
	return s, err
}

func (d *door) risksOf(ctx context.Context, c *casefile.Case, q *question) (*show.Sheet, error) {
	a, asked, err := d.ofCase(ctx, c, q)
	if err != nil {
		return nil, err
	}
	kept, err := journal.Read(ctx, c, casefile.Query{Form: register.Form})
	if err != nil {
		return nil, err
	}
	var treatments []register.Kept
	for i := range kept {
		k := &kept[i]
		if k.Body == nil {
			continue // what was decided was erased: the risk is open again
		}
		if !asked.KnownAt.IsZero() && k.KnownAt.After(asked.KnownAt) || asked.KnownSize > 0 &&
			k.Index >= asked.KnownSize {
			continue
		}
		t := register.Kept{ID: k.ID(), Asset: k.Statement.Subject, At: k.KnownAt}
		if err := k.Into(&t.Treatment); err != nil {
			return nil, err
		}
		treatments = append(treatments, t)
	}
	return d.sheet(a, treatments)
}

func (d *door) sheet(a *assess.Assessment, treatments []register.Kept) (*show.Sheet, error) {
	v, err := plan.LoadVocabulary(d.actions())
	if err != nil {
		return nil, err
	}
	data, err := register.Load(d.riskFS())
	if err != nil {
		return nil, err
	}
	return show.Of(a, v, data, treatments), nil
}

// riskFS is how risks are weighed: by the catalogue's own scales where it has them, else by the program's.
func (d *door) riskFS() fs.FS {
	if found, err := fs.Glob(d.lawFS, register.Dir+"/*.yaml"); err == nil && len(found) > 0 {
		return law.Overlay(catalogue.FS, d.lawFS)
	}
	return catalogue.FS
}
