// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inbox

import (
	"context"
	"strings"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
)

// State is what became of an item.
type State string

// The states.
const (
	Waiting State = "waiting"
	Filed   State = "filed"
	Dropped State = "dropped"
)

// Filing says that an item was filed as a record. It makes no claim: the record does.
type Filing struct {
	Item   evidence.Digest `json:"item"`
	Record evidence.Digest `json:"record"`
	As     string          `json:"as"`
	By     string          `json:"by"`
}

// Drop says that an item is not needed. Its bytes stay, so that it does not come in again.
type Drop struct {
	Item evidence.Digest `json:"item"`
	Why  string          `json:"why"`
	By   string          `json:"by"`
}

// Held is an item in the inbox.
type Held struct {
	Item
	Digest  evidence.Digest
	Came    time.Time
	State   State
	Erased  bool // its words were erased
	Filings []Filing
	Drop    *Drop
}

// ID is how people name it.
func (h *Held) ID() string { return string(h.Digest)[:12] }

// List gives all that ever came in, in that order, with what became of it. A record that was taken back files
// nothing: its item waits again.
func List(ctx context.Context, c *casefile.Case) ([]Held, error) {
	entries, err := journal.Read(ctx, c, casefile.Query{Form: forms})
	if err != nil {
		return nil, err
	}
	var all []Held
	at := map[evidence.Digest]int{}
	for i := range entries {
		e := &entries[i]
		switch e.Statement.Form {
		case formItem:
			h := Held{Digest: e.Digest, Came: e.KnownAt, State: Waiting, Erased: e.Erased}
			if err := e.Into(&h.Item); err != nil {
				return nil, err
			}
			at[e.Digest] = len(all)
			all = append(all, h)
		case formFiled:
			var f Filing
			if err := e.Into(&f); err != nil {
				return nil, err
			}
			if n, ok := at[f.Item]; ok {
				all[n].Filings = append(all[n].Filings, f)
			}
		case formDropped:
			var d Drop
			if err := e.Into(&d); err != nil {
				return nil, err
			}
			if n, ok := at[d.Item]; ok {
				all[n].Drop, all[n].State = &d, Dropped
			}
		}
	}
	return all, settle(ctx, c, all)
}

// settle says of items with filings whether one of their records stands.
func settle(ctx context.Context, c *casefile.Case, all []Held) error {
	for i := range all {
		h := &all[i]
		for _, f := range h.Filings {
			n, err := c.CountEntries(ctx, casefile.Query{Form: "record.", Digest: string(f.Record)})
			if err != nil {
				return err
			}
			if n > 0 {
				h.State = Filed
			}
		}
	}
	return nil
}

// Match gives the items of a state, "" for all, of which words are found.
func Match(all []Held, s State, words string) []Held {
	var out []Held
	for i := range all {
		if (s == "" || all[i].State == s) && within(&all[i].Item, words) {
			out = append(out, all[i])
		}
	}
	return out
}

// Find gives the item whose ID begins with id.
func Find(ctx context.Context, c *casefile.Case, id string) (*Held, error) {
	k, err := journal.Find(ctx, c, formItem, id)
	if err != nil {
		return nil, err
	}
	all, err := List(ctx, c)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Digest == k.Digest {
			return &all[i], nil
		}
	}
	return nil, kind.Errorf(kind.NotFound, "item %s was taken back", id)
}

// File enters that an item was filed as a record that is made by now.
func File(ctx context.Context, c *casefile.Case, h *Held, record evidence.Digest, as, by string) error {
	return enter(ctx, c, formFiled, Filing{h.Digest, record, as, by})
}

// Discard enters that an item is not needed.
func Discard(ctx context.Context, c *casefile.Case, h *Held, why, by string) error {
	switch {
	case strings.TrimSpace(by) == "":
		return kind.Errorf(kind.Invalid, "dropping item %s: who says so? give --by", h.ID())
	case strings.TrimSpace(why) == "":
		return kind.Errorf(kind.Invalid, "dropping item %s: why? give --why", h.ID())
	case h.State != Waiting:
		return kind.Errorf(kind.Conflict, "dropping item %s: it is %s already", h.ID(), h.State)
	}
	return enter(ctx, c, formDropped, Drop{h.Digest, why, by})
}

func enter(ctx context.Context, c *casefile.Case, form string, body any) error {
	us, err := journal.Us(ctx, c)
	if err == nil {
		_, err = journal.Write(ctx, c, journal.Entry{Form: form, Subject: us, Body: body})
	}
	return err
}
