// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

var withinForm = regexp.MustCompile(`within\(\s*([a-z][a-z0-9_.]*)\s*,\s*"(P[0-9A-Z]+)"\s*\)`)

// spans gives, for each fact that is the day of a newest act, the shortest period in which any part of the law asks
// for it: for that long an act that is on record settles the question, whatever else may have been done.
func spans(c *law.Catalogue) map[fact.Name]expr.Span {
	shortest := map[fact.Name]expr.Span{}
	if c == nil {
		return shortest
	}
	read := func(text string) {
		for _, m := range withinForm.FindAllStringSubmatch(text, -1) {
			s, err := expr.ParseSpan(m[2])
			old, ok := shortest[fact.Name(m[1])]
			if err == nil && (!ok || s.After(0) < old.After(0)) {
				shortest[fact.Name(m[1])] = s
			}
		}
	}
	conjuncts := func(all []law.Conjunct) {
		for i := range all {
			read(all[i].Expr)
		}
	}
	for _, k := range c.Controls {
		read(k.Expr)
	}
	for _, i := range c.Instruments {
		conjuncts(i.Applies)
		for _, p := range i.Provisions {
			conjuncts(p.Applies)
			for j := range p.Deemed {
				read(p.Deemed[j].When)
			}
		}
	}
	return shortest
}

// judges reads a judgement: of a provision that is there, about what it is judged on.
func (d *Desk) judges(r *record) error {
	if !r.kind.Judges {
		return nil
	}
	id := r.body.Fields["provision"]
	p := d.Law.Provisions[law.ProvisionID(id)]
	if p == nil {
		var known []string
		for id := range d.Law.Provisions {
			known = append(known, string(id))
		}
		hint := "writ law show names those of an instrument"
		if near := law.Suggest(id, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return fmt.Errorf("unknown provision %q: %s", id, hint)
	}
	if p.Subject != r.about.Kind {
		return fmt.Errorf("%s is judged on %s, and %s is %s", id, aKind(p.Subject), r.name, aKind(r.about.Kind))
	}
	if len(r.given.Facts) > 0 {
		return fmt.Errorf("a judgement makes known itself and nothing else: enter facts as records of their own")
	}
	r.body.Topic = ""
	return r.claim(d, fact.Name(fact.JudgementPrefix+id), r.body.Fields["met"], fact.Judgement, false)
}

// makes works out what a record makes known: by its kind and topic, by its fields, and by what is given beside.
func (d *Desk) makes(r *record) error {
	if r.kind.Decides && len(r.given.Facts) > 0 {
		return fmt.Errorf("a decision makes nothing known: it stands beside the verdicts")
	}
	for _, s := range r.kind.sets(r.topic) {
		if _, given := r.given.Facts[string(s.Fact)]; given {
			continue // whoever enters it says otherwise
		}
		if err := r.set(d, &s); err != nil {
			return err
		}
	}
	for _, f := range r.kind.fields(r.topic) {
		if v := r.body.Fields[f.Name]; f.Fact != "" && v != "" {
			if err := r.claim(d, f.Fact, v, fact.Record, false); err != nil {
				return err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.given.Facts)) {
		if err := r.claim(d, fact.Name(name), r.given.Facts[name], fact.Record, false); err != nil {
			return err
		}
	}
	return nil
}

// set makes known what the kind says; what the law at hand does not know, or is about another sort of subject, is
// left out.
func (r *record) set(d *Desk, s *Set) error {
	def, ok := d.Law.Vocabulary.Lookup(s.Fact)
	if !ok || def.Subject != r.about.Kind {
		return nil
	}
	v := s.Value
	switch s.From {
	case "day":
		v = r.body.Day
	case "until":
		v = r.body.Until
	}
	if v == "" {
		return nil
	}
	return r.claim(d, s.Fact, v, fact.Record, s.Lasting || s.From == "until")
}

// claim adds a claim, checked against the vocabulary. lasting: it is so beyond the record's last day.
func (r *record) claim(d *Desk, name fact.Name, text string, m fact.Method, lasting bool) error {
	def, err := d.definition(name, r.about.Kind, m)
	if err != nil {
		return err
	}
	v, err := fact.ParseValue(def.Type, text)
	if err == nil {
		err = def.Check(v)
	}
	if err != nil {
		return fmt.Errorf("fact %s: %w", name, err)
	}
	c := fact.Claim{Subject: r.about, Fact: name, Value: v, Method: m, ObservedAt: r.day.Time(), Documented: true}
	if r.until != 0 && !lasting {
		c.Expires = endOf(r.until)
	}
	if s, ok := d.spans[name]; ok && def.Type == fact.Date {
		if v.Day() > d.today() {
			return fmt.Errorf("fact %s: %s lies ahead, and it is the day of an act that was done", name, v.Day())
		}
		if e := endOf(s.After(v.Day())); !r.closing && (c.Expires.IsZero() || e.Before(c.Expires)) {
			c.Expires = e
		}
	}
	r.claims = slices.DeleteFunc(r.claims, func(o fact.Claim) bool { return o.Fact == name })
	if c.Expires.IsZero() || c.Expires.After(c.ObservedAt) {
		r.claims = append(r.claims, c)
	}
	return nil
}

// endOf is the moment at which a day is over.
func endOf(d fact.Day) time.Time { return (d + 1).Time() }

// definition finds a fact that a record can make known about a sort of subject.
func (d *Desk) definition(name fact.Name, about fact.SubjectKind, m fact.Method) (*fact.Definition, error) {
	def, ok := d.Law.Vocabulary.Lookup(name)
	switch {
	case !ok:
		var known []string
		for _, n := range d.Law.Vocabulary.Names() {
			known = append(known, string(n))
		}
		if near := law.Suggest(string(name), known); near != "" {
			return nil, fmt.Errorf("unknown fact %q: did you mean %q?", name, near)
		}
		return nil, fmt.Errorf("unknown fact %q", name)
	case m == fact.Record && strings.HasPrefix(string(name), fact.JudgementPrefix):
		return nil, fmt.Errorf("%s is a judgement: enter it as one, with reasons and an end (writ record add judgement)", name)
	case !slices.Contains(def.Known, m):
		return nil, fmt.Errorf("fact %s cannot become known by a record", name)
	case def.Subject != "" && def.Subject != about:
		return nil, fmt.Errorf("fact %s is about %s, not about %s: say which one with --about", name, aKind(def.Subject), aKind(about))
	}
	return def, nil
}
