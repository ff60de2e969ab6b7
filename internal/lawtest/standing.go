// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// standing is what is expected of one instrument for one person.
type standing struct {
	Person     string // of a group: its ID
	Instrument law.InstrumentID
	Bound      string // own, supplier, no, undetermined, displaced
	For        string // of undetermined: own or supplier, whose duty it is that is open; "": either
	By         law.InstrumentID
	Because    []string // facts on which it rests, or in-force
	Asking     []fact.Name
	Pos        law.Pos
}

func (f *testFile) standings(person string, n *law.Node) []standing {
	if n.Kind != law.Map {
		f.Add(n.Pos, "expect is a map from instruments to what they are to us", "eu/nis2: own because org.size")
		return nil
	}
	var all []standing
	for _, e := range n.Entries {
		if e.Key == others {
			if s, ok := f.Scalar(e.Value); ok && s != notOwn {
				f.Add(e.Value.Pos, fmt.Sprintf("%q is nothing that all others can be", s), others+": "+notOwn)
			}
			all = append(all, f.allOthers(person, n, e.Pos)...)
			continue
		}
		if _, ok := f.cat.Instrument(law.InstrumentID(e.Key)); !ok {
			f.Add(e.Pos, fmt.Sprintf("unknown instrument %q", e.Key), law.DidYouMean(e.Key, instrumentIDs(f.cat)))
			continue
		}
		s, ok := f.Scalar(e.Value)
		if !ok {
			continue
		}
		x, err := parseStanding(s)
		if err == nil {
			err = f.knownStanding(&x)
		}
		if err != nil {
			f.Add(e.Value.Pos, err.Error(), hintOf(err))
			continue
		}
		x.Person, x.Instrument, x.Pos = person, law.InstrumentID(e.Key), e.Pos
		all = append(all, x)
	}
	return all
}

// others: not own says that no instrument but those that are named binds us, and that of none it is open.
const others, notOwn = "others", "not own"

func (f *testFile) allOthers(person string, n *law.Node, pos law.Pos) (all []standing) {
	for _, id := range instrumentIDs(f.cat) {
		if !n.Has(id) {
			all = append(all, standing{Person: person, Instrument: law.InstrumentID(id), Bound: notOwn, Pos: pos})
		}
	}
	return all
}

var bounds = []string{"own", "supplier", "no", "undetermined", "displaced"}

// parseStanding reads one line:
//
//	own|supplier|no [because <fact> [and <fact>]] [asking <fact> [and <fact>]]
//	undetermined [for own|supplier] asking <fact> [and <fact>]
//	displaced by <instrument> [because …]
//
// A no says why, and what is undetermined asks: an answer that does not is no answer.
func parseStanding(s string) (standing, error) {
	p := &words{rest: strings.Fields(strings.ReplaceAll(s, ",", " "))}
	var x standing
	var err error
	if x.Bound, err = p.next(); err != nil {
		return x, err
	}
	if !slices.Contains(bounds, x.Bound) {
		hint := cmp.Or(law.DidYouMean(x.Bound, bounds), "one of "+strings.Join(bounds, ", "))
		return x, &wordError{fmt.Sprintf("%q is nothing that a law is to us", x.Bound), hint}
	}
	for len(p.rest) > 0 && err == nil {
		err = p.standing(&x)
	}
	switch {
	case err != nil:
	case x.Bound == "no" && len(x.Because) == 0:
		err = &wordError{"a no says why", "no because <fact>, or no because in-force"}
	case x.Bound == "undetermined" && len(x.Asking) == 0:
		err = &wordError{"what is undetermined asks something", "undetermined asking <fact>"}
	case (x.Bound == "displaced") != (x.By != ""):
		err = &wordError{"a law is displaced by another", "displaced by eu/dora"}
	}
	return x, err
}

