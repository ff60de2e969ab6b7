// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawlint

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// sound checks what each part of an instrument says against its other parts: a slip there breaks no format,
// and shows in no verdict until somebody is judged by it.
func (l *linter) sound(i *law.Instrument) {
	l.conditionsOnce(i.Applies)
	for _, c := range i.Applies {
		if c.Name == "adoption" && !i.Kind.Voluntary() {
			l.add(c.Pos, fmt.Sprintf("a %s binds without being adopted", i.Kind),
				"adoption is for standards, guidelines and schemes")
		}
	}
	for _, p := range i.Provisions {
		l.conditionsOnce(p.Applies)
		l.role(p)
		for _, d := range p.Deemed {
			if d.By == i.ID {
				l.add(d.Pos, fmt.Sprintf("%s would rest on itself", p.Local()), "by names another instrument")
			}
		}
	}
	for _, c := range i.Clocks {
		l.clock(&c)
	}
	for _, p := range i.Penalties {
		l.figures(i, &p)
	}
	for _, r := range i.Retention {
		l.retention(i, &r)
	}
}

func (l *linter) conditionsOnce(all []law.Conjunct) {
	for k, c := range all {
		if slices.ContainsFunc(all[:k], func(o law.Conjunct) bool { return o.Expr == c.Expr }) {
			l.add(c.Pos, fmt.Sprintf("the %s condition %q stands twice", c.Name, c.Expr), "")
		}
	}
}

// role holds the addressee of a provision against those of its instrument.
func (l *linter) role(p *law.Provision) {
	for r := range strings.SplitSeq(strings.ReplaceAll(p.Role, ", ", " or "), " or ") {
		if r != "" && !slices.Contains(p.Instrument.Addressees, r) {
			l.warn(p.Pos, fmt.Sprintf("the role %q of %s is no addressee of %s", r, p.Local(), p.Instrument.ID),
				law.DidYouMean(r, p.Instrument.Addressees))
		}
	}
}

func (l *linter) clock(c *law.Clock) {
	if c.Anchor == "submission" && c.After == "" {
		l.add(c.Pos, fmt.Sprintf("clock %s runs from a submission, and does not say of which notice", c.ID),
			"after names the clock of the earlier notice")
	}
	if c.Offset == "" && len(c.Also)+len(c.Variants) == 0 && c.Note == "" {
		l.add(c.Pos, fmt.Sprintf("clock %s has no period, and no note says that the law sets none", c.ID),
			"offset: PT24H")
	}
}

// figures holds the numbers of a penalty against its words, where one of the two was copied wrongly.
func (l *linter) figures(i *law.Instrument, p *law.Penalty) {
	percent := strconv.FormatFloat(p.Percent, 'f', -1, 64)
	if p.Percent > 0 && !strings.Contains(strings.ReplaceAll(p.Formula, " %", "%"), percent+"%") {
		l.add(i.Pos, fmt.Sprintf("the penalty for %s has %g %%, its formula %q has not", p.For, p.Percent,
			p.Formula), "")
	}
	if p.Amount > 0 && !slices.ContainsFunc(amounts(p.Amount),
		func(s string) bool { return strings.Contains(p.Formula, s) }) {
		l.add(i.Pos, fmt.Sprintf("the penalty for %s has an amount of %d, its formula %q has not", p.For,
			p.Amount, p.Formula), "")
	}
}

// amounts are the ways in which a formula writes a sum: 15m, 15 million, 15,000,000 or 15000000.
func amounts(n int64) []string {
	plain := strconv.FormatInt(n, 10)
	grouped := plain
	for at := len(plain) - 3; at > 0; at -= 3 {
		grouped = grouped[:at] + "," + grouped[at:]
	}
	millions := strconv.FormatFloat(float64(n)/1e6, 'f', -1, 64)
	return []string{plain, grouped, strings.ReplaceAll(grouped, ",", " "), millions + "m", millions + " million"}
}

var (
	periodWord = regexp.MustCompile(`\bP[T\d]\w*`)
	periodForm = regexp.MustCompile(`^P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?)?$`)
)

