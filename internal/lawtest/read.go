// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Test is one case that a lawyer wrote: given these facts on this day, expect these verdicts.
type Test struct {
	Name       string
	Instrument law.InstrumentID
	Day        fact.Day
	Bearer     judge.Bearer // whose the product is
	Given      []given      // defaults of the file and what the test changes in them
	Expect     []expectation
	Pos        law.Pos
}

// party is one of the subjects that a test speaks of.
type party string

// The parties. The maker is the other organisation, which makes the product where it is a supplier's.
const (
	ofUs      party = "organisation"
	ofSite    party = "site"
	ofDevice  party = "device"
	ofProduct party = "product"
	ofMaker   party = "maker"
)

func (p party) kind() fact.SubjectKind {
	if p == ofMaker {
		return fact.Organisation
	}
	return fact.SubjectKind(p)
}

// given is a fact of a test.
type given struct {
	Party      party
	Fact       fact.Name
	Value      fact.Value
	Method     fact.Method
	Documented bool
	Age        time.Duration // before the moment of the judgement
	Covered    bool          // the look was complete
}

// Read reads every law test below lawtests/.
func Read(cat *law.Catalogue, fsys fs.FS) ([]Test, law.Problems) {
	var tests []Test
	var problems law.Problems
	err := fs.WalkDir(fsys, "lawtests", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".lawtest" {
			return err
		}
		b, err := law.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		got, bad := readTestFile(cat, name, b)
		tests, problems = append(tests, got...), append(problems, bad...)
		return nil
	})
	if err != nil {
		problems = append(problems, &law.Problem{Pos: law.Pos{File: "lawtests"}, What: err.Error()})
	}
	return tests, problems
}

// testFile is one .lawtest while it is read.
type testFile struct {
	*law.Reader
	cat        *law.Catalogue
	instrument law.InstrumentID
	bearer     judge.Bearer
	given      []given
	tests      []Test
}

func readTestFile(cat *law.Catalogue, name string, src []byte) ([]Test, law.Problems) {
	f := &testFile{Reader: law.NewReader(name, src), cat: cat, bearer: judge.Own}
	root, err := law.ParseYAML(name, src)
	if err != nil {
		problems, _ := err.(law.Problems)
		return nil, problems
	}
	var id string
	var at law.Pos
	var tests []*law.Node
	f.Object(root, "a file of law tests",
		law.Need("instrument", f.TextAt(&id, &at)),
		law.Opt("given", func(n *law.Node) { f.given = f.readGiven(n, nil, &f.bearer) }),
		law.Need("tests", f.List(func(n *law.Node) { tests = append(tests, n) })))
	f.instrument = law.InstrumentID(id)
	if _, ok := cat.Instrument(f.instrument); !ok {
		if id != "" {
			f.Add(at, fmt.Sprintf("unknown instrument %q", id), law.DidYouMean(id, instrumentIDs(cat)))
		}
		return nil, f.Problems // without it nothing that is expected has a name
	}
	for _, n := range tests { // after the defaults, wherever they stand in the file
		f.test(n)
	}
	return f.tests, f.Problems
}

func instrumentIDs(cat *law.Catalogue) []string {
	var all []string
	for _, i := range cat.Instruments {
		all = append(all, string(i.ID))
	}
	return all
}

func (f *testFile) test(n *law.Node) {
	t := Test{Instrument: f.instrument, Bearer: f.bearer, Given: f.given, Pos: n.Pos}
	f.Object(n, "a law test",
		law.Need("name", f.TextAt(&t.Name, &t.Pos)),
		law.Need("day", f.Reader.Day(&t.Day)),
		law.Opt("given", func(n *law.Node) { t.Given = f.readGiven(n, f.given, &t.Bearer) }),
		law.Need("expect", func(n *law.Node) { t.Expect = f.expectations(n) }))
	if slices.ContainsFunc(f.tests, func(other Test) bool { return other.Name == t.Name }) {
		f.Add(t.Pos, fmt.Sprintf("two tests are named %q", t.Name), "")
	}
	f.tests = append(f.tests, t)
}

