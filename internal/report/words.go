// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"
	"strings"
	"unicode"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Disclaimer is what every outward page says once (semantics, section 2).
const Disclaimer = page.Disclaimer

// Standing says whether named persons answer for an assessment.
func Standing(a *assess.Assessment) string {
	if a.Issued == "" {
		return "draft: no named person has issued it"
	}
	return "issued as " + a.Issued
}

// standing is how a verdict is shown: a not-shown one that evidence points against stands apart, and
// what an officer must decide comes first.
type standing int

const (
	contradicted standing = iota
	indicated
	open
	shown
	outside
	standings
)

func standingOf(v *judge.Verdict) standing {
	switch {
	case v.Outcome == judge.Violated:
		return contradicted
	case v.Outcome == judge.Met:
		return shown
	case v.Outcome == judge.NotApplicable:
		return outside
	case slices.Contains(v.Flags, judge.BreachIndicated):
		return indicated
	}
	return open
}

// The wording inside a house: people read these, programs read the machine's words (semantics, section 2).
func (s standing) String() string {
	return [...]string{"contradicted by evidence", "breach indicated", "not shown", "met", "not applicable"}[s]
}

// wordOf is a verdict's word: about a supplier we say what was observed.
func wordOf(s standing, b judge.Bearer) string {
	if s == contradicted && b == judge.Supplier {
		return "observed behaviour not in line"
	}
	return s.String()
}

func bearerWord(b judge.Bearer) string {
	if b == judge.Supplier {
		return "suppliers'"
	}
	return "ours"
}

// classWord says who can end a not-shown.
func classWord(c judge.Class) string { return plan.ClassWord(c) }

func plain(s string) string { return strings.ReplaceAll(s, "-", " ") }

func who(c *law.Control) string {
	switch c.Actor {
	case "maker":
		return "for the maker to do; ask it, and put measures around the device meanwhile"
	case "operator":
		return "for the operator to do"
	}
	return "for the operator or the maker to do"
}

// Clean makes a name that came from outside safe to print.
func Clean(s string) string { return paper.Clean(s) }

func cleanAll(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = Clean(s)
	}
	return out
}

// sentenceCase begins with a capital letter.
func sentenceCase(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}

// listed names up to most things, then says how many more there are.
func listed(names []string, most int) string {
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and " + itoa(len(names)-most) + " more"
	}
	return strings.Join(names, ", ")
}

// exposures order what two ends said to each other: the most exposed first.
var exposures = []string{"clear-sensitive", "clear", "secure", ""}
