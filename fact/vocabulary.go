// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package fact

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Name is a fact's dotted name, such as service.telnet.
type Name string

// SubjectKind says what a fact speaks of.
type SubjectKind string

// The kinds of subject. A peer is a host that is not ours: facts about it are shown, never judged.
const (
	Organisation SubjectKind = "organisation"
	Site         SubjectKind = "site"
	Product      SubjectKind = "product"
	Device       SubjectKind = "device"
	Peer         SubjectKind = "peer"
)

// Subject is what a fact is about. The ID says nothing about the thing: names and addresses live in
// erasable payloads.
type Subject struct {
	Kind SubjectKind `json:"kind"`
	ID   string      `json:"id"`
}

func (s Subject) String() string { return string(s.Kind) + ":" + s.ID }

// Method is how a fact became known.
type Method string

// The methods.
const (
	Passive     Method = "passive"     // seen on the wire; silence shows nothing without coverage
	Active      Method = "active"      // an authorised test
	Import      Method = "import"      // another tool's output
	Record      Method = "record"      // a person's record (policy, training, assessment, contract …)
	Declaration Method = "declaration" // the profile: lowest precedence, flagged declared
	Judgement   Method = "judgement"   // a signed, reasoned, time-limited human judgement on an open norm
)

// JudgementPrefix begins the name of the fact by which a person judges an open norm: the rest is the
// provision's ID. Such a fact is a bool about the provision's subject, or its bearer, stale after
// twelve months (semantics, section 7).
const JudgementPrefix = "judgement:"

// Definition is one entry of the vocabulary.
type Definition struct {
	Name    Name
	Subject SubjectKind
	Type    Type
	Words   []string // of an Enum, in order
	Meaning string   // what it says when true (or what the value is); unit and source included
	Known   []Method // how it can become known
	// TTL is how long evidence of a method stays valid; a method not listed never goes stale by itself.
	TTL map[Method]time.Duration
	// AbsenceHours is the passive coverage that makes "no" known: both directions, loss under one per
	// cent, the device active. Zero: listening alone never shows absence.
	AbsenceHours int
	// Universal turns a device fact round: one sighting makes it "no", and "yes" needs the coverage (all
	// handshakes were modern).
	Universal bool
	Question  string // what a profile asks to learn it; "" where no profile can
	Source    string // article, RFC section or rule the meaning rests on
}

// Check says whether v may be the fact's value.
func (d *Definition) Check(v Value) error {
	if v.Type() != d.Type {
		return fmt.Errorf("fact %s is a %s, not a %s", d.Name, d.Type, v.Type())
	}
	if d.Type == Enum && !slices.Contains(d.Words, v.Word()) {
		return fmt.Errorf("fact %s: %q is none of %s", d.Name, v.Word(), strings.Join(d.Words, ", "))
	}
	return nil
}

// Vocabulary is the closed list of facts. It is immutable once made.
type Vocabulary struct {
	defs  map[Name]*Definition
	names []Name
}

// NewVocabulary makes a vocabulary; a name defined twice is an error.
func NewVocabulary(defs []Definition) (*Vocabulary, error) {
	v := &Vocabulary{defs: make(map[Name]*Definition, len(defs))}
	for i := range defs {
		d := &defs[i]
		if v.defs[d.Name] != nil {
			return nil, fmt.Errorf("fact %s is defined twice", d.Name)
		}
		v.defs[d.Name] = d
		v.names = append(v.names, d.Name)
	}
	slices.Sort(v.names)
	return v, nil
}

// Lookup gives the definition of a fact. Judgement facts are defined for every provision.
func (v *Vocabulary) Lookup(n Name) (*Definition, bool) {
	if strings.HasPrefix(string(n), JudgementPrefix) {
		return &Definition{Name: n, Type: Bool, Known: []Method{Judgement},
			TTL:     map[Method]time.Duration{Judgement: 366 * 24 * time.Hour},
			Meaning: "a person judged, with reasons and for a limited time, that the open norm is met"}, true
	}
	d, ok := v.defs[n]
	return d, ok
}

// Names lists all facts in order. The caller must not change it.
func (v *Vocabulary) Names() []Name { return v.names }
