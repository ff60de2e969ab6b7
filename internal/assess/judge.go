// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package assess

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// Judge turns statements into an assessment. A run that keeps nothing and a case go the same way, so what
// is shown is what a verifier will judge again.
func Judge(cat *law.Catalogue, engine *judge.Engine, book *proof.Book, q proof.Question) (*Assessment, error) {
	in := proof.Input(book.Entries, book.Stubs, q)
	a := &Assessment{Catalogue: cat, Day: q.Day, At: q.At, KnownAt: q.KnownAt, PerSubject: q.PerSubject,
		Names: map[fact.Subject]string{}, Facts: in.Claims, Members: in.Members, Result: engine.Judge(in)}
	things := map[fact.Subject]*Thing{}
	for i := range book.Entries {
		if err := a.read(&book.Entries[i], things); err != nil {
			return nil, err
		}
	}
	for _, t := range things {
		if t.Subject.Kind == fact.Device {
			a.Things = append(a.Things, *t)
		}
	}
	slices.SortFunc(a.Things, func(x, y Thing) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), x.Subject.Compare(y.Subject))
	})
	return a, nil
}

// read takes the names out of a statement's payload; one that was erased says nothing.
func (a *Assessment) read(e *proof.Entry, things map[fact.Subject]*Thing) error {
	switch e.Statement.Kind {
	case evidence.Membership:
		m := e.Statement.Member
		t := things[m.Subject]
		if t == nil {
			t = &Thing{Subject: m.Subject, Name: m.Subject.ID}
			things[m.Subject] = t
		}
		if !m.Product.IsZero() {
			t.Product = m.Product
		}
		var b nameBody
		if ok, err := body(e, &b); !ok {
			return err
		}
		t.take(&b)
		a.Names[m.Subject] = t.Name
		if m.Own && (b.Group != "" || !a.group) {
			a.Profile, a.group = cmp.Or(b.Group, t.Name), b.Group != ""
		}
	case evidence.Artefact:
		ref := e.Statement.Artefact
		in := Input{SHA256: ref.SHA256, Size: ref.Size, Packets: ref.Packets, First: ref.First, Last: ref.Last,
			Notices:   ref.Notices,
			Truncated: len(ref.Notices) > 0}
		a.Notices = append(a.Notices, ref.Notices...)
		var b inputBody
		if _, err := body(e, &b); err != nil {
			return err
		}
		in.Path, in.LinkType, in.Bytes = b.Path, b.LinkType, b.Bytes
		a.Edges = append(a.Edges, b.Edges...)
		a.Inputs = append(a.Inputs, in)
	}
	return nil
}

// take adds what a payload calls a thing: a later one replaces an earlier one's words.
func (t *Thing) take(b *nameBody) {
	t.Name = cmp.Or(b.Name, t.Name)
	t.MACs, t.IPs, t.Hostnames = b.MACs, b.IPs, b.Hostnames
	t.Vendor, t.Type, t.Model, t.Firmware, t.Confidence = b.Vendor, b.Type, b.Model, b.Firmware, b.Confidence
	t.First, t.Last, t.Signals = b.First, b.Last, b.Signals
}

func body(e *proof.Entry, to any) (bool, error) {
	if e.Payload == nil {
		return false, nil
	}
	if err := json.Unmarshal(e.Payload.Body, to); err != nil {
		return false, fmt.Errorf("reading the payload of statement %.16s…: %w", e.Digest, err)
	}
	return true, nil
}

// unsigned makes the book of a run that keeps nothing.
func unsigned(drafts []Draft, at time.Time) (*proof.Book, error) {
	book := &proof.Book{}
	for i, d := range drafts {
		var p *evidence.Payload
		if d.Payload != nil {
			b, err := evidence.Marshal(d.Payload)
			if err != nil {
				return nil, fmt.Errorf("stating: %w", err)
			}
			p = &evidence.Payload{Body: b}
		}
		s, err := evidence.Unsigned(d.Statement, p)
		if err != nil {
			return nil, fmt.Errorf("stating: %w", err)
		}
		book.Entries = append(book.Entries, proof.Entry{Index: int64(i), KnownAt: at, Signed: s})
	}
	return book, nil
}
