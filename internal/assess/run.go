// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package assess

import (
	"context"
	"fmt"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/observe"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// Ledger is a case as a run needs it; internal/casefile's is one.
type Ledger interface {
	Subject(ctx context.Context, kind fact.SubjectKind, keys ...string) (fact.Subject, error)
	Append(ctx context.Context, drafts []Draft) error
	Read(ctx context.Context) (*proof.Book, error)
}

// Options of a run.
type Options struct {
	Catalogue *law.Catalogue
	Engine    *judge.Engine
	Profile   *profile.Profile // nil: nothing is known of the organisation
	Observe   observe.Options
	Now       time.Time
	Question  proof.Question // a zero At is Now
	Ledger    Ledger         // nil: nothing is kept
	// Keep keeps an input's bytes beside what is stated of it, before that is stated. Nil: they are not kept,
	// because a capture holds the secrets and the patient data that crossed the wire.
	Keep func(ctx context.Context, in *observe.Input) error
}

// Run is the main job: it looks at the inputs, states what was seen and said, and judges what was stated.
func Run(ctx context.Context, paths []string, o Options) (*Assessment, error) {
	if o.Profile == nil {
		o.Profile = &profile.Profile{}
	}
	o.Observe.Networks, o.Observe.Vocabulary = o.Profile.Ours(), o.Catalogue.Vocabulary
	seen, err := observe.Look(ctx, paths, o.Observe)
	if err != nil {
		return nil, err
	}
	book, err := keep(ctx, seen, &o)
	if err != nil {
		return nil, err
	}
	if o.Question.At.IsZero() {
		o.Question.At, o.Question.PerSubject = o.Now, true
	}
	a, err := Judge(o.Catalogue, o.Engine, book, o.Question)
	if err == nil && a.KnownAt.IsZero() {
		a.KnownAt = o.Now
	}
	return a, err
}

// keep states the world, in the case where there is one.
func keep(ctx context.Context, seen *observe.Seen, o *Options) (*proof.Book, error) {
	name := numbered()
	if o.Ledger != nil {
		name = func(kind fact.SubjectKind, keys ...string) (fact.Subject, error) {
			return o.Ledger.Subject(ctx, kind, keys...)
		}
	}
	w, err := newWorld(o.Profile, seen, name)
	if err != nil {
		return nil, err
	}
	drafts := w.drafts(seen, o.Now)
	if o.Ledger == nil {
		return unsigned(drafts, o.Now)
	}
	for i := range seen.Inputs {
		if in := &seen.Inputs[i]; o.Keep != nil && !in.Repeated {
			if err := o.Keep(ctx, in); err != nil {
				return nil, err
			}
		}
	}
	if err := o.Ledger.Append(ctx, drafts); err != nil {
		return nil, err
	}
	book, err := o.Ledger.Read(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading back what was kept: %w", err)
	}
	return book, nil
}
