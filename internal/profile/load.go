// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"net"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/law"
)

// maxProfile is the longest profile that is read, in bytes: some 50,000 devices.
const maxProfile = 8 << 20

// Load reads a profile and checks every answer against the catalogue. Its errors name file, line and
// column, show the place and hint at what was meant.
func Load(path string, cat *law.Catalogue) (*Profile, error) {
	b, err := durable.ReadFile(path, maxProfile)
	if err != nil {
		return nil, fmt.Errorf("reading profile: %w", err)
	}
	return Parse(path, b, cat)
}

// Parse is Load on bytes; name stands for the file in messages. The error is law.Problems.
func Parse(name string, b []byte, cat *law.Catalogue) (*Profile, error) {
	root, err := law.ParseYAML(name, b)
	if err != nil {
		return nil, err
	}
	return Read(name, b, root, cat)
}

// Read is Parse on what is parsed already: root is b's tree, or a part of it.
func Read(name string, b []byte, root *law.Node, cat *law.Catalogue) (*Profile, error) {
	r := &reader{cat: cat, lines: strings.Split(string(b), "\n")}
	p := r.profile(root)
	p.File = name
	r.references(p)
	if err := r.problems.Sort().Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// ParseRecords reads a file that holds records alone and adds them to the profile.
func (p *Profile) ParseRecords(name string, b []byte, cat *law.Catalogue) error {
	root, err := law.ParseYAML(name, b)
	if err != nil {
		return err
	}
	r := &reader{cat: cat, lines: strings.Split(string(b), "\n")}
	r.fields(root, "a file of records", map[string]func(*law.Node){"records": func(n *law.Node) {
		for _, it := range r.list(n) {
			p.Records = append(p.Records, r.record(it))
		}
	}})
	r.references(p)
	return r.problems.Sort().Err()
}

type reader struct {
	cat      *law.Catalogue
	lines    []string
	problems law.Problems
}

func (r *reader) fault(pos law.Pos, hint, format string, args ...any) {
	p := &law.Problem{Pos: pos, What: fmt.Sprintf(format, args...), Hint: hint}
	if pos.Line > 0 && pos.Line <= len(r.lines) {
		p.Line = strings.TrimRight(r.lines[pos.Line-1], "\r")
	}
	r.problems = append(r.problems, p)
}

// fields hands each key of a map to its reader; a key that has none is a fault with a hint.
func (r *reader) fields(n *law.Node, what string, known map[string]func(*law.Node)) {
	if n.Kind != law.Map {
		if !n.Empty {
			r.fault(n.Pos, "", "%s must be a map of keys", what)
		}
		return
	}
	for _, e := range n.Entries {
		if read := known[e.Key]; read != nil {
			read(e.Value)
			continue
		}
		keys := make([]string, 0, len(known))
		for k := range known {
			keys = append(keys, k)
		}
		r.fault(e.Pos, didYouMean(e.Key, keys), "unknown key %q in %s", e.Key, what)
	}
}

func didYouMean(word string, known []string) string {
	if s := law.Suggest(word, known); s != "" {
		return fmt.Sprintf("did you mean %q?", s)
	}
	return ""
}

func (r *reader) text(to *string) func(*law.Node) {
	return func(n *law.Node) {
		if n.Kind != law.Scalar {
			r.fault(n.Pos, "", "want text here")
			return
		}
		*to = n.Text
	}
}

func (r *reader) day(to *fact.Day) func(*law.Node) {
	return func(n *law.Node) {
		d, err := fact.ParseDay(n.Text)
		if n.Kind != law.Scalar || err != nil {
			r.fault(n.Pos, "write it like 2026-11-24", "%q is not a day", n.Text)
			return
		}
		*to = d
	}
}

func (r *reader) list(n *law.Node) []*law.Node {
	if n.Kind != law.List {
		if !n.Empty {
			r.fault(n.Pos, "begin each entry with \"- \"", "want a list here")
		}
		return nil
	}
	return n.Items
}

func (r *reader) profile(n *law.Node) *Profile {
	p := &Profile{}
	var version string
	r.fields(n, "a profile", map[string]func(*law.Node){
		"version":      r.text(&version),
		"organisation": func(n *law.Node) { p.Organisation = r.organisation(n) },
		"group":        func(n *law.Node) { p.Group = r.group(n) },
		"networks":     r.networks(&p.Networks),
		"persons": func(n *law.Node) {
			for _, it := range r.list(n) {
				p.Persons = append(p.Persons, r.person(it))
			}
		},
		"sites": func(n *law.Node) {
			for _, it := range r.list(n) {
				p.Sites = append(p.Sites, r.site(it))
			}
		},
		"services": func(n *law.Node) {
			for _, it := range r.list(n) {
				p.Services = append(p.Services, r.service(it))
			}
		},
		"products": func(n *law.Node) {
			for _, it := range r.list(n) {
				p.Products = append(p.Products, r.product(it))
			}
		},
		"devices": func(n *law.Node) {
			for _, it := range r.list(n) {
				p.Devices = append(p.Devices, r.device(it))
			}
		},
		"records": func(n *law.Node) {
			for _, it := range r.list(n) {
				p.Records = append(p.Records, r.record(it))
			}
		},
	})
	if version != "1" {
		r.fault(n.Pos, "begin the file with: version: 1", "a profile of version %q cannot be read", version)
	}
	r.bearers(n.Pos, p)
	if p.Group != nil {
		for i := range p.Persons {
			if p.Persons[i].Declared == (Declared{}) {
				p.Persons[i].Declared = p.Group.Declared
			}
		}
	}
	return p
}

func (r *reader) organisation(n *law.Node) (o Organisation) {
	o.pos = n.Pos
	r.fields(n, "an organisation", map[string]func(*law.Node){
		"name":        r.text(&o.Name),
		"declared-by": r.text(&o.Declared.By),
		"declared-on": r.day(&o.Declared.Day),
		"answers":     r.answers(&o.Facts, fact.Organisation),
	})
	if len(o.Facts) > 0 && (o.Declared.By == "" || o.Declared.Day == 0) {
		r.fault(n.Pos, "add declared-by: and declared-on:", "answers are the word of a named officer for a day")
	}
	return o
}

func (r *reader) product(n *law.Node) (p Product) {
	p.pos = n.Pos
	r.fields(n, "a product", map[string]func(*law.Node){
		"id": r.text(&p.ID), "vendor": r.text(&p.Vendor), "model": r.text(&p.Model), "ours": r.ours(&p),
		"answers": r.answers(&p.Facts, fact.Product),
	})
	if p.ID == "" {
		r.fault(n.Pos, "", "a product needs an id")
	}
	return p
}

// ours reads yes or no, or the person of the group that makes the product.
func (r *reader) ours(p *Product) func(*law.Node) {
	return func(n *law.Node) {
		if v, err := fact.ParseValue(fact.Bool, n.Text); n.Kind == law.Scalar && err == nil {
			p.Ours = v.IsTrue()
			return
		}
		r.text(&p.Maker)(n)
		p.Ours = p.Maker != ""
	}
}

func (r *reader) device(n *law.Node) (d Device) {
	d.pos = n.Pos
	r.fields(n, "a device", map[string]func(*law.Node){
		"id": r.text(&d.ID), "ip": r.text(&d.IP), "hostname": r.text(&d.Hostname), "product": r.text(&d.Product),
		"mac": func(n *law.Node) {
			hw, err := net.ParseMAC(n.Text)
			if err != nil {
				r.fault(n.Pos, "write it like 74:da:38:4a:76:49", "%q is not a link address", n.Text)
				return
			}
			d.MAC = hw.String()
		},
		"label-read-by": r.text(&d.LabelReadBy),
		"person":        r.text(&d.Person),
		"answers":       r.answers(&d.Facts, fact.Device),
	})
	if d.MAC == "" && d.IP == "" && d.Hostname == "" {
		r.fault(n.Pos, "give mac, ip or hostname", "nothing says which device this is")
	}
	return d
}
