// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// WriteHolds writes holds for people, person by person: what binds first, then what is open, what gives way and
// what does not bind.
func WriteHolds(w io.Writer, holds []Hold) error {
	p := &paper{w: w}
	for len(holds) > 0 {
		n := slices.IndexFunc(holds, func(h Hold) bool { return h.Person != holds[0].Person })
		if n < 0 {
			n = len(holds)
		}
		if holds[0].Person != "" {
			p.head("== " + holds[0].Person)
		}
		p.holds(holds[:n])
		holds = holds[n:]
	}
	return p.err
}

func (p *paper) holds(holds []Hold) {
	for _, part := range []struct {
		title string
		has   func(*Hold) bool
	}{
		{"Bind us", func(h *Hold) bool { return h.Bound == "own" }},
		{"Bind makers of what we run", func(h *Hold) bool { return h.Bound == "supplier" }},
		{"Open", func(h *Hold) bool { return h.open(judge.Own) }},
		{"Open for makers of what we run", func(h *Hold) bool { return h.open(judge.Supplier) }},
		{"Bind nothing that is known: list products and devices", func(h *Hold) bool { return h.open("") }},
		{"Give way to another law", func(h *Hold) bool { return h.Bound == "no" && h.DisplacedBy != "" }},
		{"Do not bind us", func(h *Hold) bool { return h.Bound == "no" && h.DisplacedBy == "" }},
	} {
		first := true
		for i := range holds {
			if !part.has(&holds[i]) {
				continue
			}
			if first {
				p.head(part.title)
				first = false
			}
			p.hold(&holds[i])
		}
	}
	p.most(holds)
}

// open says that it is not known whether the instrument binds: us, makers alone, or anybody at all.
func (h *Hold) open(whom judge.Bearer) bool { return h.Bound == "undetermined" && h.OpenFor == whom }

// most names the questions that bear on the most laws of which it is open whether they bind us.
func (p *paper) most(holds []Hold) {
	const many = 10
	laws, asks := map[fact.Name]int{}, map[fact.Name]string{}
	open := 0
	for _, h := range holds {
		if !h.open(judge.Own) {
			continue
		}
		open++
		once := map[fact.Name]bool{}
		for _, q := range h.Questions {
			if !once[q.Fact] {
				once[q.Fact], asks[q.Fact] = true, q.Ask
				laws[q.Fact]++
			}
		}
	}
	names := slices.SortedFunc(maps.Keys(laws), func(a, b fact.Name) int {
		return cmp.Or(cmp.Compare(laws[b], laws[a]), cmp.Compare(a, b))
	})
	if open < 2 {
		return // the question stands beside the law
	}
	p.head(fmt.Sprintf("Asked first, of the %d laws that are open for us", open))
	for _, n := range names[:min(many, len(names))] {
		p.entry(plural(laws[n], "law", "laws"), fmt.Sprintf("%s (%s)", asks[n], n))
	}
}

func (p *paper) hold(h *Hold) {
	p.line("  %s  %s", h.Instrument, h.Short)
	if h.DisplacedBy != "" {
		p.entry("", "displaced by "+string(h.DisplacedBy))
	}
	for _, b := range h.Because {
		p.entry("because", b)
	}
	p.entry("as", known(h))
	if h.Bound == "supplier" && len(h.Questions) > 0 {
		p.entry("", "whether it binds us, too, is open")
	}
	for _, q := range distinctFacts(h.Questions) {
		p.entry("ask", q)
	}
}

// known says on which facts a hold rests; the same value of the same fact once for all subjects.
func known(h *Hold) string {
	const most = 3
	names := map[string][]string{}
	var order []string
	for _, k := range h.Rests {
		v := string(k.Fact) + " is " + word(k.Value)
		if names[v] == nil {
			order = append(order, v)
		}
		names[v] = append(names[v], k.Name)
	}
	whose := make([]string, len(order))
	for i, v := range order {
		whose[i] = of(names[v], most)
	}
	if len(slices.Compact(slices.Clone(whose))) == 1 {
		return strings.Join(order, ", ") + whose[0]
	}
	for i := range order {
		order[i] += whose[i]
	}
	return strings.Join(order, "; ")
}

// distinctFacts asks each fact once, with the subjects that it is missing of.
func distinctFacts(all []Question) (out []string) {
	const most = 3
	names := map[fact.Name][]string{}
	var order []Question
	for _, q := range all {
		if names[q.Fact] == nil {
			order = append(order, q)
		}
		names[q.Fact] = append(names[q.Fact], q.Name)
	}
	for _, q := range order {
		out = append(out, fmt.Sprintf("%s (%s%s)", q.Ask, q.Fact, of(names[q.Fact], most)))
	}
	return out
}

func of(names []string, most int) string {
	slices.Sort(names)
	names = slices.Compact(names)
	if n := len(names); n > most {
		names = append(names[:most:most], fmt.Sprintf("%d more", n-most))
	}
	return " of " + strings.Join(names, ", ")
}

// word is a value as a profile spells it.
func word(v fact.Value) string {
	switch {
	case v.IsTrue():
		return "yes"
	case v.IsFalse():
		return "no"
	}
	return v.String()
}
