// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

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
	c := &Closing{Kind: r.kind.Name, Topic: g.Topic, Subject: r.about, Day: r.day, Until: r.until, By: r.body.By, Records: len(rows)}
	if err := d.shows(ctx, r, rows, c); err != nil {
		return nil, err
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
	r := &record{given: &Given{Day: g.Day, Facts: g.Facts}, closing: true, kind: k, body: Body{By: strings.TrimSpace(g.By), Topic: g.Topic}}
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
}

// rows are the records that a closing covers: all up to its day.
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
		if entries[i].Body == nil { // erased: its day is that of its claims, or at the latest that of its entry
			one.day = fact.DayOf(entries[i].KnownAt)
		} else if one.day, err = fact.ParseDay(one.body.Day); err != nil {
			return nil, fmt.Errorf("entry %s: %w", entries[i].ID(), err)
		}
		if one.day <= r.day && (r.topic == nil || one.body.Topic == r.topic.Name) {
			one.valid = entries[i].Body != nil && validOn(r.kind, &one, r.day, general)
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
		if t != nil && rows[i].body.Topic != t.Name {
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
		c.Day, _ = fact.ParseDay(b.Day) // an erased body leaves no day: it then closes nothing
		c.Until, _ = fact.ParseDay(b.Until)
		all = append(all, c)
	}
	return all, nil
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
