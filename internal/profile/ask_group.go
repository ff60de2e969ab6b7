// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Asked is what a group said in an interview: of itself, and person by person what it answered, with id and name among it.
type Asked struct {
	Group   map[fact.Name]string // name, declared-by, declared-on
	Persons []map[fact.Name]string
}

// AskGroup is Ask for a group: it asks for the group, then for one legal person after the other until a name is left
// empty. Each is asked all that decides most for it alone, because each bears its own duties.
func AskGroup(in io.Reader, out io.Writer, cat *law.Catalogue, engine *judge.Engine, today fact.Day) (*Asked, error) {
	p := &prompt{in: bufio.NewScanner(in), out: out}
	g := &Asked{Group: map[fact.Name]string{"declared-on": today.String()}}
	if !p.declared(g.Group, "The group's name: ") {
		return g, p.in.Err()
	}
	for {
		text := "A legal person of the group, by its name: "
		if len(g.Persons) > 0 {
			text = "Another legal person (an empty line ends): "
		}
		name, ok := p.line(text)
		if !ok || name == "" && len(g.Persons) > 0 {
			return g, p.in.Err()
		}
		if name == "" {
			continue // a group of nobody is none
		}
		who := map[fact.Name]string{"name": name, "id": g.idOf(name)}
		g.Persons = append(g.Persons, who)
		fmt.Fprintln(out, howToAnswer)
		p.interview(newInterview(cat, engine, today), who)
	}
}

// idOf makes a short name that no other person of the group has.
func (g *Asked) idOf(name string) string {
	id := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, name), "-")
	for strings.Contains(id, "--") {
		id = strings.ReplaceAll(id, "--", "-")
	}
	id = cmp.Or(id, "person")
	taken := func(id string) bool {
		return slices.ContainsFunc(g.Persons, func(p map[fact.Name]string) bool { return p["id"] == id })
	}
	for n, first := 2, id; taken(id); n++ {
		id = fmt.Sprintf("%s-%d", first, n)
	}
	return id
}

// GroupTemplate writes the profile of a group: of each person what was answered, and every other question as unknown.
// One of nobody holds one person to fill in.
func GroupTemplate(w io.Writer, cat *law.Catalogue, g *Asked) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# A group's profile. Answer yes, no, a number, a date (2026-11-24) or unknown; what is unknown stays not\n")
	fmt.Fprintf(b, "# shown. What all persons share may stand once under the group; of a person it is then left out.\n")
	fmt.Fprintf(b, "version: 1\ngroup:\n  name: %s\n", quote(cmp.Or(g.Group["name"], "unnamed")))
	fmt.Fprintf(b, "  declared-by: %s   # the officer whose word this is\n",
		quote(cmp.Or(g.Group["declared-by"], "unnamed officer")))
	fmt.Fprintf(b, "  declared-on: %s\npersons:\n", cmp.Or(g.Group["declared-on"], "2026-01-01"))
	for _, p := range g.People() {
		fmt.Fprintf(b, "  - id: %s\n    name: %s\n    answers:\n", p["id"], quote(p["name"]))
		questions(b, cat, "      ", p)
	}
	fmt.Fprintf(b, "sites: []      # - {id: …, person: …, networks: [10.20.0.0/16]}\n")
	fmt.Fprintf(b, "services: []   # - {from: …, to: …, kind: processor}\n")
	rest(b)
	return b.Flush()
}

// People are the persons that were asked, or one without a name where none was.
func (g *Asked) People() []map[fact.Name]string {
	if len(g.Persons) > 0 {
		return g.Persons
	}
	return []map[fact.Name]string{{"id": "person", "name": "unnamed"}}
}
