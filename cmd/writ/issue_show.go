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
	day, err := fact.ParseDay(a.Day)
	if err != nil {
		return fmt.Errorf("assessment %s: %w", a.Number, err)
	}
	at, err := time.Parse(time.RFC3339Nano, a.At)
	if err != nil {
		return fmt.Errorf("assessment %s: %w", a.Number, err)
	}
	cp, err := c.Covers([]byte(a.Checkpoint))
	if err != nil {
		return fmt.Errorf("assessment %s: %w", a.Number, err)
	}
	var q question
	again, err := d.answered(ctx, c, proof.Question{Day: day, At: at, PerSubject: a.PerSubject, KnownSize: cp.Size, All: true}, q.through)
	if err != nil {
		return err
	}
	if again.Result.ReplayKey != a.ReplayKey {
		return kind.Errorf(kind.Conflict, "assessment %s: judged again by %s the case gives replay key %.12s…, not %.12s… (issued by %s)",
			a.Number, again.Engine, again.Result.ReplayKey, a.ReplayKey, a.Engine)
	}
	if asJSON {
		return d.json(map[string]any{"number": a.Number, "same": true, "replay_key": a.ReplayKey})
	}
	_, err = fmt.Fprintf(d.out, "assessment %s: judged again, the same verdicts (replay key %.12s…)\n", a.Number, a.ReplayKey)
	return err
}
