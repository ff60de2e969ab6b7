// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"slices"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
)

// shows works out what a closed register makes known: what is not there, and the day of what is newest.
func (d *Desk) shows(ctx context.Context, r *record, rows []row, c *Closing) error {
	at := endOf(r.day).Add(-time.Nanosecond)
	if now := d.now().UTC(); now.Before(at) {
		at = now
	}
	topics := []*Topic{r.topic}
	if r.topic == nil {
		for i := range r.kind.Topics {
			topics = append(topics, &r.kind.Topics[i])
		}
	}
	for _, t := range topics {
		if err := d.showsOf(ctx, r, t, rows); err != nil {
			return err
		}
	}
	for name, text := range r.given.Facts {
		if err := r.claim(d, fact.Name(name), text, fact.Record, false); err != nil {
			return err
		}
	}
	for i := range rows {
		if rows[i].valid {
			c.Valid++
		}
	}
	for i := range r.claims {
		r.claims[i].ObservedAt, r.claims[i].Expires = at, endOf(r.until)
		c.Denies = c.Denies || r.claims[i].Value.IsFalse()
	}
	c.Shows = r.claims
	return nil
}

// showsOf is what the records of one topic show, or that there is none; nil is what all of a kind say alike.
func (d *Desk) showsOf(ctx context.Context, r *record, t *Topic, rows []row) error {
	var any, valid bool
	var newest fact.Day
	for i := range rows {
		if t != nil && rows[i].body.Topic != t.Name && !rows[i].erased {
			continue
		}
		any, valid, newest = true, valid || rows[i].valid, max(newest, rows[i].day)
	}
	sets := r.kind.Sets
	if t != nil {
		sets = t.Sets
	}
	for i := range sets {
		s := &sets[i]
		def, ok := d.Law.Vocabulary.Lookup(s.Fact)
		if !ok || def.Subject != r.about.Kind {
			continue
		}
		_, act := d.spans[s.Fact]
		var err error
		switch {
		case def.Type == fact.Date && s.From == "day" && act && any:
			err = d.newest(ctx, r, s.Fact, newest)
		case def.Type == fact.Bool && s.Value == "yes" && (!any || !valid && !s.Lasting) && r.kind.Absent == nil:
			err = d.deny(ctx, r, s.Fact, "no", rows)
		}
		if err != nil {
			return err
		}
	}
	if valid || t != nil && r.topic == nil {
		return nil
	}
	for i := range r.kind.Absent {
		if err := d.deny(ctx, r, r.kind.Absent[i].Fact, r.kind.Absent[i].Value, rows); err != nil {
			return err
		}
	}
	return nil
}

// newest says the day of the newest act: of the register's records, or of what is on record elsewhere, which the
// closing then rests on too.
func (d *Desk) newest(ctx context.Context, r *record, name fact.Name, day fact.Day) error {
	said, err := d.said(ctx, r.about, name)
	if err != nil {
		return err
	}
	var rests string
	for i := range said {
		c := &said[i]
		if v := c.Value.Day(); c.Method == fact.Record && c.Withdrawn.IsZero() && v > day && v <= r.day {
			day, rests = v, c.Statement
		}
	}
	if rests != "" {
		r.also = append(r.also, evidence.Digest(rests))
	}
	return r.claim(d, name, day.String(), fact.Record, false)
}

// deny says what a register without a valid record shows, unless a record that it does not hold says otherwise.
func (d *Desk) deny(ctx context.Context, r *record, name fact.Name, value string, rows []row) error {
	def, ok := d.Law.Vocabulary.Lookup(name)
	if !ok || def.Subject != r.about.Kind {
		return nil
	}
	states, err := d.states(ctx, r.about, name)
	if err != nil {
		return err
	}
	for _, s := range states[name].Support {
		own := slices.ContainsFunc(rows, func(o row) bool { return string(o.digest) == s.Statement })
		if states[name].State == fact.Known && !own && s.Method == fact.Record && s.Value.String() != value {
			return nil
		}
	}
	return r.claim(d, name, value, fact.Record, false)
}
