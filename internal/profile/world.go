// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"fmt"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// Input is the world as the profile describes it and nothing else does: its legal persons, their products and
// devices.
func (p *Profile) Input(day fact.Day, at time.Time) judge.Input {
	in := judge.Input{Day: day, At: at}
	add := func(m judge.Member, said []Said) {
		in.Members = append(in.Members, m)
		in.Claims = append(in.Claims, Claims(said)...)
	}
	for _, o := range p.People() {
		s := PersonSubject(o.ID)
		add(judge.Member{Subject: s, Own: true}, p.OfOrganisation(s, o))
	}
	for k := range p.Products {
		pr := &p.Products[k]
		m := judge.Member{Subject: fact.Subject{Kind: fact.Product, ID: pr.ID}}
		if pr.Ours {
			m.Maker = PersonSubject(pr.Maker)
		}
		add(m, p.OfProduct(m.Subject, pr, time.Time{}))
	}
	for k := range p.Devices {
		d := &p.Devices[k]
		m := judge.Member{Subject: fact.Subject{Kind: fact.Device, ID: fmt.Sprintf("device-%d", k+1)}}
		if id, known := p.Unseen(d); known {
			m.Runner = PersonSubject(id)
		}
		if d.Product != "" {
			m.Product = fact.Subject{Kind: fact.Product, ID: d.Product}
		}
		add(m, p.OfDevice(m.Subject, d, time.Time{}))
	}
	return in
}

// PersonSubject is the subject that Input gives a legal person; "" is the one organisation of a profile without a
// group.
func PersonSubject(id string) fact.Subject {
	return fact.Subject{Kind: fact.Organisation, ID: cmp.Or(id, "own")}
}
