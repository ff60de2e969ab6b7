// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// Desk is where a case's records are kept: by which kinds, under which law, at what time.
type Desk struct {
	Case  *casefile.Case
	Law   *law.Catalogue
	Kinds *Kinds
	// Verdicts judges the case, for a decision to freeze what they rest on; nil: no decision can be made.
	Verdicts func(context.Context) (*judge.Result, error)

	now   func() time.Time
	spans map[fact.Name]expr.Span
}

// NewDesk makes a desk for a case; now is the clock.
func NewDesk(c *casefile.Case, l *law.Catalogue, k *Kinds, now func() time.Time) *Desk {
	return &Desk{Case: c, Law: l, Kinds: k, now: now, spans: spans(l)}
}

func (d *Desk) today() fact.Day { return fact.DayOf(d.now()) }

// How records are added.
type How struct {
	Partial  bool // what is faulty is left out, and said; else one fault refuses all
	DryRun   bool // everything is checked and nothing kept
	MaxFile  int64
	Progress func(done, all int)
}

// Added is what became of records that were given.
type Added struct {
	IDs      []string  // of those that are new, in the order given; none in a dry run
	New      int       // how many are, or would be
	Repeated int       // the case held them already
	Faults   []error   // of those left out
	Voided   []Closing // registers that are open again
	Notes    []string
}

// Add keeps records: all or, where it may be partial, those without a fault. It returns after they are durable.
func (d *Desk) Add(ctx context.Context, given []Given, how How) (*Added, error) {
	out := &Added{}
	var all []*record
	who := &names{d, map[string]named{}}
	for i := range given {
		r, err := d.check(ctx, &given[i], who)
		if err == nil && r.kind.Decides {
			err = given[i].wrap(d.freeze(ctx, r))
		}
		if err == nil {
			err = given[i].wrap(attachable(r.given.Attach, how.MaxFile))
		}
		if err != nil {
			out.Faults = append(out.Faults, err)
			continue
		}
		all = append(all, r)
		if how.Progress != nil && i%1000 == 0 {
			how.Progress(i, checking*len(given))
		}
	}
	if len(out.Faults) > 0 && !how.Partial {
		return out, refusal(out.Faults, len(given))
	}
	fresh, err := d.fresh(ctx, all, how.DryRun)
	if err != nil {
		return out, err
	}
	out.New, out.Repeated = len(fresh), len(all)-len(fresh)
	if len(fresh) == 0 {
		return out, nil
	}
	return out, d.keep(ctx, fresh, how, out)
}

func (g *Given) wrap(err error) error {
	if err == nil {
		return nil
	}
	return g.fault("%w", err)
}

// checking is which part of adding many records is to check them: a tenth.
const checking = 10

// maxFaults is how many faults of a file are said.
const maxFaults = 50

func refusal(faults []error, of int) error {
	shown := faults[:min(len(faults), maxFaults)]
	if of == 1 {
		return shown[0]
	}
	more := ""
	if n := len(faults) - len(shown); n > 0 {
		more = fmt.Sprintf("\nand %d more", n)
	}
	return fmt.Errorf("%w%s\n%d of %d records have a fault, and none was kept: mend them, or take the others with --partial",
		errors.Join(shown...), more, len(faults), of)
}

// key is what makes two records the same: all but who enters them.
func key(about fact.Subject, b *Body) string {
	c := *b
	c.By = ""
	text, err := json.Marshal(&c) // maps in order of their keys
	if err != nil {
		return about.String() // a body of texts is always written
	}
	return about.String() + string(text)
}

// few records are looked for one by one; for more all of their form are read.
const few = 8

// fresh keeps the files beside records, and leaves those out that the case holds, or that stand twice.
func (d *Desk) fresh(ctx context.Context, all []*record, dry bool) ([]*record, error) {
	held := map[string]bool{}
	read := map[string]bool{}
	var fresh []*record
	for _, r := range all {
		q := casefile.Query{Form: r.kind.form(), Subject: r.about.String()}
		if len(all) <= few {
			q.Words = fmt.Sprintf(`"day":%q`, r.body.Day)
		}
		if about := q.Form + q.Subject + q.Words; !read[about] {
			read[about] = true
			if err := d.held(ctx, q, held); err != nil {
				return nil, err
			}
		}
		if err := d.attach(ctx, r, dry); err != nil {
			return nil, r.given.wrap(err)
		}
		k := key(r.about, &r.body)
		if !held[k] {
			held[k] = true
			fresh = append(fresh, r)
		}
	}
	return fresh, nil
}

