// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// phrase is an expression in words: a list of phrases, or one fact with what is asked of it.
type phrase struct {
	Join string // all of these hold, …; "" of one fact
	Kids []phrase
	Word string // yes, no, at least 250 …
	Fact link
}

// condition is one part of applicability: words, expression and pinpoint.
type condition struct {
	Name, Expr, Pinpoint string
	By                   link
	Words                phrase
}

// words puts an expression into words. It was compiled before, so it reads without fault.
func (x *crossing) words(root, text string) phrase {
	if text == "" {
		return phrase{}
	}
	e, problems := x.set.Compile(text)
	if len(problems) > 0 {
		return phrase{}
	}
	return x.phrase(root, e.Tree, false)
}

func (x *crossing) phrase(root string, n *expr.Node, not bool) phrase {
	switch n.Op {
	case expr.OpNot:
		return x.phrase(root, n.Kids[0], !not)
	case expr.OpAnd, expr.OpOr:
		// De Morgan's rule holds in Kleene logic too: what is denied of a list is asked of each part.
		join := "all of these hold"
		if (n.Op == expr.OpOr) != not {
			join = "at least one of these holds"
		}
		p := phrase{Join: join}
		for _, k := range n.Kids {
			kid := x.phrase(root, k, not)
			if kid.Join == join { // (a && b) && c is one list
				p.Kids = append(p.Kids, kid.Kids...)
			} else {
				p.Kids = append(p.Kids, kid)
			}
		}
		return p
	}
	return phrase{Word: asked(n.Atom, not), Fact: x.factLink(root, n.Atom.Fact)}
}

// opposite is what a denied comparison asks.
var opposite = map[string]string{"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

var (
	numberWords = map[string]string{"==": "exactly", "!=": "other than", "<": "less than", "<=": "at most",
		">": "more than", ">=": "at least"}
	dayWords = map[string]string{"==": "on", "!=": "on another day than", "<": "before", "<=": "on or before",
		">": "after", ">=": "on or after"}
)

// asked says what an atom asks of its fact.
func asked(a *expr.Atom, not bool) string {
	cmp := a.Cmp
	if not {
		cmp = opposite[cmp]
	}
	switch a.With {
	case expr.Bare:
		if not {
			return "no"
		}
		return "yes"
	case expr.Since:
		if not {
			return "not within " + span(a.Span) + " before the law day"
		}
		return "within " + span(a.Span) + " before the law day"
	case expr.Day:
		return dayWords[cmp] + " the law day"
	case expr.At:
		return dayWords[cmp] + " the day of the evidence"
	}
	switch a.Def.Type.String() {
	case "enum":
		if cmp == "!=" {
			return "not " + a.Const.String()
		}
		return a.Const.String()
	case "date":
		return dayWords[cmp] + " " + a.Const.String()
	}
	return numberWords[cmp] + " " + a.Const.String()
}

func span(s expr.Span) string {
	var parts []string
	for _, part := range []struct {
		n   int
		one string
	}{{s.Months, "month"}, {s.Days, "day"}} {
		if part.n > 0 {
			parts = append(parts, count(part.n, part.one, part.one+"s"))
		}
	}
	return strings.Join(parts, " and ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (x *crossing) conditionsOf(root string, applies []law.Conjunct, displaced []law.Displacement) []condition {
	var all []condition
	for _, c := range applies {
		all = append(all, condition{Name: c.Name, Expr: c.Expr, Pinpoint: c.Pinpoint, Words: x.words(root, c.Expr)})
	}
	for _, d := range displaced {
		all = append(all, condition{Name: "steps aside", Expr: d.When, Pinpoint: d.Pinpoint,
			By:    x.instrumentLink(root, d.By),
			Words: x.words(root, d.When)})
	}
	return all
}

var duration = regexp.MustCompile(`^P(?:(\d+)BD|(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?` +
	`(?:T(?:(\d+)H)?(?:(\d+)M)?)?)$`)

// durationWords writes an ISO 8601 duration, or P4BD, for people; any other text stays what it is.
func durationWords(s string) string {
	m := duration.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	var parts []string
	for k, unit := range []string{"business day", "year", "month", "week", "day", "hour", "minute"} {
		if n, err := strconv.Atoi(m[k+1]); err == nil {
			parts = append(parts, count(n, unit, unit+"s"))
		}
	}
	if len(parts) == 0 {
		return s
	}
	return strings.Join(parts, " and ")
}

// periodWords says how long a clock runs, and from when.
func periodWords(c law.Clock) string {
	s := "no fixed period"
	if c.Offset != "" {
		s = durationWords(c.Offset)
	}
	if c.After != "" {
		s += " from the submission of " + c.After
	} else {
		s += " from " + c.Anchor
	}
	for _, a := range c.Also {
		s += ", " + durationWords(a.Offset) + " from " + a.Anchor
	}
	if c.Combine != "" {
		s = "the " + c.Combine + " of " + s
	}
	return s
}
