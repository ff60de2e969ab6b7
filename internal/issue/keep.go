// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package issue

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
)

// maxTable bounds the table of days that is read back.
const maxTable = 256 << 20

// Shown is an issued assessment for programs.
type Shown struct {
	*Assessment
	Successor string `json:"superseded_by,omitempty"`
	Table     *Table `json:"table,omitempty"`
}

// Keep keeps what was issued: the table as an artefact, the rest as an entry.
func Keep(ctx context.Context, c *casefile.Case, about fact.Subject, a *Assessment, t *Table) error {
	b, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("issuing %s: %w", a.Number, err)
	}
	ref, err := c.Keep(ctx, bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("issuing %s: %w", a.Number, err)
	}
	a.Days, a.DaysSize = ref.SHA256, ref.Size
	if _, err := journal.Write(ctx, c, journal.Entry{Form: Form, Subject: about, Body: a}); err != nil {
		return fmt.Errorf("issuing %s: %w", a.Number, err)
	}
	return nil
}

// All gives what the case issued, the first first. One whose words were erased keeps its place without them.
func All(ctx context.Context, c *casefile.Case) ([]Assessment, error) {
	entries, err := journal.Read(ctx, c, casefile.Query{Form: Form, Taken: true})
	if err != nil {
		return nil, err
	}
	all := make([]Assessment, len(entries))
	for i := range entries {
		if err := entries[i].Into(&all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// TableOf reads the table of days that an assessment was issued with.
func TableOf(c *casefile.Case, a *Assessment) (*Table, error) {
	r, err := c.Artefact(a.Days)
	if err != nil {
		return nil, fmt.Errorf("reading the days of assessment %s: %w", a.Number, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxTable))
	t := &Table{}
	if err == nil {
		err = json.Unmarshal(b, t)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the days of assessment %s: %w", a.Number, err)
	}
	return t, nil
}

// Successive says whether an assessment can take another's place: that one was issued, and nothing took its place.
func Successive(number string, given []Assessment) error {
	if number == "" {
		return nil
	}
	found := false
	for i := range given {
		found = found || given[i].Number == number
	}
	if !found {
		return kind.Errorf(kind.NotFound, "no assessment %s was issued that could be superseded", number)
	}
	if s := Successor(number, given); s != nil {
		return kind.Errorf(kind.Conflict, "assessment %s was superseded by %s already: supersede that one",
			number, s.Number)
	}
	return nil
}
