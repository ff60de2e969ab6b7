// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package request keeps what was asked of colleagues and suppliers, and what came of it: answers, refusals and
// silence. None of it is a fact: what an answer says becomes known when a person files it as a record.
package request

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
)

// The forms.
const (
	forms       = "request."
	formAsked   = "request.asked"
	formAnswer  = "request.answer"
	formRefusal = "request.refusal"
	formClosed  = "request.closed"
)

// Asked is what was asked of whom, and until when. At least one of Facts, Records and Words says what.
type Asked struct {
	Of       string   `json:"of"` // a function, a name or a company
	Supplier bool     `json:"supplier,omitempty"`
	Facts    []string `json:"facts,omitempty"`   // what is to be known
	Records  []string `json:"records,omitempty"` // kinds of records that are wanted
	Words    string   `json:"words,omitempty"`
	About    string   `json:"about,omitempty"` // what people call the subject
	Due      string   `json:"due"`             // YYYY-MM-DD, its end
	By       string   `json:"by"`
}

// Reply is an answer, a refusal or a closing.
type Reply struct {
	Request evidence.Digest `json:"request"`
	Words   string          `json:"words,omitempty"` // what was said; of a refusal and a closing: why
	From    string          `json:"from,omitempty"`  // who said it
	On      string          `json:"on,omitempty"`    // the day on which it came
	Items   []string        `json:"items,omitempty"` // of the inbox, with which it came: their digests
	By      string          `json:"by"`
}

// State of a request on a day.
type State string

// The states. Silent is open after its day.
const (
	Open     State = "open"
	Silent   State = "silent"
	Answered State = "answered"
	Refused  State = "refused"
	Closed   State = "closed"
)

// Request is one with what came of it.
type Request struct {
	Asked
	Digest  evidence.Digest
	Subject fact.Subject
	Made    time.Time
	Erased  bool
	Answers []Reply
	Refusal *Reply
	Closing *Reply
}

// ID is how people name it.
func (r *Request) ID() string { return string(r.Digest)[:12] }

// State says how a request stands at the end of a day.
func (r *Request) State(on fact.Day) State {
	due, err := fact.ParseDay(r.Due)
	switch {
	case r.Closing != nil:
		return Closed
	case len(r.Answers) > 0:
		return Answered
	case r.Refusal != nil:
		return Refused
	case err == nil && on > due:
		return Silent
	}
	return Open
}

// Days is how many days a request is overdue; 0 when it is not, or something came.
func (r *Request) Days(on fact.Day) int {
	if r.State(on) != Silent {
		return 0
	}
	due, _ := fact.ParseDay(r.Due) // Silent parsed it
	return int(on - due)
}

// Late says whether the first answer came after the day it was due.
func (r *Request) Late() bool {
	return len(r.Answers) > 0 && r.Answers[0].On > r.Due
}

// Add enters a request. Its subject is what it is about.
func Add(ctx context.Context, c *casefile.Case, about fact.Subject, a Asked, today fact.Day) (*Request, error) {
	due, err := fact.ParseDay(a.Due)
	switch {
	case strings.TrimSpace(a.Of) == "":
		err = kind.Errorf(kind.Invalid, "of whom is it asked? give --of")
	case strings.TrimSpace(a.By) == "":
		err = kind.Errorf(kind.Invalid, "who asks? give --by")
	case len(a.Facts) == 0 && len(a.Records) == 0 && strings.TrimSpace(a.Words) == "":
		err = kind.Errorf(kind.Invalid, "what is asked? give --fact, --record or --words")
	case err != nil:
		err = kind.Errorf(kind.Invalid, "until when? give --due as YYYY-MM-DD")
	case due < today:
		err = kind.Errorf(kind.Invalid, "it would be due on %s, which has passed", a.Due)
	}
	if err != nil {
		return nil, fmt.Errorf("entering a request: %w", err)
	}
	receipts, err := journal.Write(ctx, c, journal.Entry{Form: formAsked, Subject: about, Body: a})
	if err != nil {
		return nil, err
	}
	return &Request{Asked: a, Digest: receipts[0].Statement, Subject: about, Made: receipts[0].KnownAt}, nil
}

