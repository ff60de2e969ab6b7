// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package register is the risk register of a case: asset by threat, with the weaknesses that open the way, how
// likely and how grave that is, why, and what people decided to do. It is derived anew each time from facts, is
// pure, and changes no verdict. That nothing is known to be weak is never a low risk: it is not known.
package register

import (
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Data is how risks are weighed and worded (catalogue/risk).
type Data struct {
	Scales   Scales
	Analyses []Analysis
	threats  map[string]*Threat
	signs    []sign
}

// Scales of likelihood and impact, and the level that each pair gives.
type Scales struct {
	Source     string
	Likelihood []Step
	Impact     []Step
	Levels     []Step
	matrix     [][]int        // a row for each likelihood: index of the level
	severity   map[string]int // of a control: where its likelihood begins, from 1
}

// Step of a scale.
type Step struct {
	Name  string `json:"name"`
	Text  string `json:"text"`
	Treat bool   `json:"treat,omitempty"` // of a level: a risk of it is treated or accepted
}

// Level of a likelihood and an impact, each from 1; an index into Levels.
func (s *Scales) Level(likelihood, impact int) int { return s.matrix[likelihood-1][impact-1] }

// Threat is what may happen.
type Threat struct {
	ID, Title string
	Affects   []string
	impact    int
	network   bool
	partOf    string
	off       bool // no risk to an asset
}

// sign is what the wire shows of a threat that is at work.
type sign struct {
	facts        []fact.Name
	threat, text string
	likelihood   int
}

// Dir is where a catalogue keeps how risks are weighed.
const Dir = "risk"

const (
	steps   = 5
	maxFile = 1 << 20
)

// Load reads scales, threats and analyses. Its error is law.Problems where a file is wrong.
func Load(fsys fs.FS) (*Data, error) {
	d := &Data{threats: map[string]*Threat{}}
	var problems law.Problems
	for name, read := range map[string]func(*law.Reader, *law.Node){
		"scales.yaml": d.readScales, "threats.yaml": d.readThreats, "analyses.yaml": d.readAnalyses} {
		path := Dir + "/" + name
		src, err := readFile(fsys, path)
		if err != nil {
			return nil, err
		}
		root, err := law.ParseYAML(path, src)
		if p, ok := err.(law.Problems); ok {
			problems = append(problems, p...)
			continue
		} else if err != nil {
			return nil, fmt.Errorf("reading %s: %w", path, err)
		}
		r := law.NewReader(path, src)
		read(r, root)
		problems = append(problems, r.Problems...)
	}
	if err := problems.Sort().Err(); err != nil {
		return nil, err
	}
	return d, nil
}

func readFile(fsys fs.FS, path string) ([]byte, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading how risks are weighed: %w", err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(src) > maxFile {
		err = fmt.Errorf("%s holds more than %d bytes", path, maxFile)
	}
	if err != nil {
		return nil, fmt.Errorf("reading how risks are weighed: %w", err)
	}
	return src, nil
}

func (d *Data) readScales(r *law.Reader, root *law.Node) {
	s := &d.Scales
	var names [][]string
	r.Object(root, "a file of scales", law.Need("scales", func(n *law.Node) {
		r.Object(n, "the scales", law.Need("source", r.Text(&s.Source)),
			law.Need("likelihood", r.List(readStep(r, &s.Likelihood))), law.Need("impact",
				r.List(readStep(r, &s.Impact))),
			law.Need("levels", r.List(readStep(r, &s.Levels))),
			law.Need("matrix", r.List(func(n *law.Node) {
				var row []string
				r.Texts(&row)(n)
				names = append(names, row)
			})),
			law.Need("severity", func(n *law.Node) { s.severities(r, n) }))
		if len(s.Likelihood) != steps || len(s.Impact) != steps {
			r.Add(n.Pos, fmt.Sprintf("want %d steps of likelihood and of impact", steps), "")
		}
		s.matrixOf(r, n.Pos, names)
	}))
}

func readStep(r *law.Reader, to *[]Step) func(*law.Node) {
	return func(n *law.Node) {
		var x Step
		r.Object(n, "a step", law.Need("name", r.Text(&x.Name)), law.Need("text", r.Text(&x.Text)),
			law.Opt("treat", r.Bool(&x.Treat)))
		*to = append(*to, x)
	}
}

