// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package audience cuts an assessment for those who ask: board, authority, auditor, customer, insurer. The facts
// are the same for all, only choice and words differ; each figure names the verdicts that it adds up.
package audience

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/writ-iot/writ/law"
)

//go:embed audiences.yaml
var text []byte

// Audience is who asks.
type Audience struct {
	ID, Title, Lead string
	Wording         string
	Sections        []string
	Rows            int // of a section, at most; 0: all
	words           *wording
}

// words are what a verdict is called.
type words struct{ Violated, Indicated, Open, Met string }

type wording struct {
	ID, Language           string
	Columns, Own, Supplier words
}

// legend says what the columns mean, of ours and of suppliers'.
func (a *Audience) legend() string {
	c, o, s := a.words.Columns, a.words.Own, a.words.Supplier
	return fmt.Sprintf("%s: %s (of suppliers: %s). %s: %s (of suppliers: %s).",
		sentence(c.Violated), o.Violated, s.Violated, sentence(c.Indicated), o.Indicated, s.Indicated)
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// All gives the audiences that are known.
func All() ([]*Audience, error) {
	var data struct {
		Wordings  []*wording
		Audiences []*Audience
	}
	if err := yaml.UnmarshalWithOptions(text, &data, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("reading the audiences: %w", err)
	}
	for _, a := range data.Audiences {
		i := slices.IndexFunc(data.Wordings, func(w *wording) bool { return w.ID == a.Wording })
		if i < 0 {
			return nil, fmt.Errorf("reading the audiences: %s has wording %q, which is not there", a.ID, a.Wording)
		}
		a.words = data.Wordings[i]
		for _, s := range a.Sections {
			if sections[s] == nil {
				return nil, fmt.Errorf("reading the audiences: %s has section %q, which nothing writes", a.ID, s)
			}
		}
	}
	return data.Audiences, nil
}

// Named gives an audience by its ID.
func Named(id string) (*Audience, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, a := range all {
		if a.ID == id {
			return a, nil
		}
		ids = append(ids, a.ID)
	}
	hint := ""
	if near := law.Suggest(id, ids); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return nil, fmt.Errorf("no report is written for %q: there are %s%s", id, strings.Join(ids, ", "), hint)
}
