// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package fact

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Moment says as of when facts are resolved.
type Moment struct {
	At        time.Time             // evidence time t
	AtSubject map[Subject]time.Time // of single subjects; a subject that is not listed has At
	KnownAt   time.Time             // knowledge point k; zero: everything given is known
}

// Of is the evidence time of a subject.
func (m Moment) Of(s Subject) time.Time {
	if t, ok := m.AtSubject[s]; ok {
		return t
	}
	return m.At
}

// Refusal is a claim that cannot be evidence, whatever the moment, and why.
type Refusal struct {
	Claim *Claim
	Why   string
}

// Snapshot is what is so of every subject at a moment. It is immutable.
type Snapshot struct {
	states  map[Subject]map[Name]*Resolved
	refused []Refusal
}

// noEvidence is what is known of a fact nobody has claimed.
func noEvidence() Resolved { return Resolved{Reason: NoEvidence} }

// State is the state of one fact of one subject.
func (s *Snapshot) State(sub Subject, n Name) Resolved {
	if r := s.states[sub][n]; r != nil {
		return *r
	}
	return noEvidence()
}

// States gives all facts of a subject that anyone has claimed. The caller must not change it.
func (s *Snapshot) States(sub Subject) map[Name]*Resolved { return s.states[sub] }

// Subjects lists the subjects of which anything was claimed, in order.
func (s *Snapshot) Subjects() []Subject {
	subs := make([]Subject, 0, len(s.states))
	for sub := range s.states {
		subs = append(subs, sub)
	}
	slices.SortFunc(subs, Subject.Compare)
	return subs
}

// Refused lists the claims that cannot be evidence, in order.
func (s *Snapshot) Refused() []Refusal { return s.refused }

// Compare orders subjects by kind and ID.
func (s Subject) Compare(o Subject) int {
	if c := cmp.Compare(s.Kind, o.Kind); c != 0 {
		return c
	}
	return cmp.Compare(s.ID, o.ID)
}

// Resolve turns claims into states (semantics, section 1). The order of the claims never changes the
// result. The claims must not be changed afterwards: the snapshot refers to them.
func Resolve(v *Vocabulary, claims []Claim, m Moment) *Snapshot {
	s := &Snapshot{states: map[Subject]map[Name]*Resolved{}}
	type key struct {
		sub  Subject
		name Name
	}
	defs, groups := map[Name]*Definition{}, map[key][]look{}
	for i := range claims {
		c := &claims[i]
		if c.ObservedAt.After(m.Of(c.Subject)) || !m.KnownAt.IsZero() && c.RecordedAt.After(m.KnownAt) {
			continue // neither seen nor said yet
		}
		if defs[c.Fact] == nil {
			defs[c.Fact], _ = v.Lookup(c.Fact)
		}
		if err := accept(defs[c.Fact], c); err != nil {
			s.refused = append(s.refused, Refusal{c, err.Error()})
			continue
		}
		k := key{c.Subject, c.Fact}
		groups[k] = append(groups[k], newLook(defs[c.Fact], c, m.KnownAt))
	}
	for k, looks := range groups {
		if s.states[k.sub] == nil {
			s.states[k.sub] = map[Name]*Resolved{}
		}
		s.states[k.sub][k.name] = resolve(looks, m.Of(k.sub))
	}
	slices.SortFunc(s.refused, func(a, b Refusal) int { return compareClaims(a.Claim, b.Claim) })
	return s
}

// accept says why a claim cannot be evidence of its fact.
func accept(d *Definition, c *Claim) error {
	switch {
	case d == nil:
		return fmt.Errorf("fact %s is not in the vocabulary", c.Fact)
	case d.Subject != "" && c.Subject.Kind != d.Subject:
		return fmt.Errorf("fact %s is about a %s, not a %s", c.Fact, d.Subject, c.Subject.Kind)
	case !d.speaks(c.Method):
		return fmt.Errorf("fact %s cannot become known by %s", c.Fact, c.Method)
	case c.Value.Type() != None && !c.Withheld:
		return d.Check(c.Value)
	}
	return nil
}

// resolve gives the state of one fact of one subject at t from all looks made up to then.
func resolve(looks []look, t time.Time) *Resolved {
	slices.SortFunc(looks, func(a, b look) int { return compareClaims(a.claim, b.claim) })
	var live, sound []*look
	against := map[Value][]*look{}
	for i := range looks {
		l := &looks[i]
		if !l.live(t) {
			continue
		}
		live = append(live, l)
		others, known := against[l.claim.Value]
		if !known {
			others = rivals(l, looks)
			against[l.claim.Value] = others
		}
		if !slices.ContainsFunc(others, l.disputedBy) {
			sound = append(sound, l)
		}
	}
	switch {
	case len(sound) > 0 && agree(sound):
		return known(sound)
	case !agree(live):
		return &Resolved{State: Conflict, Reason: Conflicting, Support: supports(live)}
	}
	return &Resolved{Reason: why(looks, live, t)}
}

