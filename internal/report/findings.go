// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// finding is one thing that was seen or said, with every duty that it contradicts or points against: one
// cause, however many articles it meets.
type finding struct {
	Bearer   judge.Bearer
	Facts    []fact.Name // that contradict; none where the reasons name none
	Title    string
	Severity string
	Controls []*law.Control
	Cites    []*cite        // contradicted first, then in the catalogue's order
	Subjects []fact.Subject // of the verdicts, by name
	Seen     []sighting
	verdicts []*judge.Verdict
}

// cite is one provision of a finding.
type cite struct {
	Provision *law.Provision
	Standing  standing
	Verdicts  []*judge.Verdict
}

// sighting is a claim that a finding rests on.
type sighting struct {
	Subject fact.Subject
	Claim   *fact.Claim
}

// whose says whose duty it is, and whether it is known to bind.
func (f *finding) whose() string {
	s := "our duty"
	if f.Bearer == judge.Supplier {
		s = "supplier's duty"
	}
	for _, v := range f.verdicts {
		if !slices.Contains(v.Reasons, judge.ApplicabilityUnknown) {
			return s
		}
	}
	return s + ", if the law binds here"
}

// worst is the finding's standing: contradicted where one of its duties is.
func (f *finding) worst() standing { return f.Cites[0].Standing }

var severities = []string{"critical", "high", "medium", "low", ""}

// findings groups what is contradicted or indicated by what contradicts it, worst first: ours before
// suppliers', contradicted before indicated, then by severity and by number of verdicts.
func findings(a *assess.Assessment) []*finding {
	type key struct {
		bearer judge.Bearer
		fact   string
	}
	b, bind := plan.NewBlamer(a.Catalogue, a.Day, fact.DayOf(a.At)), binding(a)
	at := map[key]*finding{}
	var all []*finding
	of := func(v *judge.Verdict, name string) *finding {
		k := key{v.Bearer, name}
		f := at[k]
		if f == nil {
			f = &finding{Bearer: v.Bearer}
			at[k] = f
			all = append(all, f)
		}
		if !slices.Contains(f.verdicts, v) {
			f.verdicts = append(f.verdicts, v)
		}
		return f
	}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		if s := standingOf(v); s > indicated || v.Provision.Force != law.Must || !bind[v.Provision.Instrument] {
			continue
		}
		controls := b.Controls(v)
		if len(controls) == 0 {
			of(v, string(v.Provision.ID))
		}
		for _, c := range controls {
			for _, n := range b.Facts(c) {
				of(v, n.ID).take(a, c, n)
			}
		}
	}
	all = merged(all)
	for _, f := range all {
		f.finish(a)
	}
	slices.SortStableFunc(all, byWeight)
	return all
}

// take notes a control that is false, and the fact that makes it so.
func (f *finding) take(a *assess.Assessment, control, n *judge.Because) {
	if c := a.Catalogue.Controls[law.ControlID(control.ID)]; c != nil && !slices.Contains(f.Controls, c) {
		f.Controls = append(f.Controls, c)
	}
	if name := fact.Name(n.ID); !slices.Contains(f.Facts, name) {
		f.Facts = append(f.Facts, name)
		f.Title = cmp.Or(f.Title, headline(a, n))
	}
	for _, c := range n.Fact.Support {
		s := sighting{*n.Subject, c}
		if !slices.Contains(f.Seen, s) {
			f.Seen = append(f.Seen, s)
		}
	}
}

// headline says what is so: the fact's meaning where it is a yes, its opposite where it is a no.
func headline(a *assess.Assessment, n *judge.Because) string {
	d, ok := a.Catalogue.Vocabulary.Lookup(fact.Name(n.ID))
	switch {
	case ok && n.Truth == "true":
		return sentenceCase(plan.Meaning(d))
	case ok && n.Truth == "false":
		return "Not so: " + plan.Meaning(d)
	}
	return ""
}

// title falls back on the narrowest control, or on the text of the law.
func (f *finding) title() string {
	if f.Title != "" {
		return f.Title
	}
	if c := f.narrowest(); c != nil {
		return "Not so: " + c.Title
	}
	return f.Cites[0].Provision.Text
}

// narrowest is the control that asks for least beside what was found; nil where none is false.
func (f *finding) narrowest() *law.Control {
	if len(f.Controls) == 0 {
		return nil
	}
	return slices.MinFunc(f.Controls, func(x, y *law.Control) int { return cmp.Compare(len(x.Expr), len(y.Expr)) })
}

