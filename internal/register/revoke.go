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
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
)

// Revoked is what taking entries back did.
type Revoked struct {
	IDs     []string
	Voided  []Closing
	Unknown []Unknown // facts that were known, and are not any more or are otherwise
}

// Unknown is a fact that moved when entries were taken back.
type Unknown struct {
	Subject fact.Subject
	Fact    fact.Name
	Was     string
	Now     fact.Resolved
}

// Revoke takes records, decisions and closings back. A register that covers one of them is open again.
func (d *Desk) Revoke(ctx context.Context, ids []string, by, why string) (*Revoked, error) {
	by, why = strings.TrimSpace(by), strings.TrimSpace(why)
	if by == "" || why == "" {
		return nil, errors.New("who takes it back, and why? name them with --by and --reasons")
	}
	out := &Revoked{}
	var taken []evidence.Digest
	var claims []fact.Claim
	for _, id := range ids {
		e, err := d.Find(ctx, id)
		if err != nil {
			return nil, err
		}
		if !e.Stands {
			return nil, kind.Errorf(kind.Conflict, "%s was taken back already", e.ID())
		}
		voided, err := d.covering(ctx, e)
		if err != nil {
			return nil, err
		}
		out.Voided = append(out.Voided, voided...)
		out.IDs, taken, claims = append(out.IDs, e.ID()), append(taken, e.Digest), append(claims, e.Statement.Claims...)
	}
	for i := range out.Voided {
		taken, claims = append(taken, out.Voided[i].digest), append(claims, out.Voided[i].Shows...)
	}
	before, err := d.each(ctx, claims)
	if err != nil {
		return nil, err
	}
	body := map[string]string{"by": by, "reasons": why}
	if _, err := journal.Withdraw(ctx, d.Case, "taken back", body, taken...); err != nil {
		return nil, err
	}
	after, err := d.each(ctx, claims)
	for i := range before {
		if before[i].Now.State == fact.Known && (after[i].Now.State != fact.Known || after[i].Now.Value != before[i].Now.Value) {
			u := after[i]
			u.Was = before[i].Now.Value.String()
			out.Unknown = append(out.Unknown, u)
		}
	}
	return out, err
}

// covering are the closings that cover an entry.
func (d *Desk) covering(ctx context.Context, e *journal.Kept) ([]Closing, error) {
	name, ok := strings.CutPrefix(e.Statement.Form, "record.")
	if !ok {
		return nil, nil
	}
	var b Body
	if err := e.Into(&b); err != nil {
		return nil, err
	}
	day, err := fact.ParseDay(b.Day)
	if err != nil {
		day = 0 // erased: it may lie in any closed period
	}
	open, err := d.Closings(ctx, casefile.Query{Form: closingForm + name, Subject: e.Statement.Subject.String()})
	return slices.DeleteFunc(open, func(c Closing) bool { return !c.overlaps(b.Topic) || day > c.Day }), err
}

// each resolves every fact that claims speak of, once, in order.
func (d *Desk) each(ctx context.Context, claims []fact.Claim) ([]Unknown, error) {
	var out []Unknown
	for i := range claims {
		c := &claims[i]
		if slices.ContainsFunc(out, func(u Unknown) bool { return u.Subject == c.Subject && u.Fact == c.Fact }) {
			continue
		}
		s, err := d.states(ctx, c.Subject, c.Fact)
		if err != nil {
			return nil, err
		}
		out = append(out, Unknown{Subject: c.Subject, Fact: c.Fact, Now: s[c.Fact]})
	}
	return out, nil
}

// Find gives a record, decision or closing by how its ID begins.
func (d *Desk) Find(ctx context.Context, id string) (*journal.Kept, error) {
	e, err := journal.Find(ctx, d.Case, "", id)
	if err != nil {
		return nil, err
	}
	f := e.Statement.Form
	for _, ours := range []string{"record.", "decision.", closingForm, holdForm} {
		if strings.HasPrefix(f, ours) {
			return e, nil
		}
	}
	return nil, kind.Errorf(kind.Invalid, "%s is a %s entry: writ record keeps records, decisions and closed registers", e.ID(), f)
}
