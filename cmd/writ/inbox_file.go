// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/inbox"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
)

func inboxFileCommand(d *door) *cobra.Command {
	var dir string
	var g register.Given
	var fields, facts []string
	var form formatFlag
	c := &cobra.Command{
		Use:   "file ID --as KIND",
		Short: "File an item as a record: who says so, from when, until when",
		Long: `File an item as a record: it becomes known what the kind of record says, on the word of whoever is named, and
rests on the item's bytes as they came. What an item says is never read by the program: the person who files it
has read it. writ record kinds lists the kinds and what each holds.`,
		Example: `  writ inbox file 3f2a91c07d11 --case hospital.case --as assessment --says "Example Lab, test report 12" \
    --day 2026-10-02 --until 2027-10-02 --by "compliance office"`,
		Args: one("which item? name its ID: writ inbox list shows them"),
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if g.Fields, err = pairs("field", fields); err != nil {
				return err
			}
			if g.Facts, err = pairs("fact", facts); err != nil {
				return err
			}
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				return d.file(c.Context(), desk, args[0], g,
					form.json())
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "case", "", "the case")
	f.StringVar(&g.Kind, "as", "", "the kind of record")
	f.StringVar(&g.Topic, "topic", "", "its topic, where its kind has several")
	f.StringVar(&g.About, "about", "", "whom or what it is about; us by default")
	f.StringVar(&g.Title, "title", "", "what it is called")
	f.StringVar(&g.Says, "says", "", "who says so")
	f.StringVar(&g.Day, "day", "", "the day from which it is so, or on which it was done (YYYY-MM-DD)")
	f.StringVar(&g.Until, "until", "", "the last day on which it is so (YYYY-MM-DD)")
	f.StringVar(&g.Reasons, "reasons", "", "the reasons, where the kind asks for them")
	f.StringArrayVar(&fields, "field", nil, "NAME=VALUE: a field of the kind; may be given again")
	f.StringArrayVar(&facts, "fact", nil, "NAME=VALUE: a further fact that it makes known; may be given again")
	f.StringVar(&g.By, "by", "", "who files it: a function or a name")
	form.add(c, "text", "json")
	return c
}

// file makes a record that rests on an item, and enters that it was filed so.
func (d *door) file(ctx context.Context, desk *register.Desk, id string, g register.Given, asJSON bool) error {
	h, err := inbox.Find(ctx, desk.Case, id)
	if err != nil {
		return err
	}
	switch {
	case g.Kind == "":
		return fmt.Errorf("filed as what? give --as with a kind of record")
	case strings.TrimSpace(g.Says) == "":
		return fmt.Errorf("who says so? give --says")
	case h.State == inbox.Dropped:
		return kind.Errorf(kind.Conflict, "item %s was dropped: %s", h.ID(), h.Drop.Why)
	}
	g.Held = []register.Attached{{Name: h.Name, SHA256: h.SHA256, Size: h.Size}}
	added, err := desk.Add(ctx, []register.Given{g}, register.How{})
	if err != nil {
		return err
	}
	record, err := d.filedAs(ctx, desk, h, added)
	if err != nil {
		return err
	}
	if err := inbox.File(ctx, desk.Case, h, record.Digest, g.Kind, g.By); err != nil {
		return err
	}
	out := filedJSON{Item: h.ID(), As: g.Kind, Record: record.ID(), Open: []string{}, Notes: orEmptyList(added.Notes)}
	for i := range added.Voided {
		out.Open = append(out.Open, added.Voided[i].Kind)
	}
	if asJSON {
		return d.json(out)
	}
	p := paper.New(d.out, d.width)
	p.F("%s  filed as %s: record %s\n", out.Item, out.As, out.Record)
	for _, kind := range out.Open {
		p.F("the register of %s is open again: the record falls into the closed period\n", kind)
	}
	for _, n := range out.Notes {
		p.Text(0, paper.None, paper.Clean(n))
	}
	return p.Err
}

// filedJSON is an item that was filed, for programs.
type filedJSON struct {
	Item   string   `json:"item"`
	As     string   `json:"as"`
	Record string   `json:"record"`
	Open   []string `json:"registers_open_again"`
	Notes  []string `json:"notes"`
}

func orEmptyList(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

// filedAs is the record that an item was filed as. A run that was stopped between the record and its entry in the
// inbox is
// taken up where it was.
func (d *door) filedAs(ctx context.Context, desk *register.Desk, h *inbox.Held, added *register.Added) (*journal.Kept,
	error) {
	if len(added.IDs) > 0 {
		return desk.Find(ctx, added.IDs[0])
	}
	kept, err := journal.Read(ctx, desk.Case, casefile.Query{Form: "record.", Words: h.SHA256, Newest: true})
	if err != nil {
		return nil, err
	}
	for i := range kept {
		if !slices.ContainsFunc(h.Filings, func(f inbox.Filing) bool { return f.Record == kept[i].Digest }) {
			return &kept[i], nil
		}
	}
	return nil, kind.Errorf(kind.Conflict, "item %s is filed in these words already", h.ID())
}
