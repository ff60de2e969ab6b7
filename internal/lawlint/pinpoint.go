// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawlint

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/law"
)

// maxPlaces bounds what a list of pinpoints expands to.
const maxPlaces = 20_000

// places is the list of pinpoints that an instrument really has.
type places map[string]bool

// readPlaces reads pinpoints/<id>.txt: one pinpoint a line, # begins a comment, {a-m} and {i,ii,iii} expand.
// A nil list without problems means that there is no such file.
func readPlaces(fsys fs.FS, id law.InstrumentID) (places, law.Problems) {
	name := "pinpoints/" + string(id) + ".txt"
	b, err := law.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, law.Problems{{Pos: law.Pos{File: name}, What: err.Error()}}
	}
	all := places{}
	var problems law.Problems
	for i, line := range strings.Split(string(b), "\n") {
		text := strings.TrimSpace(line)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if what, ok := law.ToFill(text); ok {
			problems = append(problems, toFill(law.Pos{File: name, Line: i + 1, Col: 1}, what, line))
			continue
		}
		expanded, err := expand(text)
		if err == nil && len(all)+len(expanded) > maxPlaces {
			err = fmt.Errorf("more than %d pinpoints", maxPlaces)
		}
		if err != nil {
			problems = append(problems, &law.Problem{Pos: law.Pos{File: name, Line: i + 1, Col: 1}, What: err.Error(), Line: line})
			continue
		}
		for _, p := range expanded {
			all[p] = true
		}
	}
	return all, problems
}

// expand writes out the braces of one line.
func expand(text string) ([]string, error) {
	before, rest, found := strings.Cut(text, "{")
	if !found {
		if strings.Contains(text, "}") {
			return nil, errors.New("a closing brace without an opening one")
		}
		return []string{text}, nil
	}
	inner, after, found := strings.Cut(rest, "}")
	if !found || strings.Contains(inner, "{") {
		return nil, errors.New("braces do not nest and each is closed")
	}
	tails, err := expand(after)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, item := range strings.Split(inner, ",") {
		words, err := span(strings.TrimSpace(item))
		if err != nil {
			return nil, err
		}
		if len(all)+len(words)*len(tails) > maxPlaces {
			return nil, fmt.Errorf("more than %d pinpoints", maxPlaces)
		}
		for _, w := range words {
			for _, tail := range tails {
				all = append(all, before+w+tail)
			}
		}
	}
	return all, nil
}

// span is one item of a brace: a word, 1-10, or a-m.
func span(item string) ([]string, error) {
	from, to, isRange := strings.Cut(item, "-")
	if !isRange {
		if item == "" {
			return nil, errors.New("an empty item in braces")
		}
		return []string{item}, nil
	}
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	letter := func(s string) bool { return len(s) == 1 && (s[0]|0x20) >= 'a' && (s[0]|0x20) <= 'z' }
	var all []string
	switch {
	case errA == nil && errB == nil && a >= 0 && a <= b && b-a < maxPlaces:
		for n := a; n <= b; n++ {
			all = append(all, strconv.Itoa(n))
		}
	case letter(from) && letter(to) && from <= to && from[0]&0x20 == to[0]&0x20:
		for c := from[0]; c <= to[0]; c++ {
			all = append(all, string(rune(c)))
		}
	default:
		return nil, fmt.Errorf("%q is no range: 1-10 or a-m", item)
	}
	return all, nil
}

// pinpoints holds every pinpoint of an instrument against the list of its places.
func (l *linter) pinpoints(i *law.Instrument) {
	all, problems := readPlaces(l.fsys, i.ID)
	l.problems = append(l.problems, problems...)
	if all == nil {
		if i.Depth != law.Listed {
			l.add(i.Pos, fmt.Sprintf("%s has no list of pinpoints", i.ID), "write pinpoints/"+string(i.ID)+".txt")
		}
		return
	}
	known := slices.Collect(maps.Keys(all))
	check := func(pinpoint string, pos law.Pos) {
		if !all[pinpoint] {
			l.add(pos, fmt.Sprintf("pinpoint %q is not a place of %s", pinpoint, i.ID), law.DidYouMean(pinpoint, known))
		}
	}
	for _, p := range i.Provisions {
		check(p.Pinpoint, p.PinpointPos)
	}
	for _, c := range i.Clocks {
		check(c.Pinpoint, c.PinpointPos)
		for _, item := range c.Items {
			if item.Pinpoint != "" {
				check(item.Pinpoint, item.Pos)
			}
		}
	}
	l.citations(i, all)
}

// citations looks at the pinpoints of all else, which may name several places, or one of another law: a
// notice where the first of them lies nowhere near a place of the text.
func (l *linter) citations(i *law.Instrument, all places) {
	look := func(pinpoint string, pos law.Pos) {
		first, _, _ := strings.Cut(strings.ReplaceAll(pinpoint, ";", ","), ",")
		if first = strings.TrimSpace(first); first != "" && !all.near(first) {
			l.warn(pos, fmt.Sprintf("%q, cited here, is no place of %s", first, i.ID), "correct it, or add it to pinpoints/"+string(i.ID)+".txt")
		}
	}
	conditions := func(applies []law.Conjunct, displaced []law.Displacement) {
		for _, c := range applies {
			look(c.Pinpoint, c.Pos)
		}
		for _, d := range displaced {
			look(d.Pinpoint, d.Pos)
		}
	}
	conditions(i.Applies, i.Displaced)
	for _, p := range i.Provisions {
		conditions(p.Applies, p.Displaced)
		for _, d := range p.Deemed {
			look(d.Pinpoint, d.Pos)
		}
	}
	for _, p := range i.Penalties {
		look(p.Pinpoint, i.Pos)
	}
	for _, r := range i.Retention {
		look(r.Pinpoint, i.Pos)
	}
}

// near says that a pinpoint is a place, or holds one, or lies within one.
func (all places) near(pinpoint string) bool {
	for p := range all {
		if within(p, pinpoint) || within(pinpoint, p) {
			return true
		}
	}
	return false
}

// within says that a place lies in another, or is it: Art. 6(1) in Art. 6, and Art. 64 not.
func within(place, other string) bool {
	rest, ok := strings.CutPrefix(place, other)
	return ok && (rest == "" || strings.ContainsRune("( ,-/.", rune(rest[0])))
}
