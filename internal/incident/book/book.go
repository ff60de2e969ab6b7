// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package book keeps incidents in a case. What somebody enters is an entry of the journal, about the person whom the
// incident concerns; it claims no fact of the common vocabulary, so it moves no verdict.
package book

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
)

// Read gives the incidents of a case, as they were opened.
func Read(ctx context.Context, c *casefile.Case) ([]*incident.Incident, error) {
	kept, err := journal.Read(ctx, c, casefile.Query{Form: incident.Form})
	if err != nil {
		return nil, err
	}
	entries := make([]incident.Recorded, 0, len(kept))
	for i := range kept {
		k := &kept[i]
		e := incident.Recorded{ID: k.ID(), Subject: k.Statement.Subject, Form: k.Statement.Form, KnownAt: k.KnownAt,
			Erased: k.Erased}
		if err := k.Into(&e.Entry); err != nil {
			return nil, err
		}
		if e.At.IsZero() {
			e.At = k.Statement.At
		}
		entries = append(entries, e)
	}
	return incident.Fold(entries)
}

// Add enters something about an incident of a person.
func Add(ctx context.Context, c *casefile.Case, form string, person fact.Subject,
	e *incident.Entry) (casefile.Receipt, error) {
	r, err := journal.Write(ctx, c, journal.Entry{Form: form, Subject: person, Body: e})
	if err != nil {
		return casefile.Receipt{}, fmt.Errorf("incident %s: %w", e.Incident, err)
	}
	return r[0], nil
}

// MaxFile is the most bytes of a receipt.
const MaxFile = 64 << 20

// Attach keeps a file in the case.
func Attach(ctx context.Context, c *casefile.Case, path string) (*incident.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, kind.Mark(kind.Invalid, fmt.Errorf("attaching: %w", err))
	}
	defer f.Close()
	st, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("attaching: %w", err)
	case !st.Mode().IsRegular():
		return nil, kind.Errorf(kind.Invalid, "attaching %s: it is no file", path)
	case st.Size() == 0:
		return nil, kind.Errorf(kind.Invalid, "attaching %s: it is empty, and proves nothing", path)
	case st.Size() > MaxFile:
		return nil, kind.Errorf(kind.Invalid, "attaching %s: it holds %d bytes, and a receipt at most %d", path,
			st.Size(), MaxFile)
	}
	ref, err := c.Keep(ctx, io.LimitReader(f, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("attaching %s: %w", path, err)
	}
	if ref.Size > MaxFile {
		return nil, kind.Errorf(kind.Invalid, "attaching %s: it grew past %d bytes while it was read", path, MaxFile)
	}
	return &incident.File{Name: filepath.Base(path), SHA256: ref.SHA256, Size: ref.Size}, nil
}
