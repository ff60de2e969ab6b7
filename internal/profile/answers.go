// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// answers reads a map of facts. An answer is a value, the word unknown, or a map with value, document
// and day.
func (r *reader) answers(to *[]Answer, kind fact.SubjectKind) func(*law.Node) {
	return func(n *law.Node) {
		if n.Kind != law.Map {
			if !n.Empty {
				r.fault(n.Pos, "", "answers are a map: fact: value")
			}
			return
		}
		for _, e := range n.Entries {
			d := r.definition(e.Key, e.Pos, kind)
			if d == nil {
				continue
			}
			a := Answer{Fact: d.Name}
			value := e.Value
			if e.Value.Kind == law.Map {
				value = nil
				r.fields(e.Value, "an answer", map[string]func(*law.Node){
					"value":    func(n *law.Node) { value = n },
					"document": r.text(&a.Document),
					"day":      r.day(&a.Day),
				})
			}
			if v, ok := r.value(value, e.Pos, d); ok {
				a.Value = v
				*to = append(*to, a)
			}
		}
	}
}

// definition finds a fact that may be said of a kind of subject.
func (r *reader) definition(name string, pos law.Pos, kind fact.SubjectKind) *fact.Definition {
	d, ok := r.cat.Vocabulary.Lookup(fact.Name(name))
	if !ok {
		var known []string
		for _, n := range r.cat.Vocabulary.Names() {
			known = append(known, string(n))
		}
		r.fault(pos, didYouMean(name, known), "unknown fact %q", name)
		return nil
	}
	if strings.HasPrefix(name, fact.JudgementPrefix) {
		r.fault(pos, "write it under records:", "a judgement is a record with reasons, not an answer")
		return nil
	}
	if kind != "" && d.Subject != kind {
		r.fault(pos, fmt.Sprintf("answer it under the %s", d.Subject), "fact %s is about %s, not about %s",
			name, aSubject(d.Subject), aSubject(kind))
		return nil
	}
	return d
}

// value reads a fact's value; the word unknown is no answer.
func (r *reader) value(n *law.Node, pos law.Pos, d *fact.Definition) (fact.Value, bool) {
	if n == nil || n.Kind != law.Scalar {
		r.fault(pos, "", "fact %s has no value", d.Name)
		return fact.Value{}, false
	}
	if n.Empty || n.Text == "unknown" {
		return fact.Value{}, false
	}
	v, err := fact.ParseValue(d.Type, n.Text)
	if err != nil {
		err = fmt.Errorf("fact %s: %w", d.Name, err)
	} else {
		err = d.Check(v) // it names the fact
	}
	if err != nil {
		hint := ""
		if d.Type == fact.Enum {
			hint = didYouMean(n.Text, d.Words)
		}
		r.fault(n.Pos, hint, "%v", err)
		return fact.Value{}, false
	}
	return v, true
}

// aSubject is a kind of subject with its article.
func aSubject(k fact.SubjectKind) string {
	if strings.ContainsRune("aeiou", rune(k[0])) {
		return "an " + string(k)
	}
	return "a " + string(k)
}

func (r *reader) record(n *law.Node) Record {
	rec := Record{Subject: "organisation", pos: n.Pos}
	var name, judged string
	var value *law.Node
	r.fields(n, "a record", map[string]func(*law.Node){
		"fact": r.text(&name), "judgement": r.text(&judged), "about": r.text(&rec.Subject),
		"value": func(n *law.Node) { value = n },
		"day":   r.day(&rec.Day), "until": r.day(&rec.Until), "by": r.text(&rec.By), "reasons": r.text(&rec.Reasons),
	})
	if p, ok := strings.CutPrefix(name, fact.JudgementPrefix); ok {
		judged = p // however it is written, a judgement needs its reasons and its end
	}
	if judged != "" {
		r.judgement(n.Pos, &rec, judged)
		name = fact.JudgementPrefix + judged
	}
	d, ok := r.cat.Vocabulary.Lookup(fact.Name(name))
	if !ok {
		r.definition(name, n.Pos, "")
		return rec
	}
	rec.Fact = d.Name
	rec.Value, _ = r.value(value, n.Pos, d)
	if rec.By == "" || rec.Day == 0 {
		r.fault(n.Pos, "add by: and day:", "a record says who says so, and for which day")
	}
	if rec.Until != 0 && rec.Until < rec.Day {
		r.fault(n.Pos, "", "the record ends on %s, before its day %s", rec.Until, rec.Day)
	}
	return rec
}

