// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
)

// overlaps says whether a closing speaks of the records of a topic; "" is all.
func (c *Closing) overlaps(topic string) bool {
	return c.Topic == "" || topic == "" || c.Topic == topic
}

// closings are those of a register that stand.
func (d *Desk) closings(ctx context.Context, k *Kind, about fact.Subject) ([]Closing, error) {
	return d.Closings(ctx, casefile.Query{Form: closingForm + k.Name, Subject: about.String()})
}

// Closings are the registers that are closed.
func (d *Desk) Closings(ctx context.Context, q casefile.Query) ([]Closing, error) {
	if q.Form == "" {
		q.Form = closingForm
	}
	entries, err := journal.Read(ctx, d.Case, q)
	if err != nil {
		return nil, err
	}
	var all []Closing
	for i := range entries {
		e := &entries[i]
		var b closingBody
		if err := e.Into(&b); err != nil {
			return nil, err
		}
		c := Closing{ID: e.ID(), Kind: strings.TrimPrefix(e.Statement.Form, closingForm), Topic: b.Topic, Subject: e.Statement.Subject,
			By: b.By, Records: b.Records, Valid: b.Valid, Denies: b.Denies, Shows: e.Statement.Claims, digest: e.Digest}
		if e.Body == nil {
			c.recover(e)
		} else if c.Day, err = fact.ParseDay(b.Day); err == nil {
			c.Until, err = fact.ParseDay(b.Until)
		}
		if err != nil {
			return nil, fmt.Errorf("closing %s: %w", c.ID, err)
		}
		all = append(all, c)
	}
	return all, nil
}

// recover reads from a closing's claims what its erased words said: of every topic, and to the latest day that it can
// have been.
func (c *Closing) recover(e *journal.Kept) {
	c.Day = fact.DayOf(e.KnownAt)
	c.Until = c.Day.AddMonths(defaultEnd)
	for i := range c.Shows {
		c.Denies = c.Denies || c.Shows[i].Value.IsFalse()
		c.Until = fact.DayOf(c.Shows[i].Expires) - 1
	}
}

// voided are the closings that records open again: those of the same register to their day or a later one, and
// those that say that there is none.
func (d *Desk) voided(ctx context.Context, fresh []*record) (all []Closing, err error) {
	type about struct {
		kind    *Kind
		subject fact.Subject
	}
	first := map[about]map[string]fact.Day{} // by topic: the first day of a new record
	for _, r := range fresh {
		k := about{r.kind, r.about}
		if first[k] == nil {
			first[k] = map[string]fact.Day{}
		}
		if old, ok := first[k][r.body.Topic]; !ok || r.day < old {
			first[k][r.body.Topic] = r.day
		}
	}
	for k, topics := range first {
		open, err := d.closings(ctx, k.kind, k.subject)
		if err != nil {
			return nil, err
		}
		for i := range open {
			for topic, day := range topics {
				if o := &open[i]; o.overlaps(topic) && (o.Denies || day <= o.Day) {
					all = append(all, *o)
					break
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b Closing) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

// takingOf takes closings back.
func takingOf(all []Closing, why string) journal.Taking {
	t := journal.Taking{Why: why}
	for i := range all {
		t.Digests = append(t.Digests, all[i].digest)
	}
	return t
}
