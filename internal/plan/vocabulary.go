// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Vocabulary is what people really do, as data (catalogue/actions): one action answers all that rests on its
// facts. What no action answers falls back on the remedy of the control itself.
type Vocabulary struct {
	actions []*action
	medical medical
}

// action as the data says it.
type action struct {
	id, title              string
	facts, ends            []string // patterns of path.Match
	do, around, maker, ask string
	doubtful               string // what is not settled of the measure around
	base, each             int    // person-hours
	paper, past            bool
	pos                    law.Pos
}

type medical struct {
	types []string
	facts []fact.Name
	care  []fact.Name // where care is given: a device of which nothing is known may be one
	notes []Note
}

// Note is what the law says of an action.
type Note struct {
	Text       string         `json:"text"`
	Pinpoint   string         `json:"pinpoint"`
	Source     string         `json:"source"`
	Confidence law.Confidence `json:"confidence"`
}

// Dir is where a catalogue keeps its actions.
const Dir = "actions"

// maxFile is the most bytes of one file of actions.
const maxFile = 1 << 20

// LoadVocabulary reads the actions of a catalogue. Its error is law.Problems where a file is wrong.
func LoadVocabulary(fsys fs.FS) (*Vocabulary, error) {
	names, err := fs.Glob(fsys, Dir+"/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("looking for actions: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("looking for actions: the catalogue has no %s/*.yaml", Dir)
	}
	v := &Vocabulary{}
	seen := map[string]law.Pos{}
	var problems law.Problems
	for _, name := range names {
		src, err := read(fsys, name)
		if err != nil {
			return nil, err
		}
		r := law.NewReader(name, src)
		if root, err := law.ParseYAML(name, src); err != nil {
			if p, ok := err.(law.Problems); ok {
				problems = append(problems, p...)
				continue
			}
			return nil, fmt.Errorf("reading %s: %w", name, err)
		} else {
			v.file(r, root, seen)
		}
		problems = append(problems, r.Problems...)
	}
	if err := problems.Sort().Err(); err != nil {
		return nil, err
	}
	return v, nil
}

func read(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading actions: %w", err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(src) > maxFile {
		err = fmt.Errorf("%s holds more than %d bytes", name, maxFile)
	}
	if err != nil {
		return nil, fmt.Errorf("reading actions: %w", err)
	}
	return src, nil
}

func (v *Vocabulary) file(r *law.Reader, root *law.Node, seen map[string]law.Pos) {
	r.Object(root, "a file of actions",
		law.Opt("actions", r.List(func(n *law.Node) {
			a := readAction(r, n)
			if first, twice := seen[a.id]; twice {
				r.Add(n.Pos, fmt.Sprintf("action %s is defined twice: first at %s", a.id, first),
					"an ID has one definition in all files")
				return
			}
			seen[a.id] = n.Pos
			v.actions = append(v.actions, a)
		})),
		law.Opt("medical", v.medical.read(r)))
}

func readAction(r *law.Reader, n *law.Node) *action {
	const most = 10_000 // hours: five years of a person
	a := &action{pos: n.Pos}
	r.Object(n, "an action",
		law.Need("id", r.Text(&a.id)), law.Need("title", r.Text(&a.title)),
		law.Need("facts", patterns(r, &a.facts)), law.Opt("ends", patterns(r, &a.ends)),
		law.Opt("do", r.Text(&a.do)), law.Opt("around", r.Text(&a.around)),
		law.Opt("maker", r.Text(&a.maker)), law.Opt("ask", r.Text(&a.ask)), law.Opt("doubtful", r.Text(&a.doubtful)),
		law.Opt("paper", r.Bool(&a.paper)), law.Opt("past", r.Bool(&a.past)),
		law.Need("effort", func(n *law.Node) {
			r.Object(n, "the effort of an action",
				law.Need("base", r.Int(&a.base, most)), law.Need("each", r.Int(&a.each, most)))
		}))
	if a.do == "" && a.around == "" && a.maker == "" {
		r.Add(n.Pos, fmt.Sprintf("action %s says neither what to do, nor around the device, nor as its maker",
			a.id), "")
	}
	return a
}

func patterns(r *law.Reader, to *[]string) func(*law.Node) {
	return r.List(func(n *law.Node) {
		var s string
		r.Text(&s)(n)
		if _, err := path.Match(s, ""); err != nil {
			r.Add(n.Pos, fmt.Sprintf("%q is no pattern of names", s), "* stands for any letters")
			return
		}
		*to = append(*to, s)
	})
}

func (m *medical) read(r *law.Reader) func(*law.Node) {
	return func(n *law.Node) {
		var facts, care []string
		r.Object(n, "what is medical", law.Need("types", r.Texts(&m.types)), law.Need("facts", r.Texts(&facts)),
			law.Need("care", r.Texts(&care)),
			law.Need("notes", r.List(func(n *law.Node) {
				var x Note
				r.Object(n, "a note", law.Need("text", r.Text(&x.Text)), law.Need("pinpoint", r.Text(&x.Pinpoint)),
					law.Need("source", r.Text(&x.Source)),
					law.Need("confidence", law.Word(r, &x.Confidence, "confidence",
						[]law.Confidence{law.Verified, law.Remembered, law.Doubtful})))
				m.notes = append(m.notes, x)
			})))
		for _, f := range facts {
			m.facts = append(m.facts, fact.Name(f))
		}
		for _, f := range care {
			m.care = append(m.care, fact.Name(f))
		}
	}
}

func match(patterns []string, n fact.Name) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, _ := path.Match(p, string(n)) // a pattern that is none was refused when it was read
		return ok
	})
}

// Unmatched lists the patterns that name no fact of a vocabulary, each with its action.
func (v *Vocabulary) Unmatched(facts *fact.Vocabulary) (out []string) {
	for _, a := range v.actions {
		for _, p := range slices.Concat(a.facts, a.ends) {
			if !slices.ContainsFunc(facts.Names(), func(n fact.Name) bool { return match([]string{p}, n) }) {
				out = append(out, fmt.Sprintf("%s of %s (%s)", p, a.id, a.pos))
			}
		}
	}
	for _, n := range slices.Concat(v.medical.facts, v.medical.care) {
		if _, ok := facts.Lookup(n); !ok {
			out = append(out, string(n))
		}
	}
	return out
}
