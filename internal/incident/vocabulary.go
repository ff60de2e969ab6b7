// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package incident is one incident, and every statutory clock that it starts: a fold over what people entered, held
// against the law. What is known of an incident changes as it is understood; nothing that was said is edited. What
// is not known keeps a clock open and never stops one. It does no I/O and reads no clock.
package incident

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Dir is where a catalogue keeps what this package reads.
const Dir = "incidents"

// Sort is what kind of value a fact has.
type Sort string

// The sorts.
const (
	Time  Sort = "time" // several people may claim one; the earliest runs
	YesNo Sort = "yes-no"
	Count Sort = "count"
	Text  Sort = "text"
)

// Definition of a fact of an incident.
type Definition struct {
	ID      string
	Sort    Sort
	Title   string
	Anchor  string // the event of a clock that it is; "" for none
	Within  string // another event that implies this one, at the latest at the same moment
	Places  bool   // counted by place, too: people.de, people.us.ca
	Reasons bool   // a yes is entered with its reasons
	pos     law.Pos
}

// Vocabulary is what can be said of an incident, and what that means to the laws.
type Vocabulary struct {
	Facts     []*Definition // in the order of the files
	byID      map[string]*Definition
	anchors   map[string]*Definition
	law       *law.Catalogue
	own       []string
	excepted  map[fact.Name]bool
	follows   map[fact.Name][]*follow
	rules     map[string]*rule
	calendars []calendar
	proposals []*proposing
	items     map[string]*item // by ID, or clock#ID
	exprs     *expr.Set
	beside    bool // what the law does not know is left out
}

// follow says whence a fact of the common vocabulary follows. One of the ways is set.
type follow struct {
	fact              fact.Name
	when              *expr.Expr
	text              string
	anchor, later, by string
	count, most       []string
	of, some          string
	pos               law.Pos
}

// rule is what a clock waits for beside its own condition.
type rule struct {
	clock        string
	when         *expr.Expr
	text         string
	apart        string
	last         bool
	noon         string // contested, firm; "" for none
	hold, oral   string
	notice       string // the clock whose notice is its event, where nobody says when that was
	spared       []spare
	pos          law.Pos
	own          *expr.Expr // the clock's condition
	variantsWhen []*expr.Expr
	bases        []basis
}

type spare struct {
	when                *expr.Expr
	text, why, pinpoint string
	pos                 law.Pos
}

type calendar struct{ rule, zone, holidays string }

// Load reads what a catalogue says of incidents, and holds it against its laws. Its error is law.Problems where a
// file is wrong.
func Load(fsys fs.FS, cat *law.Catalogue) (*Vocabulary, error) { return load(fsys, cat, false) }

// LoadBeside reads what a catalogue says of incidents beside another law, such as the one that a case is judged by:
// what that law does not know is left out.
func LoadBeside(fsys fs.FS, cat *law.Catalogue) (*Vocabulary, error) { return load(fsys, cat, true) }

func load(fsys fs.FS, cat *law.Catalogue, beside bool) (*Vocabulary, error) {
	v := &Vocabulary{beside: beside, law: cat, byID: map[string]*Definition{}, anchors: map[string]*Definition{},
		excepted: map[fact.Name]bool{},
		follows:  map[fact.Name][]*follow{}, rules: map[string]*rule{}, items: map[string]*item{}}
	var problems law.Problems
	for _, f := range []struct {
		name string
		read func(*law.Reader, *law.Node)
	}{{"facts.yaml", v.readFacts}, {"law.yaml", v.readLaw}, {"notices.yaml", v.readNotices}, {"proposals.yaml",
		v.readProposals}} {
		name := Dir + "/" + f.name
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading what incidents are: %w", err)
		}
		root, err := law.ParseYAML(name, src)
		if p, ok := err.(law.Problems); ok {
			problems = append(problems, p...)
			continue
		} else if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		r := law.NewReader(name, src)
		f.read(r, root)
		if f.name == "facts.yaml" && len(r.Problems) == 0 {
			if err := v.open(); err != nil {
				return nil, err
			}
		}
		problems = append(problems, r.Problems...)
		if len(r.Problems) > 0 {
			break // what follows rests on it
		}
	}
	if err := problems.Sort().Err(); err != nil {
		return nil, err
	}
	return v, nil
}

