// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawlint

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/lawtest"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Lint reports everything that is wrong with a catalogue, in order of place; warnings are what a reader
// should look at. What the loader refuses stands alone, because the rest would follow from it.
func Lint(fsys fs.FS) law.Problems {
	cat, err := law.Load(fsys)
	if err != nil {
		l := &linter{fsys: fsys, problems: append(asProblems(err), unfilled(fsys)...), sources: map[string][]string{}}
		l.fillLines()
		return l.problems.Sort()
	}
	set, err := expr.NewSet(cat.Vocabulary)
	if err != nil {
		return asProblems(err)
	}
	l := &linter{cat: cat, fsys: fsys, set: set, used: map[fact.Name]bool{}, sources: map[string][]string{}}
	for _, id := range slices.Sorted(maps.Keys(cat.Controls)) {
		c := cat.Controls[id]
		l.expression(c.Expr, c.ExprPos, c.Subject, "control "+string(id))
	}
	for _, i := range cat.Instruments {
		l.instrument(i)
		l.sound(i)
	}
	l.recipients()
	l.calendars()
	l.vocabulary()
	l.orphans()
	l.unused()
	l.compiled()
	tests, problems := lawtest.Read(cat, fsys)
	_, bad := lawtest.ReadProfiles(cat, fsys)
	l.problems = append(append(l.problems, problems...), bad...)
	l.problems = append(l.problems, uncovered(cat, tests)...)
	l.fillLines()
	return l.problems.Sort()
}

func asProblems(err error) law.Problems {
	var problems law.Problems
	if errors.As(err, &problems) {
		return problems
	}
	return law.Problems{{Pos: law.Pos{File: "catalogue"}, What: err.Error()}}
}

type linter struct {
	cat      *law.Catalogue
	fsys     fs.FS
	set      *expr.Set
	used     map[fact.Name]bool
	problems law.Problems
	sources  map[string][]string
}

func (l *linter) add(pos law.Pos, what, hint string) {
	l.problems = append(l.problems, &law.Problem{Pos: pos, What: what, Hint: hint})
}

func (l *linter) warn(pos law.Pos, what, hint string) {
	l.problems = append(l.problems, &law.Problem{Pos: pos, What: what, Hint: hint, Warning: true})
}

// instrument checks what the loader leaves: expressions and pinpoints.
func (l *linter) instrument(i *law.Instrument) {
	l.conditions(i.Applies, i.Displaced)
	for _, c := range i.Clocks {
		l.optional(c.When, c.WhenPos, "clock "+c.ID)
		for _, v := range c.Variants {
			l.optional(v.When, v.Pos, "clock "+c.ID)
		}
	}
	for _, p := range i.Provisions {
		l.conditions(p.Applies, p.Displaced)
		for _, d := range p.Deemed {
			l.expression(d.When, d.Pos, "", "deemed compliance")
		}
		l.subjects(p)
	}
	l.pinpoints(i)
}

func (l *linter) conditions(applies []law.Conjunct, displaced []law.Displacement) {
	for _, c := range applies {
		l.expression(c.Expr, c.Pos, "", c.Name+" condition")
	}
	for _, d := range displaced {
		l.expression(d.When, d.Pos, "", "displacement")
	}
}

func (l *linter) optional(text string, pos law.Pos, what string) {
	if text != "" {
		l.expression(text, pos, "", what)
	}
}

// expression holds a text against the fence. subject is what a control says it speaks of; "" where an
// expression may speak of several.
func (l *linter) expression(text string, pos law.Pos, subject fact.SubjectKind, what string) {
	e, problems := l.set.Compile(text)
	for _, p := range problems {
		l.add(l.within(pos, p.Offset), fmt.Sprintf("%s: %s (%s)", what, p.Message, p.Rule), p.Hint)
	}
	if e == nil {
		return
	}
	for _, name := range e.Facts {
		l.used[name] = true
	}
	l.decided(e, pos, what)
	if subject != "" && !slices.ContainsFunc(e.Defs, func(d *fact.Definition) bool { return d.Subject == subject }) {
		l.add(pos, fmt.Sprintf("%s speaks of no fact of a %s", what, subject),
			"subject is the narrowest that its facts speak of")
	}
}

// within moves from the start of an expression to one of its characters, where the file holds the
// expression in one piece; a folded one keeps its start.
func (l *linter) within(pos law.Pos, at int) law.Pos {
	line := []rune(l.line(pos))
	if pos.Col < 1 || pos.Col > len(line) {
		return pos
	}
	switch line[pos.Col-1] {
	case '"', '\'':
		at++
	case '|', '>':
		return pos
	}
	if pos.Col+at <= len(line) {
		pos.Col += at
	}
	return pos
}

// subjects warns where a control cannot speak of what the provision judges.
func (l *linter) subjects(p *law.Provision) {
	for _, id := range controlsOf(p) {
		if c := l.cat.Controls[id]; c.Subject == fact.Organisation && p.Subject == fact.Device &&
			p.Bearer == law.OfMaker {
			l.warn(p.Pos, fmt.Sprintf("control %s speaks of an organisation, the provision of its maker's device", id), "")
		}
	}
}

func controlsOf(p *law.Provision) []law.ControlID {
	return slices.Concat(p.Breach, p.Suffices, p.Indicators)
}

// unused warns of controls that no provision needs and of facts that no expression names.
func (l *linter) unused() {
	needed := map[law.ControlID]bool{}
	for _, p := range l.cat.Provisions {
		for _, id := range controlsOf(p) {
			needed[id] = true
		}
	}
	for id, c := range l.cat.Controls {
		if !needed[id] {
			l.warn(c.Pos, fmt.Sprintf("control %s is used by no provision", id), "")
		}
	}
	for _, name := range l.cat.Vocabulary.Names() {
		if !l.used[name] {
			l.warn(l.cat.FactPos[name], fmt.Sprintf("fact %s is named by no control, condition or clock", name), "")
		}
	}
}

// line is the source line at a place; "" when it cannot be read.
func (l *linter) line(pos law.Pos) string {
	lines, ok := l.sources[pos.File]
	if !ok {
		b, err := law.ReadFile(l.fsys, pos.File)
		if err == nil {
			lines = strings.Split(string(b), "\n")
		}
		l.sources[pos.File] = lines
	}
	if pos.Line < 1 || pos.Line > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[pos.Line-1], "\r")
}

func (l *linter) fillLines() {
	for _, p := range l.problems {
		if p.Line == "" {
			p.Line = l.line(p.Pos)
		}
	}
}
