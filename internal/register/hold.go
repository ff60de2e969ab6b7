// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/person"
)

const holdForm = "hold."

// Hold is a legal hold: nothing in its scope is erased while it stands. An empty scope is everything.
type Hold struct {
	ID      string       `json:"id,omitempty"`
	Kind    string       `json:"kind,omitempty"`   // of record
	Person  string       `json:"person,omitempty"` // who is named
	About   string       `json:"about,omitempty"`  // as people call the subject
	By      string       `json:"by"`
	Reasons string       `json:"reasons"`
	Since   string       `json:"since"`
	subject fact.Subject // of About; zero: any
}

// Place places a hold.
func (d *Desk) Place(ctx context.Context, h Hold) (*Hold, error) {
	h.By, h.Reasons, h.Since = strings.TrimSpace(h.By), strings.TrimSpace(h.Reasons), d.today().String()
	if h.By == "" || h.Reasons == "" {
		return nil, errors.New("who places the hold, and why? name them with --by and --reasons")
	}
	if h.Kind != "" {
		if _, err := d.Kinds.Of(h.Kind); err != nil {
			return nil, err
		}
	}
	about, name, err := journal.About(ctx, d.Case, h.About)
	if err != nil {
		return nil, err
	}
	form := holdForm + "all"
	if h.About != "" {
		h.About, form = name, holdForm+"subject"
	}
	r, err := journal.Write(ctx, d.Case, journal.Entry{Form: form, Subject: about, Body: h})
	if err != nil {
		return nil, err
	}
	h.ID = short(r[0].Statement)
	return &h, nil
}

// Lift lifts a hold.
func (d *Desk) Lift(ctx context.Context, id, by, why string) error {
	by, why = strings.TrimSpace(by), strings.TrimSpace(why)
	if by == "" || why == "" {
		return errors.New("who lifts the hold, and why? name them with --by and --reasons")
	}
	e, err := journal.Find(ctx, d.Case, holdForm, id)
	if err != nil {
		return err
	}
	if !e.Stands {
		return kind.Errorf(kind.Conflict, "hold %s was lifted already", e.ID())
	}
	_, err = journal.Withdraw(ctx, d.Case, "hold lifted", map[string]string{"by": by, "reasons": why}, e.Digest)
	return err
}

// HoldsPlaced are the holds that stand. One whose words were erased still holds everything.
func (d *Desk) HoldsPlaced(ctx context.Context) ([]Hold, error) {
	entries, err := journal.Read(ctx, d.Case, casefile.Query{Form: holdForm})
	if err != nil {
		return nil, err
	}
	all := make([]Hold, len(entries))
	for i := range entries {
		if err := entries[i].Into(&all[i]); err != nil {
			return nil, err
		}
		all[i].ID = entries[i].ID()
		if strings.HasSuffix(entries[i].Statement.Form, ".subject") {
			all[i].subject = entries[i].Statement.Subject
		}
	}
	return all, nil
}

// covers says whether a hold keeps an entry that names a person from being erased.
func (h *Hold) covers(form string, about fact.Subject, who string) bool {
	_, name, _ := strings.Cut(form, ".")
	return (h.Kind == "" || h.Kind == name) && (h.subject.IsZero() || h.subject == about) &&
		(h.Person == "" || person.Same(h.Person, who))
}

// String is a hold in one line.
func (h *Hold) String() string {
	var scope []string
	if h.Kind != "" {
		scope = append(scope, "all "+h.Kind+" records")
	}
	if h.About != "" {
		scope = append(scope, "about "+h.About)
	}
	if h.Person != "" {
		scope = append(scope, "naming "+h.Person)
	}
	if scope == nil {
		scope = []string{"everything"}
	}
	return fmt.Sprintf("hold %s on %s since %s, placed by %s: %s", h.ID, strings.Join(scope, " "), h.Since, h.By, h.Reasons)
}
