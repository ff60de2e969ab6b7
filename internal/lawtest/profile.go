// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Worked is a whole profile with what it binds: a file of lawtests/profiles, which is a profile (docs/profile.md)
// with two more keys, the day and what is expected of each instrument.
type Worked struct {
	File    string
	Day     fact.Day
	Profile *profile.Profile
	Expect  []standing
	Only    []only
}

// ProfileTally counts what one worked profile expects.
type ProfileTally struct {
	File         string `json:"file"`
	Persons      int    `json:"persons"`
	Expectations int    `json:"expectations"`
	Failed       int    `json:"failed"`
}

// ReadProfiles reads every worked profile.
func ReadProfiles(cat *law.Catalogue, fsys fs.FS) ([]*Worked, law.Problems) {
	var all []*Worked
	var problems law.Problems
	names, err := fs.Glob(fsys, "lawtests/profiles/*.yaml")
	if err != nil {
		problems = append(problems, &law.Problem{Pos: law.Pos{File: "lawtests/profiles"}, What: err.Error()})
	}
	for _, name := range names {
		b, err := law.ReadFile(fsys, name)
		if err != nil {
			problems = append(problems, &law.Problem{Pos: law.Pos{File: name}, What: err.Error()})
			continue
		}
		w, bad := readWorked(cat, name, b)
		if problems = append(problems, bad...); w != nil {
			all = append(all, w)
		}
	}
	return all, problems
}

// readWorked gives nil where the profile cannot be read.
func readWorked(cat *law.Catalogue, name string, src []byte) (*Worked, law.Problems) {
	root, err := law.ParseYAML(name, src)
	if err != nil {
		return nil, asProblems(err)
	}
	f := &testFile{Reader: law.NewReader(name, src), cat: cat}
	w := &Worked{File: name}
	var expect, onlys *law.Node
	said := *root // the profile is what the other keys leave
	said.Entries = nil
	for _, e := range root.Entries {
		switch e.Key {
		case "day":
			f.Reader.Day(&w.Day)(e.Value)
		case "expect":
			expect = e.Value
		case "only":
			onlys = e.Value
		default:
			said.Entries = append(said.Entries, e)
		}
	}
	if w.Day == 0 && len(f.Problems) == 0 {
		f.Add(root.Pos, "a worked profile without its day", "add day: 2026-11-25")
	}
	if w.Profile, err = profile.Read(name, src, &said, cat); err != nil {
		return nil, append(f.Problems, asProblems(err)...)
	}
	f.worked(w, root.Pos, expect)
	if onlys != nil {
		f.onlys(w, onlys)
	}
	return w, f.Problems
}

func asProblems(err error) law.Problems {
	var problems law.Problems
	if errors.As(err, &problems) {
		return problems
	}
	return law.Problems{{What: err.Error()}}
}

// worked reads what is expected: of a group person by person.
func (f *testFile) worked(w *Worked, pos law.Pos, n *law.Node) {
	switch {
	case n == nil || n.Kind != law.Map || len(n.Entries) == 0:
		f.Add(pos, "a worked profile says what it expects", "expect: {eu/nis2: own because org.size}")
	case w.Profile.Group == nil:
		w.Expect = f.standings("", n)
	default:
		for _, e := range n.Entries {
			if f.person(w, e) {
				w.Expect = append(w.Expect, f.standings(e.Key, e.Value)...)
			}
		}
	}
}

// person says whether the profile lists the person that an entry is about.
func (f *testFile) person(w *Worked, e law.Entry) bool {
	var ids []string
	for _, o := range w.Profile.People() {
		ids = append(ids, o.ID)
	}
	if !slices.Contains(ids, e.Key) {
		f.Add(e.Pos, fmt.Sprintf("the profile lists no person %q", e.Key), law.DidYouMean(e.Key, ids))
		return false
	}
	return true
}

// Check judges the profile and compares.
func (w *Worked) Check(v *fact.Vocabulary, engine Engine) []Failure {
	return append(w.compare(w.judge(engine)), w.checkOnly(v, engine)...)
}

func (w *Worked) judge(engine Engine) *judge.Result {
	return engine.Judge(w.Profile.Input(w.Day, w.Day.Time().Add(12*time.Hour)))
}

func (w *Worked) compare(result *judge.Result) []Failure {
	of := map[fact.Subject]map[law.InstrumentID]*judge.Applicability{}
	for k := range result.Persons {
		p := &result.Persons[k]
		of[p.Person] = map[law.InstrumentID]*judge.Applicability{}
		for i := range p.Instruments {
			of[p.Person][p.Instruments[i].Instrument.ID] = &p.Instruments[i]
		}
	}
	var failures []Failure
	for i := range w.Expect {
		x := &w.Expect[i]
		what := "nothing is said of it"
		if a := of[profile.PersonSubject(x.Person)][x.Instrument]; a != nil {
			what = x.differs(a)
		}
		if what != "" {
			failures = append(failures, Failure{Pos: x.Pos, Test: w.of(x.Person), What: string(x.Instrument) +
				": " + what})
		}
	}
	return failures
}

// of names a test by its profile and, of a group, its person.
func (w *Worked) of(person string) string {
	return strings.TrimSuffix(w.Profile.Name()+", "+person, ", ")
}
