// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
)

type pageFinding struct {
	Title, Word, Style, Severity, Whose, Subjects string
	Laws                                          []pageCites
	Seen                                          []string
	SeenMore                                      int
	Remedy, Who                                   string
	Open                                          []string // what would decide it
}

// pageCites are the provisions of one law that a finding meets in one way.
type pageCites struct {
	Law, Word, Style string
	Cites            []pageCite
}

type pageCite struct{ Pinpoint, Anchor, Text string }

// shownFindings stand open on the page; the others are one click away.
const shownFindings = 8

func (p *reportPage) findings(a *assess.Assessment, all []*finding) {
	worst := top(all, shownFindings)
	for _, f := range worst {
		p.Findings = append(p.Findings, findingOf(a, f))
	}
	for _, f := range all {
		if !contains(worst, f) {
			p.MoreFindings = append(p.MoreFindings, findingOf(a, f))
		}
	}
}

func contains(all []*finding, f *finding) bool {
	for _, g := range all {
		if g == f {
			return true
		}
	}
	return false
}

func findingOf(a *assess.Assessment, f *finding) pageFinding {
	const mostSeen = 4
	s := f.worst()
	pf := pageFinding{Title: f.Title, Word: wordOf(s, f.Bearer), Style: styleOf(s), Severity: f.Severity,
		Whose: f.whose(), Subjects: listed(names(a, f.Subjects), 12)}
	for s := contradicted; s <= indicated; s++ {
		laws, by := byLaw(slicesOf(f.Cites, s))
		for _, l := range laws {
			pc := pageCites{Law: l, Word: wordOf(s, f.Bearer), Style: styleOf(s)}
			for _, c := range by[l] {
				pc.Cites = append(pc.Cites, pageCite{c.Provision.Pinpoint,
					anchor(string(c.Provision.ID)), c.Provision.Text})
			}
			pf.Laws = append(pf.Laws, pc)
		}
	}
	seen := sightings(a, f, 1000)
	pf.Seen, pf.SeenMore = seen[:min(mostSeen, len(seen))], max(0, len(seen)-mostSeen)
	if c := f.narrowest(); c != nil {
		pf.Remedy, pf.Who = c.Remedy, who(c)
	}
	if s == indicated {
		pf.Open = deciders(a, f)
	}
	return pf
}

// deciders say what would end an indication: the cheapest facts of its verdicts, in words; judgements on
// several articles are one line.
func deciders(a *assess.Assessment, f *finding) []string {
	const most = 3
	var out, judged []string
	w := PlanOf(a)
	for _, v := range f.verdicts {
		for _, m := range v.Cheapest {
			it := w.ItemOf(m, v)
			if it.Class == judge.Judgment {
				add(&judged, v.Provision.Instrument.Short+" "+v.Provision.Pinpoint)
			} else {
				add(&out, classWord(it.Class)+": "+it.Text)
			}
		}
	}
	out = out[:min(most, len(out))]
	if len(judged) > 0 {
		out = append(out, "a signed judgement, with reasons and an end, on "+listed(judged, 6))
	}
	return out
}

// styleOf is the class of a standing on the page.
func styleOf(s standing) string {
	return [...]string{"v", "i", "o", "m", "n"}[s]
}

// rate is the worst standing among verdicts.
func rate(vs []*judge.Verdict) standing {
	worst := outside
	for _, v := range vs {
		worst = min(worst, standingOf(v))
	}
	return worst
}
