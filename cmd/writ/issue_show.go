// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/issue"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/proof"
)

func issueListCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	c := &cobra.Command{
		Use: "list", Short: "List what was issued", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				all, err := issue.All(c.Context(), cf)
				if err != nil {
					return err
				}
				if f.json() {
					return d.json(listedAs(all))
				}
				return d.issues(all)
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	f.add(c, "text", "json")
	return c
}

func listedAs(all []issue.Assessment) []issue.Shown {
	out := []issue.Shown{}
	for i := range all {
		out = append(out, issue.Shown{Assessment: &all[i], Successor: successor(&all[i], all)})
	}
	return out
}

func successor(a *issue.Assessment, all []issue.Assessment) string {
	if s := issue.Successor(a.Number, all); s != nil {
		return s.Number
	}
	return ""
}

func (d *door) issues(all []issue.Assessment) error {
	p := paper.New(d.out, d.width)
	if len(all) == 0 {
		p.F("nothing was issued: every assessment of this case is a draft\n")
		return p.Err
	}
	g := &paper.Grid{Width: p.Width, Right: map[int]bool{3: true, 4: true, 5: true}}
	g.Head("number", "period", "scope", "met", "contradicted", "not shown", "approved by", "superseded by")
	for i := range all {
		a := &all[i]
		g.Row(a.Number, a.Period.From+" to "+a.Period.To, paper.Clean(a.Scope.Words), fmt.Sprint(a.Counts.Met),
			fmt.Sprint(a.Counts.Violated), fmt.Sprint(a.Counts.NotShown), paper.Clean(a.Approved.Name), successor(a, all))
	}
	p.F("%s", g)
	return p.Err
}

func issueShowCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	c := &cobra.Command{
		Use: "show NUMBER", Short: "Show an issued assessment", Args: one("which assessment? name its number"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				a, all, err := issuedAs(c.Context(), cf, args[0])
				if err != nil {
					return err
				}
				t, err := issue.TableOf(cf, a)
				if err != nil {
					return err
				}
				_, name, err := d.names(c.Context(), cf)
				if err != nil {
					return err
				}
				return d.issued(a, issue.View{Table: t, Name: name, Successor: successor(a, all)}, f.value)
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	f.add(c, "text", "json", "html")
	return c
}

// names tells what people call the subjects of a case.
func (d *door) names(ctx context.Context, c *casefile.Case) (map[fact.Subject]string, func(string) string, error) {
	var q question
	a, _, err := d.ofCase(ctx, c, &q)
	if err != nil {
		return nil, nil, err
	}
	return a.Names, nameOf(a), nil
}

func issueCheckCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	c := &cobra.Command{
		Use: "check NUMBER", Short: "Judge an issued assessment again from the case, and compare",
		Args: one("which assessment? name its number"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				a, _, err := issuedAs(c.Context(), cf, args[0])
				if err != nil {
					return err
				}
				return d.checkIssued(c.Context(), cf, a, f.json())
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	f.add(c, "text", "json")
	return c
}

// checkIssued asks the case the same question again.
func (d *door) checkIssued(ctx context.Context, c *casefile.Case, a *issue.Assessment, asJSON bool) error {
	asked, err := questionOf(c, a)
	if err != nil {
		return err
	}
	var q question
	again, err := d.answered(ctx, c, asked, q.through)
	if err != nil {
		return err
	}
	if again.Result.ReplayKey != a.ReplayKey {
		return kind.Errorf(kind.Conflict,
			"assessment %s: judged again by %s the case gives replay key %.12s…, not %.12s… (issued by %s)",
			a.Number, again.Engine, again.Result.ReplayKey, a.ReplayKey, a.Engine)
	}
	if asJSON {
		return d.json(issueSame{Number: a.Number, Same: true, ReplayKey: a.ReplayKey})
	}
	_, err = fmt.Fprintf(d.out, "assessment %s: judged again, the same verdicts (replay key %.12s…)\n",
		a.Number, a.ReplayKey)
	return err
}

// issueSame is what a program is told of an assessment that comes out the same (docs/schema/issue-check.schema.json).
type issueSame struct {
	Number    string `json:"number"`
	Same      bool   `json:"same"` // true: another result ends in an error
	ReplayKey string `json:"replay_key"`
}

// ofIssued is the question that an issued assessment answered; it has its own three dates.
func (q *question) ofIssued(ctx context.Context, c *casefile.Case) (proof.Question, error) {
	if q.day.set || q.state.set || !q.at.at.IsZero() || q.known.set() {
		return proof.Question{}, fmt.Errorf("--issued %s has its own three dates: give it alone", q.issued)
	}
	a, _, err := issuedAs(ctx, c, q.issued)
	if err != nil {
		return proof.Question{}, err
	}
	return questionOf(c, a)
}

// questionOf is what a case was asked when an assessment was issued.
func questionOf(c *casefile.Case, a *issue.Assessment) (proof.Question, error) {
	q := proof.Question{PerSubject: a.PerSubject, All: true}
	var err error
	if q.Day, err = fact.ParseDay(a.Day); err == nil {
		q.At, err = time.Parse(time.RFC3339Nano, a.At)
	}
	if err == nil {
		var cp proof.Checkpoint
		cp, err = c.Covers([]byte(a.Checkpoint))
		q.KnownSize = cp.Size
	}
	if err != nil {
		return q, fmt.Errorf("assessment %s: %w", a.Number, err)
	}
	return q, nil
}
