// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Question is one that a profile asks, with how many provisions its answer bears on.
type Question struct {
	*fact.Definition
	Bears int
}

var factName = regexp.MustCompile(`[a-z][a-z0-9_]*(\.[a-z0-9_]+)+`)

// Questions are those about a kind of subject that some law turns on, in the order that decides most.
func Questions(cat *law.Catalogue, kind fact.SubjectKind) []Question {
	bears := map[fact.Name]int{}
	count := func(expr string, n int) {
		for _, name := range factName.FindAllString(expr, -1) {
			bears[fact.Name(name)] += n
		}
	}
	for _, in := range cat.Instruments {
		for _, c := range in.Applies {
			count(c.Expr, len(in.Provisions))
		}
		for _, d := range in.Displaced {
			count(d.When, len(in.Provisions))
		}
		for _, p := range in.Provisions {
			for _, c := range p.Applies {
				count(c.Expr, 1)
			}
			for _, id := range slices.Concat(p.Breach, p.Suffices) {
				if c := cat.Controls[id]; c != nil {
					count(c.Expr, 1)
				}
			}
		}
	}
	var out []Question
	for _, n := range cat.Vocabulary.Names() {
		d, _ := cat.Vocabulary.Lookup(n)
		if d.Subject == kind && d.Question != "" && bears[n] > 0 {
			out = append(out, Question{d, bears[n]})
		}
	}
	slices.SortStableFunc(out, func(a, b Question) int { return cmp.Compare(b.Bears, a.Bears) })
	return out
}

// Template writes a profile with every question unanswered: unknown is an answer that harms nobody.
func Template(w io.Writer, cat *law.Catalogue, answers map[fact.Name]string) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# An organisation's profile. Answer yes, no, a number, a date (2026-11-24) or unknown;\n")
	fmt.Fprintf(b, "# what is unknown stays not shown. Questions that decide most come first.\n")
	fmt.Fprintf(b, "version: 1\norganisation:\n  name: %s\n", quote(cmp.Or(answers["name"], "unnamed")))
	fmt.Fprintf(b, "  declared-by: %s   # the officer whose word this is\n", quote(cmp.Or(answers["declared-by"], "unnamed officer")))
	fmt.Fprintf(b, "  declared-on: %s\n  answers:\n", cmp.Or(answers["declared-on"], "2026-01-01"))
	for _, q := range Questions(cat, fact.Organisation) {
		fmt.Fprintf(b, "    # %s%s\n    %s: %s\n", q.Question, choices(q.Definition), q.Name, cmp.Or(answers[q.Name], "unknown"))
	}
	fmt.Fprintf(b, "networks: []   # addresses that are ours: [10.20.0.0/16]\n")
	fmt.Fprintf(b, "products: []   # - {id: …, vendor: …, model: …, ours: no, answers: {…}}\n")
	fmt.Fprintf(b, "devices: []    # - {mac: …, product: …, label-read-by: …, answers: {unit.state: set-up}}\n")
	fmt.Fprintf(b, "records: []    # - {fact: …, value: …, day: …, by: …}\n")
	return b.Flush()
}

func choices(d *fact.Definition) string {
	if d.Type == fact.Enum {
		return " (" + strings.Join(d.Words, ", ") + ")"
	}
	return ""
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(s) + `"`
}

// Ask puts the questions one by one and takes the answers; an empty line is unknown, q ends.
func Ask(in io.Reader, out io.Writer, cat *law.Catalogue, today fact.Day) (map[fact.Name]string, error) {
	sc := bufio.NewScanner(in)
	answers := map[fact.Name]string{"declared-on": today.String()}
	line := func(prompt string) (string, bool) {
		fmt.Fprint(out, prompt)
		if !sc.Scan() {
			return "", false
		}
		return strings.TrimSpace(sc.Text()), true
	}
	for _, key := range []struct{ name, prompt string }{{"name", "The organisation's name: "}, {"declared-by", "Who answers for it (function or name): "}} {
		s, ok := line(key.prompt)
		if !ok {
			return answers, sc.Err()
		}
		answers[fact.Name(key.name)] = s
	}
	fmt.Fprintln(out, "Answer yes, no or unknown; an empty line is unknown, q ends.")
	questions := Questions(cat, fact.Organisation)
	for i, q := range questions {
		for {
			s, ok := line(fmt.Sprintf("[%d/%d] %s%s ", i+1, len(questions), q.Question, choices(q.Definition)))
			if !ok || s == "q" {
				return answers, sc.Err()
			}
			if s == "" || s == "unknown" {
				break
			}
			v, err := fact.ParseValue(q.Type, s)
			if err == nil {
				err = q.Check(v)
			}
			if err == nil {
				answers[q.Name] = v.String()
				break
			}
			fmt.Fprintf(out, "  %v\n", err)
		}
	}
	return answers, sc.Err()
}
