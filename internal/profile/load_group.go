// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"net/netip"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

func (r *reader) group(n *law.Node) *Group {
	g := &Group{pos: n.Pos}
	r.fields(n, "a group", map[string]func(*law.Node){
		"name": r.text(&g.Name), "declared-by": r.text(&g.Declared.By), "declared-on": r.day(&g.Declared.Day),
		"answers": r.answers(&g.Facts, fact.Organisation),
	})
	if g.Name == "" {
		r.fault(n.Pos, "", "a group needs a name")
	}
	if g.Declared.By == "" || g.Declared.Day == 0 {
		r.fault(n.Pos, "add declared-by: and declared-on:",
			"what is said of a group's persons and things is the word of a named officer for a day")
	}
	return g
}

// person is one legal person of a group. Its officer is the group's where it names none.
func (r *reader) person(n *law.Node) Organisation {
	o := Organisation{pos: n.Pos}
	r.fields(n, "a person", map[string]func(*law.Node){
		"id": r.text(&o.ID), "name": r.text(&o.Name),
		"declared-by": r.text(&o.Declared.By), "declared-on": r.day(&o.Declared.Day),
		"answers": func(n *law.Node) {
			r.answers(&o.Facts, fact.Organisation)(n)
			o.unknown = unknowns(n)
		},
	})
	if o.ID == "" || o.Name == "" {
		r.fault(n.Pos, "", "a person of a group needs an id and a name")
	}
	if (o.Declared.By == "") != (o.Declared.Day == 0) {
		r.fault(n.Pos, "give declared-by: and declared-on:, or neither: the group's officer speaks then",
			"half a declaration")
	}
	return o
}

// unknowns are the facts that are called unknown by name.
func unknowns(n *law.Node) (out []fact.Name) {
	for _, e := range n.Entries {
		v := e.Value
		for _, inner := range v.Entries {
			if inner.Key == "value" {
				v = inner.Value
			}
		}
		if v.Kind == law.Scalar && (v.Empty || v.Text == "unknown") {
			out = append(out, fact.Name(e.Key))
		}
	}
	return out
}

func (r *reader) site(n *law.Node) Site {
	s := Site{pos: n.Pos}
	r.fields(n, "a site", map[string]func(*law.Node){
		"id": r.text(&s.ID), "person": r.text(&s.Person), "networks": r.networks(&s.Networks),
	})
	if s.ID == "" || s.Person == "" || len(s.Networks) == 0 {
		r.fault(n.Pos, "add id:, person: and networks:",
			"a site says which person runs the devices on which networks")
	}
	return s
}

func (r *reader) service(n *law.Node) Service {
	s := Service{pos: n.Pos}
	r.fields(n, "a service", map[string]func(*law.Node){
		"from": r.text(&s.From), "to": r.text(&s.To), "kind": r.text(&s.Kind),
	})
	if s.From == "" || s.To == "" || s.Kind == "" {
		r.fault(n.Pos, "add from:, to: and kind:", "a service says who does what for whom")
		return s
	}
	var known []string
	for _, k := range kinds {
		known = append(known, k.name)
	}
	if !slices.Contains(known, s.Kind) {
		r.fault(n.Pos, didYouMean(s.Kind, known), "%q is no kind of service", s.Kind)
	}
	if s.From == s.To {
		r.fault(n.Pos, "", "a service from %s to itself", s.From)
	}
	return s
}

func (r *reader) networks(to *[]netip.Prefix) func(*law.Node) {
	return func(n *law.Node) {
		for _, it := range r.list(n) {
			prefix, err := netip.ParsePrefix(it.Text)
			if err != nil {
				r.fault(it.Pos, "write it like 10.20.0.0/16", "%q is not a network", it.Text)
				continue
			}
			*to = append(*to, prefix.Masked())
		}
	}
}

// bearers checks who the profile speaks for: one organisation, or a group of persons.
func (r *reader) bearers(pos law.Pos, p *Profile) {
	one := p.Organisation.pos != law.Pos{}
	switch {
	case p.Group == nil && len(p.Persons)+len(p.Sites)+len(p.Services) > 0:
		r.fault(pos, "add group: {name: …, declared-by: …, declared-on: …}",
			"persons, sites and services are a group's")
	case p.Group == nil && p.Organisation.Name == "":
		r.fault(pos, "", "a profile names its organisation: organisation: {name: …}")
	case p.Group != nil && one:
		r.fault(p.Group.pos, "list the organisation under persons:",
			"a profile speaks for an organisation or for a group")
	case p.Group != nil && len(p.Persons) == 0:
		r.fault(p.Group.pos, "add persons: with an id and a name each", "a group of nobody")
	}
}

// group checks that whom a group's parts name is there, and that they do not contradict each other.
func (r *reader) groupReferences(p *Profile) {
	var ids []string
	for i := range p.Persons {
		ids = append(ids, p.Persons[i].ID)
	}
	person := func(id string, pos law.Pos, what string) {
		switch {
		case id == "" || slices.Contains(ids, id):
		case p.Group == nil:
			r.fault(pos, "persons stand in a group; of one organisation's product say ours: yes or no",
				"%s names the person %q, and the profile speaks for one organisation alone", what, id)
		default:
			r.fault(pos, didYouMean(id, ids), "%s names the person %q, which the profile does not list", what, id)
		}
	}
	for i := range p.Sites {
		person(p.Sites[i].Person, p.Sites[i].pos, "site "+p.Sites[i].ID)
	}
	for i := range p.Services {
		person(p.Services[i].From, p.Services[i].pos, "the service")
		person(p.Services[i].To, p.Services[i].pos, "the service")
	}
	for i := range p.Devices {
		person(p.Devices[i].Person, p.Devices[i].pos, "device "+p.Devices[i].label())
	}
	for i := range p.Products {
		pr := &p.Products[i]
		if p.Group != nil && pr.Ours && pr.Maker == "" {
			r.fault(pr.pos, "ours: with the id of the person that makes it",
				"product %s is ours: whose, in a group?", pr.ID)
		}
		person(pr.Maker, pr.pos, "product "+pr.ID)
	}
	r.twoOwners(p)
	r.contradictions(p)
}

// twoOwners refuses a network that two persons are said to run.
func (r *reader) twoOwners(p *Profile) {
	of := map[netip.Prefix]*Site{}
	for i := range p.Sites {
		s := &p.Sites[i]
		for _, n := range s.Networks {
			if o := of[n]; o != nil && o.Person != s.Person {
				r.fault(s.pos, "divide it: the most specific network says who runs a device",
					"network %s stands in site %s of %s and in site %s of %s", n, o.ID, o.Person, s.ID, s.Person)
			}
			of[n] = s
		}
	}
}

// contradictions refuses a person's no to what a service says of it: one of the two is a slip.
func (r *reader) contradictions(p *Profile) {
	for i := range p.Services {
		s := &p.Services[i]
		for k := range p.Persons {
			o := &p.Persons[k]
			for _, name := range s.says(o.ID) {
				for _, a := range slices.Concat(o.Facts, p.shared(o)) {
					if name == a.Fact && a.Value.IsFalse() {
						r.fault(s.pos, "answer it yes, leave it out, or take the service out",
							"%s answers %s: no, and is %s from %s to %s", o.ID, name, s.Kind, s.From, s.To)
					}
				}
			}
		}
	}
}
