// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
)

// Correction is a record that takes another's place.
type Correction struct {
	ID string // of the record that is taken back; "": it is new
	Given
}

// Correct takes records back and makes others in their place, in one act: all or none. What a record makes known beside
// what its kind says, and the files beside it, go over to the one in its place. A decision is not corrected: it is
// taken back, and made anew.
func (d *Desk) Correct(ctx context.Context, all []Correction, how How) (*Added, error) {
	out := &Added{}
	taking := journal.Taking{Why: "corrected by the records made in the same act"}
	who := &names{d, map[string]named{}}
	var records []*record
	for i := range all {
		c := &all[i]
		r, err := d.corrected(ctx, c, who, &taking, out)
		if err != nil {
			out.Faults = append(out.Faults, c.fault("%w", err))
			continue
		}
		records = append(records, r)
	}
	if len(out.Faults) > 0 {
		return out, refusal(out.Faults, len(all))
	}
	fresh, err := d.fresh(ctx, records, how.DryRun)
	if err != nil {
		return out, err
	}
	out.New, out.Repeated = len(fresh), len(records)-len(fresh)
	voided, err := d.voided(ctx, fresh)
	if err != nil {
		return out, err
	}
	for _, v := range voided {
		if !slices.ContainsFunc(out.Voided, func(o Closing) bool { return o.digest == v.digest }) {
			out.Voided = append(out.Voided, v)
		}
	}
	taking.Digests = append(taking.Digests, takingOf(out.Voided, "").Digests...)
	return out, d.replace(ctx, fresh, taking, how, out)
}

// replace keeps what is fresh in place of what is taken back.
func (d *Desk) replace(ctx context.Context, fresh []*record, taking journal.Taking, how How, out *Added) error {
	if err := d.observe(ctx, fresh, taking.Digests, out); err != nil || how.DryRun {
		return err
	}
	entries := make([]journal.Entry, len(fresh))
	for i, r := range fresh {
		entries[i] = journal.Entry{Form: r.kind.form(), Subject: r.about, Claims: r.claims, Body: &r.body}
		taking.Body = map[string]string{"by": r.body.By}
	}
	receipts, err := journal.Replace(ctx, d.Case, taking, entries...)
	for _, r := range receipts {
		out.IDs = append(out.IDs, short(r.Statement))
	}
	return err
}

// corrected checks a correction and notes what it takes back.
func (d *Desk) corrected(ctx context.Context, c *Correction, who *names, taking *journal.Taking, out *Added) (*record, error) {
	if c.ID == "" {
		return d.plain(ctx, &c.Given, who)
	}
	e, err := d.Find(ctx, c.ID)
	switch {
	case err != nil:
		return nil, err
	case !e.Stands:
		return nil, kind.Errorf(kind.Conflict, "%s was taken back since the list went out", e.ID())
	case !strings.HasPrefix(e.Statement.Form, "record."):
		return nil, kind.Errorf(kind.Invalid, "%s is no record", e.ID())
	case e.Body == nil:
		return nil, kind.Errorf(kind.Conflict, "what %s said was erased since the list went out", e.ID())
	}
	var was Body
	if err := e.Into(&was); err != nil {
		return nil, err
	}
	k, err := d.Kinds.Of(was.Kind)
	if err != nil {
		return nil, err
	}
	c.Facts = k.extra(was.Topic, e.Statement.Claims)
	r, err := d.plain(ctx, &c.Given, who)
	if err != nil {
		return nil, err
	}
	r.body.Attached = was.Attached
	voided, err := d.covering(ctx, e)
	out.Voided = append(out.Voided, voided...)
	taking.Digests = append(taking.Digests, evidence.Digest(e.Digest))
	return r, err
}

// plain checks a record that is no decision.
func (d *Desk) plain(ctx context.Context, g *Given, who *names) (*record, error) {
	where := g.Where
	g.Where = "" // the caller says it
	r, err := d.check(ctx, g, who)
	g.Where = where
	if err == nil && r.kind.Decides {
		err = errors.New("a decision is not corrected in a list: take it back, and make it anew")
	}
	return r, err
}

// extra are the facts that a record made known beside what its kind says, or against it: what neither its kind, its
// topic nor one of its fields explains.
func (k *Kind) extra(topic string, was []fact.Claim) map[string]string {
	t, err := k.topic(topic)
	if err != nil {
		t = nil // the topic is none of the kind any more: nothing explains what it set
	}
	out := map[string]string{}
	for i := range was {
		c := &was[i]
		said := c.Value.String()
		explained := strings.HasPrefix(string(c.Fact), fact.JudgementPrefix) ||
			slices.ContainsFunc(k.fields(t), func(f Field) bool { return f.Fact == c.Fact }) ||
			slices.ContainsFunc(k.sets(t), func(s Set) bool { return s.Fact == c.Fact && (s.From != "" || s.Value == said) })
		if !explained {
			out[string(c.Fact)] = said
		}
	}
	return out
}
