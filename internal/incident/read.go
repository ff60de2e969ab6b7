// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/clock"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

func (v *Vocabulary) readFacts(r *law.Reader, root *law.Node) {
	r.Object(root, "a file of facts of incidents", law.Need("facts", r.List(func(n *law.Node) {
		d := &Definition{pos: n.Pos}
		r.Object(n, "a fact of incidents",
			law.Need("id", r.Text(&d.ID)),
			law.Need("kind", law.Word(r, &d.Sort, "kind of fact", []Sort{Time, YesNo, Count, Text})),
			law.Need("title", r.Text(&d.Title)),
			law.Opt("anchor", law.Word(r, &d.Anchor, "anchor", law.Anchors())),
			law.Opt("within", r.Text(&d.Within)),
			law.Opt("places", r.Bool(&d.Places)),
			law.Opt("reasons", r.Bool(&d.Reasons)))
		if first := v.byID[d.ID]; first != nil {
			r.Add(n.Pos, fmt.Sprintf("fact %s is defined twice: first at %s", d.ID, first.pos), "")
			return
		}
		if _, taken := v.law.Vocabulary.Lookup(fact.Name(d.ID)); taken && !v.beside {
			r.Add(n.Pos, fmt.Sprintf("%s is a fact of the common vocabulary", d.ID), "give it another name")
		}
		v.Facts, v.byID[d.ID] = append(v.Facts, d), d
		if d.Anchor != "" {
			v.anchors[d.Anchor] = d
		}
	})))
	for _, d := range v.Facts {
		if o := v.byID[d.Within]; d.Within != "" && (o == nil || o.Sort != Time || d.Sort != Time) {
			r.Add(d.pos, fmt.Sprintf("%s is within %q, which is no event", d.ID, d.Within), law.DidYouMean(d.Within,
				slices.Sorted(maps.Keys(v.byID))))
		}
		if d.Anchor != "" && d.Sort != Time {
			r.Add(d.pos, fmt.Sprintf("%s is no time, so no clock can run from it", d.ID), "kind: time")
		}
	}
}

func (v *Vocabulary) readLaw(r *law.Reader, root *law.Node) {
	var excepted []string
	r.Object(root, "what incidents mean to the laws",
		law.Need("own", r.Texts(&v.own)),
		law.Need("excepted", r.Texts(&excepted)),
		law.Need("follows", r.List(func(n *law.Node) { v.spoil(r, func() bool { return v.readFollow(r, n) }) })),
		law.Need("clocks", r.List(func(n *law.Node) { v.spoil(r, func() bool { return v.readRule(r, n) }) })),
		law.Need("calendars", r.List(func(n *law.Node) {
			var c calendar
			r.Object(n, "a calendar", law.Need("rule", r.Text(&c.rule)), law.Opt("zone", r.Text(&c.zone)),
				law.Need("holidays", r.Text(&c.holidays)))
			v.calendars = append(v.calendars, c)
		})))
	for _, e := range excepted {
		v.spoil(r, func() bool { return v.lookup(r, root.Pos, e) != nil })
		v.excepted[fact.Name(e)] = true
	}
}

// spoil reads one entry; beside another law one that does not fit it is left out, with what was wrong.
func (v *Vocabulary) spoil(r *law.Reader, read func() bool) {
	before := len(r.Problems)
	read()
	if v.beside {
		r.Problems = r.Problems[:before]
	}
}

// lookup holds a name against the common vocabulary.
func (v *Vocabulary) lookup(r *law.Reader, at law.Pos, name string) *fact.Definition {
	d, ok := v.law.Vocabulary.Lookup(fact.Name(name))
	if !ok {
		var names []string
		for _, n := range v.law.Vocabulary.Names() {
			names = append(names, string(n))
		}
		r.Add(at, fmt.Sprintf("the vocabulary has no fact %q", name), law.DidYouMean(name, names))
	}
	return d
}

func (v *Vocabulary) expression(r *law.Reader, to **expr.Expr, text *string) func(*law.Node) {
	return func(n *law.Node) {
		r.Text(text)(n)
		if *text == "" {
			return
		}
		e, problems := v.exprs.Compile(*text)
		for _, p := range problems {
			r.Add(n.Pos, p.Error(), "")
		}
		*to = e
	}
}