func (d *Desk) held(ctx context.Context, q casefile.Query, held map[string]bool) error {
	entries, err := journal.Read(ctx, d.Case, q)
	if err != nil {
		return err
	}
	for i := range entries {
		var b Body
		if err := entries[i].Into(&b); err != nil {
			return err
		}
		held[key(entries[i].Statement.Subject, &b)] = true
	}
	return nil
}

// keep makes entries of records, and opens the registers again that were closed over their days.
func (d *Desk) keep(ctx context.Context, fresh []*record, how How, out *Added) error {
	voided, err := d.voided(ctx, fresh)
	if err != nil {
		return err
	}
	out.Voided = voided
	taking := takingOf(voided, "a record that falls into the closed period was added")
	if err := d.observe(ctx, fresh, taking.Digests, out); err != nil || how.DryRun {
		return err
	}
	entries := make([]journal.Entry, len(fresh))
	for i, r := range fresh {
		entries[i] = journal.Entry{Form: r.kind.form(), Subject: r.about, Claims: r.claims, Body: &r.body}
	}
	if how.Progress != nil {
		ctx = casefile.WithProgress(ctx, func(done, all int) { how.Progress(all/checking+done-done/checking, all) })
	}
	receipts, err := journal.Replace(ctx, d.Case, taking, entries...)
	if err != nil {
		return err
	}
	for _, r := range receipts {
		out.IDs = append(out.IDs, short(r.Statement))
	}
	return nil
}

// short is how people name an entry.
func short(d evidence.Digest) string { return string(d)[:12] }

// said is what the case holds on some facts of a subject.
func (d *Desk) said(ctx context.Context, about fact.Subject, facts ...fact.Name) ([]fact.Claim, error) {
	book, err := d.Case.Saying(ctx, about, facts...)
	if err != nil {
		return nil, err
	}
	for i := range book.Entries { // a closing that is void was taken back: what it covers is not read for this
		book.Entries[i].Statement.Covers = nil
	}
	in := proof.Input(book.Entries, book.Stubs, proof.Question{At: d.now().UTC()})
	return slices.DeleteFunc(in.Claims, func(c fact.Claim) bool { return !slices.Contains(facts, c.Fact) }), nil
}

// observe says from when on each claim is observed: from its record's day on. But where only what was taken back
// since says otherwise for a later day, or the record is of today, it is a new look, made now; else what stands and
// says otherwise for a later day goes before it.
func (d *Desk) observe(ctx context.Context, fresh []*record, taken []evidence.Digest, out *Added) error {
	type about struct {
		subject fact.Subject
		fact    fact.Name
	}
	cache := map[about][]fact.Claim{}
	for _, r := range fresh {
		for i := range r.claims {
			c := &r.claims[i]
			k := about{c.Subject, c.Fact}
			said, ok := cache[k]
			if !ok {
				var err error
				if said, err = d.said(ctx, c.Subject, c.Fact); err != nil {
					return err
				}
				cache[k] = said
			}
			later, stands := against(said, c, taken)
			if stands != nil && !d.newLook(r, stands) {
				out.Notes = append(out.Notes, fmt.Sprintf("%s: something on record for %s says %s, which goes before this "+
					"record's %s of %s", c.Fact, fact.DayOf(stands.ObservedAt), stands.Value, c.Value, r.day))
			} else if later {
				c.ObservedAt = d.now().UTC() // and so a later word than all that is held
			}
		}
	}
	return nil
}

// newLook says that a record of today answers what was said earlier today.
func (d *Desk) newLook(r *record, o *fact.Claim) bool {
	return r.day == d.today() && o.ObservedAt.Before(d.now().UTC())
}

// against looks for what people said otherwise for the same day as c or a later one: whether anything did, and one
// that stands.
func against(said []fact.Claim, c *fact.Claim, taken []evidence.Digest) (later bool, stands *fact.Claim) {
	for i := range said {
		o := &said[i]
		people := o.Method == fact.Record || o.Method == fact.Judgement
		if !people || o.ObservedAt.Before(c.ObservedAt) || !o.Withheld && o.Value == c.Value {
			continue
		}
		later = true
		if o.Withdrawn.IsZero() && !o.Withheld && !slices.Contains(taken, evidence.Digest(o.Statement)) {
			stands = o
		}
	}
	return later, stands
}

// states resolves facts of a subject as they stand now.
func (d *Desk) states(ctx context.Context, about fact.Subject, facts ...fact.Name) (map[fact.Name]fact.Resolved, error) {
	said, err := d.said(ctx, about, facts...)
	if err != nil {
		return nil, err
	}
	snap := fact.Resolve(d.Law.Vocabulary, said, fact.Moment{At: d.now().UTC()})
	out := map[fact.Name]fact.Resolved{}
	for _, f := range facts {
		out[f] = snap.State(about, f)
	}
	return out, nil
}