func (l *linter) retention(i *law.Instrument, r *law.Retention) {
	for _, w := range periodWord.FindAllString(r.Period, -1) {
		if !periodForm.MatchString(w) || w[len(w)-1] == 'T' {
			l.add(i.Pos, fmt.Sprintf("the period %q for which %s is kept is none", w, r.What), "P10Y, P6M")
		}
	}
}

// vocabulary checks what the reader of facts leaves.
func (l *linter) vocabulary() {
	for _, n := range l.cat.Vocabulary.Names() {
		d, _ := l.cat.Vocabulary.Lookup(n)
		for m := range d.TTL {
			if !slices.Contains(d.Known, m) {
				l.add(l.cat.FactPos[n], fmt.Sprintf("fact %s has a ttl for %s, by which it cannot become known",
					n, m), "")
			}
		}
		words := slices.Sorted(slices.Values(d.Words))
		if len(slices.Compact(words)) < len(d.Words) {
			l.add(l.cat.FactPos[n], fmt.Sprintf("fact %s has a word twice", n), "")
		}
	}
}

// orphans are lists of pinpoints of no instrument.
func (l *linter) orphans() {
	err := fs.WalkDir(l.fsys, "pinpoints", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".txt" {
			return err
		}
		id := law.InstrumentID(strings.TrimSuffix(strings.TrimPrefix(name, "pinpoints/"), ".txt"))
		if _, ok := l.cat.Instrument(id); !ok {
			l.add(law.Pos{File: name, Line: 1, Col: 1}, fmt.Sprintf("places of %s, which is no instrument", id),
				law.DidYouMean(string(id), instrumentIDs(l.cat)))
		}
		return nil
	})
	if err != nil {
		return // no list at all is told where one is missing
	}
}

// compiled asks the judge what it makes of the catalogue: that a provision asks a fact of somebody who
// stands not before it shows there.
func (l *linter) compiled() {
	if slices.ContainsFunc(l.problems, func(p *law.Problem) bool { return !p.Warning }) {
		return // it would say the same again
	}
	if _, err := judge.Compile(l.cat); err != nil {
		l.problems = append(l.problems, asProblems(err)...)
	}
}

// mostCases bounds the values that are tried of an expression's facts; what has more is left.
const mostCases = 5000

// decided reports an expression that says the same whatever its facts are: it asks for evidence that
// changes nothing.
func (l *linter) decided(e *expr.Expr, pos law.Pos, what string) {
	early, late := always(e, 0), always(e, 60_000) // 1970 and 2134: dates of the law lie between
	if early == late && early != expr.Unknown {
		l.add(pos, fmt.Sprintf("%s is always %s, whatever its facts are", what, early), "")
	}
}

// always is the truth that an expression has for all values of its facts on a day; unknown where it varies.
func always(e *expr.Expr, day fact.Day) expr.Truth {
	values := map[fact.Name][]fact.Value{}
	e.Tree.Walk(func(a *expr.Atom) { values[a.Fact] = append(values[a.Fact], a.Values(day, day)...) })
	cases := 1
	for n := range values {
		slices.SortFunc(values[n], func(a, b fact.Value) int {
			return cmp.Or(cmp.Compare(a.Int(), b.Int()), cmp.Compare(a.Day(), b.Day()),
				strings.Compare(a.String(), b.String()))
		})
		values[n] = slices.Compact(values[n])
		if cases *= len(values[n]); cases > mostCases {
			return expr.Unknown
		}
	}
	return vary(e, values, map[fact.Name]fact.Value{}, 0, day)
}

func vary(e *expr.Expr, values map[fact.Name][]fact.Value, chosen map[fact.Name]fact.Value, k int,
	day fact.Day) expr.Truth {
	if k == len(e.Facts) {
		return e.Tree.Truth(func(n fact.Name) fact.Value { return chosen[n] }, day, day)
	}
	all := expr.Unknown
	for i, v := range values[e.Facts[k]] {
		chosen[e.Facts[k]] = v
		one := vary(e, values, chosen, k+1, day)
		if one == expr.Unknown || i > 0 && one != all {
			return expr.Unknown
		}
		all = one
	}
	return all
}

func instrumentIDs(cat *law.Catalogue) []string {
	all := make([]string, 0, len(cat.Instruments))
	for _, i := range cat.Instruments {
		all = append(all, string(i.ID))
	}
	return all
}
