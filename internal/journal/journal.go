// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package journal is what people enter in a case: records, decisions, incidents, treatments, issued
// assessments. An entry is a signed statement that is made on a form. What it makes known are claims; names
// and a person's words lie in its body, which can be erased. An entry is never edited: another is made, or it
// is taken back.
package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/kind"
)

// collector states what people enter.
const collector = "writ journal"

// Entry is one to be made.
type Entry struct {
	Form    string // lower-case words parted by dots: record.training, incident.fact
	Subject fact.Subject
	Claims  []fact.Claim // about Subject; their method is record
	// Closes makes it the closing of a register: complete over Covers, and void when one of them is taken back.
	Closes bool
	Covers []evidence.Digest
	Body   any // for JSON; names and words of people lie here and nowhere else
}

// Write makes entries, all or none, and returns after they are durable. One that the case holds in the same
// words already is not made again: its receipt says so.
func Write(ctx context.Context, c *casefile.Case, entries ...Entry) ([]casefile.Receipt, error) {
	return Replace(ctx, c, Taking{}, entries...)
}

// Taking takes entries back: what they made known is not known any more, and does not revive what it once
// contradicted.
type Taking struct {
	Digests []evidence.Digest
	Why     string // holds no names
	Body    any    // for JSON; names lie here
}

// Replace is Write that also takes entries back, in the same act and before the new ones; their receipts alone
// are given.
func Replace(ctx context.Context, c *casefile.Case, t Taking, entries ...Entry) ([]casefile.Receipt, error) {
	var drafts []casefile.Draft
	if len(t.Digests) > 0 {
		drafts = append(drafts, t.draft())
	}
	skip := len(drafts)
	for i := range entries {
		e := &entries[i]
		st := evidence.Statement{Kind: evidence.RecordKind, Collector: collector, Subject: e.Subject,
			Claims: e.Claims, Form: e.Form}
		if e.Closes {
			st.Kind = evidence.Completion
			st.Covers = slices.Compact(slices.Sorted(slices.Values(e.Covers)))
		}
		drafts = append(drafts, casefile.Draft{Statement: st, Payload: e.Body})
	}
	all, err := c.Append(ctx, drafts)
	if err != nil {
		return nil, err
	}
	return all[skip:], nil
}

func (t *Taking) draft() casefile.Draft {
	return casefile.Draft{Payload: t.Body, Statement: evidence.Statement{Kind: evidence.Withdrawal,
		Collector: collector,
		Withdraws: slices.Compact(slices.Sorted(slices.Values(t.Digests))), Note: t.Why}}
}

// Kept is an entry as the case holds it.
type Kept struct {
	casefile.Entry
	Body json.RawMessage // nil: none, or erased
}

// ID is how people name it: how its digest begins.
func (k *Kept) ID() string { return string(k.Digest)[:shortID] }

// Into reads the body; what was erased stays as it is.
func (k *Kept) Into(v any) error {
	if k.Body == nil {
		return nil
	}
	if err := json.Unmarshal(k.Body, v); err != nil {
		return kind.Errorf(kind.Corrupt, "entry %s is no %s: %v", k.ID(), k.Statement.Form, err)
	}
	return nil
}

// Read gives entries in the order in which they were made.
func Read(ctx context.Context, c *casefile.Case, q casefile.Query) ([]Kept, error) {
	entries, err := c.Entries(ctx, q)
	if err != nil {
		return nil, err
	}
	all := make([]Kept, len(entries))
	for i := range entries {
		all[i].Entry = entries[i]
		if p := entries[i].Payload; p != nil {
			all[i].Body = p.Body
		}
	}
	return all, nil
}

// shortID is how many digits of a digest name an entry; minID how many must be given.
const shortID, minID = 12, 4

// Find gives the entry of a form whose digest begins with id, standing or not.
func Find(ctx context.Context, c *casefile.Case, form, id string) (*Kept, error) {
	if len(id) < minID || len(id) > 64 || strings.Trim(id, "0123456789abcdef") != "" {
		return nil, kind.Errorf(kind.Invalid, "%q names no entry: want the first %d to 64 hex digits of its ID",
			id, minID)
	}
	found, err := Read(ctx, c, casefile.Query{Form: form, Digest: id, Taken: true, Limit: 2})
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, kind.Errorf(kind.NotFound, "the case holds no %s entry %s", strings.TrimSuffix(form, "."), id)
	case len(found) > 1:
		return nil, kind.Errorf(kind.Invalid, "%s begins the ID of more than one entry: %s, %s …", id,
			found[0].Digest[:16], found[1].Digest[:16])
	}
	return &found[0], nil
}

// Withdraw takes entries back, and does nothing else. why holds no names.
func Withdraw(ctx context.Context, c *casefile.Case, why string, body any,
	digests ...evidence.Digest) (casefile.Receipt, error) {
	if len(digests) == 0 {
		return casefile.Receipt{}, errors.New("taking entries back: none is named")
	}
	t := Taking{digests, why, body}
	r, err := c.Append(ctx, []casefile.Draft{t.draft()})
	if err != nil {
		return casefile.Receipt{}, fmt.Errorf("taking %d entries back: %w", len(digests), err)
	}
	return r[0], nil
}
