// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"regexp"
	"slices"

	"github.com/writ-iot/writ/fact"
)

// Recipient is who takes notifications or applications: an authority, a CSIRT, a platform, a scheme's owner.
type Recipient struct {
	ID        string
	Name      string
	Kind      string // authority, csirt, platform, scheme
	Territory string
	Portal    string // where to hand in; "" where none is known
	// PortalConfidence is that of the address: who takes a notice stands in a law, where it is handed in rarely does.
	PortalConfidence Confidence
	Form             string // and Version of it; "" where none is known
	Version          string
	// Languages are those that it accepts, as BCP 47 writes them; nil: not known.
	Languages       []string
	LanguagesSource string
	Receipt         string // what proves that it arrived; "" where none is known
	Takes           []Taking
	Note            string
	Source          string
	Confidence      Confidence
	Checked         fact.Day // when its file was held against its sources
	CheckedBy       string
	Pos             Pos
}

// Taking is what a recipient takes under one instrument.
type Taking struct {
	Instrument InstrumentID
	Clocks     []string // nil: what the instrument asks outside its clocks
	// Incomplete is yes where a notification may come without all of its content, no where it may not; "" where
	// that is not known. Pinpoint says where the law has it.
	Incomplete string
	Pinpoint   string
	Note       string
	Pos        Pos
}