// merged joins findings that rest on the same verdicts: several facts of one cause.
func merged(all []*finding) []*finding {
	var out []*finding
	for _, f := range all {
		n := slices.IndexFunc(out, func(g *finding) bool {
			return g.Bearer == f.Bearer && slices.Equal(g.verdicts, f.verdicts)
		})
		if n < 0 {
			out = append(out, f)
			continue
		}
		g := out[n]
		g.Facts, g.Seen = append(g.Facts, f.Facts...), append(g.Seen, f.Seen...)
		if x, y := severity(f.Controls), severity(g.Controls); x < y || x == y && f.Title != "" &&
			len(f.Title) < len(g.Title) {
			g.Title = f.Title
		}
		for _, c := range f.Controls {
			if !slices.Contains(g.Controls, c) {
				g.Controls = append(g.Controls, c)
			}
		}
	}
	return out
}

// finish cites the provisions and names the subjects.
func (f *finding) finish(a *assess.Assessment) {
	by := map[*law.Provision]*cite{}
	for _, v := range f.verdicts {
		s := standingOf(v)
		c := by[v.Provision]
		if c == nil {
			c = &cite{Provision: v.Provision, Standing: s}
			by[v.Provision] = c
			f.Cites = append(f.Cites, c)
		}
		c.Standing = min(c.Standing, s)
		c.Verdicts = append(c.Verdicts, v)
		if !slices.Contains(f.Subjects, v.Subject) {
			f.Subjects = append(f.Subjects, v.Subject)
		}
	}
	for _, c := range f.Cites {
		sortByName(a, c.Verdicts)
	}
	slices.SortStableFunc(f.Cites, func(x, y *cite) int { return cmp.Compare(x.Standing, y.Standing) })
	slices.SortFunc(f.Subjects, func(x, y fact.Subject) int { return cmp.Compare(name(a, x), name(a, y)) })
	slices.SortStableFunc(f.Seen, func(x, y sighting) int {
		return cmp.Or(cmp.Compare(name(a, x.Subject), name(a, y.Subject)), cmp.Compare(x.Claim.Fact, y.Claim.Fact))
	})
	f.Severity = severities[severity(f.Controls)]
	f.Title = f.title()
}

func byWeight(x, y *finding) int {
	return cmp.Or(
		cmp.Compare(rank(x.Bearer == judge.Supplier), rank(y.Bearer == judge.Supplier)),
		cmp.Compare(x.worst(), y.worst()),
		cmp.Compare(severity(x.Controls), severity(y.Controls)),
		cmp.Compare(len(y.verdicts), len(x.verdicts)),
		cmp.Compare(x.Title, y.Title))
}

// top are the n worst: one of a supplier's that evidence contradicts is among them where there is one.
func top(all []*finding, n int) []*finding {
	n = min(n, len(all))
	out := slices.Clone(all[:n])
	theirs := func(f *finding) bool { return f.Bearer == judge.Supplier && f.worst() == contradicted }
	if n > 1 && !slices.ContainsFunc(out, theirs) {
		if i := slices.IndexFunc(all, theirs); i >= 0 {
			out[n-1] = all[i]
		}
	}
	return out
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// severity is the place in severities of the worst control.
func severity(cs []*law.Control) int {
	best := len(severities) - 1
	for _, c := range cs {
		if n := slices.Index(severities, c.Severity); n >= 0 && n < best {
			best = n
		}
	}
	return best
}

// byLaw gives the pinpoints of cites under each law's short name, in order.
func byLaw(cites []*cite) (laws []string, of map[string][]*cite) {
	of = map[string][]*cite{}
	for _, c := range cites {
		l := c.Provision.Instrument.Short
		add(&laws, l)
		of[l] = append(of[l], c)
	}
	return laws, of
}

func name(a *assess.Assessment, s fact.Subject) string { return Clean(a.Name(s)) }

func names(a *assess.Assessment, subjects []fact.Subject) []string {
	var out []string
	for _, s := range subjects {
		add(&out, name(a, s))
	}
	return out
}

func sortByName(a *assess.Assessment, vs []*judge.Verdict) {
	slices.SortStableFunc(vs, func(x, y *judge.Verdict) int {
		return cmp.Compare(name(a, x.Subject), name(a, y.Subject))
	})
}

func add(list *[]string, s string) {
	if s != "" && !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

// besideOf is what stands beside a finding's verdicts and changes none of them, each thing once, at most n.
func besideOf(a *assess.Assessment, f *finding, n int) []string {
	var out []string
	for _, v := range f.verdicts {
		for _, l := range a.Beside[v.ID()] {
			if l = Clean(l); len(out) < n && !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return out
}
