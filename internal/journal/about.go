// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/law"
)

// Somebody is a subject that the case knows, with what people call it.
type Somebody struct {
	fact.Member
	Name  string   // as the newest membership calls it; the ID where the name was erased
	Names []string // all by which it is found: name, addresses, hostnames, vendor and model
}

// Everybody gives the subjects that the case knows: ours first, then by kind and name.
func Everybody(ctx context.Context, c *casefile.Case) ([]Somebody, error) {
	said, err := c.Memberships(ctx)
	if err != nil {
		return nil, err
	}
	at := map[fact.Subject]int{}
	var all []Somebody
	for i := range said {
		m := said[i].Statement.Member
		n, ok := at[m.Subject]
		if !ok {
			n = len(all)
			at[m.Subject] = n
			all = append(all, Somebody{Member: fact.Member{Subject: m.Subject}, Name: m.Subject.ID})
		}
		if err := all[n].take(m, said[i].Payload); err != nil {
			return nil, fmt.Errorf("reading what statement %.12s… calls somebody: %w", said[i].Digest, err)
		}
	}
	slices.SortFunc(all, func(a, b Somebody) int {
		return cmp.Or(-cmp.Compare(ours(&a), ours(&b)), cmp.Compare(a.Subject.Kind, b.Subject.Kind),
			cmp.Compare(a.Name, b.Name), a.Subject.Compare(b.Subject))
	})
	return all, nil
}

func ours(s *Somebody) int {
	if s.Own {
		return 1
	}
	return 0
}

// NameOf is what people call a subject; its ID where nobody says.
func NameOf(all []Somebody, s fact.Subject) string {
	if i := slices.IndexFunc(all, func(b Somebody) bool { return b.Subject == s }); i >= 0 {
		return all[i].Name
	}
	return s.ID
}

// About gives the subject that a person means, and what people call it: organisation (ours, where there is one), the
// profile's id of a person, a product or a device, a name, an address, a vendor with its model, or a subject as
// reports print it (device:0f3a). A kind and a colon before it say which is meant where several are so called.
//
// A case that knows no organisation yet is told of ours by being spoken of: its first run then finds it there.
func About(ctx context.Context, c *casefile.Case, text string) (fact.Subject, string, error) {
	all, err := Everybody(ctx, c)
	if err != nil {
		return fact.Subject{}, "", err
	}
	text = strings.TrimSpace(text)
	if text == "" || text == string(fact.Organisation) {
		return ourself(ctx, c, all)
	}
	ofKind, word := split(text)
	if found := called(all, ofKind, word); len(found) > 0 {
		return one(text, found)
	}
	byID, err := byProfileID(ctx, c, all, ofKind, word)
	if err != nil {
		return fact.Subject{}, "", err
	}
	if len(byID) == 0 {
		return fact.Subject{}, "", unknown(all, ofKind, text)
	}
	return one(text, byID)
}

// ourself is the one organisation that is ours.
func ourself(ctx context.Context, c *casefile.Case, all []Somebody) (fact.Subject, string, error) {
	own := slices.DeleteFunc(slices.Clone(all), func(s Somebody) bool { return !s.Own })
	switch len(own) {
	case 0:
		s, err := c.Subject(ctx, fact.Organisation, "self")
		return s, "the organisation", err
	case 1:
		return own[0].Subject, own[0].Name, nil
	}
	return fact.Subject{}, "", kind.Errorf(kind.Invalid,
		"several persons are ours, and each answers for itself: say which one is meant: %s",
		list(own))
}

// split takes a kind of subject from the front of a text.
func split(text string) (fact.SubjectKind, string) {
	if k, rest, ok := strings.Cut(text, ":"); ok {
		switch fact.SubjectKind(k) {
		case fact.Organisation, fact.Product, fact.Device, fact.Site:
			return fact.SubjectKind(k), strings.TrimSpace(rest)
		}
		if k == "person" {
			return fact.Organisation, strings.TrimSpace(rest)
		}
	}
	return "", text
}

