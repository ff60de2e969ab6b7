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
	"github.com/writ-iot/writ/judge"
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
		for k := range in.Penalties { // of which figures a share is taken: writ law exposure
			count(string(in.Penalties[k].ShareOf().Fact), 1)
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
	fmt.Fprintf(b, "  declared-by: %s   # the officer whose word this is\n",
		quote(cmp.Or(answers["declared-by"], "unnamed officer")))
	fmt.Fprintf(b, "  declared-on: %s\n  answers:\n", cmp.Or(answers["declared-on"], "2026-01-01"))
	questions(b, cat, "    ", answers)
	fmt.Fprintf(b, "networks: []   # addresses that are ours: [10.20.0.0/16]\n")
	rest(b)
	return b.Flush()
}

// questions writes every question about an organisation with its answer.
func questions(b io.Writer, cat *law.Catalogue, indent string, answers map[fact.Name]string) {
	for _, q := range Questions(cat, fact.Organisation) {
		fmt.Fprintf(b, "%s# %s%s\n%s%s: %s\n", indent, q.Question, choices(q.Definition), indent, q.Name,
			cmp.Or(answers[q.Name], "unknown"))
	}
}

// rest writes the parts that every profile has, empty.
func rest(b io.Writer) {
	fmt.Fprintf(b, "products: []   # - {id: …, vendor: …, model: …, ours: no, answers: {…}}\n")
	fmt.Fprintf(b, "devices: []    # - {mac: …, product: …, label-read-by: …, answers: {unit.state: set-up}}\n")
	fmt.Fprintf(b, "records: []    # - {fact: …, value: …, day: …, by: …}\n")
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

// Ask puts questions one by one, each time the one that decides most of what is still open, and takes the
// answers: a value, an empty line for unknown, ? for what is meant, q to end. What no longer matters is not
// asked.
func Ask(in io.Reader, out io.Writer, cat *law.Catalogue, engine *judge.Engine,
	today fact.Day) (map[fact.Name]string, error) {
	p := &prompt{in: bufio.NewScanner(in), out: out}
	answers := map[fact.Name]string{"declared-on": today.String()}
	if !p.declared(answers, "The organisation's name: ") {
		return answers, p.in.Err()
	}
	fmt.Fprintln(out, howToAnswer)
	p.interview(newInterview(cat, engine, today), answers)
	return answers, p.in.Err()
}

const howToAnswer = "Answer yes, no or what the brackets offer. An empty line is unknown, ? says what is meant, q ends."

// declared asks whose profile it is and whose word; false where the answers end there.
func (p *prompt) declared(answers map[fact.Name]string, name string) bool {
	for _, key := range [][2]string{{"name", name}, {"declared-by", "Who answers for it (function or name): "}} {
		s, ok := p.line(key[1])
		if !ok {
			return false
		}
		answers[fact.Name(key[0])] = s
	}
	return true
}

// interview asks until nothing matters any more, or until somebody ends it.
func (p *prompt) interview(i *interview, answers map[fact.Name]string) {
	for n := 1; ; n++ {
		q, more, ok := i.next()
		if !ok {
			return
		}
		v, known, ok := p.answer(q, fmt.Sprintf("%d. %s%s (%d more) ", n, q.Question, choices(q.Definition), more))
		if !ok {
			return
		}
		if known {
			answers[q.Name] = written(v)
			i.take(q.Name, v)
		}
	}
}

// prompt is a terminal, or a file that stands for one.
type prompt struct {
	in  *bufio.Scanner
	out io.Writer
}

func (p *prompt) line(text string) (string, bool) {
	fmt.Fprint(p.out, text)
	if !p.in.Scan() {
		fmt.Fprintln(p.out)
		return "", false
	}
	return strings.TrimSpace(p.in.Text()), true
}

// answer asks until an answer is one; ok is false at the end.
func (p *prompt) answer(q Question, text string) (v fact.Value, known, ok bool) {
	for {
		s, ok := p.line(text)
		switch {
		case !ok || s == "q":
			return v, false, false
		case s == "" || s == "unknown":
			return v, false, true
		case s == "?":
			fmt.Fprintf(p.out, "   %s: %s (%s)\n", q.Name, q.Meaning, q.Source)
			continue
		case q.Type == fact.Bool && (s == "y" || s == "n"):
			return fact.BoolValue(s == "y"), true, true
		}
		v, err := fact.ParseValue(q.Type, s)
		if err == nil {
			err = q.Check(v)
		}
		if err == nil {
			return v, true, true
		}
		fmt.Fprintf(p.out, "   %v\n", err)
	}
}

// written is a value as a profile spells it.
func written(v fact.Value) string {
	if v.Type() != fact.Bool {
		return v.String()
	}
	if v.IsTrue() {
		return "yes"
	}
	return "no"
}
