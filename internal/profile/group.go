// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"net/netip"
	"slices"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Group is what holds several legal persons together. It bears no duty: its persons do, each its own.
type Group struct {
	Name     string
	Declared Declared
	Facts    []Answer // said of each person that does not answer for itself
	pos      law.Pos
}

// Site is a place, or a zone of a network, where one person runs the devices.
type Site struct {
	ID, Person string
	Networks   []netip.Prefix
	pos        law.Pos
}

// Service says that one person of the group does something for another.
type Service struct {
	From, To string
	Kind     string // one of the kinds below
	pos      law.Pos
}

// kind of service: what saying so says of each side, and nothing beyond.
type kind struct {
	name     string
	from, to fact.Name // "": nothing
}

// kinds of service. A provider within the group has no role by that alone.
var kinds = []kind{
	{"processor", "role.processor", "org.uses_processors"},
	{"business-associate", "hipaa.business_associate", "hipaa.uses_business_associates"},
	{"subcontractor", "hipaa.business_associate", "hipaa.uses_subcontractors"},
	{"intragroup-provider", "", ""},
}

// Name is the group's, or that of the one organisation.
func (p *Profile) Name() string {
	if p.Group != nil {
		return p.Group.Name
	}
	return p.Organisation.Name
}

// People are the legal persons that the profile speaks for: the group's, or one without an ID.
func (p *Profile) People() []*Organisation {
	if p.Group == nil {
		return []*Organisation{&p.Organisation}
	}
	out := make([]*Organisation, len(p.Persons))
	for i := range p.Persons {
		out[i] = &p.Persons[i]
	}
	return out
}

// Ours are all networks that are ours, whoever of us runs what lies there.
func (p *Profile) Ours() []netip.Prefix {
	out := append([]netip.Prefix(nil), p.Networks...)
	for i := range p.Sites {
		out = append(out, p.Sites[i].Networks...)
	}
	return out
}

// Runner is the ID of the person that runs a device: whom its entry names, else whose site it stands in, by the
// most specific network. False where that is open: no site holds it, or its addresses stand in sites of several.
func (p *Profile) Runner(entry *Device, addresses []netip.Addr) (id string, known bool) {
	if p.Group == nil {
		return "", true
	}
	if entry != nil && entry.Person != "" {
		return entry.Person, true
	}
	for _, a := range addresses {
		s := p.site(a)
		switch {
		case s == nil:
		case !known:
			id, known = s.Person, true
		case s.Person != id:
			return "", false
		}
	}
	return id, known
}

// site is the one whose most specific network holds an address.
func (p *Profile) site(a netip.Addr) (best *Site) {
	bits := -1
	for i := range p.Sites {
		for _, n := range p.Sites[i].Networks {
			if n.Contains(a.Unmap()) && n.Bits() > bits {
				best, bits = &p.Sites[i], n.Bits()
			}
		}
	}
	return best
}

// addresses are those that a device's entry gives.
func (d *Device) addresses() []netip.Addr {
	if a, err := netip.ParseAddr(d.IP); err == nil {
		return []netip.Addr{a}
	}
	return nil
}

// Unseen is Runner of a device that no input shows.
func (p *Profile) Unseen(d *Device) (id string, known bool) { return p.Runner(d, d.addresses()) }

// shared are the group's answers that hold for a person: those that it neither gives nor calls unknown itself.
func (p *Profile) shared(o *Organisation) (out []Answer) {
	if p.Group == nil {
		return nil
	}
	for _, a := range p.Group.Facts {
		own := slices.ContainsFunc(o.Facts, func(b Answer) bool { return a.Fact == b.Fact })
		if !own && !slices.Contains(o.unknown, a.Fact) {
			out = append(out, a)
		}
	}
	return out
}

// serves is what the services say of a person.
func (p *Profile) serves(s fact.Subject, id string) (out []Said) {
	said := map[fact.Name]bool{}
	for i := range p.Services {
		v := &p.Services[i]
		for _, name := range v.says(id) {
			if name != "" && !said[name] {
				said[name] = true
				out = append(out, p.said(s, Answer{Fact: name, Value: fact.BoolValue(true)}, time.Time{}, p.officer()))
			}
		}
	}
	return out
}

// says names the facts that a service makes true of a person.
func (v *Service) says(id string) (out []fact.Name) {
	for _, k := range kinds {
		if k.name != v.Kind {
			continue
		}
		if v.From == id {
			out = append(out, k.from)
		}
		if v.To == id {
			out = append(out, k.to)
		}
	}
	return out
}

// officer answers for what is said of things, and of persons whose own officer is not named.
func (p *Profile) officer() Declared {
	if p.Group != nil {
		return p.Group.Declared
	}
	return p.Organisation.Declared
}