// called are those of a kind that a word names, or whose ID begins with it.
func called(all []Somebody, k fact.SubjectKind, word string) (found []Somebody) {
	const enough = 8 // digits of a random ID that nobody takes for a name
	for i := range all {
		s := &all[i]
		named := s.Subject.ID == word || len(word) >= enough && strings.HasPrefix(s.Subject.ID, word) ||
			slices.ContainsFunc(s.Names, func(n string) bool { return strings.EqualFold(n, word) })
		if (k == "" || k == s.Subject.Kind) && named {
			found = append(found, *s)
		}
	}
	return found
}

// byProfileID are those that the profile gives an id: the case keeps only keyed digests of it.
func byProfileID(ctx context.Context, c *casefile.Case, all []Somebody, k fact.SubjectKind,
	word string) (found []Somebody, err error) {
	for _, of := range []struct {
		kind fact.SubjectKind
		key  string
	}{{fact.Organisation, "person:"}, {fact.Product, "profile:"}, {fact.Device, "profile:"}} {
		if k != "" && k != of.kind {
			continue
		}
		s, known, err := c.Known(ctx, of.kind, of.key+word)
		if err != nil {
			return nil, err
		}
		if known {
			found = append(found, Somebody{Member: fact.Member{Subject: s}, Name: NameOf(all, s)})
		}
	}
	return found, nil
}

func one(text string, found []Somebody) (fact.Subject, string, error) {
	if len(found) == 1 {
		return found[0].Subject, found[0].Name, nil
	}
	return fact.Subject{}, "", kind.Errorf(kind.Invalid, "%q names %d: say which one is meant: %s", text,
		len(found), list(found))
}

// list names a few, each so that it can be given in place of what was not clear.
func list(some []Somebody) string {
	const few = 6
	var out []string
	for i := range some[:min(len(some), few)] {
		s := &some[i]
		out = append(out, fmt.Sprintf("%s:%.12s (%s)", s.Subject.Kind, s.Subject.ID, s.Name))
	}
	if len(some) > few {
		out = append(out, fmt.Sprintf("and %d more", len(some)-few))
	}
	return strings.Join(out, ", ")
}

func unknown(all []Somebody, k fact.SubjectKind, text string) error {
	_, word := split(text)
	var names []string
	for i := range all {
		if k == "" || k == all[i].Subject.Kind {
			names = append(names, all[i].Names...)
		}
	}
	hint := "give organisation, a device's name or address, a product's vendor and model, or an id of the profile that the case was assessed with"
	if near := law.Suggest(word, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return kind.Errorf(kind.NotFound, "the case knows nobody called %q: %s", text, hint)
}

// calls is what a membership's payload calls a subject.
type calls struct {
	Name      string   `json:"name"`
	MACs      []string `json:"macs"`
	IPs       []string `json:"ips"`
	Hostnames []string `json:"hostnames"`
	Vendor    string   `json:"vendor"`
	Model     string   `json:"model"`
}

// take adds what a membership says.
func (s *Somebody) take(m *fact.Member, p *evidence.Payload) error {
	s.Own = s.Own || m.Own
	for _, r := range []struct{ to, from *fact.Subject }{{&s.Product, &m.Product}, {&s.Maker, &m.Maker},
		{&s.Runner, &m.Runner}} {
		if !r.from.IsZero() {
			*r.to = *r.from
		}
	}
	if m.Seen.After(s.Seen) {
		s.Seen = m.Seen
	}
	if p == nil {
		return nil
	}
	var b calls
	if err := json.Unmarshal(p.Body, &b); err != nil {
		return err
	}
	s.Name = cmp.Or(b.Name, s.Name)
	s.Names = slices.Concat([]string{s.Name}, b.MACs, b.IPs, b.Hostnames)
	if b.Vendor != "" && m.Subject.Kind == fact.Product {
		s.Names = append(s.Names, strings.TrimSpace(b.Vendor+" "+b.Model))
	}
	return nil
}
