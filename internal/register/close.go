// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge/expr"
)

// Closing says that a register is complete to a day: it is signed, it ends, and it is void when a record of the
// closed period is taken back or added.
type Closing struct {
	ID      string       `json:"id"`
	Kind    string       `json:"kind"`
	Topic   string       `json:"topic"`
	Subject fact.Subject `json:"subject"`
	Day     fact.Day     `json:"-"`
	Until   fact.Day     `json:"-"`
	By      string       `json:"by"`
	Records int          `json:"records"` // that it covers
	Valid   int          `json:"valid"`   // of them, on its day
	Denies  bool         `json:"denies"`  // it makes known that something is not there
	Shows   []fact.Claim `json:"-"`
	digest  evidence.Digest
}

// closingBody is the payload of a closing.
type closingBody struct {
	Kind    string `json:"kind"`
	Topic   string `json:"topic,omitempty"`
	Day     string `json:"day"`
	Until   string `json:"until"`
	By      string `json:"by"`
	Records int    `json:"records"`
	Valid   int    `json:"valid"`
	Denies  bool   `json:"denies,omitempty"`
}

const closingForm, partForm = "register.", "register-part."

// Closes is a register to be closed, as a person says it.
type Closes struct {
	Kind, Topic, About, Day, Until, By string
	Facts                              map[string]string // which go before what the register shows by itself
	DryRun                             bool              // it is only worked out what that would show
}

// defaultEnd is how many months a closing stands where nobody says until when.
const defaultEnd = 12

// Close closes a register: what it holds is all there is, to this day. Only by that does it become known that
// something is missing.
func (d *Desk) Close(ctx context.Context, g Closes) (*Closing, error) {
	r, err := d.closes(ctx, &g)
	if err != nil {
		return nil, err
	}
	open, err := d.closings(ctx, r.kind, r.about)
	if err != nil {
		return nil, err
	}
	for i := range open {
		if o := &open[i]; o.overlaps(g.Topic) && o.Day >= r.day {
			return nil, kind.Errorf(kind.Conflict, "the register of %s records is closed already to %s, by %s, until %s: "+
				"close it to a later day, or take that back first: writ record revoke %s", r.label(), o.Day, o.By, o.Until, o.ID)
		}
	}
	rows, err := d.rows(ctx, r)
	if err != nil {
		return nil, err
	}
	c := &Closing{Kind: r.kind.Name, Topic: g.Topic, Subject: r.about, Day: r.day, Until: r.until, By: r.body.By,
		Records: len(rows)}
	if err := d.shows(ctx, r, rows, c); err != nil {
		return nil, err
	}
	if g.DryRun {
		return c, nil
	}
	return c, d.sign(ctx, c, rows, open, r.also)
}

// closes checks what was given: it is read as a record of its day.
func (d *Desk) closes(ctx context.Context, g *Closes) (*record, error) {
	k, err := d.Kinds.Of(g.Kind)
	if err != nil {
		return nil, err
	}
	if k.Judges || k.Decides {
		return nil, kind.Errorf(kind.Invalid, "a %s stands by itself: there is no register of it to close", k.Name)
	}
	r := &record{given: &Given{Day: g.Day, Facts: g.Facts}, closing: true, kind: k,
		body: Body{By: strings.TrimSpace(g.By), Topic: g.Topic}}
	if g.Topic != "" {
		if r.topic, err = k.topic(g.Topic); err != nil {
			return nil, err
		}
	}
	if r.about, r.name, err = journal.About(ctx, d.Case, g.About); err != nil {
		return nil, err
	}
	if err := r.people(); err != nil {
		return nil, err
	}
	if r.day = d.today(); g.Day != "" {
		if r.day, err = dayOf(g.Day); err == nil && r.day > d.today() {
			err = fmt.Errorf("day %s lies ahead: nobody knows yet what the register will hold", r.day)
		}
		if err != nil {
			return nil, err
		}
	}
	r.until = r.day.AddMonths(defaultEnd)
	if g.Until != "" {
		if r.until, err = dayOf(g.Until); err == nil && r.until < r.day {
			err = fmt.Errorf("it ends on %s, before its day %s", r.until, r.day)
		}
	}
	return r, err
}

