// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// only is what binds a person by duties of its own where every question that is left is answered no: these
// instruments and no others, and of none it is open.
type only struct {
	Person      string
	Instruments []law.InstrumentID
	Pos         law.Pos
}

// onlys reads a list of instruments, or of a group one for each person.
func (f *testFile) onlys(w *Worked, n *law.Node) {
	if w.Profile.Group == nil {
		w.Only = append(w.Only, f.only("", n.Pos, n))
		return
	}
	for _, e := range n.Entries {
		if f.person(w, e) {
			w.Only = append(w.Only, f.only(e.Key, e.Pos, e.Value))
		}
	}
}

func (f *testFile) only(person string, pos law.Pos, n *law.Node) only {
	o := only{Person: person, Pos: pos}
	f.List(func(item *law.Node) {
		s, ok := f.Scalar(item)
		if _, known := f.cat.Instrument(law.InstrumentID(s)); ok && !known {
			f.Add(item.Pos, fmt.Sprintf("unknown instrument %q", s), law.DidYouMean(s, instrumentIDs(f.cat)))
		}
		o.Instruments = append(o.Instruments, law.InstrumentID(s))
	})(n)
	return o
}

// checkOnly answers no to what is left, judges and compares.
func (w *Worked) checkOnly(v *fact.Vocabulary, engine Engine) (failures []Failure) {
	if len(w.Only) == 0 {
		return nil
	}
	result := engine.Judge(w.allElseNo(v))
	for _, o := range w.Only {
		for k := range result.Persons {
			if p := &result.Persons[k]; p.Person == profile.PersonSubject(o.Person) {
				for _, what := range o.differs(p) {
					failures = append(failures, Failure{Pos: o.Pos, Test: w.of(o.Person) +
						", where all else is no", What: what})
				}
			}
		}
	}
	return failures
}

func (o *only) differs(p *judge.Standing) (wrong []string) {
	for i := range p.Instruments {
		a := &p.Instruments[i]
		want := slices.Contains(o.Instruments, a.Instrument.ID)
		if want != (a.Bound == "own") || a.OpenFor == judge.Own {
			is := "is not to bind us"
			if want {
				is = "is to bind us"
			}
			wrong = append(wrong, fmt.Sprintf("%s %s: got %s", a.Instrument.ID, is, describeHold(a.Bound, a)))
		}
	}
	return wrong
}

// allElseNo is the world of the profile in which every question of yes or no that it leaves open is answered no,
// with a document.
func (w *Worked) allElseNo(v *fact.Vocabulary) judge.Input {
	in := w.Profile.Input(w.Day, w.Day.Time().Add(12*time.Hour))
	said := map[fact.Subject]map[fact.Name]bool{}
	for _, c := range in.Claims {
		if said[c.Subject] == nil {
			said[c.Subject] = map[fact.Name]bool{}
		}
		said[c.Subject][c.Fact] = true
	}
	for _, name := range v.Names() {
		d, _ := v.Lookup(name)
		if d.Question == "" || d.Type != fact.Bool || !slices.Contains(d.Known, fact.Declaration) ||
			strings.HasPrefix(string(name), fact.JudgementPrefix) {
			continue
		}
		for _, m := range in.Members {
			if m.Subject.Kind == d.Subject && !said[m.Subject][name] {
				in.Claims = append(in.Claims, fact.Claim{Subject: m.Subject, Fact: name, Value: fact.BoolValue(false),
					Method: fact.Declaration, ObservedAt: w.Day.Time(), Documented: true})
			}
		}
	}
	return in
}
