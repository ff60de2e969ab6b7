// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/writ-iot/writ/fact"
)

// Load reads a whole catalogue and resolves every reference in it. Its error is Problems: all that is
// wrong, in order of place. Expressions are checked by judge, pinpoints by lint.
func Load(fsys fs.FS) (*Catalogue, error) { return LoadWith(nil, fsys) }

// LoadWith is Load with the trees that the program carries: a file that they were made of is not parsed again.
func LoadWith(t *Trees, fsys fs.FS) (*Catalogue, error) {
	if _, err := fs.Stat(fsys, "catalogue.yaml"); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading catalogue: this is no catalogue, which holds catalogue.yaml, facts/, controls/ and "+
			"instruments/; a part of one is an overlay: %w", err)
	}
	names, err := catalogueFiles(fsys)
	if err != nil {
		return nil, err
	}
	sources := make([][]byte, len(names))
	whole := 0
	for i, name := range names {
		if sources[i], err = ReadFile(fsys, name); err != nil {
			return nil, fmt.Errorf("reading catalogue: %w", err)
		}
		if whole += len(sources[i]); whole > maxCatalogue {
			return nil, fmt.Errorf("reading catalogue: %s: a catalogue holds at most %d bytes in all", name,
				maxCatalogue)
		}
	}
	docs := readAll(t, names, sources)
	c := assemble(docs)
	c.Digest = digest(names, sources)
	var problems Problems
	for _, d := range docs {
		problems = append(problems, d.Problems...)
	}
	if err := problems.Sort().Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// catalogueFiles lists what a catalogue consists of, sorted: what verdicts rest on, and nothing else.
func catalogueFiles(fsys fs.FS) ([]string, error) {
	names := []string{"catalogue.yaml"}
	for _, dir := range []string{"controls", "facts", "instruments"} {
		err := fs.WalkDir(fsys, dir, func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && path.Ext(name) == ".yaml" {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("reading catalogue: %w", err)
		}
	}
	slices.Sort(names)
	return names, nil
}

// readAll reads the files side by side; each document is touched by one goroutine.
func readAll(t *Trees, names []string, sources [][]byte) []*document {
	docs := make([]*document, len(names))
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(names)) {
		wait.Go(func() {
			for i := range next {
				docs[i] = readDocument(t, names[i], sources[i])
			}
		})
	}
	for _, i := range largestFirst(sources) {
		next <- i
	}
	close(next)
	wait.Wait()
	return docs
}

func largestFirst(sources [][]byte) []int {
	order := make([]int, len(sources))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(sources[b]) - len(sources[a]) })
	return order
}

func readDocument(t *Trees, name string, src []byte) *document {
	d := &document{Reader: NewReader(name, src)}
	root := t.of(name, src)
	if root == nil {
		var err error
		root, err = ParseYAML(name, src)
		if p, ok := err.(Problems); ok {
			d.Problems = p
			return d
		}
	}
	switch dir, _, _ := strings.Cut(name, "/"); dir {
	case "facts":
		d.facts(root)
	case "controls":
		d.controls(root)
	case "instruments":
		want := strings.TrimSuffix(strings.TrimPrefix(name, "instruments/"), ".yaml")
		d.instrumentFile(root, InstrumentID(want))
	default:
		d.catalogueFile(root)
	}
	return d
}

// assemble joins the documents, in the order of their names, and notes what is there twice or nowhere.
func assemble(docs []*document) *Catalogue {
	c := &Catalogue{
		Controls:   map[ControlID]*Control{},
		Provisions: map[ProvisionID]*Provision{},
		FactPos:    map[fact.Name]Pos{},
	}
	var defs []fact.Definition
	for _, d := range docs {
		if d.version != "" {
			c.Version = d.version
		}
		defs = append(defs, d.addFacts(c)...)
		d.addControls(c)
		d.addInstrument(c)
	}
	c.Vocabulary, _ = fact.NewVocabulary(defs) // addFacts leaves no name twice
	slices.SortFunc(c.Instruments, func(a, b *Instrument) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, d := range docs {
		d.resolve(c)
		d.resolveDeemed(c)
	}
	return c
}

func (d *document) addFacts(c *Catalogue) []fact.Definition {
	var fresh []fact.Definition
	for i, def := range d.definitions {
		if first, twice := c.FactPos[def.Name]; twice {
			d.Add(d.definedAt[i], fmt.Sprintf("fact %s is defined twice: first at %s", def.Name, first),
				"a name has one definition in all files")
			continue
		}
		c.FactPos[def.Name] = d.definedAt[i]
		fresh = append(fresh, def)
	}
	return fresh
}

func (d *document) addControls(c *Catalogue) {
	for _, k := range d.controlList {
		if first := c.Controls[k.ID]; first != nil {
			d.Add(k.Pos, fmt.Sprintf("control %s is defined twice: first at %s", k.ID, first.Pos),
				"an ID has one definition in all files")
			continue
		}
		c.Controls[k.ID] = k
	}
}

func (d *document) addInstrument(c *Catalogue) {
	i := d.instrument
	if i == nil {
		return
	}
	c.Instruments = append(c.Instruments, i)
	for _, p := range i.Provisions {
		c.Provisions[p.ID] = p
	}
}

// resolve notes each reference that leads nowhere, with the nearest name.
func (d *document) resolve(c *Catalogue) {
	for _, ref := range d.refs {
		found, known := false, []string(nil)
		switch ref.to {
		case toControl:
			_, found = c.Controls[ControlID(ref.name)]
			if !found {
				known = keys(c.Controls)
			}
		case toFact:
			def, ok := c.Vocabulary.Lookup(fact.Name(ref.name))
			if found = ok && def.Type == fact.Number; !found {
				known = c.numbers()
			}
		case toInstrument:
			_, found = c.Instrument(InstrumentID(ref.name))
			for _, i := range c.Instruments {
				known = append(known, string(i.ID))
			}
		}
		if !found && ref.name != "" {
			d.Add(ref.pos, fmt.Sprintf("unknown %s %q", ref.to, ref.name), DidYouMean(ref.name, known))
		}
	}
}

// numbers are the facts that hold a number.
func (c *Catalogue) numbers() (names []string) {
	for name := range c.FactPos {
		if def, ok := c.Vocabulary.Lookup(name); ok && def.Type == fact.Number {
			names = append(names, string(name))
		}
	}
	return names
}

// resolveDeemed looks for the provisions of another instrument on which a deemed compliance rests.
func (d *document) resolveDeemed(c *Catalogue) {
	if d.instrument == nil {
		return
	}
	for _, p := range d.instrument.Provisions {
		for _, m := range p.Deemed {
			for _, local := range slices.Concat(m.Provisions, m.Restricted) {
				id := ProvisionID(string(m.By) + "/" + local)
				if _, ok := c.Provisions[id]; !ok && m.By != "" {
					d.Add(m.Pos, fmt.Sprintf("unknown provision %q", id), DidYouMean(string(id), keys(c.Provisions)))
				}
			}
		}
	}
}

func keys[K ~string, V any](m map[K]V) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, string(k))
	}
	return all
}

// digest is SHA-256 over each file's name, size and bytes, in the order of names.
func digest(names []string, sources [][]byte) string {
	h := sha256.New()
	for i, name := range names {
		fmt.Fprintf(h, "%s\n%d\n", name, len(sources[i]))
		h.Write(sources[i])
	}
	return hex.EncodeToString(h.Sum(nil))
}
