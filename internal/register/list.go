// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
)

// Filter says which records are asked for.
type Filter struct {
	Kind     string
	About    fact.Subject // zero: any
	Valid    fact.Day     // valid on this day; 0: any
	From, To fact.Day     // ending from, up to; 0: no bound
	Words    string       // letter for letter
	Taken    bool         // also what was taken back
	Offset   int
	Limit    int // 0: 50
}

// Page is a part of a list.
type Page struct {
	Total int64
	Items []Item
}

// Item is a record as it is shown.
type Item struct {
	ID      string
	Form    string
	Body    Body
	Subject fact.Subject
	Claims  []fact.Claim
	KnownAt time.Time
	Stands  bool
	Erased  bool
	Kind    *Kind  // nil: the program knows none of the name
	Void    string // of a decision: why it does not stand
}

// perPage is how many records are listed where nobody says.
const perPage = 50

// List gives a page of records and decisions, newest first, and how many there are.
func (d *Desk) List(ctx context.Context, f Filter) (*Page, error) {
	if f.Limit == 0 {
		f.Limit = perPage
	}
	forms := []string{"record.", "decision."}
	if f.Kind != "" {
		k, err := d.Kinds.Of(f.Kind)
		if err != nil {
			return nil, err
		}
		forms = []string{k.form()}
	}
	p := &Page{}
	for _, form := range forms {
		q := casefile.Query{Form: form, Words: f.Words, Taken: f.Taken, Newest: true}
		if !f.About.IsZero() {
			q.Subject = f.About.String()
		}
		q.Valid, q.EndsFrom, q.EndsTo = dayText(f.Valid), dayText(f.From), dayText(f.To)
		n, err := d.Case.CountEntries(ctx, q)
		if err != nil {
			return nil, err
		}
		skip := max(f.Offset-int(p.Total), 0)
		p.Total += n
		if left := f.Limit - len(p.Items); n > int64(skip) && left > 0 {
			q.Limit, q.Offset = left, skip
			if err := d.items(ctx, q, p); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

func dayText(d fact.Day) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func (d *Desk) items(ctx context.Context, q casefile.Query, p *Page) error {
	entries, err := journal.Read(ctx, d.Case, q)
	if err != nil {
		return err
	}
	for i := range entries {
		it, err := d.item(ctx, &entries[i])
		if err != nil {
			return err
		}
		p.Items = append(p.Items, *it)
	}
	return nil
}

// item reads an entry.
func (d *Desk) item(ctx context.Context, e *journal.Kept) (*Item, error) {
	it := &Item{ID: e.ID(), Form: e.Statement.Form, Subject: e.Statement.Subject, Claims: e.Statement.Claims, KnownAt: e.KnownAt,
		Stands: e.Stands, Erased: e.Erased}
	if err := e.Into(&it.Body); err != nil {
		return nil, err
	}
	_, name, _ := strings.Cut(it.Form, ".")
	it.Kind = d.Kinds.byName[name]
	if strings.HasPrefix(it.Form, "decision.") {
		one, err := d.decision(ctx, e)
		if err != nil {
			return nil, fmt.Errorf("entry %s: %w", it.ID, err)
		}
		it.Void = one.Void
	}
	return it, nil
}

// Show gives one record by how its ID begins.
func (d *Desk) Show(ctx context.Context, id string) (*Item, error) {
	e, err := d.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.item(ctx, e)
}