// Answer enters an answer; a request can have several.
func Answer(ctx context.Context, c *casefile.Case, r *Request, a Reply) error {
	e, err := r.Entry(a)
	if err != nil {
		return err
	}
	_, err = journal.Write(ctx, c, e)
	return err
}

// Entry is an answer as it is written, so that several are entered in one act.
func (r *Request) Entry(a Reply) (journal.Entry, error) {
	if strings.TrimSpace(a.Words) == "" && len(a.Items) == 0 {
		return journal.Entry{}, kind.Errorf(kind.Invalid, "answering request %s: what came? give --words or --item",
			r.ID())
	}
	return r.entry(formAnswer, a, r.Closing != nil)
}

// Refuse enters that an answer is refused.
func Refuse(ctx context.Context, c *casefile.Case, r *Request, a Reply) error {
	if strings.TrimSpace(a.Words) == "" {
		return kind.Errorf(kind.Invalid, "refusing request %s: with which words? give --words", r.ID())
	}
	return reply(ctx, c, r, formRefusal, a, r.Closing != nil || r.Refusal != nil)
}

// Close enters that nothing more is awaited.
func Close(ctx context.Context, c *casefile.Case, r *Request, a Reply) error {
	if strings.TrimSpace(a.Words) == "" {
		return kind.Errorf(kind.Invalid, "closing request %s: why? give --why", r.ID())
	}
	return reply(ctx, c, r, formClosed, a, r.Closing != nil)
}

func reply(ctx context.Context, c *casefile.Case, r *Request, form string, a Reply, over bool) error {
	e, err := r.entry(form, a, over)
	if err != nil {
		return err
	}
	_, err = journal.Write(ctx, c, e)
	return err
}

func (r *Request) entry(form string, a Reply, over bool) (journal.Entry, error) {
	if over {
		return journal.Entry{}, kind.Errorf(kind.Conflict, "request %s is over already", r.ID())
	}
	if strings.TrimSpace(a.By) == "" {
		return journal.Entry{}, kind.Errorf(kind.Invalid, "request %s: who enters it? give --by", r.ID())
	}
	if a.On != "" {
		if _, err := fact.ParseDay(a.On); err != nil {
			return journal.Entry{}, kind.Errorf(kind.Invalid, "request %s: on which day? %q is none: want YYYY-MM-DD",
				r.ID(), a.On)
		}
	}
	a.Request = r.Digest
	return journal.Entry{Form: form, Subject: r.Subject, Body: a}, nil
}

// List gives all requests, those that are due first before others.
func List(ctx context.Context, c *casefile.Case) ([]Request, error) {
	entries, err := journal.Read(ctx, c, casefile.Query{Form: forms})
	if err != nil {
		return nil, err
	}
	var all []Request
	at := map[evidence.Digest]int{}
	for i := range entries {
		e := &entries[i]
		if e.Statement.Form == formAsked {
			r := Request{Digest: e.Digest, Subject: e.Statement.Subject, Made: e.KnownAt, Erased: e.Erased}
			if err := e.Into(&r.Asked); err != nil {
				return nil, err
			}
			at[e.Digest] = len(all)
			all = append(all, r)
			continue
		}
		var a Reply
		if err := e.Into(&a); err != nil {
			return nil, err
		}
		if n, ok := at[a.Request]; ok {
			all[n].take(e.Statement.Form, a)
		}
	}
	slices.SortStableFunc(all, func(a, b Request) int { return cmp.Compare(a.Due, b.Due) })
	return all, nil
}

func (r *Request) take(form string, a Reply) {
	switch form {
	case formAnswer:
		r.Answers = append(r.Answers, a)
	case formRefusal:
		r.Refusal = &a
	case formClosed:
		r.Closing = &a
	}
}

// Find gives the request whose ID begins with id.
func Find(ctx context.Context, c *casefile.Case, id string) (*Request, error) {
	k, err := journal.Find(ctx, c, formAsked, id)
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
	return nil, kind.Errorf(kind.NotFound, "request %s was taken back", id)
}
