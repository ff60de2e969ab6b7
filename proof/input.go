// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// Entry is a statement with its place in the log.
type Entry struct {
	Index   int64     // of its leaf; in a run without a log, its place in the run
	KnownAt time.Time // its leaf's time: from then on it is known
	evidence.Signed
}

// Stub is what is left of a statement that is withheld or erased: enough to see on which verdicts it
// could bear, and no value.
type Stub struct {
	Index     int64
	KnownAt   time.Time
	Statement evidence.Digest
	Kind      evidence.Kind
	Subject   fact.Subject
	Claims    []StubClaim
}

// StubClaim is a claim without its value.
type StubClaim struct {
	Fact       fact.Name
	Method     fact.Method
	ObservedAt time.Time
}

// StubOf gives a statement's stub.
func StubOf(e *Entry) Stub {
	s := Stub{Index: e.Index, KnownAt: e.KnownAt, Statement: e.Digest, Kind: e.Statement.Kind,
		Subject: e.Statement.Subject}
	for _, c := range e.Statement.Claims {
		s.Claims = append(s.Claims, StubClaim{c.Fact, c.Method, c.ObservedAt})
	}
	return s
}

// Withholdable says whether statements of the kind may be left out. A withheld withdrawal would revive
// what it took back; a withheld membership or completeness statement would change who is judged.
func Withholdable(k evidence.Kind) bool {
	return k == evidence.Observation || k == evidence.Declaration || k == evidence.RecordKind
}

// Question is what a judgement was asked: the three dates (semantics, section 2) and what to list.
type Question struct {
	Day       fact.Day
	At        time.Time
	KnownAt   time.Time // zero: everything that is there
	KnownSize int64     // the first leaves of the log only; 0: all
	// PerSubject judges each subject at the end of the newest input in which it is seen, and the others
	// at At.
	PerSubject bool
	All        bool // list not-applicable verdicts too
}

// known says whether something had reached the log at the knowledge point.
func (q Question) known(index int64, at time.Time) bool {
	return (q.KnownSize == 0 || index < q.KnownSize) && (q.KnownAt.IsZero() || !at.After(q.KnownAt))
}

// Input turns statements into what the judge takes. Claims that were withdrawn stay, marked, because
// what they once contradicted does not revive; a stub's claims stay without a value; a completeness
// statement that covers a statement which is missing, withheld or withdrawn is void.
func Input(entries []Entry, stubs []Stub, q Question) judge.Input {
	known := make([]*Entry, 0, len(entries))
	for i := range entries {
		if q.known(entries[i].Index, entries[i].KnownAt) {
			known = append(known, &entries[i])
		}
	}
	slices.SortStableFunc(known, func(a, b *Entry) int { return cmp.Compare(a.Index, b.Index) })
	r := recallsOf(known)
	in := judge.Input{Day: q.Day, At: q.At, KnownAt: q.KnownAt, All: q.All, Members: members(known, r, q.PerSubject)}
	standing := map[evidence.Digest]bool{}
	for _, e := range known { // what is covered was there first, so a list of lists is void with one of them
		standing[e.Digest] = r.stands(e) && covered(e.Statement.Covers, standing)
	}
	for _, e := range known {
		void := !covered(e.Statement.Covers, standing)
		for _, c := range e.Facts() {
			c.Withdrawn = r.of(e.Digest, &c)
			if void && c.Withdrawn.IsZero() {
				c.Withdrawn = e.KnownAt
			}
			in.Claims = append(in.Claims, c)
		}
	}
	for _, s := range stubs {
		if q.known(s.Index, s.KnownAt) {
			in.Claims = append(in.Claims, s.facts()...)
		}
	}
	return in
}

func (s *Stub) facts() []fact.Claim {
	var all []fact.Claim
	for _, c := range s.Claims {
		all = append(all, fact.Claim{Subject: s.Subject, Fact: c.Fact, Method: c.Method, ObservedAt: c.ObservedAt,
			Statement: string(s.Statement), Withheld: true})
	}
	return all
}

func covered(digests []evidence.Digest, standing map[evidence.Digest]bool) bool {
	for _, d := range digests {
		if !standing[d] {
			return false
		}
	}
	return true
}

// recalls is all that was taken back: statements by name, claims by their collector's window, each
// from the time on at which the withdrawal was known.
type recalls struct {
	named   map[evidence.Digest]time.Time
	windows []*Entry
}

// recallsOf reads the withdrawals, last to first: one that a later one took back does nothing.
func recallsOf(known []*Entry) *recalls {
	r := &recalls{named: map[evidence.Digest]time.Time{}}
	for _, e := range slices.Backward(known) {
		if e.Statement.Kind != evidence.Withdrawal || !r.named[e.Digest].IsZero() {
			continue
		}
		for _, d := range e.Statement.Withdraws {
			r.named[d] = e.KnownAt // the earliest is met last
		}
		if e.Statement.Window != nil {
			r.windows = append(r.windows, e)
		}
	}
	return r
}

// stands says whether nothing of the statement was taken back.
func (r *recalls) stands(e *Entry) bool {
	for _, c := range e.Facts() {
		if !r.of(e.Digest, &c).IsZero() {
			return false
		}
	}
	return r.named[e.Digest].IsZero()
}

func (r *recalls) of(d evidence.Digest, c *fact.Claim) time.Time {
	at := r.named[d]
	for _, e := range r.windows {
		if e.Statement.Window.Holds(c.Collector, c.ObservedAt) && (at.IsZero() || e.KnownAt.Before(at)) {
			at = e.KnownAt
		}
	}
	return at
}

// members adds up the memberships of each subject: what a later one says replaces what an earlier one
// said, and what it does not say stays.
func members(known []*Entry, r *recalls, perSubject bool) []judge.Member {
	all := map[fact.Subject]*judge.Member{}
	seen := map[fact.Subject]time.Time{}
	for _, e := range known {
		m := e.Statement.Member
		if m == nil || !r.named[e.Digest].IsZero() {
			continue
		}
		j := all[m.Subject]
		if j == nil {
			j = &judge.Member{Subject: m.Subject}
			all[m.Subject] = j
		}
		j.Product, j.Maker, j.Runner = cmp.Or(m.Product, j.Product), cmp.Or(m.Maker, j.Maker),
			cmp.Or(m.Runner, j.Runner)
		j.Own = j.Own || m.Own
		if m.Seen.After(seen[m.Subject]) {
			seen[m.Subject] = m.Seen
		}
	}
	var list []judge.Member
	for _, s := range slices.SortedFunc(maps.Keys(all), func(a,
		b fact.Subject) int {
		return cmp.Compare(a.String(), b.String())
	}) {
		j := *all[s]
		if perSubject {
			j.At = seen[s]
		}
		list = append(list, j)
	}
	return list
}
