// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/inbox"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/request"
	"github.com/writ-iot/writ/internal/sheet"
)

// answersSoFar heads the column that says how many answers there were when the list went out.
const answersSoFar = "Answers so far"

// Columns in which an answer is written.
const (
	colAnswer, colFrom, colCame, colItem = "words", "from", "on", "item"
)

// requestList is the list of requests: what was asked is shown only, what came is filled in.
func requestList() *sheet.List {
	const asked = "it is what was asked: ask anew with writ request add"
	return &sheet.List{Name: "requests", Columns: []sheet.Column{
		{Key: "answers", Title: answersSoFar, Fixed: true, Width: 8,
			Why: "it tells what had come when the list went out (write the list again where that is old)"},
		{Key: "of", Title: "Asked of", Fixed: true, Why: asked},
		{Key: "what", Title: "What", Fixed: true, Why: asked, Width: 40},
		{Key: "about", Title: "About", Fixed: true, Why: asked},
		{Key: "due", Title: "Due", Fixed: true, Why: asked, Day: true, Width: 12},
		{Key: colAnswer, Title: "Answer", Width: 40},
		{Key: colFrom, Title: "From"},
		{Key: colCame, Title: "Came on", Day: true, Width: 12},
		{Key: colItem, Title: "Inbox item", Width: 14},
	}}
}

// requestCells are a request's in the order of the list's columns; an answer is always a new one.
func requestCells(r *request.Request) []string {
	return []string{strconv.Itoa(len(r.Answers)), r.Of, what(&r.Asked), r.About, r.Due, "", "", "", ""}
}

// requestsOut writes requests as a list that people fill in; those that are over wait for nothing.
func (d *door) requestsOut(all []request.Request, state, format string) error {
	today := fact.DayOf(d.now())
	return listOut(d.raw, requestList(), format, func(yield func(sheet.Item) bool) {
		for i := range all {
			r := &all[i]
			if s := string(r.State(today)); r.Erased || state != "all" && s != state {
				continue
			}
			if !yield(sheet.Item{ID: r.ID(), Cells: requestCells(r)}) {
				return
			}
		}
	})
}

// takesAnswersBack lets answers also come as a list that went out.
func takesAnswersBack(d *door, c *cobra.Command) *cobra.Command {
	var f backFlags
	plain, args := c.RunE, c.Args
	c.Long = c.Short + `.

With --back the answers are those that people wrote into a list of writ request list --format xlsx or csv:
each row that was filled in is one, after it was printed, and with --apply all are kept or none.`
	c.Example = `  writ request answer 3f2a91c07d11 --case hospital.case --item 81c02f9ab344 --by "procurement"
  writ request answer --back requests.xlsx --case hospital.case --apply --by "procurement"`
	f.add(c, "writ request list --format xlsx or csv")
	c.Args = func(c *cobra.Command, given []string) error {
		if f.path != "" {
			return nil
		}
		return args(c, given)
	}
	c.RunE = func(c *cobra.Command, given []string) error {
		if err := f.alone(c, given, "words", "from", "on", "item"); err != nil {
			return err
		}
		if f.path == "" {
			return plain(c, given)
		}
		text := func(name string) string { return c.Flag(name).Value.String() }
		f.by = text("by")
		return d.inCase(c.Context(), text("case"), func(cf *casefile.Case) error {
			return d.answersBack(c.Context(), cf, &f, text("format") == "json")
		})
	}
	return c
}

// answersBack takes in the answers of a list of requests that went out.
func (d *door) answersBack(ctx context.Context, cf *casefile.Case, f *backFlags, asJSON bool) error {
	all, err := request.List(ctx, cf)
	if err != nil {
		return err
	}
	there := make(map[string]*request.Request, len(all))
	for i := range all {
		there[all[i].ID()] = &all[i]
	}
	var entries []journal.Entry
	return d.comeBack(&returning{
		file: *f, json: asJSON, list: requestList(), things: "answers", needs: []string{answersSoFar},
		base: func(id string) ([]string, error) {
			if r := there[id]; r != nil && !r.Erased {
				return requestCells(r), nil
			}
			return nil, kind.Errorf(kind.NotFound, "no request %.80q: the case never had it, or it was taken back", id)
		},
		take: func(ch *sheet.Change, _ string) error {
			e, err := answerIn(ctx, cf, there[ch.ID], ch.Cells[5:], f.by, fact.DayOf(d.now()))
			entries = append(entries, e)
			return err
		},
		keep: func(dry bool) ([]string, error) {
			if dry {
				return nil, nil
			}
			_, err := journal.Write(ctx, cf, entries...)
			return nil, err
		},
	})
}

// answerIn is a row that was filled in, as an answer: its words, whose they are, when they came, and as what item of
// the inbox.
func answerIn(ctx context.Context, cf *casefile.Case, r *request.Request, cells []string, by string,
	today fact.Day) (journal.Entry, error) {
	if r == nil {
		return journal.Entry{}, errors.New("nothing is asked by a row that is added: writ request add asks")
	}
	a := request.Reply{Words: strings.TrimSpace(cells[0]), From: strings.TrimSpace(cells[1]),
		On: cmp.Or(cells[2], today.String()), By: cmp.Or(strings.TrimSpace(by), nobodyYet)}
	if id := strings.TrimSpace(cells[3]); id != "" {
		h, err := inbox.Find(ctx, cf, id)
		if err != nil {
			return journal.Entry{}, err
		}
		a.Items = []string{string(h.Digest)}
	}
	if a.Words == "" && len(a.Items) == 0 {
		return journal.Entry{}, errors.New("what came? fill in column Answer, or column Inbox item")
	}
	return r.Entry(a)
}
