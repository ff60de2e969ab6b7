// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/lawbundle"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// lawCollector states by which law a case is judged.
const lawCollector = "writ catalogue"

// lawOf gives the law that a case is judged by, and makes it the door's; without a case, or a pin, the door's own.
// A law that the command line names must be the one that the case is pinned to.
func (d *door) lawOf(c *casefile.Case, pin *proof.Entry) (*law.Catalogue, error) {
	cat, err := d.law()
	if err != nil || pin == nil || cat.Digest == pin.Statement.Law.Digest {
		return cat, err
	}
	ref := pin.Statement.Law
	if d.named != "" {
		return nil, kind.Errorf(kind.Conflict,
			"case %s is judged by law %s (digest %.12s…, leaf %d), and %s names %s (%.12s…): "+
				"writ catalogue update shows what it would move, and adopts it",
			c.Dir(), ref.Version, ref.Digest, pin.Index, d.named, cat.Version, cat.Digest)
	}
	kept, err := d.keptLaw(c, ref)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(d.err, "writ: case %s is judged by its own law, %s (digest %.12s…); this program carries %s: "+
		"writ catalogue update shows what that would move\n",
		report.Clean(c.Dir()), report.Clean(ref.Version), ref.Digest, theOther(cat, ref))
	return kept, nil
}

// theOther says how the law that the program carries stands to a case's.
func theOther(cat *law.Catalogue, ref *evidence.LawRef) string {
	switch n := lawbundle.Compare(cat.Version, ref.Version); {
	case n > 0:
		return "a newer one, " + cat.Version
	case n < 0:
		return "an older one, " + cat.Version
	}
	return fmt.Sprintf("another of that version (%.12s…)", cat.Digest)
}

// keptLaw loads the law that a case keeps, and makes it the door's.
func (d *door) keptLaw(c *casefile.Case, ref *evidence.LawRef) (*law.Catalogue, error) {
	b, err := c.Law(ref)
	if err != nil {
		return nil, err
	}
	fsys, err := lawbundle.Unpack(b)
	if err != nil {
		return nil, fmt.Errorf("reading the law %s of case %s: %w", ref.Version, c.Dir(), err)
	}
	d.lawFS = fsys
	cat, err := d.law()
	if err == nil && cat.Digest != ref.Digest {
		err = kind.Errorf(kind.Corrupt, "what the case keeps has the digest %.12s…, it adopted %.12s…", cat.Digest,
			ref.Digest)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the law %s of case %s: %w", ref.Version, c.Dir(), err)
	}
	return cat, nil
}

// lawAt is lawOf for a command that looks at the law before it asks its question of a case, or of none.
func (d *door) lawAt(ctx context.Context, q *question) (*law.Catalogue, error) {
	if q.caseDir == "" || !casefile.Exists(q.caseDir) {
		return d.law()
	}
	c, err := d.openCase(ctx, q.caseDir, false)
	if err != nil {
		return nil, err
	}
	var cat *law.Catalogue
	pin, err := q.pin(ctx, d, c)
	if err == nil {
		cat, err = d.lawOf(c, pin)
	}
	if e := c.Close(ctx); err == nil {
		err = e
	}
	return cat, err
}

// pin is the adoption by which the question is answered; nil where the case was never pinned.
func (q *question) pin(ctx context.Context, d *door, c *casefile.Case) (*proof.Entry, error) {
	laws, err := c.Laws(ctx)
	if err != nil {
		return nil, err
	}
	asked, err := q.asked(d, c)
	return proof.Adopted(laws, asked), err
}

// pin keeps the door's law in a case and drafts the statement that the case is judged by it from here on.
func (d *door) pin(ctx context.Context, c *casefile.Case, cat *law.Catalogue) (casefile.Draft, error) {
	b, err := lawbundle.Pack(d.lawFS)
	if err != nil {
		return casefile.Draft{}, err
	}
	return adoption(ctx, c, b, evidence.LawRef{Version: cat.Version, Digest: cat.Digest})
}

// adoption keeps a law's file and drafts its adoption.
func adoption(ctx context.Context, c *casefile.Case, file []byte, ref evidence.LawRef) (casefile.Draft, error) {
	kept, err := c.Keep(ctx, bytes.NewReader(file))
	if err != nil {
		return casefile.Draft{}, fmt.Errorf("keeping the law: %w", err)
	}
	ref.Bundle, ref.Size = kept.SHA256, kept.Size
	return casefile.Draft{Statement: evidence.Statement{Kind: evidence.Adoption, Collector: lawCollector, Law: &ref}},
		nil
}

// ledger is a case as a run needs it.
type ledger struct {
	*casefile.Case
	law   string // digest of the law that is judged by
	asked proof.Question
	// pin drafts by which law the case is judged, before the first that is appended; nil: the case says so already.
	pin func(context.Context) (casefile.Draft, error)
}

// Read gives the whole case. The law was chosen by the columns beside the statements; what is judged is the
// statements, and the two must agree.
func (l *ledger) Read(ctx context.Context) (*proof.Book, error) {
	book, err := l.Case.Read(ctx)
	if err != nil {
		return nil, err
	}
	e := proof.Adopted(book.Entries, l.asked)
	if e == nil && l.pin != nil || e != nil && l.pin == nil && e.Statement.Law.Digest == l.law {
		return book, nil
	}
	return nil, kind.Errorf(kind.Corrupt,
		"case %s: its database names another law than its statements do: writ fsck %s shows what is damaged", l.Dir(),
		l.Dir())
}

// Append appends drafts.
func (l *ledger) Append(ctx context.Context, drafts []assess.Draft) error {
	var out []casefile.Draft
	if l.pin != nil && len(drafts) > 0 {
		if _, err := l.Read(ctx); err != nil {
			return err
		}
		first, err := l.pin(ctx)
		if err != nil {
			return err
		}
		out = append(out, first)
	}
	for _, d := range drafts {
		out = append(out, casefile.Draft(d))
	}
	_, err := l.Case.Append(ctx, out)
	if err == nil {
		l.pin = nil
	}
	return err
}