// open joins the yes-or-no facts of an incident with the common vocabulary, so that expressions can ask both.
func (v *Vocabulary) open() error {
	var defs []fact.Definition
	for _, n := range v.law.Vocabulary.Names() {
		d, _ := v.law.Vocabulary.Lookup(n)
		defs = append(defs, *d)
	}
	for _, d := range v.Facts {
		if d.Sort == YesNo {
			defs = append(defs, fact.Definition{Name: fact.Name(d.ID), Subject: fact.Organisation, Type: fact.Bool,
				Meaning: d.Title})
		}
	}
	all, err := fact.NewVocabulary(defs)
	if err != nil {
		return fmt.Errorf("joining the facts of incidents with the vocabulary: %w", err)
	}
	if v.exprs, err = expr.NewSet(all); err != nil {
		return err
	}
	for _, i := range v.law.Instruments {
		for k := range i.Clocks {
			c := &i.Clocks[k]
			r := &rule{clock: Key(i, c), pos: c.Pos}
			v.rules[r.clock] = r
			if c.When != "" {
				if r.own, err = v.compiled(c.When); err != nil {
					return fmt.Errorf("clock %s: %w", r.clock, err)
				}
			}
			if r.bases, err = v.bases(i, c); err != nil {
				return fmt.Errorf("clock %s: %w", r.clock, err)
			}
			for n := range c.Variants {
				var e *expr.Expr
				if w := c.Variants[n].When; w != "" {
					if e, err = v.compiled(w); err != nil {
						return fmt.Errorf("clock %s: %w", r.clock, err)
					}
				}
				r.variantsWhen = append(r.variantsWhen, e)
			}
		}
	}
	return nil
}

func (v *Vocabulary) compiled(text string) (*expr.Expr, error) {
	e, problems := v.exprs.Compile(text)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	return e, nil
}

// Key names a clock in all laws: eu/nis2/early-warning.
func Key(i *law.Instrument, c *law.Clock) string { return string(i.ID) + "/" + c.ID }

// Clock finds a clock by its key.
func (v *Vocabulary) Clock(key string) (*law.Instrument, *law.Clock, error) {
	key = strings.TrimSpace(key)
	if at := strings.LastIndexByte(key, '/'); at > 0 {
		if i, ok := v.law.Instrument(law.InstrumentID(key[:at])); ok {
			for k := range i.Clocks {
				if i.Clocks[k].ID == key[at+1:] {
					return i, &i.Clocks[k], nil
				}
			}
		}
	}
	var keys []string
	for _, i := range v.law.Instruments {
		for k := range i.Clocks {
			keys = append(keys, Key(i, &i.Clocks[k]))
		}
	}
	hint := "writ incident clocks lists those of an incident"
	if near := law.Suggest(key, keys); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if one := endsWith(keys, key); one != "" {
		hint = fmt.Sprintf("did you mean %q?", one)
	}
	return nil, nil, kind.Errorf(kind.NotFound, "the law has no clock %q: %s", key, hint)
}

func endsWith(keys []string, word string) string {
	i := slices.IndexFunc(keys, func(k string) bool { return strings.HasSuffix(k, "/"+word) })
	if word == "" || i < 0 {
		return ""
	}
	return keys[i]
}

// incidental says that a fact speaks of one incident.
func (v *Vocabulary) incidental(n fact.Name) bool {
	return slices.ContainsFunc(v.own, func(p string) bool {
		return string(n) == p || strings.HasSuffix(p, ".") && strings.HasPrefix(string(n), p)
	})
}

// Common lists the facts of the common vocabulary that speak of one incident, and can be said of it.
func (v *Vocabulary) Common() (all []*fact.Definition) {
	for _, n := range v.law.Vocabulary.Names() {
		if d, _ := v.law.Vocabulary.Lookup(n); v.incidental(n) {
			all = append(all, d)
		}
	}
	return all
}
