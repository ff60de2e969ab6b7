// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
)

// listing is what is asked of a list.
type listing struct {
	dir, kind, about, words       string
	valid                         dayOf
	expiring, page, size          int
	all, retention, closings, raw bool
}

// dayOf is a flag that holds a day.
type dayOf struct{ dayFlag }

func recordListCommand(d *door) *cobra.Command {
	var l listing
	var f formatFlag
	c := &cobra.Command{
		Use:   "list --case DIR",
		Short: "List records, the newest entry first",
		Example: `  writ record list --case hospital.case --kind training --valid 2026-11-25
  writ record list --case hospital.case --expiring 30
  writ record list --case hospital.case --kind decision          which stand, and why others are void
  writ record list --case hospital.case --closed                 which registers are closed, and until when`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inCase(c.Context(), l.dir, func(cf *casefile.Case) error {
				desk, err := d.listDesk(c.Context(), cf, &l)
				if err != nil {
					return err
				}
				if l.closings {
					return d.listClosings(c.Context(), desk, f.json())
				}
				return d.list(c.Context(), desk, &l, f.json())
			})
		},
	}
	fl := c.Flags()
	fl.StringVar(&l.dir, "case", "", "the case")
	fl.StringVar(&l.kind, "kind", "", "records of this kind alone")
	fl.StringVar(&l.about, "about", "", "about this person, device or product alone")
	fl.StringVar(&l.words, "words", "", "that hold these words, letter for letter")
	fl.Var(&l.valid, "valid", "that are so on this day (YYYY-MM-DD)")
	fl.IntVar(&l.expiring, "expiring", 0, "that end within this many days")
	fl.BoolVar(&l.all, "all", false, "also what was taken back")
	fl.BoolVar(&l.retention, "retention", false, "say until when each must be kept, and by which law")
	fl.BoolVar(&l.closings, "closed", false, "list the registers that are closed")
	fl.IntVar(&l.page, "page", 1, "which page")
	fl.IntVar(&l.size, "limit", 50, "records on a page")
	f.add(c, "text", "json")
	return c
}

// listDesk is a desk for a list: the law is read only where the list needs it.
func (d *door) listDesk(ctx context.Context, c *casefile.Case, l *listing) (*register.Desk, error) {
	n, err := c.CountEntries(ctx, casefile.Query{Form: "decision."})
	if err != nil {
		return nil, err
	}
	if l.retention || n > 0 {
		return d.desk(ctx, c)
	}
	kinds, err := register.LoadKinds(catalogue.FS, nil)
	return register.NewDesk(c, nil, kinds, d.now), err
}

func (d *door) list(ctx context.Context, desk *register.Desk, l *listing, asJSON bool) error {
	if l.page < 1 || l.size < 1 || l.size > 10_000 || l.expiring < 0 {
		return fmt.Errorf("--page begins at 1, --limit is 1 to 10000, --expiring a number of days to come")
	}
	f := register.Filter{Kind: l.kind, Words: l.words, Taken: l.all, Limit: l.size, Offset: (l.page - 1) * l.size}
	if l.about != "" {
		s, _, err := journal.About(ctx, desk.Case, l.about)
		if err != nil {
			return err
		}
		f.About = s
	}
	if l.valid.set {
		f.Valid = l.valid.day
	}
	if l.expiring > 0 {
		f.From = fact.DayOf(d.now())
		f.To = f.From + fact.Day(l.expiring)
	}
	page, err := desk.List(ctx, f)
	if err != nil {
		return err
	}
	v := listView{Total: page.Total, Page: l.page, Records: []itemView{}}
	if v.Records, err = d.views(ctx, desk, page.Items, l.retention); err != nil {
		return err
	}
	if asJSON {
		return d.json(v)
	}
	return d.listed(&v, l)
}

// listed prints a page.
func (d *door) listed(v *listView, l *listing) error {
	p := paper.New(d.out, d.width)
	if v.Total == 0 {
		p.F("no records\n")
		return p.Err
	}
	g := &paper.Grid{Width: p.Width}
	heads := []string{"id", "kind", "about", "what", "day", "until", "state"}
	if l.retention {
		heads = append(heads, "to be kept until")
	}
	g.Head(heads...)
	for i := range v.Records {
		r := &v.Records[i]
		row := []string{r.ID, strings.TrimSpace(r.Kind + " " + r.Topic), paper.Clean(r.AboutName), paper.Clean(r.words()), r.Day, r.Until, r.state()}
		if l.retention {
			row = append(row, keptUntil(r.Duties))
		}
		g.Row(row...)
	}
	p.F("%s", g)
	if pages := (v.Total + int64(l.size) - 1) / int64(l.size); pages > 1 {
		p.F("page %d of %d, %d records\n", l.page, pages, v.Total)
	} else {
		p.F("%s\n", records(int(v.Total), ""))
	}
	return p.Err
}

// keptUntil is the longest duty in one line.
func keptUntil(duties []register.Duty) string {
	var known, open []string
	for _, u := range duties {
		switch {
		case u.Limit:
		case u.Until == "":
			open = append(open, u.Law+" "+u.Pinpoint)
		default:
			known = append(known, u.Until+" "+u.Law+" "+u.Pinpoint)
		}
	}
	slices.Sort(known)
	if len(open) > 0 {
		known = append(known, "unknown: "+strings.Join(open, ", "))
	}
	slices.Reverse(known)
	if len(known) == 0 {
		return "no law known asks"
	}
	return strings.Join(known, "; ")
}

func (d *door) listClosings(ctx context.Context, desk *register.Desk, asJSON bool) error {
	all, err := desk.Closings(ctx, casefile.Query{})
	if err != nil {
		return err
	}
	if asJSON {
		return d.json(map[string]any{"closed": closingViews(all)})
	}
	who, err := journal.Everybody(ctx, desk.Case)
	if err != nil {
		return err
	}
	p := paper.New(d.out, d.width)
	if len(all) == 0 {
		p.F("no register is closed: nothing is known to be missing\n")
		return p.Err
	}
	g := &paper.Grid{Width: p.Width, Right: map[int]bool{5: true, 6: true}}
	g.Head("id", "register", "about", "complete to", "stands until", "records", "valid", "by")
	for i := range all {
		c := &all[i]
		g.Row(c.ID, strings.TrimSpace(c.Kind+" "+c.Topic), paper.Clean(journal.NameOf(who, c.Subject)), c.Day.String(), c.Until.String(),
			fmt.Sprint(c.Records), fmt.Sprint(c.Valid), paper.Clean(c.By))
	}
	p.F("%s", g)
	return p.Err
}
