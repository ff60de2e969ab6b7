// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package intake reads the lists that people have already: assets, risks, control status, training. It says
// what it takes each column for, asks before anything is kept, and remembers what it was told.
//
// A training list becomes records. All else is what others say: kept beside what is computed, and compared with
// it. A status from elsewhere is a claim of somebody, never a fact.
package intake

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/register"
	"github.com/writ-iot/writ/law"
)

//go:embed lists.yaml
var listsYAML []byte

// List is a sort of list that is known.
type List struct {
	Name, Title string
	Record      string // the kind of record that its rows become; "": what others say
	Names       []string
	Fields      []Field
	Headings    map[string][]string // by field
	Joined      map[string][]string
}

// Field is what a column can be.
type Field struct {
	Name     string
	Means    string
	Type     string // day, bool, number, words, text; "": text
	Required bool
	Words    []string `yaml:"-"`
}

func (l *List) field(name string) *Field {
	for i := range l.Fields {
		if l.Fields[i].Name == name {
			return &l.Fields[i]
		}
	}
	return nil
}

// Stance is what a status from elsewhere claims.
type Stance string

// The stances.
const (
	Met           Stance = "met"
	Partly        Stance = "partly"
	NotMet        Stance = "not-met"
	NotApplicable Stance = "not-applicable"
)

// Lists are all that are known, and what statuses claim.
type Lists struct {
	all      []*List
	statuses map[string]Stance // by plain words
}

// Load reads the lists; those of a kind of records take its fields.
func Load(kinds *register.Kinds) (*Lists, error) {
	var file struct {
		Lists    []*List
		Statuses map[Stance][]string
	}
	if err := yaml.UnmarshalWithOptions(listsYAML, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("reading what columns are called: %w", err)
	}
	all := &Lists{all: file.Lists, statuses: map[string]Stance{}}
	for s, words := range file.Statuses {
		for _, w := range words {
			all.statuses[plain(w)] = s
		}
	}
	for _, l := range all.all {
		if l.Record == "" {
			continue
		}
		if err := l.take(kinds); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// take gives a list the fields of its kind of record.
func (l *List) take(kinds *register.Kinds) error {
	k, err := kinds.Of(l.Record)
	if err != nil {
		return fmt.Errorf("reading what columns are called: list %s: %w", l.Name, err)
	}
	l.Fields = []Field{{Name: "day", Type: "day", Required: true, Means: k.Day.Means}, {Name: "until", Type: "day",
		Means: k.Until.Means},
		{Name: "title", Means: "what the record is called"}}
	l.add("day", k.Day.Headings)
	l.add("until", k.Until.Headings)
	for _, f := range k.Fields {
		l.Fields = append(l.Fields, Field{Name: f.Name, Type: f.Type, Required: f.Required, Means: f.Means, Words: f.Words})
		l.add(f.Name, append([]string{f.Name}, f.Headings...))
	}
	return nil
}

func (l *List) add(field string, headings []string) {
	if l.Headings == nil {
		l.Headings = map[string][]string{}
	}
	l.Headings[field] = append(l.Headings[field], headings...)
}

// Of gives a list by its name.
func (l *Lists) Of(name string) (*List, error) {
	var names []string
	for _, one := range l.all {
		if one.Name == name {
			return one, nil
		}
		names = append(names, one.Name)
	}
	hint := "they are " + strings.Join(names, ", ")
	if near := law.Suggest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return nil, kind.Errorf(kind.Invalid, "there is no sort of list %q: %s", name, hint)
}

// stance is what a status claims, by what was said of its words before, or by the data.
func (l *Lists) stance(status string, said map[string]Stance) (Stance, bool) {
	key := plain(status)
	if s, ok := said[key]; ok {
		return s, true
	}
	s, ok := l.statuses[key]
	return s, ok
}

// StanceOf reads a stance as a person writes it.
func StanceOf(text string) (Stance, error) {
	all := []Stance{Met, Partly, NotMet, NotApplicable}
	if i := slices.Index(all, Stance(text)); i >= 0 {
		return all[i], nil
	}
	return "", kind.Errorf(kind.Invalid, "%q is no stance: want met, partly, not-met or not-applicable", text)
}

// plain is a text without case, accents and punctuation.
func plain(text string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToLower(text) {
		s := string(r)
		switch r {
		case 'ä':
			s = "ae"
		case 'ö':
			s = "oe"
		case 'ü':
			s = "ue"
		case 'ß':
			s = "ss"
		case 'é', 'è', 'ê':
			s = "e"
		default:
			if r < '0' || r > '9' && r < 'a' || r > 'z' && r < 0x80 {
				space = b.Len() > 0
				continue
			}
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteString(s)
	}
	return b.String()
}