func (p *words) standing(x *standing) error {
	w, _ := p.next()
	switch w {
	case "because":
		return p.names(func(s string) { x.Because = append(x.Because, s) })
	case "asking":
		return p.names(func(s string) { x.Asking = append(x.Asking, fact.Name(s)) })
	case "for":
		s, err := p.next()
		if err == nil && s != "own" && s != "supplier" {
			return &wordError{fmt.Sprintf("undetermined for %q", s),
				"for own, or for supplier: whose duty it is that is open"}
		}
		x.For = s
		return err
	case "by":
		s, err := p.next()
		x.By = law.InstrumentID(s)
		return err
	}
	return &wordError{fmt.Sprintf("%q begins no part of an expectation", w),
		law.DidYouMean(w, []string{"because", "asking", "by", "for"})}
}

func (f *testFile) knownStanding(x *standing) error {
	for _, name := range slices.Concat(x.Because, asStrings(x.Asking)) {
		if _, ok := f.cat.Vocabulary.Lookup(fact.Name(name)); !ok && name != "in-force" {
			return &wordError{fmt.Sprintf("unknown fact %q", name), law.DidYouMean(name, factNames(f.cat))}
		}
	}
	for _, name := range x.Asking {
		if def, ok := f.cat.Vocabulary.Lookup(name); ok && def.Question == "" {
			return &wordError{fmt.Sprintf("fact %s has no question", name), "give it one, or ask for another fact"}
		}
	}
	if _, ok := f.cat.Instrument(x.By); !ok && x.By != "" {
		return &wordError{fmt.Sprintf("unknown instrument %q", x.By), law.DidYouMean(string(x.By),
			instrumentIDs(f.cat))}
	}
	return nil
}

// differs says how what holds differs from what was expected; "" when it does not.
func (x *standing) differs(a *judge.Applicability) string {
	if x.Bound == notOwn {
		if a.Bound == "own" || a.OpenFor == judge.Own {
			return "got " + describeHold(a.Bound, a) + "; want " + notOwn
		}
		return ""
	}
	var wrong []string
	bound := a.Bound
	if bound == "no" && a.Displaced != "" {
		bound = "displaced"
	}
	if bound != x.Bound || x.By != "" && a.Displaced != x.By {
		wrong = append(wrong, "want "+strings.TrimSuffix(x.Bound+" by "+string(x.By), " by "))
	}
	if x.For != "" && string(a.OpenFor) != x.For {
		wrong = append(wrong, fmt.Sprintf("want it open for %s, not %q", x.For, a.OpenFor))
	}
	for _, name := range x.Because {
		rests := slices.ContainsFunc(a.Rests, func(k judge.KnownFact) bool { return string(k.Fact) == name })
		out := strings.Join(a.Because, " ")
		if !rests && (name != "in-force" || !strings.Contains(out, "in-force: ") && !strings.Contains(out,
			"not in force")) {
			wrong = append(wrong, "want it because of "+name)
		}
	}
	asked := slices.Concat(a.Missing, a.Open)
	for _, name := range x.Asking {
		if !slices.ContainsFunc(asked, func(m judge.MissingFact) bool { return m.Fact == name }) {
			wrong = append(wrong, "want "+string(name)+" asked")
		}
	}
	if len(wrong) == 0 {
		return ""
	}
	return "got " + describeHold(bound, a) + "; " + strings.Join(wrong, "; ")
}

// describeHold puts what holds into the words of an expectation.
func describeHold(bound string, a *judge.Applicability) string {
	s := bound
	if a.Displaced != "" {
		s += " by " + string(a.Displaced)
	}
	var because, asking []string
	for _, k := range a.Rests {
		because = append(because, string(k.Fact))
	}
	for _, m := range slices.Concat(a.Missing, a.Open) {
		asking = append(asking, string(m.Fact))
	}
	for _, part := range []struct {
		word  string
		names []string
	}{{"because", because}, {"asking", asking}} {
		slices.Sort(part.names)
		if len(part.names) > 0 {
			s += " " + part.word + " " + strings.Join(slices.Compact(part.names), " and ")
		}
	}
	return s
}
