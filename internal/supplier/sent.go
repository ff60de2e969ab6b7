// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package supplier

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/issue"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
)

// The forms. None makes anything known.
const (
	formNotice = "supplier.notice"
	formAnswer = "supplier.answer"
	formSent   = "supplier.sent"
)

// Sent is a notice that went out.
type Sent struct {
	Number     string   `json:"number"`
	To         string   `json:"to"`
	Product    string   `json:"product"` // as we call it
	ReplyBy    string   `json:"reply_by"`
	Provisions []string `json:"provisions"`
	Statements []string `json:"statements"` // on which it rests
	SHA256     string   `json:"sha256"`     // of the notice as it was written (JSON), which the case keeps
	By         string   `json:"by"`

	Digest  evidence.Digest `json:"-"`
	Subject fact.Subject    `json:"-"`
	Made    time.Time       `json:"-"`
}

// Keep enters that a notice goes out, numbers it, and keeps it as it is. render gives its JSON.
func Keep(ctx context.Context, c *casefile.Case, n *Notice, to, by string, render func(*Notice) ([]byte,
	error)) (*Sent, error) {
	switch {
	case strings.TrimSpace(to) == "":
		return nil, kind.Errorf(kind.Invalid, "sending a notice: to whom? give --to")
	case strings.TrimSpace(by) == "":
		return nil, kind.Errorf(kind.Invalid, "sending a notice: who sends it? give --by")
	}
	before, err := Notices(ctx, c)
	if err != nil {
		return nil, err
	}
	n.Number = fmt.Sprintf("%s/%d", n.Made[:4], 1+count(before, n.Made[:4]))
	b, err := render(n)
	if err != nil {
		return nil, err
	}
	ref, err := c.Keep(ctx, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	s := &Sent{Number: n.Number, To: to, Product: n.Product.Name, ReplyBy: n.ReplyBy, Provisions: n.provisions,
		SHA256: ref.SHA256, By: by,
		Subject: n.subject}
	for _, d := range n.statements {
		s.Statements = append(s.Statements, string(d))
	}
	r, err := journal.Write(ctx, c, journal.Entry{Form: formNotice, Subject: n.subject, Body: s})
	if err != nil {
		return nil, err
	}
	s.Digest, s.Made = r[0].Statement, r[0].KnownAt
	return s, nil
}

func count(all []Sent, year string) (n int) {
	for i := range all {
		if strings.HasPrefix(all[i].Number, year+"/") {
			n++
		}
	}
	return n
}

// Notices gives what went out to suppliers, oldest first.
func Notices(ctx context.Context, c *casefile.Case) ([]Sent, error) {
	kept, err := journal.Read(ctx, c, casefile.Query{Form: formNotice})
	if err != nil {
		return nil, err
	}
	all := make([]Sent, len(kept))
	for i := range kept {
		if err := kept[i].Into(&all[i]); err != nil {
			return nil, err
		}
		all[i].Digest, all[i].Subject, all[i].Made = kept[i].Digest, kept[i].Statement.Subject, kept[i].KnownAt
	}
	return all, nil
}

// Numbered gives the notice of a number.
func Numbered(ctx context.Context, c *casefile.Case, number string) (*Sent, error) {
	all, err := Notices(ctx, c)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(s Sent) bool { return s.Number == number })
	if i < 0 {
		return nil, kind.Errorf(kind.NotFound, "no notice %s went out: writ supplier list shows them", number)
	}
	return &all[i], nil
}

// Handed says that something with evidence in it went to somebody: a dossier, a report.
type Handed struct {
	What   string `json:"what"`
	To     string `json:"to"`
	SHA256 string `json:"sha256,omitempty"`
	Leaves int64  `json:"leaves"` // of the log that it covers
	By     string `json:"by"`
	On     string `json:"on"`
}

// Hand enters that something went to somebody. Leaves is how much of the log it covers.
func Hand(ctx context.Context, c *casefile.Case, h Handed) error {
	switch {
	case strings.TrimSpace(h.To) == "":
		return kind.Errorf(kind.Invalid, "handing over %s: to whom? give --to", h.What)
	case strings.TrimSpace(h.By) == "":
		return kind.Errorf(kind.Invalid, "handing over %s: who does? give --by", h.What)
	}
	us, err := journal.Us(ctx, c)
	if err == nil {
		_, err = journal.Write(ctx, c, journal.Entry{Form: formSent, Subject: us, Body: h})
	}
	return err
}