func (v *Vocabulary) readFollow(r *law.Reader, n *law.Node) bool {
	before := len(r.Problems)
	f := &follow{pos: n.Pos}
	var name string
	r.Object(n, "what follows from an incident",
		law.Need("fact", r.Text(&name)),
		law.Opt("when", v.expression(r, &f.when, &f.text)),
		law.Opt("anchor", law.Word(r, &f.anchor, "anchor", law.Anchors())),
		law.Opt("later-than", law.Word(r, &f.later, "anchor", law.Anchors())),
		law.Opt("by", r.Text(&f.by)),
		law.Opt("count", r.Texts(&f.count)),
		law.Opt("most", r.Texts(&f.most)), law.Opt("of", r.Text(&f.of)),
		law.Opt("some", r.Text(&f.some)))
	ways := 0
	for _, set := range []bool{f.text != "", f.anchor != "", len(f.count) > 0, len(f.most) > 0, f.some != ""} {
		if set {
			ways++
		}
	}
	if ways != 1 || (f.later == "") != (f.by == "") || f.later != "" && f.anchor == "" || (len(f.most) > 0) != (f.of != "") {
		r.Add(n.Pos, "it says in no way, or in several, how the fact follows",
			"when, anchor (later-than with by), count, most with of, or some")
	}
	if _, err := clock.ParsePeriod(f.by); f.by != "" && err != nil {
		r.Add(n.Pos, err.Error(), "")
	}
	for _, c := range slices.Concat(f.count, f.most, []string{f.some}) {
		if c != "" && v.define(c) == nil {
			r.Add(n.Pos, fmt.Sprintf("incidents have no fact %q", c), law.DidYouMean(c, slices.Sorted(maps.Keys(v.byID))))
		}
	}
	if v.lookup(r, n.Pos, name) == nil || len(r.Problems) > before {
		return false
	}
	f.fact = fact.Name(name)
	v.follows[f.fact] = append(v.follows[f.fact], f)
	return true
}

func (v *Vocabulary) readRule(r *law.Reader, n *law.Node) bool {
	before := len(r.Problems)
	var key string
	var at law.Pos
	in := &rule{}
	r.Object(n, "a clock of incidents",
		law.Need("clock", r.TextAt(&key, &at)),
		law.Opt("when", v.expression(r, &in.when, &in.text)),
		law.Opt("apart", r.Text(&in.apart)),
		law.Opt("last", r.Bool(&in.last)),
		law.Opt("notice", r.Text(&in.notice)),
		law.Opt("noon", law.Word(r, &in.noon, "grace", []string{"contested", "firm"})),
		law.Opt("hold", law.Word(r, &in.hold, "authority", Authorities())),
		law.Opt("oral", r.Text(&in.oral)),
		law.Opt("spared", r.List(func(n *law.Node) {
			s := spare{pos: n.Pos}
			r.Object(n, "what spares a notice", law.Need("when", v.expression(r, &s.when, &s.text)),
				law.Need("why", r.Text(&s.why)), law.Need("pinpoint", r.Text(&s.pinpoint)))
			in.spared = append(in.spared, s)
		})))
	if _, err := clock.ParsePeriod(in.oral); in.oral != "" && err != nil {
		r.Add(n.Pos, err.Error(), "")
	}
	if _, _, err := v.Clock(in.notice); in.notice != "" && err != nil {
		r.Add(at, err.Error(), "")
	}
	i, c, err := v.Clock(key)
	if err != nil {
		r.Add(at, strings.TrimPrefix(err.Error(), "the law has "), "")
		return false
	}
	if len(r.Problems) > before {
		return false
	}
	have := v.rules[Key(i, c)]
	if have.text != "" || have.apart != "" || have.spared != nil || have.noon != "" || have.hold != "" {
		r.Add(at, fmt.Sprintf("clock %s is said twice", key), "")
	}
	have.when, have.text, have.apart, have.last, have.noon = in.when, in.text, in.apart, in.last, in.noon
	have.hold, have.oral, have.spared, have.notice = in.hold, in.oral, in.spared, in.notice
	if in.hold != "" && c.Suspension == "" {
		r.Add(at, fmt.Sprintf("nothing suspends clock %s", key), "its law names no suspension")
	}
	return true
}

// define finds a fact, also by place.
func (v *Vocabulary) define(key string) *Definition {
	if d := v.byID[key]; d != nil {
		return d
	}
	for id := key; ; {
		at := strings.LastIndexByte(id, '.')
		if at < 0 {
			return nil
		}
		id = id[:at]
		if d := v.byID[id]; d != nil && d.Places && place(key[len(id)+1:]) {
			return d
		}
	}
}

// place is a country, or a country and its part: de, us.ca.
func place(s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) > 2 {
		return false
	}
	for i, p := range parts {
		if len(p) < 2 || len(p) > 3 || i == 0 && len(p) != 2 || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}
