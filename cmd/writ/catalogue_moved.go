// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// maxChanged is how many changes of the law an update lists; writ law diff lists all.
const maxChanged = 60

// showMoved says for people what would move; programs are told at the end, or where it ends here.
func (d *door) showMoved(json bool, a *adopting) error {
	if json {
		if a.By == "" {
			return d.json(a.listed())
		}
		return nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "case     %s\nlaw      %s (digest %.12s…)\noffered  %s (digest %.12s…)\n", a.Case, a.Old.Version,
		a.Old.Digest, a.New.Version, a.New.Digest)
	if a.Publisher != "" {
		fmt.Fprintf(&b, "signed   by %s, key ID %s\n         %s\n", a.Publisher, a.Key, a.Trust)
	}
	b.WriteString("\nwhat changes in the law\n")
	if err := lawtool.WriteChanged(&b, a.Changes, maxChanged); err != nil {
		return err
	}
	b.WriteString("\nwhat moves in the case\n")
	if err := lawtool.WriteMoves(&b, a.Moved); err != nil {
		return err
	}
	if a.By == "" {
		b.WriteString("\nnothing was adopted\n")
	}
	return d.clean(&b)
}

// adopted says what was adopted, or that nothing was to be.
func (d *door) adopted(json bool, a *adopting) error {
	switch {
	case json:
		return d.json(a.listed())
	case a.Pinned:
		_, err := fmt.Fprintf(d.out, "case %s is judged by law %s (digest %.12s…) already\n", report.Clean(a.Case),
			report.Clean(a.New.Version), a.New.Digest)
		return err
	}
	_, err := fmt.Fprintf(d.out, "\nadopted by %s: leaf %d\n", report.Clean(a.By), *a.Leaf)
	return err
}

// clean writes lines in which names and law of strangers stand.
func (d *door) clean(b *bytes.Buffer) error {
	for line := range strings.Lines(b.String()) {
		if _, err := io.WriteString(d.out, report.Clean(strings.TrimSuffix(line, "\n"))+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// diffCase says which verdicts of a case move between two laws.
func (d *door) diffCase(ctx context.Context, q *question, old, fresh *law.Catalogue, json bool) error {
	engine, err := judge.Compile(fresh)
	if err != nil {
		return err
	}
	c, err := d.openCase(ctx, q.caseDir, false)
	if err != nil {
		return err
	}
	var a *adopting
	book, err := c.Read(ctx)
	if err == nil {
		a, err = d.moved(c, book, q, old, fresh, engine)
	}
	if e := c.Close(ctx); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if json {
		return d.json(lawMoved{Changes: orNone(a.Changes), Moved: orNone(a.Moved)})
	}
	var b bytes.Buffer
	if err := lawtool.WriteDiff(&b, a.Changes); err != nil {
		return err
	}
	if err := lawtool.WriteMoves(&b, a.Moved); err != nil {
		return err
	}
	return d.clean(&b)
}

// listed is what an update shows with lists that are there, be they empty.
func (a *adopting) listed() *adopting {
	a.Changes, a.Moved = orNone(a.Changes), orNone(a.Moved)
	return a
}

// lawMoved is what a program is told of two laws by which a case is judged (docs/schema/law-diff.schema.json).
type lawMoved struct {
	Changes []lawtool.Change `json:"changes"`
	Moved   []lawtool.Move   `json:"moved"` // verdicts of the case that differ
}

// readLaw reads a catalogue: a directory, or a bundle's file.
func readLaw(path string) (*law.Catalogue, error) {
	var fsys fs.FS = os.DirFS(path)
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		b, _, err := bundle(path, "")
		if err != nil {
			return nil, err
		}
		return b.Law, nil
	}
	cat, err := law.Load(fsys)
	if err != nil {
		return nil, fmt.Errorf("reading catalogue %s: %w", path, err)
	}
	return cat, nil
}
