// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// fieldTypes are what a field can hold.
var fieldTypes = []string{"text", "day", "number", "bool", "words"}

var wordForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// kindReader reads one file of kinds.
type kindReader struct {
	*law.Reader
	law *law.Catalogue
}

func (r *kindReader) file(root *law.Node) (all []*Kind) {
	r.Object(root, "a file of records", law.Need("records", r.List(func(n *law.Node) { all = append(all, r.kind(n)) })))
	return all
}

func (r *kindReader) kind(n *law.Node) *Kind {
	k := &Kind{Pos: n.Pos}
	var lasts string
	r.Object(n, "a kind of record",
		law.Need("kind", r.word(&k.Name)),
		law.Need("title", r.Text(&k.Title)),
		law.Need("meaning", r.Text(&k.Meaning)),
		law.Need("subjects", r.List(func(n *law.Node) {
			var s fact.SubjectKind
			law.Word(r.Reader, &s, "kind of subject", []fact.SubjectKind{fact.Organisation, fact.Site, fact.Product, fact.Device})(n)
			k.Subjects = append(k.Subjects, s)
		})),
		law.Opt("many", r.Bool(&k.Many)), law.Opt("judges", r.Bool(&k.Judges)), law.Opt("decides", r.Bool(&k.Decides)),
		law.Opt("reasons", r.Bool(&k.Reasons)), law.Opt("lasts", r.Text(&lasts)),
		law.Opt("lasts-by", r.word(&k.LastsBy)),
		law.Need("day", r.date(&k.Day)), law.Opt("until", r.date(&k.Until)),
		law.Opt("fields", r.fields(&k.Fields)),
		law.Opt("topics", r.List(func(n *law.Node) { k.Topics = append(k.Topics, r.topic(n)) })),
		law.Opt("sets", r.setsOf(&k.Sets)), law.Opt("absent", r.setsOf(&k.Absent)),
		law.Opt("keep", r.keeps(&k.Keep)),
		law.Opt("limit", func(n *law.Node) { l := r.keep(n); k.Limit = &l }),
	)
	if lasts != "" {
		s, err := expr.ParseSpan(lasts)
		if err != nil {
			r.Add(n.Pos, err.Error(), "")
		}
		k.Lasts = &s
	}
	r.consistent(k)
	return k
}

func (r *kindReader) word(to *string) func(*law.Node) {
	return func(n *law.Node) {
		if s, ok := r.Scalar(n); ok && !wordForm.MatchString(s) {
			r.Add(n.Pos, fmt.Sprintf("%q is no name", s), "lower-case words with hyphens: access-control")
		} else if ok {
			*to = s
		}
	}
}

func (r *kindReader) date(to *Date) func(*law.Node) {
	return func(n *law.Node) {
		to.given = true
		r.Object(n, "a day", law.Need("means", r.Text(&to.Means)), law.Opt("required", r.Bool(&to.Required)),
			law.Opt("headings", r.Texts(&to.Headings)))
	}
}

func (r *kindReader) fields(to *[]Field) func(*law.Node) {
	return r.List(func(n *law.Node) {
		f := Field{Pos: n.Pos}
		r.Object(n, "a field", law.Need("name", r.word(&f.Name)), law.Need("type", law.Word(r.Reader, &f.Type, "type of field", fieldTypes)),
			law.Need("means", r.Text(&f.Means)), law.Opt("required", r.Bool(&f.Required)), law.Opt("personal", r.Bool(&f.Personal)),
			law.Opt("future", r.Bool(&f.Future)), law.Opt("words", r.Texts(&f.Words)), law.Opt("headings", r.Texts(&f.Headings)),
			law.Opt("fact", func(n *law.Node) { f.Fact = r.fact(n) }))
		if (f.Type == "words") != (len(f.Words) > 0) {
			r.Add(n.Pos, fmt.Sprintf("field %q: words: are those of the type words", f.Name), "")
		}
		*to = append(*to, f)
	})
}

func (r *kindReader) topic(n *law.Node) Topic {
	t := Topic{Pos: n.Pos}
	r.Object(n, "a topic", law.Need("name", r.word(&t.Name)), law.Need("title", r.Text(&t.Title)),
		law.Opt("fields", r.fields(&t.Fields)), law.Opt("sets", r.setsOf(&t.Sets)), law.Opt("keep", r.keeps(&t.Keep)))
	return t
}

func (r *kindReader) setsOf(to *[]Set) func(*law.Node) {
	return r.List(func(n *law.Node) {
		s := Set{Pos: n.Pos}
		r.Object(n, "what a record sets", law.Need("fact", func(n *law.Node) { s.Fact = r.fact(n) }), law.Opt("value", r.Text(&s.Value)),
			law.Opt("from", law.Word(r.Reader, &s.From, "day of a record", []string{"day", "until"})), law.Opt("lasting", r.Bool(&s.Lasting)))
		if (s.Value == "") == (s.From == "") {
			r.Add(n.Pos, "a fact is set to a value or from a day", "value: yes, or from: day")
		}
		*to = append(*to, s)
	})
}

