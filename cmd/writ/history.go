// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/history"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

func historyCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	c := &cobra.Command{
		Use:   "history PROVISION|VERDICT",
		Short: "Tell when a verdict turned, and which statements turned it",
		Long: `Tell when a verdict turned, and which statements turned it. The case is asked once for each moment at which
something new became known, by the law of that day.`,
		Example: "  writ history --case hospital.case us/hipaa-security/164.308/a/1/ii/A",
		Args:    one("of what? name a provision, or a verdict as reports name it"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				return d.history(c.Context(), cf, args[0], f.json())
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	f.add(c, "text", "json")
	return c
}

// told is a turn for programs.
type told struct {
	ID       string          `json:"id"`
	Pinpoint string          `json:"pinpoint"`
	Subject  string          `json:"subject"`
	Name     string          `json:"name"`
	KnownAt  string          `json:"known_at"`
	Leaves   int64           `json:"leaves"`
	From     string          `json:"from"`
	To       string          `json:"to"`
	Flags    []string        `json:"flags"`
	By       []history.Cause `json:"by"`
}

func (d *door) history(ctx context.Context, c *casefile.Case, what string, asJSON bool) error {
	var q question
	a, _, err := d.ofCase(ctx, c, &q)
	if err != nil {
		return err
	}
	id, _, _ := strings.Cut(what, "@")
	p, err := provisionNamed(a.Catalogue, id)
	if err != nil {
		return err
	}
	engine, err := judge.Compile(a.Catalogue)
	if err != nil {
		return err
	}
	engine = engine.Only(p.Instrument.ID)
	book, err := c.Read(ctx)
	if err != nil {
		return err
	}
	bar := d.progress()
	turns, err := history.Of(book,
		func(q proof.Question) (*judge.Result, error) {
			return engine.Judge(proof.Input(book.Entries, book.Stubs, q)), nil
		},
		func(v *judge.Verdict) bool { return v.Provision.ID == p.ID && (what == id || v.ID() == what) },
		func(done, of int) error {
			if bar != nil {
				bar("moments at which something became known", int64(done), int64(of))
			}
			return ctx.Err()
		})
	d.settle()
	if err != nil {
		return err
	}
	if asJSON {
		return d.json(toldOf(a, turns))
	}
	return d.turns(a, p, turns)
}

// provisionNamed finds a provision by its ID.
func provisionNamed(cat *law.Catalogue, id string) (*law.Provision, error) {
	if p := cat.Provisions[law.ProvisionID(id)]; p != nil {
		return p, nil
	}
	var all []string
	for p := range cat.Provisions {
		all = append(all, string(p))
	}
	hint := ""
	if near := law.Suggest(id, all); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return nil, fmt.Errorf("the catalogue has no provision %s%s", id, hint)
}

func toldOf(a *assess.Assessment, turns []history.Turn) []told {
	out := []told{}
	for _, t := range turns {
		by := t.By
		if by == nil {
			by = []history.Cause{}
		}
		out = append(out, told{t.ID, t.Pinpoint, t.Subject.String(), a.Name(t.Subject), t.At.UTC().Format(time.RFC3339Nano),
			t.Size, t.From, t.To, t.Flags, by})
	}
	return out
}

// turns writes them as a table, one line a turn.
func (d *door) turns(a *assess.Assessment, p *law.Provision, turns []history.Turn) error {
	out := paper.New(d.out, d.width)
	out.F("%s\n", paper.Bold.Render(p.Instrument.Short+" "+p.Pinpoint))
	out.Text(0, paper.None, p.Text)
	if len(turns) == 0 {
		out.F("it was never judged of anything in this case\n")
		return out.Err
	}
	g := &paper.Grid{Width: out.Width}
	g.Head("known at", "became", "by", "of")
	for _, t := range alike(a, turns) {
		g.Row(t.at, t.became, t.by, someOf(t.names))
		switch {
		case t.became == judge.Violated.String():
			g.Paint(1, paper.Bad)
		case t.became == judge.Met.String():
			g.Paint(1, paper.Good)
		case strings.Contains(t.became, "indicated"):
			g.Paint(1, paper.Warn)
		}
	}
	out.F("%s", g)
	return out.Err
}

// turned is what one cause made of several subjects at once.
type turned struct {
	size           int64
	at, became, by string
	names          []string
}

// alike puts turns of one moment, word and cause into one line.
func alike(a *assess.Assessment, turns []history.Turn) []*turned {
	var out []*turned
	at := map[[3]string]*turned{}
	for i := range turns {
		t := &turns[i]
		k := [3]string{t.At.UTC().Format("2006-01-02 15:04:05Z"), t.To, reasonsOf(t)}
		if at[k] == nil {
			at[k] = &turned{size: t.Size, at: k[0], became: k[1], by: k[2]}
			out = append(out, at[k])
		}
		at[k].names = append(at[k].names, paper.Clean(a.Name(t.Subject)))
	}
	slices.SortStableFunc(out, func(x, y *turned) int {
		return cmp.Or(cmp.Compare(x.size, y.size), cmp.Compare(x.became, y.became), cmp.Compare(x.by, y.by))
	})
	return out
}

// someOf names the first of many.
func someOf(names []string) string {
	const few = 6
	slices.Sort(names)
	if n := len(names) - few; n > 0 {
		return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(names, ", ")
}

// reasonsOf names what turned a verdict.
func reasonsOf(t *history.Turn) string {
	if len(t.By) == 0 {
		if t.From == "" {
			return "nothing speaks for or against it"
		}
		return "the day, or what fell away"
	}
	const few = 3
	var all []string
	for _, c := range t.By[:min(few, len(t.By))] {
		s := string(c.Kind)
		if c.Form != "" {
			s = c.Form
		}
		if c.Who != "" {
			s += " by " + c.Who
		}
		if len(c.Facts) > 0 {
			s += " (" + strings.Join(c.Facts[:min(few, len(c.Facts))], ", ") + ")"
		}
		all = append(all, paper.Clean(s))
	}
	if n := len(t.By) - few; n > 0 {
		all = append(all, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(all, "; ")
}