func (s *Scales) severities(r *law.Reader, n *law.Node) {
	s.severity = map[string]int{}
	var fields []law.Field
	at := map[string]*int{}
	for _, word := range []string{"low", "medium", "high", "critical"} {
		at[word] = new(int)
		fields = append(fields, law.Need(word, r.Int(at[word], steps)))
	}
	r.Object(n, "likelihood by severity", fields...)
	for word, x := range at {
		s.severity[word] = max(1, *x)
	}
}

// matrixOf turns the names of levels into their places.
func (s *Scales) matrixOf(r *law.Reader, pos law.Pos, names [][]string) {
	for _, row := range names {
		var places []int
		for _, name := range row {
			i := slices.IndexFunc(s.Levels, func(l Step) bool { return l.Name == name })
			if i < 0 {
				r.Add(pos, fmt.Sprintf("the matrix has a level %q that levels does not", name), "")
				i = 0
			}
			places = append(places, i)
		}
		if len(places) != steps {
			r.Add(pos, fmt.Sprintf("each row of the matrix has %d levels", steps), "")
		}
		s.matrix = append(s.matrix, places)
	}
	if len(s.matrix) != steps {
		r.Add(pos, fmt.Sprintf("the matrix has %d rows", steps), "")
	}
}

var affects = []string{"confidentiality", "integrity", "availability"}

func (d *Data) readThreats(r *law.Reader, root *law.Node) {
	r.Object(root, "a file of threats",
		law.Need("threats", r.List(func(n *law.Node) {
			t := &Threat{}
			register := true
			r.Object(n, "a threat", law.Need("id", r.Text(&t.ID)), law.Opt("title", r.Text(&t.Title)),
				law.Opt("affects", r.List(func(n *law.Node) {
					var x string
					law.Word(r, &x, "property", affects)(n)
					t.Affects = append(t.Affects, x)
				})),
				law.Opt("impact", r.Int(&t.impact, steps)), law.Opt("network", r.Bool(&t.network)),
				law.Opt("part-of", r.Text(&t.partOf)), law.Opt("register", r.Bool(&register)))
			t.off = !register
			if t.partOf == "" && !t.off && (t.Title == "" || t.impact == 0 || len(t.Affects) == 0) {
				r.Add(n.Pos, fmt.Sprintf("threat %s lacks title, impact or what it affects", t.ID),
					"or name what it is part-of")
			}
			d.threats[t.ID] = t
		})),
		law.Need("signs", r.List(func(n *law.Node) {
			var s sign
			var facts []string
			r.Object(n, "a sign", law.Need("facts", r.Texts(&facts)), law.Need("threat", r.Text(&s.threat)),
				law.Need("likelihood", r.Int(&s.likelihood, steps)), law.Need("text", r.Text(&s.text)))
			for _, f := range facts {
				s.facts = append(s.facts, fact.Name(f))
			}
			d.signs = append(d.signs, s)
		})))
	for id, t := range d.threats {
		if t.partOf != "" && (d.threats[t.partOf] == nil || d.threats[t.partOf].partOf != "") {
			r.Add(root.Pos, fmt.Sprintf("threat %s is part of %s, which is no threat of its own", id, t.partOf), "")
		}
	}
	for _, s := range d.signs {
		if d.threat(s.threat) == nil {
			r.Add(root.Pos, fmt.Sprintf("a sign of the unknown threat %q", s.threat), "")
		}
	}
}

// threat is the one of this name, or what it is part of; nil where it is no risk to an asset, or none.
func (d *Data) threat(id string) *Threat {
	t := d.threats[id]
	if t != nil && t.partOf != "" {
		t = d.threats[t.partOf]
	}
	if t == nil || t.off {
		return nil
	}
	return t
}

// Knows says whether the data words a threat, or says that it is no risk to an asset.
func (d *Data) Knows(threat string) bool { return d.threats[threat] != nil }

// SignFacts are the facts that signs rest on.
func (d *Data) SignFacts() (out []fact.Name) {
	for i := range d.signs {
		out = append(out, d.signs[i].facts...)
	}
	return out
}
