// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"testing"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

var noon = time.Date(2027, 12, 12, 12, 0, 0, 0, time.UTC)

var camera = fact.Subject{Kind: fact.Device, ID: "cam"}

// book is a log in memory: one statement an hour.
type book struct {
	t       testing.TB
	entries []Entry
}

func (b *book) add(s evidence.Statement) *Entry {
	b.t.Helper()
	at := noon.Add(time.Duration(len(b.entries)) * time.Hour)
	s.Version, s.At = 1, at
	for i := range s.Claims {
		s.Claims[i].Subject = s.Subject
		if s.Claims[i].ObservedAt.IsZero() {
			s.Claims[i].ObservedAt = at
		}
	}
	signed, err := evidence.Sign(s, nil, testSigner(b.t, 1).Private())
	if err != nil {
		b.t.Fatal(err)
	}
	b.entries = append(b.entries, Entry{Index: int64(len(b.entries)), KnownAt: at, Signed: signed})
	return &b.entries[len(b.entries)-1]
}

func (b *book) claim(collector string, v bool) *Entry {
	b.t.Helper()
	return b.add(evidence.Statement{Kind: evidence.Observation, Collector: collector, Subject: camera,
		Claims: []fact.Claim{{Fact: "telnet.used", Method: fact.Passive, Value: fact.BoolValue(v)}}})
}

func (b *book) withdraw(what ...evidence.Digest) *Entry {
	b.t.Helper()
	return b.add(evidence.Statement{Kind: evidence.Withdrawal, Withdraws: what})
}

func withdrawn(in judge.Input) []bool {
	var all []bool
	for _, c := range in.Claims {
		all = append(all, !c.Withdrawn.IsZero())
	}
	return all
}

func same(t *testing.T, what string, got []bool, want ...bool) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
}

func TestWithdrawnClaimsStayMarked(t *testing.T) {
	b := &book{t: t}
	first := b.claim("s1", true).Digest
	b.claim("s2", true)
	w := b.withdraw(first)
	same(t, "after", withdrawn(Input(b.entries, nil, Question{})), true, false)
	in := Input(b.entries, nil, Question{})
	if c := in.Claims[0]; !c.Withdrawn.Equal(w.KnownAt) || c.Statement != string(first) || c.Collector != "s1" {
		t.Errorf("claim %+v", c)
	}
	same(t, "known before the withdrawal", withdrawn(Input(b.entries, nil, Question{KnownAt: w.KnownAt.Add(-1)})), false, false)
	same(t, "known with it", withdrawn(Input(b.entries, nil, Question{KnownAt: w.KnownAt})), true, false)
	same(t, "first leaf only", withdrawn(Input(b.entries, nil, Question{KnownSize: 1})), false)
	b.withdraw(w.Digest)
	same(t, "the withdrawal itself withdrawn", withdrawn(Input(b.entries, nil, Question{})), false, false)
}

func TestWindowTakesBackACollectorsClaims(t *testing.T) {
	b := &book{t: t}
	b.claim("s1", true)
	b.claim("s2", true)
	b.add(evidence.Statement{Kind: evidence.Withdrawal, Window: &evidence.Window{Collector: "s1"}})
	b.claim("s1", false) // spooled, and delivered late
	same(t, "window", withdrawn(Input(b.entries, nil, Question{})), true, false, true)
}

func TestCompletenessIsVoidWhenAnyPartIsMissing(t *testing.T) {
	closed := func(b *book, covers ...evidence.Digest) {
		b.add(evidence.Statement{Kind: evidence.Completion, Subject: camera, Covers: covers,
			Claims: []fact.Claim{{Fact: "register.complete", Method: fact.Record, Value: fact.BoolValue(true)}}})
	}
	b := &book{t: t}
	first := b.claim("s1", true).Digest
	closed(b, first)
	same(t, "all there", withdrawn(Input(b.entries, nil, Question{})), false, false)
	same(t, "one removed", withdrawn(Input(b.entries[1:], nil, Question{})), true)
	stub := StubOf(&b.entries[0])
	in := Input(b.entries[1:], []Stub{stub}, Question{})
	same(t, "one withheld", withdrawn(in), true, false)
	if c := in.Claims[1]; !c.Withheld || c.Value.Type() != fact.None || c.Fact != "telnet.used" || c.Subject != camera || !c.ObservedAt.Equal(noon) {
		t.Errorf("stub %+v", c)
	}
	b.withdraw(first)
	same(t, "one withdrawn", withdrawn(Input(b.entries, nil, Question{})), true, true)
	empty := &book{t: t}
	closed(empty)
	same(t, "an empty register", withdrawn(Input(empty.entries, nil, Question{})), false)
}

// A register too long for one statement is closed over lists.
func TestAListOfListsIsVoidWithOneEntryOfOneOfThem(t *testing.T) {
	b := &book{t: t}
	first := b.claim("s1", true).Digest
	list := b.add(evidence.Statement{Kind: evidence.Completion, Subject: camera, Covers: []evidence.Digest{first}}).Digest
	b.add(evidence.Statement{Kind: evidence.Completion, Subject: camera, Covers: []evidence.Digest{list},
		Claims: []fact.Claim{{Fact: "register.complete", Method: fact.Record, Value: fact.BoolValue(true)}}})
	same(t, "all there", withdrawn(Input(b.entries, nil, Question{})), false, false)
	same(t, "the entry removed", withdrawn(Input(b.entries[1:], nil, Question{})), true)
	b.withdraw(first)
	same(t, "the entry withdrawn", withdrawn(Input(b.entries, nil, Question{})), true, true)
}

func TestMembershipsAddUp(t *testing.T) {
	b := &book{t: t}
	product := fact.Subject{Kind: fact.Product, ID: "p"}
	runner := fact.Subject{Kind: fact.Organisation, ID: "o"}
	say := func(m fact.Member) *Entry {
		m.Subject = camera
		return b.add(evidence.Statement{Kind: evidence.Membership, Subject: camera, Member: &m})
	}
	say(fact.Member{Product: product, Seen: noon})
	last := say(fact.Member{Runner: runner, Seen: noon.Add(time.Hour)})
	want := judge.Member{Subject: camera, Product: product, Runner: runner}
	if got := Input(b.entries, nil, Question{}).Members; len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
	want.At = noon.Add(time.Hour)
	if got := Input(b.entries, nil, Question{PerSubject: true}).Members; len(got) != 1 || got[0] != want {
		t.Errorf("judged per subject: %+v", got)
	}
	b.withdraw(last.Digest)
	want = judge.Member{Subject: camera, Product: product, At: noon}
	if got := Input(b.entries, nil, Question{PerSubject: true}).Members; len(got) != 1 || got[0] != want {
		t.Errorf("after withdrawal: %+v", got)
	}
}
