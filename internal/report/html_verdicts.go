// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

type pageLaw struct {
	Anchor, Title, Citation, Status string
	Because                         []string
	Provisions                      []pageProvision
}

type pageProvision struct {
	Anchor, Pinpoint, Text, Facts, Style string
	Force                                string // where it is no must
	Tally                                []pageTally
	Needs                                []string
	Groups                               []pageGroup
}

type pageTally struct {
	Style, Word string
	N           int
}

// pageGroup holds verdicts of a provision that have the same word for the same reasons: they are said once.
type pageGroup struct {
	Style, Word, Subjects, Detail string
	Reasons                       []pageReason
	IDs                           []string
	Evidence                      []pageEvidence
	More                          int // subjects whose evidence is left to the other formats
}

// pageReason is one line of the reasons; Against marks the controls that speak against the duty.
type pageReason struct {
	Text    string
	Against bool
}

// pageEvidence is what the verdicts of a group rest on: one line of one subject, or of all.
type pageEvidence struct{ Of, Text string }

func lawsOf(a *assess.Assessment) []pageLaw {
	byProvision := map[*law.Provision][]*judge.Verdict{}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		byProvision[v.Provision] = append(byProvision[v.Provision], v)
	}
	var out []pageLaw
	bind, _, _ := sorted(matrix(a))
	for _, r := range bind {
		in := r.Instrument
		l := pageLaw{Anchor: anchor(string(in.ID)), Title: in.Title, Citation: in.Citation, Status: in.Status,
			Because: cleanAll(r.Because)}
		for _, p := range in.Provisions {
			if vs := byProvision[p]; len(vs) > 0 {
				l.Provisions = append(l.Provisions, provisionOf(a, p, vs))
			}
		}
		out = append(out, l)
	}
	return out
}

// pageBeside is a law without rows of its own: why, and what would decide whether it binds.
type pageBeside struct {
	Title, Citation string
	Because, Asks   []string
}

func lawsBeside(a *assess.Assessment, rows []row) []pageBeside {
	var out []pageBeside
	for _, r := range rows {
		b := pageBeside{Title: r.Instrument.Title, Citation: r.Instrument.Citation, Because: cleanAll(r.Because)}
		for _, m := range r.Missing {
			if d, ok := a.Catalogue.Vocabulary.Lookup(m.Fact); ok && d.Question != "" {
				add(&b.Asks, d.Question)
			}
		}
		out = append(out, b)
	}
	return out
}

func provisionOf(a *assess.Assessment, p *law.Provision, vs []*judge.Verdict) pageProvision {
	sortByName(a, vs)
	slices.SortStableFunc(vs, func(x, y *judge.Verdict) int { return int(standingOf(x)) - int(standingOf(y)) })
	pp := pageProvision{Anchor: anchor(string(p.ID)), Pinpoint: p.Pinpoint, Text: p.Text,
		Style: styleOf(rate(vs)), Needs: p.Needs}
	if p.Force != law.Must {
		pp.Force = string(p.Force)
	}
	pp.Facts = fmt.Sprintf("binds: %s; decided: %s; source %s, %s; depth of law: %s", p.Role, p.Mode,
		p.Source, p.Confidence, p.Depth)
	var n [standings]int
	for _, v := range vs {
		n[standingOf(v)]++
	}
	for s, c := range n {
		if c > 0 {
			pp.Tally = append(pp.Tally, pageTally{styleOf(standing(s)), standing(s).String(), c})
		}
	}
	pp.Groups = groupsOf(a, vs)
	return pp
}

func groupsOf(a *assess.Assessment, vs []*judge.Verdict) []pageGroup {
	at := map[string]int{}
	var out []pageGroup
	var members [][]*judge.Verdict
	for _, v := range vs {
		g := groupOf(a, v)
		k := g.Word + "\x00" + g.Detail
		for _, r := range g.Reasons {
			k += "\x00" + r.Text
		}
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k], out, members = n, append(out, g), append(members, nil)
		}
		members[n] = append(members[n], v)
	}
	for i := range out {
		g := &out[i]
		var subjects []fact.Subject
		for _, v := range members[i] {
			subjects = append(subjects, v.Subject)
		}
		g.Subjects = listed(names(a, subjects), 16)
		if g.Style != styleOf(outside) {
			g.IDs = []string{members[i][0].ID()}
			g.rest(a, members[i])
		}
	}
	return out
}

func groupOf(a *assess.Assessment, v *judge.Verdict) pageGroup {
	s := standingOf(v)
	g := pageGroup{Word: wordOf(s, v.Bearer), Style: styleOf(s)}
	var detail []string
	if v.Bearer == judge.Supplier {
		detail = append(detail, "the duty of "+supplierName(a, v))
	}
	if v.Outcome == judge.NotShown {
		detail = append(detail, "because "+strings.Join(reasons(v), ", "), "ended by "+classWord(v.Class))
	}
	if v.Readiness != nil {
		detail = append(detail, fmt.Sprintf("from %s it would be %s", v.Readiness.Day,
			plain(v.Readiness.Outcome.String())))
	}
	if slices.Contains(v.Flags, judge.Presumed) {
		detail = append(detail, "presumed")
	}
	for _, l := range a.Beside[v.ID()] {
		detail = append(detail, "beside it, and changing nothing: "+Clean(l))
	}
	g.Detail = strings.Join(detail, "; ")
	for _, l := range sentences(a, v, v.Because()) {
		g.Reasons = append(g.Reasons, pageReason{Clean(l), strings.HasPrefix(l, "no: control ")})
	}
	return g
}

func supplierName(a *assess.Assessment, v *judge.Verdict) string {
	if v.Person.IsZero() {
		return "its " + v.Provision.Role
	}
	return name(a, v.Person)
}

// rest says on which statements and frames the verdicts rest: what all of them share once, then each one's own.
func (g *pageGroup) rest(a *assess.Assessment, vs []*judge.Verdict) {
	const mostSubjects = 12
	uses := map[string]int{}
	lines := make([][]string, len(vs))
	for i, v := range vs {
		lines[i] = evidenceLines(a, v)
		for _, l := range lines[i] {
			uses[l]++
		}
	}
	if len(vs) == 0 {
		return
	}
	for _, l := range lines[0] {
		if uses[l] == len(vs) {
			g.Evidence = append(g.Evidence, pageEvidence{"", l})
		}
	}
	for i, v := range vs {
		if i == mostSubjects {
			g.More = len(vs) - i
			return
		}
		for _, l := range lines[i] {
			if uses[l] < len(vs) {
				g.Evidence = append(g.Evidence, pageEvidence{name(a, v.Subject), l})
			}
		}
	}
}

// evidenceLines say of each statement what it shows, and in which frames.
func evidenceLines(a *assess.Assessment, v *judge.Verdict) []string {
	at := map[string]int{}
	var out []string
	for _, c := range support(v.Because()) {
		text := string(c.Fact)
		if c.Subject != v.Subject && c.Subject.Kind == fact.Device {
			text += " of " + name(a, c.Subject)
		}
		var places []string
		for _, s := range c.Sources {
			places = append(places, placeText(a, s))
		}
		if len(places) > 0 {
			text += " (" + strings.Join(places, ", ") + ")"
		}
		k := c.Statement + string(c.Method)
		if n, ok := at[k]; ok {
			out[n] += "; " + text
			continue
		}
		at[k] = len(out)
		head := string(c.Method)
		if c.Statement != "" {
			head += ", statement " + short(c.Statement)
		}
		out = append(out, head+": "+text)
	}
	return out
}