var (
	recipientID    = regexp.MustCompile(`^[a-z]{2,4}(-[a-z0-9]+)+$`)
	languageTag    = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2})?$`)
	recipientKinds = []string{"authority", "csirt", "platform", "scheme"}
)

// LoadRecipients reads the files below recipients/, and resolves what they name in the catalogue. No verdict rests
// on them, so they are no part of its digest. Its error is Problems.
func LoadRecipients(fsys fs.FS, c *Catalogue) ([]*Recipient, error) {
	names, err := fs.Glob(fsys, "recipients/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("reading recipients: %w", err)
	}
	var all []*Recipient
	var problems Problems
	first := map[string]Pos{}
	for _, name := range names {
		src, err := ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading recipients: %w", err)
		}
		root, err := ParseYAML(name, src)
		if p, ok := err.(Problems); ok {
			problems = append(problems, p...)
			continue
		}
		d := &document{Reader: NewReader(name, src)}
		for _, r := range d.recipients(root) {
			d.known(r, c)
			if at, twice := first[r.ID]; twice {
				d.Add(r.Pos, fmt.Sprintf("recipient %q stands twice: first at %s", r.ID, at), "")
			}
			first[r.ID] = r.Pos
			all = append(all, r)
		}
		problems = append(problems, d.Problems...)
	}
	if err := problems.Sort().Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b *Recipient) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// recipients reads one file: when it was checked, its sources, and the recipients.
func (d *document) recipients(root *Node) (all []*Recipient) {
	var checked fact.Day
	var by string
	sources := map[string]string{}
	d.Object(root, "a file of recipients",
		Need("checked", func(n *Node) {
			d.Object(n, "checked", Need("day", d.Day(&checked)), Need("by", d.Text(&by)))
		}),
		Need("sources", func(n *Node) {
			for _, e := range n.Entries {
				var text string
				d.Text(&text)(e.Value)
				sources[e.Key] = text
			}
		}),
		Need("recipients", d.List(func(n *Node) { all = append(all, d.recipient(n)) })),
	)
	for _, s := range d.sourced {
		if _, ok := sources[s.name]; !ok && s.name != "" {
			d.Add(s.pos, fmt.Sprintf("source %q is not among the file's sources", s.name),
				DidYouMean(s.name, slices.Sorted(maps.Keys(sources))))
		}
	}
	for _, r := range all {
		r.Checked, r.CheckedBy = checked, by
		r.Source, r.LanguagesSource = sources[r.Source], sources[r.LanguagesSource]
	}
	return all
}

func (d *document) recipient(n *Node) *Recipient {
	r := &Recipient{Pos: n.Pos}
	d.Object(n, "a recipient",
		Need("id", d.matching(&r.ID, recipientID, "name of a recipient",
			"a territory's code and a name: eu-enisa-srp")),
		Need("name", d.Text(&r.Name)),
		Need("kind", Word(d.Reader, &r.Kind, "kind of recipient", recipientKinds)),
		Need("territory", d.Text(&r.Territory)),
		Opt("portal", d.secure(&r.Portal)),
		Opt("portal-confidence", Word(d.Reader, &r.PortalConfidence, "confidence", confidences)),
		Opt("form", func(n *Node) {
			d.Object(n, "a form", Need("name", d.Text(&r.Form)), Opt("version", d.Text(&r.Version)))
		}),
		Opt("languages", func(n *Node) {
			d.Object(n, "languages", Need("accepted", d.tags(&r.Languages)), Need("source",
				d.source(&r.LanguagesSource)))
		}),
		Opt("receipt", d.Text(&r.Receipt)),
		Need("takes", d.List(func(n *Node) { r.Takes = append(r.Takes, d.taking(n)) })),
		Opt("note", d.Text(&r.Note)),
		Need("source", d.source(&r.Source)),
		Need("confidence", Word(d.Reader, &r.Confidence, "confidence", confidences)),
	)
	if r.PortalConfidence != "" && r.Portal == "" {
		d.Add(n.Pos, fmt.Sprintf("recipient %q says how sure its portal is, and has none", r.ID), "")
	}
	inherit(&r.PortalConfidence, r.Confidence)
	if len(r.Takes) == 0 {
		d.Add(n.Pos, fmt.Sprintf("recipient %q takes nothing", r.ID), "takes: [{instrument: …, clocks: […]}]")
	}
	return r
}

func (d *document) taking(n *Node) Taking {
	t := Taking{Pos: n.Pos}
	d.Object(n, "what a recipient takes",
		Need("instrument", func(n *Node) {
			var id string
			d.Text(&id)(n)
			t.Instrument = InstrumentID(id)
		}),
		Opt("clocks", d.Texts(&t.Clocks)),
		Opt("incomplete", Word(d.Reader, &t.Incomplete, "answer", []string{"yes", "no"})),
		Opt("pinpoint", d.Text(&t.Pinpoint)),
		Opt("note", d.Text(&t.Note)),
	)
	if t.Incomplete != "" && t.Pinpoint == "" {
		d.Add(n.Pos, "whether a notification may be incomplete is said without its pinpoint", "add pinpoint:")
	}
	return t
}

// secure reads an address that a browser opens safely.
func (d *document) secure(to *string) func(*Node) {
	return func(n *Node) {
		d.Text(to)(n)
		if u, err := url.Parse(*to); *to != "" && (err != nil || u.Scheme != "https" || u.Host == "" ||
			u.User != nil) {
			d.Add(n.Pos, fmt.Sprintf("%q is no address of a portal", *to), "write it like https://example.org/report")
		}
	}
}

func (d *document) tags(to *[]string) func(*Node) {
	return d.List(func(n *Node) {
		var tag string
		d.matching(&tag, languageTag, "language", "as BCP 47 writes it: de, pt-BR")(n)
		*to = append(*to, tag)
	})
}

// known resolves the instruments and clocks that a recipient names.
func (d *document) known(r *Recipient, c *Catalogue) {
	for _, t := range r.Takes {
		i, ok := c.Instrument(t.Instrument)
		if !ok {
			var ids []string
			for _, i := range c.Instruments {
				ids = append(ids, string(i.ID))
			}
			d.Add(t.Pos, fmt.Sprintf("unknown instrument %q", t.Instrument), DidYouMean(string(t.Instrument), ids))
			continue
		}
		var clocks []string
		for _, k := range i.Clocks {
			clocks = append(clocks, k.ID)
		}
		for _, k := range t.Clocks {
			if !slices.Contains(clocks, k) {
				d.Add(t.Pos, fmt.Sprintf("clock %q is not in %s", k, i.ID), DidYouMean(k, clocks))
			}
		}
	}
}
