// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package history tells how verdicts came to be what they are: when each turned, and which statements turned it.
// It asks the case the same question as often as something new became known, as it would have been asked then.
package history

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/proof"
)

// Turn is a verdict that became another.
type Turn struct {
	ID       string // of the verdict
	Pinpoint string
	Subject  fact.Subject
	At       time.Time // when it became known
	Size     int64     // leaves that were known then
	From, To string    // "" from: there was no such verdict before
	Flags    []string  // of the new one
	By       []Cause   // empty: the day, or what was there already, turned it
}

// Cause is a statement on which the new verdict rests, and that became known just then.
type Cause struct {
	Leaf      int64           `json:"leaf"`
	Statement evidence.Digest `json:"statement"`
	Kind      evidence.Kind   `json:"kind"`
	Form      string          `json:"form,omitempty"`
	Who       string          `json:"who,omitempty"` // whose word it is, where that was not erased
	Facts     []string        `json:"facts,omitempty"`
}

// Judge answers a question about the case.
type Judge func(proof.Question) (*judge.Result, error)

// Of tells the turns of the verdicts that want holds for, the first first. told is called before each question.
func Of(book *proof.Book, ask Judge, want func(*judge.Verdict) bool, told func(done, of int) error) ([]Turn, error) {
	moments := momentsOf(book)
	before := map[string]string{}
	var out []Turn
	for i, m := range moments {
		if err := told(i, len(moments)); err != nil {
			return nil, err
		}
		r, err := ask(proof.Question{Day: fact.DayOf(m.at), At: m.at, KnownSize: m.size, PerSubject: true, All: true})
		if err != nil {
			return nil, err
		}
		from := int64(0)
		if i > 0 {
			from = moments[i-1].size
		}
		fresh := book.Entries[index(book, from):index(book, m.size)]
		for k := range r.Verdicts {
			v := &r.Verdicts[k]
			if !want(v) {
				continue
			}
			if now := word(v); now != before[v.ID()] {
				out = append(out, Turn{ID: v.ID(), Pinpoint: v.Provision.Pinpoint, Subject: v.Subject, At: m.at, Size: m.size,
					From: before[v.ID()], To: now, Flags: v.Flags, By: causes(v, fresh)})
				before[v.ID()] = now
			}
		}
	}
	return out, nil
}

// word is a verdict as it is told apart from another: an indicated breach is news.
func word(v *judge.Verdict) string {
	if slices.Contains(v.Flags, judge.BreachIndicated) {
		return v.Outcome.String() + ", breach indicated"
	}
	return v.Outcome.String()
}

// moment is a point at which something new was known: the leaves of one commit have one time.
type moment struct {
	at   time.Time
	size int64
}

func momentsOf(book *proof.Book) []moment {
	var all []moment
	for i := range book.Entries {
		e := &book.Entries[i]
		if n := len(all); n > 0 && all[n-1].at.Equal(e.KnownAt) {
			all[n-1].size = e.Index + 1
			continue
		}
		all = append(all, moment{e.KnownAt, e.Index + 1})
	}
	return all
}

// index is the place of the first entry from a leaf on.
func index(book *proof.Book, leaf int64) int {
	i, _ := slices.BinarySearchFunc(book.Entries, leaf, func(e proof.Entry, leaf int64) int {
		return cmp.Compare(e.Index, leaf)
	})
	return i
}

// causes are those of the fresh statements on which a verdict rests, and what was taken back. What only says that
// the law binds is named where nothing else turned the verdict.
func causes(v *judge.Verdict, fresh []proof.Entry) []Cause {
	if out := causesIn(v, fresh, false); len(out) > 0 {
		return out
	}
	return causesIn(v, fresh, true)
}

func causesIn(v *judge.Verdict, fresh []proof.Entry, binding bool) []Cause {
	rests := map[string][]string{}
	because := v.Because()
	for i := range because {
		if b := &because[i]; binding || b.Kind != "conjunct" {
			supports(b, rests)
		}
	}
	var out []Cause
	for i := range fresh {
		e := &fresh[i]
		facts, cited := rests[string(e.Digest)]
		if cited || e.Statement.Kind == evidence.Withdrawal {
			slices.Sort(facts)
			out = append(out, Cause{e.Index, e.Digest, e.Statement.Kind, e.Statement.Form, who(e), facts})
		}
	}
	return out
}

// supports gathers what each statement says for a reason.
func supports(b *judge.Because, rests map[string][]string) {
	if b.Fact != nil {
		for _, c := range b.Fact.Support {
			if says := string(c.Fact) + " = " + c.Value.String(); !slices.Contains(rests[c.Statement], says) {
				rests[c.Statement] = append(rests[c.Statement], says)
			}
		}
	}
	for i := range b.Children {
		supports(&b.Children[i], rests)
	}
}

// who is whose word a statement is, as its payload has it.
func who(e *proof.Entry) string {
	var body struct {
		By string `json:"by"`
	}
	if e.Payload == nil || json.Unmarshal(e.Payload.Body, &body) != nil {
		return ""
	}
	return body.By
}