func (r *kindReader) keeps(to *[]Keep) func(*law.Node) {
	return r.List(func(n *law.Node) { *to = append(*to, r.keep(n)) })
}

func (r *kindReader) keep(n *law.Node) Keep {
	k := Keep{Pos: n.Pos}
	var id string
	r.Object(n, "a duty to keep", law.Need("law", r.Text(&id)), law.Need("pinpoint", r.Text(&k.Pinpoint)),
		law.Opt("from", r.word(&k.From)), law.Opt("or", r.word(&k.Or)))
	k.Law = law.InstrumentID(id)
	return k
}

// fact reads a fact's name; one that the law does not know is left for consistent to say.
func (r *kindReader) fact(n *law.Node) fact.Name {
	s, ok := r.Scalar(n)
	if r.law == nil {
		return fact.Name(s)
	}
	if _, known := r.law.Vocabulary.Lookup(fact.Name(s)); ok && !known {
		var names []string
		for _, name := range r.law.Vocabulary.Names() {
			names = append(names, string(name))
		}
		r.Add(n.Pos, fmt.Sprintf("unknown fact %q", s), law.DidYouMean(s, names))
		return ""
	}
	return fact.Name(s)
}

// consistent checks a kind against the law: each fact can become known by a record about such a subject, and has
// such a value; each duty to keep is there.
func (r *kindReader) consistent(k *Kind) {
	if r.law == nil {
		return
	}
	topics := append([]Topic{{Fields: k.Fields, Sets: slices.Concat(k.Sets, k.Absent), Keep: k.Keep}}, k.Topics...)
	for i := range topics {
		t := &topics[i]
		for j := range t.Sets {
			r.settable(k, t.Sets[j].Fact, t.Sets[j].Pos, setType(&t.Sets[j]), t.Sets[j].Value)
		}
		for j := range t.Fields {
			if f := &t.Fields[j]; f.Fact != "" {
				r.settable(k, f.Fact, f.Pos, f.Type, "")
			}
		}
		for j := range t.Keep {
			r.kept(k, &t.Keep[j])
		}
	}
	if k.Limit != nil {
		r.pinpoint(k.Limit)
	}
	if k.LastsBy != "" && (k.field(k.LastsBy) == nil || k.field(k.LastsBy).Fact == "") {
		r.Add(k.Pos, fmt.Sprintf("lasts-by: %q is no field that makes a fact known", k.LastsBy), "")
	}
}

func setType(s *Set) string {
	if s.From != "" {
		return "day"
	}
	return ""
}

// typeOf is what a field must be to hold a fact's value.
var typeOf = map[fact.Type]string{fact.Bool: "bool", fact.Number: "number", fact.Enum: "words", fact.Date: "day"}

func (r *kindReader) settable(k *Kind, name fact.Name, pos law.Pos, of, value string) {
	d, ok := r.law.Vocabulary.Lookup(name)
	if !ok || name == "" {
		return // said already
	}
	switch {
	case !slices.Contains(d.Known, fact.Record):
		r.Add(pos, fmt.Sprintf("fact %s cannot become known by a record", name), "")
	case !slices.Contains(k.Subjects, d.Subject):
		r.Add(pos, fmt.Sprintf("fact %s is about a %s, and a %s is not", name, d.Subject, k.Name), "")
	case of != "" && typeOf[d.Type] != of:
		r.Add(pos, fmt.Sprintf("fact %s is a %s, not a %s", name, d.Type, of), "")
	case value != "":
		v, err := fact.ParseValue(d.Type, value)
		if err == nil {
			err = d.Check(v)
		}
		if err != nil {
			r.Add(pos, fmt.Sprintf("fact %s: %v", name, err), "")
		}
	}
}

// kept checks that a duty to keep is in the law, and that what its period runs from is a day of the record.
func (r *kindReader) kept(k *Kind, keep *Keep) {
	r.pinpoint(keep)
	for _, from := range []string{keep.From, keep.Or} {
		is := func(f Field) bool { return f.Name == from && f.Type == "day" }
		if !slices.Contains([]string{"", "day", "end", "unknown"}, from) && !slices.ContainsFunc(k.Fields, is) {
			r.Add(keep.Pos, fmt.Sprintf("%q is neither day, end, unknown, nor a field that holds a day", from), "")
		}
	}
}

func (r *kindReader) pinpoint(keep *Keep) {
	i, ok := r.law.Instrument(keep.Law)
	if !ok {
		r.Add(keep.Pos, fmt.Sprintf("unknown instrument %q", keep.Law), "")
		return
	}
	var places []string
	for j := range i.Retention {
		places = append(places, i.Retention[j].Pinpoint)
	}
	for _, p := range i.Provisions {
		if keep.From == "" { // a limit, not a duty to keep
			places = append(places, p.Pinpoint)
		}
	}
	if !slices.Contains(places, keep.Pinpoint) {
		r.Add(keep.Pos, fmt.Sprintf("%s says nothing of keeping at %q", keep.Law, keep.Pinpoint), law.DidYouMean(keep.Pinpoint, places))
	}
}