func (r *record) label() string {
	if r.topic != nil {
		return r.kind.Name + " " + r.topic.Name
	}
	return r.kind.Name
}

// row is a record of a register that is being closed.
type row struct {
	body   Body
	day    fact.Day
	digest evidence.Digest
	valid  bool // on the day to which the register is closed
	erased bool // what it says is gone: it may be of any day and topic, and valid
}

// rows are the records that a closing covers: all up to its day, and all that nobody can read any more.
func (d *Desk) rows(ctx context.Context, r *record) ([]row, error) {
	entries, err := journal.Read(ctx, d.Case, casefile.Query{Form: r.kind.form(), Subject: r.about.String()})
	if err != nil {
		return nil, err
	}
	general, err := d.general(ctx, r)
	if err != nil {
		return nil, err
	}
	var rows []row
	for i := range entries {
		one := row{digest: entries[i].Digest}
		if err := entries[i].Into(&one.body); err != nil {
			return nil, err
		}
		if one.erased = entries[i].Body == nil; one.erased {
			one.valid = true
			rows = append(rows, one)
			continue
		}
		if one.day, err = fact.ParseDay(one.body.Day); err != nil {
			return nil, fmt.Errorf("entry %s: %w", entries[i].ID(), err)
		}
		if one.day <= r.day && (r.topic == nil || one.body.Topic == r.topic.Name) {
			one.valid = validOn(r.kind, &one, r.day, general)
			rows = append(rows, one)
		}
	}
	return rows, nil
}

// ownPeriods are the words in which an organisation sets itself a period.
var ownPeriods = map[string]expr.Span{"one-year": {Months: 12}, "two-years": {Months: 24}, "three-years": {Months: 36}}

// general is the period that the organisation has set itself for records of a kind, where a record does not say it.
func (d *Desk) general(ctx context.Context, r *record) (string, error) {
	f := r.kind.field(r.kind.LastsBy)
	if f == nil {
		return "", nil
	}
	s, err := d.states(ctx, r.about, f.Fact)
	return s[f.Fact].Value.Word(), err
}

// validOn says whether a record counts on a day: to its end, as long as its kind lasts, or for the period that the
// organisation has set itself. Where there is none of these it counts without end.
func validOn(k *Kind, one *row, day fact.Day, general string) bool {
	end, err := fact.ParseDay(one.body.Until)
	switch {
	case err == nil:
		return end >= day
	case k.Lasts != nil:
		return k.Lasts.After(one.day) >= day
	case k.LastsBy != "":
		own, ok := ownPeriods[cmp.Or(one.body.Fields[k.LastsBy], general)]
		return !ok || own.After(one.day) >= day
	}
	return true
}

// partSize is how many digests one statement lists.
const partSize = 10_000

// sign makes the closing's statement, over lists where the register is long. Earlier closings that deny something
// are superseded.
func (d *Desk) sign(ctx context.Context, c *Closing, rows []row, open []Closing, also []evidence.Digest) error {
	digests := also
	for i := range rows {
		digests = append(digests, rows[i].digest)
	}
	if len(digests) > partSize {
		var parts []journal.Entry
		for p := range slices.Chunk(digests, partSize) {
			parts = append(parts, journal.Entry{Form: partForm + c.Kind, Subject: c.Subject, Closes: true, Covers: p})
		}
		receipts, err := journal.Write(ctx, d.Case, parts...)
		if err != nil {
			return err
		}
		digests = nil
		for _, r := range receipts {
			digests = append(digests, r.Statement)
		}
	}
	body := closingBody{c.Kind, c.Topic, c.Day.String(), c.Until.String(), c.By, c.Records, c.Valid, c.Denies}
	var earlier []Closing
	for i := range open {
		if open[i].overlaps(c.Topic) {
			earlier = append(earlier, open[i])
		}
	}
	receipts, err := journal.Replace(ctx, d.Case, takingOf(earlier, "the register was closed to a later day"), journal.Entry{
		Form: closingForm + c.Kind, Subject: c.Subject, Claims: c.Shows, Closes: true, Covers: digests, Body: body})
	if err == nil {
		c.ID, c.digest = short(receipts[0].Statement), receipts[0].Statement
	}
	return err
}