// readGiven reads facts by party over the defaults.
func (f *testFile) readGiven(n *law.Node, defaults []given, bearer *judge.Bearer) []given {
	all := slices.Clone(defaults)
	var fields []law.Field
	for _, p := range []party{ofUs, ofSite, ofDevice, ofProduct, ofMaker} {
		fields = append(fields, law.Opt(string(p), func(n *law.Node) {
			if n.Kind != law.Map {
				f.Add(n.Pos, fmt.Sprintf("%s is a map from facts to values", p), "")
				return
			}
			for _, e := range n.Entries {
				all = f.give(all, p, e)
			}
		}))
	}
	bearers := []judge.Bearer{judge.Own, judge.Supplier}
	fields = append(fields, law.Opt("bearer", law.Word(f.Reader, bearer, "bearer", bearers)))
	f.Object(n, "given", fields...)
	return all
}

// give puts one fact in, in the place of a default; unknown takes the default away.
func (f *testFile) give(all []given, p party, e law.Entry) []given {
	g := given{Party: p, Fact: fact.Name(e.Key), Documented: true, Covered: true}
	def, ok := f.cat.Vocabulary.Lookup(g.Fact)
	if what, ok := law.ToFill(e.Key); ok {
		f.Add(e.Pos, law.Unfilled, what)
		return all
	}
	judged, isJudgement := strings.CutPrefix(e.Key, fact.JudgementPrefix)
	switch {
	case !ok:
		f.Add(e.Pos, fmt.Sprintf("unknown fact %q", e.Key), law.DidYouMean(e.Key, factNames(f.cat)))
		return all
	case isJudgement && f.cat.Provisions[law.ProvisionID(judged)] == nil:
		f.Add(e.Pos, fmt.Sprintf("%q judges no provision of the catalogue", e.Key),
			"judgement:<full ID of the provision>")
		return all
	case !isJudgement && def.Subject != p.kind():
		f.Add(e.Pos, fmt.Sprintf("fact %s speaks of %s, not of %s", e.Key, aKind(def.Subject), aKind(p.kind())), "")
		return all
	}
	g.Method = bestMethod(def)
	f.value(&g, def, e.Value)
	all = slices.DeleteFunc(all, func(old given) bool { return old.Party == p && old.Fact == g.Fact })
	if g.Value.Type() == fact.None {
		return all
	}
	return append(all, g)
}

// bestMethod is the way of knowing that a test means when it says none: what is seen before what people
// record, and a bare declaration last.
func bestMethod(def *fact.Definition) fact.Method {
	for _, m := range []fact.Method{fact.Passive, fact.Active, fact.Import, fact.Record, fact.Judgement} {
		if slices.Contains(def.Known, m) {
			return m
		}
	}
	return fact.Declaration
}

// value reads yes, no, a number, a word, a day, unknown, or a map with the details.
func (f *testFile) value(g *given, def *fact.Definition, n *law.Node) {
	if n.Kind != law.Map {
		f.scalar(g, def, n)
		return
	}
	coverage := "full"
	f.Object(n, "a fact's details",
		law.Need("value", func(n *law.Node) { f.scalar(g, def, n) }),
		law.Opt("method", law.Word(f.Reader, &g.Method, "way to know this fact", def.Known)),
		law.Opt("documented", f.Bool(&g.Documented)),
		law.Opt("age", func(n *law.Node) { f.age(g, n) }),
		law.Opt("coverage", law.Word(f.Reader, &coverage, "coverage", []string{"full", "none"})))
	g.Covered = coverage == "full"
}

func (f *testFile) age(g *given, n *law.Node) {
	s, _ := f.Scalar(n)
	days, err := strconv.Atoi(strings.TrimSuffix(s, "d"))
	if err != nil || !strings.HasSuffix(s, "d") || days < 0 || days > 36_600 {
		f.Add(n.Pos, fmt.Sprintf("%q is no age", s), "a number of days: 30d")
		return
	}
	g.Age = time.Duration(days) * 24 * time.Hour
}

func (f *testFile) scalar(g *given, def *fact.Definition, n *law.Node) {
	s, ok := f.Scalar(n)
	if !ok || s == "unknown" {
		return
	}
	v, err := fact.ParseValue(def.Type, s)
	if err == nil {
		err = def.Check(v)
	}
	if err != nil {
		f.Add(n.Pos, fmt.Sprintf("fact %s: %v", def.Name, err), law.DidYouMean(s, def.Words))
		return
	}
	g.Value = v
}

func factNames(cat *law.Catalogue) []string { return asStrings(cat.Vocabulary.Names()) }

func aKind(k fact.SubjectKind) string {
	if k == fact.Organisation {
		return "an " + string(k)
	}
	return "a " + string(k)
}
