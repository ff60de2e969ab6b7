// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package assess

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observe"
	"github.com/writ-iot/writ/internal/profile"
)

// Naming gives the subject that any of the keys names, and makes one where none is known. A case's
// subjects are random and stay; a run's are numbered.
type Naming func(kind fact.SubjectKind, keys ...string) (fact.Subject, error)

// numbered names the subjects of a run that keeps nothing.
func numbered() Naming {
	known := map[string]fact.Subject{}
	count := map[fact.SubjectKind]int{}
	return func(kind fact.SubjectKind, keys ...string) (fact.Subject, error) {
		for _, k := range keys {
			if s, ok := known[string(kind)+" "+k]; ok {
				return s, nil
			}
		}
		count[kind]++
		s := fact.Subject{Kind: kind, ID: fmt.Sprintf("%s-%d", kind, count[kind])}
		for _, k := range keys {
			known[string(kind)+" "+k] = s
		}
		return s, nil
	}
}

// world is who there is to be judged: our legal persons, what they run and make, and what is said of them.
type world struct {
	name    Naming
	profile *profile.Profile
	persons map[string]fact.Subject // by the profile's ID; of one organisation, ""
	members map[fact.Subject]*fact.Member
	seen    map[fact.Subject]window
	bodies  map[fact.Subject]nameBody // what people call a subject; erasable
	claims  []fact.Claim              // of what was observed
	people  []profile.Said            // of what people say
	byID    map[string]fact.Subject   // devices by the inventory's ID
}

// window is when a subject was seen: from its first frame to the end of the newest input that shows it.
type window struct{ first, until time.Time }

// newWorld puts what was seen and what the profile says together. It judges nothing.
func newWorld(p *profile.Profile, s *observe.Seen, name Naming) (*world, error) {
	w := &world{name: name, profile: p, members: map[fact.Subject]*fact.Member{}, seen: map[fact.Subject]window{},
		bodies: map[fact.Subject]nameBody{}, byID: map[string]fact.Subject{}, persons: map[string]fact.Subject{}}
	if err := w.ours(); err != nil {
		return nil, err
	}
	for i := range s.Devices {
		if err := w.device(&s.Devices[i], s); err != nil {
			return nil, err
		}
	}
	if err := w.unseen(); err != nil {
		return nil, err
	}
	for i := range p.Products {
		if err := w.declaredProduct(&p.Products[i]); err != nil {
			return nil, err
		}
	}
	for _, o := range p.People() {
		w.people = append(w.people, p.OfOrganisation(w.persons[o.ID], o)...)
	}
	for c := range s.Claims() {
		if c.Subject.Kind == fact.Device {
			c.Subject = w.byID[c.Subject.ID]
			w.claims = append(w.claims, c)
		}
	}
	return w, nil
}

// ours makes members of our legal persons.
func (w *world) ours() error {
	for _, o := range w.profile.People() {
		body, key := nameBody{Name: cmp.Or(o.Name, "the organisation")}, "self"
		if o.ID != "" {
			body.Group, key = w.profile.Name(), "person:"+o.ID
		}
		s, err := w.subject(fact.Organisation, body, key)
		if err != nil {
			return err
		}
		w.persons[o.ID] = s
		w.members[s].Own = true
	}
	return nil
}

// runner is who of us runs a device; nobody by name where that is open.
func (w *world) runner(id string, known bool) fact.Subject {
	if !known {
		return fact.Subject{}
	}
	return w.persons[id]
}

// subject makes a member of the world, once.
func (w *world) subject(kind fact.SubjectKind, body nameBody, keys ...string) (fact.Subject, error) {
	s, err := w.name(kind, keys...)
	if err != nil {
		return s, err
	}
	if w.members[s] == nil {
		w.members[s] = &fact.Member{Subject: s}
		w.bodies[s] = body
	}
	return s, nil
}

// device makes a member of a device that was seen, and ties it to its product.
func (w *world) device(d *inventory.Device, in *observe.Seen) error {
	entry := w.entry(d)
	s, err := w.subject(fact.Device, thingBody(d, entry), deviceKeys(d, entry)...)
	if err != nil {
		return err
	}
	w.byID[d.ID] = s
	when := window{time.Unix(0, d.First).UTC(), until(in, d)}
	w.seen[s] = when
	product, err := w.productOf(d, entry)
	if err != nil {
		return err
	}
	m := w.members[s]
	m.Product, m.Runner, m.Seen = product, w.runner(w.profile.Runner(entry, d.IPs)), when.until
	w.seenProduct(product, when)
	// A device that speaks on a network is a product with digital elements, whatever else it is.
	w.claims = append(w.claims, fact.Claim{Subject: product, Fact: "product.digital_elements",
		Value:  fact.BoolValue(true),
		Method: fact.Passive, ObservedAt: time.Unix(0, d.Last).UTC(), Sources: whole(in, d)})
	if entry != nil {
		w.people = append(w.people, w.profile.OfDevice(s, entry, when.first)...)
	}
	return nil
}

func (w *world) seenProduct(product fact.Subject, when window) {
	old, ok := w.seen[product]
	if !ok || when.first.Before(old.first) {
		old.first = when.first
	}
	if when.until.After(old.until) {
		old.until = when.until
	}
	w.seen[product] = old
	w.members[product].Seen = old.until
}

// unseen makes members of the devices that the profile lists and no input shows.
func (w *world) unseen() error {
	for i := range w.profile.Devices {
		entry := &w.profile.Devices[i]
		s, err := w.subject(fact.Device, thingBody(nil, entry), entryKeys(entry)...)
		if err != nil {
			return err
		}
		m := w.members[s]
		if !m.Product.IsZero() {
			continue // it was seen
		}
		if m.Product, err = w.productOf(nil, entry); err != nil {
			return err
		}
		m.Runner = w.runner(w.profile.Unseen(entry))
		w.people = append(w.people, w.profile.OfDevice(s, entry, time.Time{})...)
	}
	return nil
}

// entry is what the profile says of a device: its link address first, then address, then hostname.
func (w *world) entry(d *inventory.Device) *profile.Device {
	var macs, ips []string
	for _, m := range d.MACs {
		macs = append(macs, macText(m))
	}
	for _, a := range d.IPs {
		ips = append(ips, a.String())
	}
	for i := range w.profile.Devices {
		e := &w.profile.Devices[i]
		switch {
		case e.MAC != "" && slices.Contains(macs, e.MAC), e.MAC == "" && e.IP != "" && slices.Contains(ips, e.IP):
			return e
		case e.MAC == "" && e.IP == "" && slices.ContainsFunc(d.Hostnames,
			func(h string) bool { return strings.EqualFold(h, e.Hostname) }):
			return e
		}
	}
	return nil
}

// until is the end of the newest input that shows a device: its evidence time.
func until(s *observe.Seen, d *inventory.Device) (end time.Time) {
	for _, i := range d.Inputs {
		if i < len(s.Inputs) && s.Inputs[i].Last.After(end) {
			end = s.Inputs[i].Last
		}
	}
	return end
}

// whole cites the inputs that show a device from end to end.
func whole(s *observe.Seen, d *inventory.Device) (out []fact.Source) {
	for _, i := range d.Inputs {
		if i < len(s.Inputs) {
			out = append(out, fact.Source{Input: s.Inputs[i].SHA256, Frames: [][2]int{{1, int(s.Inputs[i].Packets)}}})
		}
	}
	return out
}
