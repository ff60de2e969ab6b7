// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package storetest says what a store promises, whatever database is under it.
package storetest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/store"
)

// Test runs the suite. open gives an empty store, closed by the test's end.
func Test(t *testing.T, open func(*testing.T) *store.Store) {
	for name, f := range map[string]func(*testing.T, *store.Store){
		"RowsComeBackAsTheyWent":      rowsComeBack,
		"TheSameIsCountedOnce":        sameOnce,
		"TheLastWordMayBeRepeated":    lastWord,
		"OtherWordsAreSaidAnew":       otherWords,
		"TheTreeIsThatOfItsLeaves":    tree,
		"AFailedBatchLeavesNothing":   failedBatch,
		"CancellingCutsNothingOff":    cancelled,
		"ProjectionsAreMadeAgain":     projections,
		"WhatStandsBesideComesBack":   aside,
		"RowsOfNobodyAreCounted":      strays,
		"CheckpointsAreNoted":         checkpoints,
		"ReadingGoesOnBesideAnAppend": beside,
	} {
		t.Run(name, func(t *testing.T) { f(t, open(t)) })
	}
}

var noon = time.Date(2027, 12, 12, 12, 0, 0, 0, time.UTC)

// Device is a subject for tests.
func Device(n int) fact.Subject { return fact.Subject{Kind: fact.Device, ID: fmt.Sprintf("d%04d", n)} }

// Claim makes a row that says yes or no about a device.
func Claim(t testing.TB, n int, yes bool) store.Row {
	s := Device(n)
	return row(t, evidence.Statement{Kind: evidence.Observation, Collector: "c", Subject: s, Claims: []fact.Claim{
		{Subject: s, Fact: "telnet.used", Method: fact.Passive, Value: fact.BoolValue(yes),
			ObservedAt: noon.Add(time.Duration(n))}}})
}

func member(t testing.TB, m fact.Member) store.Row {
	return row(t, evidence.Statement{Kind: evidence.Membership, Subject: m.Subject, Member: &m})
}

func row(t testing.TB, st evidence.Statement) store.Row { return named(t, st, "pump") }