// rivals are the looks that do not say what l says: they alone can dispute it, and whoever watches for
// years says the same thousands of times.
func rivals(l *look, all []look) []*look {
	var out []*look
	for i := range all {
		if l.differs(&all[i]) {
			out = append(out, &all[i])
		}
	}
	return out
}

func agree(looks []*look) bool {
	for _, l := range looks {
		if l.claim.Value != looks[0].claim.Value {
			return false
		}
	}
	return true
}

func known(sound []*look) *Resolved {
	r := &Resolved{State: Known, Value: sound[0].claim.Value, Support: supports(sound), Declared: true}
	for _, c := range r.Support {
		if c.Method != Declaration {
			r.Declared, r.Documented = false, true
		}
		r.Documented = r.Documented || c.Documented
	}
	return r
}

// supports drops what is said twice in the same words: the same input twice counts once.
func supports(looks []*look) []*Claim {
	out := make([]*Claim, 0, len(looks))
	for _, l := range looks {
		if n := len(out); n == 0 || compareClaims(out[n-1], l.claim) != 0 {
			out = append(out, l.claim)
		}
	}
	return out
}

// why names the reason for which a fact without sound evidence is unknown; what somebody took away
// comes first, for no look at the rest can tell what it held.
func why(looks []look, live []*look, t time.Time) Reason {
	var stub, recalled, stale, inconclusive bool
	for i := range looks {
		l := &looks[i]
		fresh := l.fresh(t)
		bears := slices.ContainsFunc(live, func(o *look) bool { return o.disputedBy(l) })
		switch {
		case l.claim.Withheld:
			stub = stub || bears || fresh
		case l.withdrawn:
			recalled = recalled || fresh && l.settles && !bears || bears && earlierThanAll(l, live)
			stale = stale || bears || !fresh
		default:
			stale = stale || !fresh || bears
			inconclusive = inconclusive || fresh && !l.settles
		}
	}
	switch {
	case stub:
		return Withheld
	case recalled:
		return Recalled
	case stale:
		return Stale
	case inconclusive:
		return Inconclusive
	}
	return NoEvidence
}

// earlierThanAll tells a withdrawn look that stood in the way of the later ones from one that was itself
// the later look: what that one contradicted is stale until somebody looks again.
func earlierThanAll(l *look, live []*look) bool {
	return !slices.ContainsFunc(live, func(o *look) bool {
		return l.claim.ObservedAt.After(o.claim.ObservedAt)
	})
}

// compareClaims is a total order over what claims say, so that no result hangs on the order of input.
func compareClaims(a, b *Claim) int {
	return cmp.Or(
		a.Subject.Compare(b.Subject), cmp.Compare(a.Fact, b.Fact),
		a.ObservedAt.Compare(b.ObservedAt), cmp.Compare(a.Method, b.Method),
		compareValues(a.Value, b.Value), cmp.Compare(a.Statement, b.Statement),
		cmp.Compare(a.Collector, b.Collector), a.RecordedAt.Compare(b.RecordedAt),
		a.Withdrawn.Compare(b.Withdrawn), a.Expires.Compare(b.Expires),
		cmp.Compare(flags(a), flags(b)), a.Coverage.compare(b.Coverage),
		slices.CompareFunc(a.Sources, b.Sources, Source.compare),
	)
}

func compareValues(a, b Value) int {
	return cmp.Or(cmp.Compare(a.typ, b.typ), cmp.Compare(a.num, b.num), strings.Compare(a.str, b.str))
}

func flags(c *Claim) int { return bit(c.Documented) | bit(c.Withheld)<<1 }

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c Coverage) compare(o Coverage) int {
	return cmp.Or(
		cmp.Compare(c.Hours, o.Hours), cmp.Compare(c.LossPPM, o.LossPPM), cmp.Compare(c.Port, o.Port),
		strings.Compare(c.Vantage, o.Vantage), cmp.Compare(bit(c.BothWays), bit(o.BothWays)),
		cmp.Compare(bit(c.Partial), bit(o.Partial)), cmp.Compare(bit(c.CompletedScan), bit(o.CompletedScan)),
	)
}

func (s Source) compare(o Source) int {
	return cmp.Or(strings.Compare(s.Input, o.Input), strings.Compare(s.Note, o.Note),
		slices.CompareFunc(s.Frames, o.Frames, func(a, b [2]int) int {
			return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
		}))
}
