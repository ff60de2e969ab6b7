// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// mostReasons bounds how many subjects of one provision show their reasons in full: a page stays a
// page, and the JSON form holds all of them.
const mostReasons = 12

func lawsOf(a *assess.Assessment) []pageLaw {
	byProvision := map[*law.Provision][]*judge.Verdict{}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		byProvision[v.Provision] = append(byProvision[v.Provision], v)
	}
	var out []pageLaw
	for _, r := range Matrix(a) {
		in := r.Instrument
		l := pageLaw{Anchor: anchor(in.ID), Title: in.Title, Citation: in.Citation, Because: Clean(strings.Join(r.Because, "; "))}
		for _, p := range in.Provisions {
			if vs := byProvision[p]; len(vs) > 0 {
				l.Provisions = append(l.Provisions, provisionOf(a, p, vs))
			}
		}
		out = append(out, l)
	}
	return out
}

func provisionOf(a *assess.Assessment, p *law.Provision, vs []*judge.Verdict) pageProvision {
	slices.SortStableFunc(vs, func(x, y *judge.Verdict) int { return order(x) - order(y) })
	pp := pageProvision{Pinpoint: p.Pinpoint, Text: p.Text, Words: words(vs)}
	pp.Facts = fmt.Sprintf("%s; %s; source %s, %s; depth %s", p.Force, p.Mode, p.Source, p.Confidence, p.Depth)
	if len(p.Needs) > 0 {
		pp.Facts += "; needs " + strings.Join(p.Needs, ", ")
	}
	shown := 0
	for _, v := range vs {
		if v.Outcome == judge.NotApplicable && len(vs) > mostReasons {
			continue
		}
		if shown == mostReasons {
			break
		}
		shown++
		pp.Verdicts = append(pp.Verdicts, verdictOf(a, v))
	}
	if rest := len(vs) - shown; rest > 0 {
		pp.More = fmt.Sprintf("%d more subjects: writ report --format json has them all.", rest)
	}
	return pp
}

// order puts what an officer must decide first.
func order(v *judge.Verdict) int {
	switch {
	case v.Outcome == judge.Violated:
		return 0
	case slices.Contains(v.Flags, judge.BreachIndicated):
		return 1
	case v.Outcome == judge.NotShown:
		return 2
	case v.Outcome == judge.Met:
		return 3
	}
	return 4
}

var orderWords = [...]string{"violated", "breach indicated", "not shown", "met", "not applicable"}

func words(vs []*judge.Verdict) string {
	var n [len(orderWords)]int
	for _, v := range vs {
		n[order(v)]++
	}
	var parts []string
	for i, c := range n {
		if c > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", orderWords[i], c))
		}
	}
	return strings.Join(parts, ", ")
}

func verdictOf(a *assess.Assessment, v *judge.Verdict) pageVerdict {
	n := order(v)
	pv := pageVerdict{Word: orderWords[n], Style: [...]string{"v", "i", "", "m", ""}[n], Subject: Clean(a.Name(v.Subject))}
	var detail []string
	if v.Bearer == judge.Supplier {
		detail = append(detail, "the supplier's duty")
	}
	for _, r := range v.Reasons {
		detail = append(detail, string(r))
	}
	if v.Readiness != nil {
		detail = append(detail, fmt.Sprintf("from %s it would be %s", v.Readiness.Day, v.Readiness.Outcome))
	}
	if v.Class != "" {
		detail = append(detail, "ended by "+string(v.Class))
	}
	if names := factNames(v.Missing); len(names) > 0 {
		detail = append(detail, "missing "+strings.Join(names[:min(5, len(names))], ", "))
	}
	pv.Detail = strings.Join(detail, "; ")
	lines := Sentences(a, v)
	for i := range lines {
		lines[i] = Clean(lines[i])
	}
	pv.Reasons = strings.Join(lines, "\n")
	return pv
}