// judgement: on an open norm a person's word needs reasons and an end (semantics, section 2).
func (r *reader) judgement(pos law.Pos, rec *Record, provision string) {
	if _, ok := r.cat.Provisions[law.ProvisionID(provision)]; !ok {
		var known []string
		for id := range r.cat.Provisions {
			known = append(known, string(id))
		}
		r.fault(pos, didYouMean(provision, known), "unknown provision %q", provision)
	}
	if rec.Reasons == "" || rec.Until == 0 {
		r.fault(pos, "add reasons: and until:", "a judgement on an open norm needs reasons and an end")
	}
}

// references checks that what is named is there, and is what is spoken of.
func (r *reader) references(p *Profile) {
	kinds := map[string]fact.SubjectKind{}
	if p.Group == nil {
		kinds["organisation"] = fact.Organisation
	}
	known := func(id string, k fact.SubjectKind, pos law.Pos) {
		if _, twice := kinds[id]; twice && id != "" {
			r.fault(pos, "give each person, site, product and device an id of its own", "two things have the id %q", id)
		}
		kinds[id] = k
	}
	for i := range p.Persons {
		known(p.Persons[i].ID, fact.Organisation, p.Persons[i].pos)
	}
	for i := range p.Sites {
		known(p.Sites[i].ID, fact.Site, p.Sites[i].pos)
	}
	var products []string
	for i := range p.Products {
		known(p.Products[i].ID, fact.Product, p.Products[i].pos)
		products = append(products, p.Products[i].ID)
	}
	for i := range p.Devices {
		d := &p.Devices[i]
		if d.Product != "" && !slices.Contains(products, d.Product) {
			r.fault(d.pos, didYouMean(d.Product, products),
				"device %s names the product %q, which the profile does not list", d.label(), d.Product)
		}
		known(d.ID, fact.Device, d.pos)
	}
	delete(kinds, "")
	r.groupReferences(p)
	for i := range p.Records {
		r.about(&p.Records[i], kinds)
	}
}

// about checks that a record's subject is there, and that its fact is one about such a subject.
func (r *reader) about(rec *Record, kinds map[string]fact.SubjectKind) {
	k, ok := kinds[rec.Subject]
	if !ok {
		r.fault(rec.pos, "about: is organisation (of a group: a person's id), a product's id or a device's id",
			"a record about %q, which the profile does not list", rec.Subject)
		return
	}
	if want := r.subject(rec.Fact); want != "" && want != k {
		r.fault(rec.pos, fmt.Sprintf("say about: with the id of %s", aSubject(want)),
			"fact %s is about %s, not about %s", rec.Fact,
			aSubject(want), aSubject(k))
	}
}

// subject is the kind of subject that a fact is about: of a judgement, what its provision is judged on.
func (r *reader) subject(name fact.Name) fact.SubjectKind {
	if id, ok := strings.CutPrefix(string(name), fact.JudgementPrefix); ok {
		if p := r.cat.Provisions[law.ProvisionID(id)]; p != nil {
			return p.Subject
		}
	} else if d, ok := r.cat.Vocabulary.Lookup(name); ok {
		return d.Subject
	}
	return ""
}

func (d *Device) label() string {
	for _, s := range []string{d.ID, d.MAC, d.IP, d.Hostname} {
		if s != "" {
			return s
		}
	}
	return "without a name"
}