// Recalled is evidence that was taken back, and everyone it was sent to.
type Recalled struct {
	Statement evidence.Digest `json:"statement"`
	Notices   []Told          `json:"notices"`
	Handed    []Told          `json:"handed"`
	Issued    []Told          `json:"issued"` // assessments that stand on it: whoever holds one is to be told
}

// Told is somebody who has to be told.
type Told struct {
	To   string `json:"to"`
	What string `json:"what"`
	On   string `json:"on"`
}

// Recall takes a statement back in one act and lists everyone it was sent to: in notices that rest on it, and in what
// was handed over and covers it. why holds no names.
func Recall(ctx context.Context, c *casefile.Case, statement, why, by string) (*Recalled, error) {
	switch {
	case strings.TrimSpace(why) == "":
		return nil, kind.Errorf(kind.Invalid, "recalling %.12s: why? give --why, without names", statement)
	case strings.TrimSpace(by) == "":
		return nil, kind.Errorf(kind.Invalid, "recalling %.12s: who does? give --by", statement)
	}
	d, index, err := find(ctx, c, statement)
	if err != nil {
		return nil, err
	}
	out, err := told(ctx, c, d, index)
	if err != nil {
		return nil, err
	}
	_, err = journal.Withdraw(ctx, c, why, struct {
		By   string `json:"by"`
		Told []Told `json:"told,omitempty"`
	}{by, slices.Concat(out.Notices, out.Handed, out.Issued)}, d)
	return out, err
}

// find gives the statement whose digest begins with id, whatever its kind.
func find(ctx context.Context, c *casefile.Case, id string) (evidence.Digest, int64, error) {
	book, err := c.Read(ctx)
	if err != nil {
		return "", 0, err
	}
	var found evidence.Digest
	var at int64
	for i := range book.Entries {
		e := &book.Entries[i]
		switch {
		case len(id) < 8 || !strings.HasPrefix(string(e.Digest), id):
			continue
		case found != "":
			return "", 0, kind.Errorf(kind.Invalid, "%s begins more than one statement's digest: give more of it", id)
		case !withdrawable(e.Statement.Kind):
			return "", 0, kind.Errorf(kind.Denied, "%s is a statement of kind %s: it is no evidence", id, e.Statement.Kind)
		}
		found, at = e.Digest, e.Index
	}
	for i := range book.Entries {
		if slices.Contains(book.Entries[i].Statement.Withdraws, found) && found != "" {
			return "", 0, kind.Errorf(kind.Conflict, "%s was taken back already, at leaf %d", id, book.Entries[i].Index)
		}
	}
	if found == "" {
		return "", 0, kind.Errorf(kind.NotFound,
			"the case holds no statement %q: give at least 8 digits of its digest, as writ why prints it", id)
	}
	return found, at, nil
}

func withdrawable(k evidence.Kind) bool {
	return k == evidence.Observation || k == evidence.Declaration || k == evidence.RecordKind || k == evidence.Completion
}

// told lists everyone that a statement was sent to.
func told(ctx context.Context, c *casefile.Case, d evidence.Digest, index int64) (*Recalled, error) {
	out := &Recalled{Statement: d, Notices: []Told{}, Handed: []Told{}, Issued: []Told{}}
	notices, err := Notices(ctx, c)
	if err != nil {
		return nil, err
	}
	for i := range notices {
		if n := &notices[i]; slices.Contains(n.Statements, string(d)) {
			out.Notices = append(out.Notices, Told{n.To, "notice " + n.Number + " about " + n.Product,
				n.Made.Format(time.DateOnly)})
		}
	}
	kept, err := journal.Read(ctx, c, casefile.Query{Form: formSent})
	for i := range kept {
		var h Handed
		if err := kept[i].Into(&h); err != nil {
			return nil, err
		}
		if index < h.Leaves {
			out.Handed = append(out.Handed, Told{h.To, h.What, h.On})
		}
	}
	if err != nil {
		return nil, err
	}
	return out, out.issued(ctx, c, index)
}

// issued adds the assessments whose checkpoint covers a leaf, and whose place no other took.
func (r *Recalled) issued(ctx context.Context, c *casefile.Case, index int64) error {
	all, err := issue.All(ctx, c)
	if err != nil {
		return err
	}
	for i := range all {
		a := &all[i]
		if issue.Successor(a.Number, all) != nil {
			continue
		}
		cp, err := c.Covers([]byte(a.Checkpoint))
		if err != nil {
			return fmt.Errorf("assessment %s: %w", a.Number, err)
		}
		if index < cp.Size {
			r.Issued = append(r.Issued, Told{"whoever holds it", "assessment " + a.Number + " (" + a.Scope.Words + ")",
				a.Issued.Format(time.DateOnly)})
		}
	}
	return nil
}
