// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// world is who and what there is, in an order of its own: the input's order decides nothing.
type world struct {
	members  map[fact.Subject]*Member
	subjects map[fact.SubjectKind][]fact.Subject // sorted
	units    map[fact.Subject][]fact.Subject     // devices of a product, sorted
	runs     map[fact.Subject][]fact.Subject     // who runs them
	own      []fact.Subject                      // our organisations, sorted
	makers   map[fact.Subject]bool               // of the products
	facts    *fact.Snapshot
	nothing  *fact.Resolved // is what is known of a fact that nobody has claimed
	at       time.Time
	day      fact.Day
}

func newWorld(v *fact.Vocabulary, in Input) *world {
	w := &world{members: map[fact.Subject]*Member{}, subjects: map[fact.SubjectKind][]fact.Subject{},
		units: map[fact.Subject][]fact.Subject{}, makers: map[fact.Subject]bool{}, at: in.At, day: in.Day,
		nothing: &fact.Resolved{Reason: fact.NoEvidence}}
	w.add(in.Members)
	moment := fact.Moment{At: in.At, KnownAt: in.KnownAt, AtSubject: map[fact.Subject]time.Time{}}
	for _, s := range slices.SortedFunc(maps.Keys(w.members), fact.Subject.Compare) {
		m := w.members[s]
		w.subjects[s.Kind] = append(w.subjects[s.Kind], s)
		if s.Kind == fact.Device && m.Product != (fact.Subject{}) {
			w.units[m.Product] = append(w.units[m.Product], s)
		}
		if m.Own {
			w.own = append(w.own, s)
		}
		if s.Kind == fact.Product {
			w.makers[m.Maker] = true
		}
		if !m.At.IsZero() {
			moment.AtSubject[s] = m.At
		}
	}
	w.facts, w.runs = fact.Resolve(v, in.Claims, moment), map[fact.Subject][]fact.Subject{}
	for product := range w.units {
		w.runs[product] = w.runners(product)
	}
	return w
}

// add joins what is said of each member. Where two entries name different relations, which is right is
// not known, so the relation is unknown.
func (w *world) add(members []Member) {
	disputed := map[fact.Subject][3]bool{}
	for _, m := range members {
		have := w.members[m.Subject]
		if have == nil {
			w.members[m.Subject] = &m
			continue
		}
		d := disputed[m.Subject]
		have.Product = one(have.Product, m.Product, &d[0])
		have.Maker = one(have.Maker, m.Maker, &d[1])
		have.Runner = one(have.Runner, m.Runner, &d[2])
		disputed[m.Subject] = d
		have.Own = have.Own || m.Own
		if m.At.After(have.At) {
			have.At = m.At
		}
	}
	for _, m := range slices.Collect(maps.Values(w.members)) {
		if m.Product != (fact.Subject{}) && w.members[m.Product] == nil {
			w.members[m.Product] = &Member{Subject: m.Product}
		}
	}
}

func one(a, b fact.Subject, disputed *bool) fact.Subject {
	*disputed = *disputed || a != b && a != (fact.Subject{}) && b != (fact.Subject{})
	if *disputed {
		return fact.Subject{}
	}
	return cmp.Or(a, b)
}

// atOf is the evidence time of a subject.
func (w *world) atOf(s fact.Subject) time.Time {
	if m := w.members[s]; m != nil && !m.At.IsZero() {
		return m.At
	}
	return w.at
}

// party is whom a verdict speaks of: who bears the duty, about what, resting on which devices.
type party struct {
	person  fact.Subject // zero: unknown by name
	bearer  Bearer
	subject fact.Subject
	units   []fact.Subject                 // of a product or a device; one without an ID where none is known
	states  []map[fact.Name]*fact.Resolved // of each unit
}

// parties lists whom a provision binds, in order of person and subject.
func (w *world) parties(d *duty) []party {
	p := d.Provision
	var all []party
	for _, s := range w.subjects[p.Subject] {
		for _, person := range w.bearers(p.Bearer, s) {
			all = append(all, w.party(d, person, s))
		}
	}
	slices.SortStableFunc(all, func(a, b party) int {
		return cmp.Or(a.person.Compare(b.person), a.subject.Compare(b.subject))
	})
	return all
}

func (w *world) party(d *duty, person, s fact.Subject) party {
	p := party{person: person, bearer: w.side(d.Bearer, person), subject: s, units: w.unitsOf(d, s, person)}
	p.states = make([]map[fact.Name]*fact.Resolved, len(p.units))
	for i, u := range p.units {
		if u.ID != "" {
			p.states[i] = w.facts.States(u)
		}
	}
	return p
}

// look looks a fact up. Nobody is known under a subject without an ID.
func (w *world) look(n fact.Name, who fact.Subject) known {
	if who.ID == "" {
		return known{who, w.nothing, fact.Value{}}
	}
	return w.among(n, who, w.facts.States(who))
}

// among looks a fact up in what is known of its subject.
func (w *world) among(n fact.Name, who fact.Subject, states map[fact.Name]*fact.Resolved) known {
	if state := states[n]; state != nil {
		return known{who, state, state.Value}
	}
	return known{who, w.nothing, fact.Value{}}
}

// bearers says who bears a duty about a subject. Somebody unknown bears it where nobody is known: a
// duty does not lapse because its bearer has no name.
func (w *world) bearers(r law.Relation, s fact.Subject) []fact.Subject {
	m := w.members[s]
	switch {
	case r == law.OfSelf && s.Kind != fact.Organisation:
		return w.own
	case r == law.OfMaker && s.Kind == fact.Organisation:
		if m.Own || w.makers[s] {
			return []fact.Subject{s}
		}
	case s.Kind == fact.Organisation:
		if m.Own {
			return []fact.Subject{s}
		}
	case r == law.OfMaker && s.Kind == fact.Device:
		return []fact.Subject{w.makerOf(m.Product)}
	case r == law.OfMaker:
		return []fact.Subject{m.Maker}
	case s.Kind == fact.Product:
		return w.runs[s]
	default:
		return []fact.Subject{m.Runner}
	}
	return nil
}

func (w *world) makerOf(product fact.Subject) fact.Subject {
	if m := w.members[product]; m != nil {
		return m.Maker
	}
	return fact.Subject{}
}

// runners are those who run units of a product.
func (w *world) runners(product fact.Subject) []fact.Subject {
	var all []fact.Subject
	for _, u := range w.units[product] {
		all = append(all, w.members[u].Runner)
	}
	slices.SortFunc(all, fact.Subject.Compare)
	return slices.Compact(all)
}

// side is own where the person is one of ours. An unknown maker is a supplier; who runs an unclaimed
// device on our network is us until somebody says otherwise.
func (w *world) side(r law.Relation, person fact.Subject) Bearer {
	m := w.members[person]
	if m != nil && m.Own || m == nil && person == (fact.Subject{}) && r != law.OfMaker {
		return Own
	}
	return Supplier
}

// unitsOf lists the devices whose facts speak for the subject.
func (w *world) unitsOf(d *duty, s, person fact.Subject) []fact.Subject {
	switch {
	case s.Kind == fact.Device:
		return []fact.Subject{s}
	case s.Kind == fact.Product && d.ofUnits:
		units := w.units[s]
		if d.Bearer == law.OfOperator {
			units = slices.DeleteFunc(slices.Clone(units),
				func(u fact.Subject) bool { return w.members[u].Runner != person })
		}
		if len(units) > 0 {
			return units
		}
	}
	return []fact.Subject{{Kind: fact.Device}}
}
