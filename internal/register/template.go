// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/law"
)

// Template is the outline of a document, in Markdown, that a person completes.
type Template struct {
	Name  string // kind, or kind-topic
	Title string
	Kind  string
	Topic string
	text  string
}

// templateHead is a template's first line: which record the finished document makes.
var templateHead = regexp.MustCompile(`^<!-- record: ([a-z-]+)(?: ([a-z-]+))? -->\n# (.+)\n`)

// Templates reads those below records/templates.
func Templates(fsys fs.FS) ([]Template, error) {
	names, err := fs.Glob(fsys, "records/templates/*.md")
	if err != nil {
		return nil, fmt.Errorf("reading templates: %w", err)
	}
	var all []Template
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading templates: %w", err)
		}
		m := templateHead.FindStringSubmatch(string(b))
		if m == nil {
			return nil, kind.Errorf(kind.Invalid, "reading template %s: it begins with no record and no title", name)
		}
		all = append(all, Template{Name: strings.TrimSuffix(path.Base(name), ".md"), Title: m[3], Kind: m[1], Topic: m[2],
			text: strings.TrimPrefix(string(b), m[0])})
	}
	return all, nil
}

// TemplateOf finds one by its name, or by kind and topic.
func TemplateOf(all []Template, words ...string) (*Template, error) {
	name := strings.Join(words, "-")
	var names []string
	for i := range all {
		t := &all[i]
		if t.Name == name || strings.TrimSuffix(t.Kind+"-"+t.Topic, "-") == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	if near := law.Suggest(name, names); near != "" {
		return nil, kind.Errorf(kind.Invalid, "there is no template %q: did you mean %q?", name, near)
	}
	return nil, kind.Errorf(kind.Invalid, "there is no template %q: there are %s", name, strings.Join(names, ", "))
}

// World is what a template is filled from; what is empty a person completes.
type World struct {
	Organisation string
	Day          string
	Persons      []string // of a group
	Devices      []Thing
	Products     []Thing
	Holds        Holds // which laws hold us; nil: not known
}

// Thing is a device or a product as people know it.
type Thing struct{ Name, Type, Vendor, Model, Where string }

// Asks is a provision that asks for what a document says.
type Asks struct {
	Law, Pinpoint, Text string
	Open                bool // whether the law binds us is not known
}

// filled is what the text of a template reads.
type filled struct {
	World
	Title   string
	Laws    []Asks
	Meaning []string // what the record will make known
	Command string   // by which the finished document becomes a record
}

// maxAsks bounds the laws that a template lists.
const maxAsks = 40

// Fill writes a template, filled from the world; what a human must complete stands in bold brackets.
func (d *Desk) Fill(w io.Writer, t *Template, world *World) error {
	k, err := d.Kinds.Of(t.Kind)
	if err != nil {
		return err
	}
	var topic *Topic
	if t.Topic != "" {
		if topic, err = k.topic(t.Topic); err != nil {
			return err
		}
	}
	world = world.cleaned()
	f := &filled{World: *world, Title: t.Title, Command: strings.TrimSpace("writ record add " + t.Kind + " " + t.Topic)}
	facts := factsOf(k, topic)
	for _, name := range facts {
		if def, ok := d.Law.Vocabulary.Lookup(name); ok {
			f.Meaning = append(f.Meaning, def.Meaning)
		}
	}
	f.Laws = d.asks(facts, world.Holds)
	words := template.FuncMap{"complete": complete, "or": orComplete}
	page, err := template.New(t.Name).Option("missingkey=error").Funcs(words).Parse(preamble + t.text + closing)
	if err != nil {
		return fmt.Errorf("template %s: %w", t.Name, err)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, f); err != nil {
		return fmt.Errorf("template %s: %w", t.Name, err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

func complete(what ...string) string { return "**[complete: " + strings.Join(what, " ") + "]**" }

func orComplete(text, what string) string {
	if text == "" {
		return complete(what)
	}
	return clean(text)
}

// clean takes from a name what Markdown would read as its own.
func clean(s string) string {
	return strings.NewReplacer("\n", " ", "|", "/", "<", "‹", ">", "›", "[", "(", "]", ")", "`", "'", "*", "·").Replace(s)
}

// cleaned is the world with names that Markdown reads as plain text.
func (w *World) cleaned() *World {
	c := *w
	c.Persons = nil
	for _, p := range w.Persons {
		c.Persons = append(c.Persons, clean(p))
	}
	things := func(all []Thing) (out []Thing) {
		for _, t := range all {
			out = append(out, Thing{clean(t.Name), clean(t.Type), clean(t.Vendor), clean(t.Model), clean(t.Where)})
		}
		return out
	}
	c.Devices, c.Products = things(w.Devices), things(w.Products)
	return &c
}

// preamble begins each document, closing ends it.
const (
	preamble = `# {{.Title}}

Organisation: {{or .Organisation "the organisation's name"}}
Version: {{complete "version"}} · In force from: {{complete "day"}} · Approved by: {{complete "name and function"}} · Next review: {{complete "day"}}

> Outline, filled on {{.Day}} from what is recorded. Parts in bold brackets are for a person to complete; nothing in it
> is in force before somebody approves it, and it is no legal advice.
`
	closing = `
## Laws that ask for it
{{range .Laws}}
- {{.Law}} {{.Pinpoint}}{{if .Open}} (whether it binds us is not known){{end}}: {{.Text}}{{else}}
- {{complete "no law that is known to bind us asks for it: why is it written?"}}{{end}}

## When it is approved

Enter it, so that it counts: ` + "`{{.Command}} --day DAY --by WHO --attach FILE`" + `{{if .Meaning}}. That makes known:
{{range .Meaning}}
- {{.}}{{end}}{{end}}
`
)

// factsOf are those that a kind and a topic make known.
func factsOf(k *Kind, t *Topic) (out []fact.Name) {
	for _, s := range k.sets(t) {
		out = append(out, s.Fact)
	}
	for _, f := range k.fields(t) {
		if f.Fact != "" {
			out = append(out, f.Fact)
		}
	}
	return out
}

// asks are the provisions whose controls ask for facts, of laws that hold us or may.
func (d *Desk) asks(facts []fact.Name, holds Holds) (out []Asks) {
	names := make([]*regexp.Regexp, len(facts))
	for i, f := range facts {
		names[i] = regexp.MustCompile(`\b` + regexp.QuoteMeta(string(f)) + `\b`)
	}
	wants := map[law.ControlID]bool{}
	for id, c := range d.Law.Controls {
		wants[id] = slices.ContainsFunc(names, func(n *regexp.Regexp) bool { return n.MatchString(c.Expr) })
	}
	for _, in := range d.Law.Instruments {
		bound := "undetermined"
		if holds != nil {
			bound = holds(in.ID)
		}
		if bound == "no" || in.Kind.Voluntary() && bound != "own" {
			continue
		}
		for _, p := range in.Provisions {
			asked := slices.Concat(p.Breach, p.Suffices, p.Indicators)
			if slices.ContainsFunc(asked, func(id law.ControlID) bool { return wants[id] }) {
				out = append(out, Asks{in.Short, p.Pinpoint, p.Text, bound != "own"})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Asks) int { return cmp.Compare(openRank(&a), openRank(&b)) })
	return out[:min(len(out), maxAsks)]
}

func openRank(a *Asks) int {
	if a.Open {
		return 1
	}
	return 0
}
