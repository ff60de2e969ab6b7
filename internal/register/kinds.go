// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package register keeps what people decided, wrote, trained and signed: records of the kinds that the catalogue
// lists, registers that a person closes, decisions beside the verdicts, how long each must be kept, and the
// erasure of what names a person.
//
// A record makes known what its kind says, and nothing follows from a record that is not there: only a closed
// register shows that something is missing. Nothing is edited: a record is made, or taken back.
package register

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Kind is a sort of record, as the catalogue says it.
type Kind struct {
	Name, Title, Meaning string
	Subjects             []fact.SubjectKind
	Many                 bool       // its records are rows: what the organisation owes follows from the closed register
	Lasts                *expr.Span // how long a record without an end counts in a closed register; nil: without end
	LastsBy              string     // the field that says so instead: one-year, two-years, three-years
	Judges               bool       // it judges an open norm
	Decides              bool       // it stands beside verdicts and makes nothing known
	Reasons              bool       // it needs reasons
	Day, Until           Date
	Fields               []Field
	Topics               []Topic
	Sets                 []Set
	Absent               []Set // what a closed register shows that holds no valid record; nil: the opposite of Sets
	Keep                 []Keep
	Limit                *Keep // the law that asks to keep no longer than needed
	Pos                  law.Pos
}

// Date is what a record's first or last day means.
type Date struct {
	Means    string
	Required bool
	Headings []string // of a sheet's column, beside the key itself
	given    bool     // the kind has it
}

// Field is a further thing that a record holds.
type Field struct {
	Name, Type, Means string
	Required          bool
	Personal          bool      // it names a person
	Future            bool      // of a day: it may lie ahead
	Fact              fact.Name // which it makes known; "": none
	Words             []string  // of the type words
	Headings          []string
	Pos               law.Pos
}

// Topic is what a record is about, where its kind has several.
type Topic struct {
	Name, Title string
	Fields      []Field
	Sets        []Set
	Keep        []Keep
	Pos         law.Pos
}

// Set is a fact that a record makes known.
type Set struct {
	Fact    fact.Name
	Value   string // as people write it; "" with From
	From    string // day or until: the fact is that day
	Lasting bool   // it is so beyond the record's last day
	Pos     law.Pos
}

// Keep names a duty to keep, by its place in the law, and from when its period runs.
type Keep struct {
	Law      law.InstrumentID
	Pinpoint string
	From     string // day, end, a field that holds a day, or unknown
	Or       string // a field whose day counts where it is later
	Pos      law.Pos
}

// Kinds are all sorts of records.
type Kinds struct {
	all    []*Kind
	byName map[string]*Kind
}

// All lists the kinds by name.
func (k *Kinds) All() []*Kind { return k.all }

// Of gives a kind by its name.
func (k *Kinds) Of(name string) (*Kind, error) {
	if one := k.byName[name]; one != nil {
		return one, nil
	}
	var names []string
	for _, one := range k.all {
		names = append(names, one.Name)
	}
	hint := "writ record kinds lists them"
	if near := law.Suggest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return nil, kind.Errorf(kind.Invalid, "there is no kind of record %q: %s", name, hint)
}

// topic gives one of the kind's topics; nil where it has none and none is named.
func (k *Kind) topic(name string) (*Topic, error) {
	if len(k.Topics) == 0 && (name == "" || k.Judges) {
		return nil, nil
	}
	var names []string
	for i := range k.Topics {
		if k.Topics[i].Name == name {
			return &k.Topics[i], nil
		}
		names = append(names, k.Topics[i].Name)
	}
	switch near := law.Suggest(name, names); {
	case len(names) == 0:
		return nil, fmt.Errorf("a %s has no topics, and %q is given", k.Name, name)
	case name == "":
		return nil, fmt.Errorf("a %s has a topic: one of %s", k.Name, strings.Join(names, ", "))
	case near != "":
		return nil, fmt.Errorf("%q is no topic of a %s: did you mean %q?", name, k.Name, near)
	}
	return nil, fmt.Errorf("%q is no topic of a %s: they are %s", name, k.Name, strings.Join(names, ", "))
}

// fields are those of a record of this topic.
func (k *Kind) fields(t *Topic) []Field {
	if t == nil {
		return k.Fields
	}
	return slices.Concat(k.Fields, t.Fields)
}

// field is one that all records of the kind have; nil: none of the name.
func (k *Kind) field(name string) *Field {
	for i := range k.Fields {
		if k.Fields[i].Name == name {
			return &k.Fields[i]
		}
	}
	return nil
}

func (k *Kind) sets(t *Topic) []Set {
	if t == nil {
		return k.Sets
	}
	return slices.Concat(k.Sets, t.Sets)
}

func (k *Kind) keeps(t *Topic) []Keep {
	if t == nil {
		return k.Keep
	}
	return slices.Concat(t.Keep, k.Keep)
}

// personal says whether the kind holds names of people.
func (k *Kind) personal() bool {
	return slices.ContainsFunc(k.Fields, func(f Field) bool { return f.Personal })
}

// LoadKinds reads the files below records/ strictly, and resolves what they name in the law; nil takes them as they
// stand. Its error is law.Problems.
func LoadKinds(fsys fs.FS, c *law.Catalogue) (*Kinds, error) {
	names, err := fs.Glob(fsys, "records/*.yaml")
	if err != nil || len(names) == 0 {
		return nil, errors.Join(err, fmt.Errorf("reading kinds of records: there are none"))
	}
	all := &Kinds{byName: map[string]*Kind{}}
	var problems law.Problems
	for _, name := range names {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading kinds of records: %w", err)
		}
		root, err := law.ParseYAML(name, src)
		if p := (law.Problems)(nil); errors.As(err, &p) {
			problems = append(problems, p...)
			continue
		}
		r := &kindReader{Reader: law.NewReader(name, src), law: c}
		for _, k := range r.file(root) {
			if first := all.byName[k.Name]; first != nil {
				r.Add(k.Pos, fmt.Sprintf("kind %q stands twice: first at %s", k.Name, first.Pos), "")
				continue
			}
			all.byName[k.Name] = k
			all.all = append(all.all, k)
		}
		problems = append(problems, r.Problems...)
	}
	slices.SortFunc(all.all, func(a, b *Kind) int { return strings.Compare(a.Name, b.Name) })
	return all, problems.Sort().Err()
}
