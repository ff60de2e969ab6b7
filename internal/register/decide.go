// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge"
)

// Frozen is a fact with the value that it had when a decision was made.
type Frozen struct {
	Subject string `json:"subject"` // kind:id
	Fact    string `json:"fact"`
	Value   string `json:"value"`
}

// Decision stands beside the verdicts in its scope, and changes none (semantics, section 5).
type Decision struct {
	ID                  string   `json:"id"`
	Topic               string   `json:"topic"` // waiver or acceptance
	Scope               []string `json:"scope"` // verdicts
	Requester, Approver string   `json:"-"`
	Reasons             string   `json:"reasons,omitempty"`
	Frozen              []Frozen `json:"frozen"`
	Until               fact.Day `json:"-"`     // its last day, in UTC
	Void                string   `json:"void"`  // why it does not stand; "": it stands
	Taken               bool     `json:"taken"` // it was taken back
}

// freeze gives a decision its scope, and the facts that it is made on: those on which the verdicts in its scope rest
// now.
func (d *Desk) freeze(ctx context.Context, r *record) error {
	if d.Verdicts == nil {
		return errors.New("a decision needs the verdicts of the case that it speaks of")
	}
	res, err := d.Verdicts(ctx)
	if err != nil {
		return err
	}
	if today := d.today(); r.until < today {
		return fmt.Errorf("it ended on %s already: a decision stands for a time to come", r.until)
	}
	words := strings.FieldsFunc(r.body.Fields["scope"], func(c rune) bool { return c == ',' || c == ' ' })
	for _, w := range words {
		v, err := verdict(res, w)
		if err != nil {
			return err
		}
		if id := v.ID(); !slices.Contains(r.body.Scope, id) {
			r.body.Scope = append(r.body.Scope, id)
			freezeAll(v.Because(), &r.body.Frozen)
		}
	}
	return nil
}

// verdict finds the one that an ID names, a whole provision, or a part that no other has.
func verdict(res *judge.Result, part string) (*judge.Verdict, error) {
	var found []*judge.Verdict
	for _, meant := range []func(string) bool{
		func(id string) bool {
			return id == part || strings.HasPrefix(id, part+"@") || strings.Contains(id, "/"+part+"@")
		},
		func(id string) bool { return strings.Contains(id, part) },
	} {
		for i := range res.Verdicts {
			if v := &res.Verdicts[i]; meant(v.ID()) {
				found = append(found, v)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	switch len(found) {
	case 0:
		return nil, kind.Errorf(kind.NotFound, "no verdict %q: writ report --format json lists all", part)
	case 1:
		return found[0], nil
	}
	var ids []string
	for _, v := range found[:min(len(found), 5)] {
		ids = append(ids, v.ID())
	}
	return nil, kind.Errorf(kind.Invalid, "%d verdicts have %q in their ID; name each that is meant: %s …", len(found), part,
		strings.Join(ids, ", "))
}

func freezeAll(because []judge.Because, to *[]Frozen) {
	for i := range because {
		b := &because[i]
		if b.Kind == "fact" && b.Subject != nil && b.Fact != nil && b.Fact.State == fact.Known {
			f := Frozen{b.Subject.String(), b.ID, b.Fact.Value.String()}
			if !slices.Contains(*to, f) {
				*to = append(*to, f)
			}
		}
		freezeAll(b.Children, to)
	}
}

// Decisions gives all decisions of the case, and of each whether it stands.
func (d *Desk) Decisions(ctx context.Context) ([]Decision, error) {
	entries, err := journal.Read(ctx, d.Case, casefile.Query{Form: "decision.", Taken: true})
	if err != nil {
		return nil, err
	}
	var all []Decision
	for i := range entries {
		one, err := d.decision(ctx, &entries[i])
		if err != nil {
			return nil, err
		}
		all = append(all, *one)
	}
	return all, nil
}

func (d *Desk) decision(ctx context.Context, e *journal.Kept) (*Decision, error) {
	var b Body
	if err := e.Into(&b); err != nil {
		return nil, err
	}
	one := &Decision{ID: e.ID(), Topic: b.Topic, Scope: b.Scope, Requester: b.Fields["requester"], Approver: b.Fields["approver"],
		Reasons: b.Reasons, Frozen: b.Frozen, Taken: !e.Stands}
	var err error
	switch {
	case e.Body == nil:
		one.Void = "what it says was erased"
		return one, nil
	case one.Taken:
		one.Void = "it was taken back"
	}
	if one.Until, err = fact.ParseDay(b.Until); err != nil {
		return nil, fmt.Errorf("decision %s: %w", one.ID, err)
	}
	if now := d.now(); one.Void == "" && !now.Before(endOf(one.Until)) {
		one.Void = fmt.Sprintf("it ended on %s", one.Until)
	}
	for i := 0; i < len(b.Frozen) && one.Void == ""; i++ {
		one.Void, err = d.moved(ctx, &b.Frozen[i], e.KnownAt)
	}
	return one, err
}

// maxMoments bounds at how many moments a fact is looked at again.
const maxMoments = 64

// moved says why a frozen fact voids a decision: since then it was known to be something else. Going stale is no
// change.
func (d *Desk) moved(ctx context.Context, f *Frozen, since time.Time) (string, error) {
	k, id, _ := strings.Cut(f.Subject, ":")
	about, name := fact.Subject{Kind: fact.SubjectKind(k), ID: id}, fact.Name(f.Fact)
	said, err := d.said(ctx, about, name)
	if err != nil {
		return "", err
	}
	moments := []time.Time{d.now().UTC()}
	for i := range said {
		if c := &said[i]; c.ObservedAt.After(since) && c.Value.String() != f.Value && len(moments) < maxMoments {
			moments = append(moments, c.ObservedAt)
		}
	}
	for _, at := range moments {
		s := fact.Resolve(d.Law.Vocabulary, said, fact.Moment{At: at}).State(about, name)
		if s.State == fact.Known && s.Value.String() != f.Value {
			return fmt.Sprintf("%s was %s when it was made, and is known to be %s as of %s", f.Fact, f.Value, s.Value,
				at.UTC().Format(time.RFC3339)), nil
		}
	}
	return "", nil
}