func named(t testing.TB, st evidence.Statement, name string) store.Row {
	t.Helper()
	st.At = noon
	p, err := evidence.NewPayload(map[string]string{"name": name}, bytes.NewReader(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := evidence.Sign(st, p, ed25519.NewKeyFromSeed(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return store.Row{Signed: signed, Leaf: []byte("leaf of " + signed.Digest)}
}

func add(t testing.TB, s *store.Store, rows ...store.Row) []store.Place {
	t.Helper()
	places, err := s.Append(t.Context(), &store.Batch{Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	return places
}

func all(t testing.TB, s *store.Store) []store.Record {
	t.Helper()
	var records []store.Record
	err := s.Scan(t.Context(), 0, 1<<40, func(r *store.Record) error {
		records = append(records, *r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func clean(t testing.TB, s *store.Store) {
	t.Helper()
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) != 0 {
		t.Errorf("the check finds %q (%v)", wrong, err)
	}
}

func rowsComeBack(t *testing.T, s *store.Store) {
	rows := []store.Row{Claim(t, 1, true), member(t, fact.Member{Subject: Device(1)}), Claim(t, 2, false)}
	places := add(t, s, rows...)
	got := all(t, s)
	if len(got) != 3 || len(places) != 3 {
		t.Fatalf("%d records, %d places", len(got), len(places))
	}
	for i, r := range got {
		st := rows[i].Signed.Statement
		content, err := st.Content()
		if err != nil {
			t.Fatal(err)
		}
		want := store.Record{Index: int64(i), Leaf: rows[i].Leaf, Digest: string(rows[i].Signed.Digest),
			Content: string(content), Kind: string(st.Kind), Subject: st.Subject.String(), Bytes: rows[i].Signed.Bytes,
			HasPayload: true, Salt: rows[i].Signed.Payload.Salt[:], Body: rows[i].Signed.Payload.Body}
		if !reflect.DeepEqual(r, want) {
			t.Errorf("record %d came back as %+v, went as %+v", i, r, want)
		}
		if p := places[i]; p.Index != int64(i) || p.Repeated || !bytes.Equal(p.Leaf, rows[i].Leaf) {
			t.Errorf("place %+v", p)
		}
	}
	clean(t, s)
}

func sameOnce(t *testing.T, s *store.Store) {
	first := add(t, s, Claim(t, 1, true), Claim(t, 2, true))
	again := add(t, s, Claim(t, 2, true), Claim(t, 3, true), Claim(t, 3, true))
	if p := again[0]; !p.Repeated || p.Index != 1 || p.Digest != first[1].Digest ||
		!bytes.Equal(p.Leaf, first[1].Leaf) {
		t.Errorf("said again: %+v", p)
	}
	if p, q := again[1], again[2]; p.Repeated || p.Index != 2 || !q.Repeated || q.Index != 2 {
		t.Errorf("twice in one batch: %+v %+v", p, q)
	}
	if n, err := s.Size(t.Context()); n != 3 || err != nil {
		t.Errorf("%d leaves (%v)", n, err)
	}
}

func lastWord(t *testing.T, s *store.Store) {
	a := func() store.Row {
		return member(t, fact.Member{Subject: Device(1), Product: fact.Subject{Kind: fact.Product, ID: "a"}})
	}
	b := member(t, fact.Member{Subject: Device(1), Product: fact.Subject{Kind: fact.Product, ID: "b"}})
	take := func(what string) store.Row {
		return row(t, evidence.Statement{Kind: evidence.Withdrawal,
			Withdraws: []evidence.Digest{evidence.DigestOf([]byte(what))}, Note: what})
	}
	var got []bool
	for i, r := range []store.Row{a(), a(), b, a(), take("x"), take("x"), take("y"), take("x")} {
		r.Signed.Digest = evidence.DigestOf(fmt.Append(nil, i)) // said at another time
		got = append(got, add(t, s, r)[0].Repeated)
	}
	if want := []bool{false, true, false, false, false, true, false, false}; !reflect.DeepEqual(got, want) {
		t.Errorf("repeated: %v, want %v", got, want)
	}
}

func otherWords(t *testing.T, s *store.Store) {
	sum := sha256.Sum256(nil)
	who := evidence.Statement{Kind: evidence.Membership, Subject: Device(1), Member: &fact.Member{Subject: Device(1)}}
	what := evidence.Statement{Kind: evidence.Artefact,
		Artefact: &evidence.ArtefactRef{SHA256: hex.EncodeToString(sum[:])}}
	var got []bool
	var last store.Place
	for _, r := range []store.Row{named(t, who, "pump"), named(t, who, "pump"), named(t, who, "pump 7"),
		named(t, what, "a.pcap"), named(t, what, "b.pcap")} {
		last = add(t, s, r)[0]
		got = append(got, last.Repeated)
	}
	if want := []bool{false, true, false, false, true}; !reflect.DeepEqual(got, want) {
		t.Errorf("repeated: %v, want %v", got, want)
	}
	erase := store.Batch{Erasures: []store.Erasure{{Digest: evidence.Digest(all(t, s)[1].Digest)}}}
	if _, err := s.Append(t.Context(), &erase); err != nil {
		t.Fatal(err)
	}
	if p := add(t, s, named(t, who, "pump 8"))[0]; !p.Repeated {
		t.Error("a name comes back after it was erased")
	}
	if r, ok, err := s.Find(t.Context(), all(t, s)[1].Digest); !ok || err != nil || !r.HasPayload ||
		r.Body != nil || r.Salt != nil {
		t.Errorf("%+v (%v)", r, err)
	}
}

func tree(t *testing.T, s *store.Store) {
	var leaves []tlog.Hash
	for n := range 70 {
		r := Claim(t, n, true)
		add(t, s, r)
		leaves = append(leaves, tlog.RecordHash(r.Leaf))
	}
	var rows []store.Row
	for n := 70; n < 600; n++ {
		rows = append(rows, Claim(t, n, true))
		leaves = append(leaves, tlog.RecordHash(rows[len(rows)-1].Leaf))
	}
	add(t, s, rows...)
	root, err := tlog.TreeHash(600, s)
	if err != nil || root != rootOf(leaves) {
		t.Errorf("root %v (%v)", root, err)
	}
	n := int64(0)
	err = s.Nodes(t.Context(), func(index int64, hash []byte) error {
		if index != n || len(hash) != tlog.HashSize {
			t.Errorf("hash %d of %d bytes at %d", index, len(hash), n)
		}
		n++
		return nil
	})
	if err != nil || n != tlog.StoredHashCount(600) {
		t.Errorf("%d hashes are kept (%v)", n, err)
	}
}

// rootOf is the definition of RFC 6962 section 2.1.
func rootOf(leaves []tlog.Hash) tlog.Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return tlog.NodeHash(rootOf(leaves[:k]), rootOf(leaves[k:]))
}

func failedBatch(t *testing.T, s *store.Store) {
	add(t, s, Claim(t, 1, true))
	before := all(t, s)
	bad := Claim(t, 3, true)
	bad.Signed.Digest = evidence.Digest(before[0].Digest) // two statements of one digest
	if _, err := s.Append(t.Context(), &store.Batch{Rows: []store.Row{Claim(t, 2, true), bad},
		Identities: []store.Identity{{Kind: "k", Name: "n", ID: "i", MAC: "m"}}}); err == nil {
		t.Fatal("it was taken")
	}
	if after := all(t, s); !reflect.DeepEqual(after, before) {
		t.Errorf("%d records, %d before", len(after), len(before))
	}
	if _, ok, err := s.Identity(t.Context(), "k", "n"); ok || err != nil {
		t.Errorf("an identity of the failed batch is there (%v)", err)
	}
	clean(t, s)
}

func cancelled(t *testing.T, s *store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Append(ctx, &store.Batch{Rows: []store.Row{Claim(t, 1, true)}}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	for n := range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n)*200*time.Microsecond)
		_, err := s.Append(ctx, &store.Batch{Rows: []store.Row{Claim(t, n, true)}})
		cancel()
		_, there, lookErr := s.Latest(t.Context(), Device(n), "telnet.used")
		if lookErr != nil || there != (err == nil) {
			t.Errorf("append said %v, and there is %v (%v)", err, there, lookErr)
		}
	}
	clean(t, s)
}

func projections(t *testing.T, s *store.Store) {
	p, o := fact.Subject{Kind: fact.Product, ID: "p"}, fact.Subject{Kind: fact.Organisation, ID: "o"}
	sum := sha256.Sum256(nil)
	sha := hex.EncodeToString(sum[:])
	add(t, s, member(t, fact.Member{Subject: Device(1), Product: p, Seen: noon.Add(time.Hour)}),
		member(t, fact.Member{Subject: Device(1), Runner: o, Seen: noon}), Claim(t, 1, true),
		row(t, evidence.Statement{Kind: evidence.Artefact,
			Artefact: &evidence.ArtefactRef{SHA256: sha, Media: "m", Size: 1}}))
	look := func() {
		t.Helper()
		m, ok, err := s.Member(t.Context(), Device(1))
		want := store.Member{Subject: Device(1).String(), Product: p.String(), Runner: o.String(),
			Seen: evidence.FormatTime(noon.Add(time.Hour)), First: 0, Last: 1}
		if !ok || err != nil || m != want {
			t.Errorf("member %+v (%v)", m, err)
		}
		if i, ok, err := s.Latest(t.Context(), Device(1), "telnet.used"); !ok || err != nil || i != 2 {
			t.Errorf("latest look at leaf %d (%v)", i, err)
		}
		if i, ok, err := s.Artefact(t.Context(), sha); !ok || err != nil || i != 3 {
			t.Errorf("artefact at leaf %d (%v)", i, err)
		}
	}
	look()
	if err := s.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	look()
	clean(t, s)
	if _, ok, err := s.Member(t.Context(), Device(2)); ok || err != nil {
		t.Errorf("a member that nobody stated (%v)", err)
	}
}

func aside(t *testing.T, s *store.Store) {
	one, two := store.Identity{Kind: "device", Name: "n", ID: "i", MAC: "m"},
		store.Identity{Kind: "device", Name: "n", ID: "j", MAC: "x"}
	b := store.Batch{Identities: []store.Identity{one, two},
		Kept: []store.Kept{{SHA256: "s", Size: 1}, {SHA256: "s", Size: 1}}}
	if _, err := s.Append(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := s.Identity(t.Context(), "device", "n"); !ok || err != nil || got != one {
		t.Errorf("%+v (%v): the first that was said stays", got, err)
	}
	if kept, err := s.Kept(t.Context()); err != nil || len(kept) != 1 || kept[0].Size != 1 {
		t.Errorf("%v (%v)", kept, err)
	}
	var names []store.Identity
	if err := s.Identities(t.Context(), func(i store.Identity) error {
		names = append(names, i)
		return nil
	}); err != nil || len(names) != 1 {
		t.Errorf("%v (%v)", names, err)
	}
	if err := s.SetMeta(t.Context(), map[string]string{"origin": "o"}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetMeta(t.Context(), map[string]string{"origin": "p"}); err == nil {
		t.Error("what the case is was said twice")
	}
	if m, err := s.Meta(t.Context()); err != nil || m["origin"] != "o" {
		t.Errorf("%v (%v)", m, err)
	}
}

func strays(t *testing.T, s *store.Store) {
	add(t, s, Claim(t, 1, true))
	if n, err := s.Strays(t.Context()); n != 0 || err != nil {
		t.Errorf("%d (%v)", n, err)
	}
}

func checkpoints(t *testing.T, s *store.Store) {
	if b, err := s.Published(t.Context()); b != nil || err != nil {
		t.Errorf("%q (%v)", b, err)
	}
	for size, note := range []string{"zero", "one", "two"} {
		if err := s.SetPublished(t.Context(), int64(size), []byte(note)); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := s.Published(t.Context()); string(b) != "two" || err != nil {
		t.Errorf("%q (%v)", b, err)
	}
}

func beside(t *testing.T, s *store.Store) {
	done := make(chan error)
	go func() {
		defer close(done)
		for n := range 50 {
			if _, err := s.Append(t.Context(), &store.Batch{Rows: []store.Row{Claim(t, n, true)}}); err != nil {
				done <- err
				return
			}
		}
	}()
	for last, running := 0, true; running; {
		select {
		case err, more := <-done:
			if running = more; err != nil {
				t.Fatal(err)
			}
		default:
		}
		n := len(all(t, s))
		if n < last {
			t.Fatalf("%d records after %d", n, last)
		}
		last = n
	}
}
