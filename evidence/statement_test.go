// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
)

var noon = time.Date(2027, 12, 12, 12, 0, 0, 1, time.UTC)

func camera() Statement {
	s := fact.Subject{Kind: fact.Device, ID: "0f3a"}
	sources := []fact.Source{{Input: strings.Repeat("ab", 32), Frames: [][2]int{{71, 71}}, Note: "login accepted"}}
	return Statement{Version: 1, Kind: Observation, Collector: "writ/1 c1", At: noon, Subject: s, Claims: []fact.Claim{
		{Subject: s, Fact: "telnet.used", Value: fact.BoolValue(true), Method: fact.Passive, ObservedAt: noon,
			Coverage: fact.Coverage{Hours: 1.5, BothWays: true, LossPPM: -1}, Sources: sources, Collector: "writ/1 c1"},
		{Subject: s, Fact: "unit.state", Value: fact.EnumValue("set-up"), Method: fact.Passive, ObservedAt: noon, Collector: "writ/1 c1"},
		{Subject: s, Fact: "n", Value: fact.NumberValue(-MaxSafe), Method: fact.Active, ObservedAt: noon, Expires: noon.Add(1), Collector: "writ/1 c1"},
		{Subject: s, Fact: "d", Value: fact.DateValue(21000), Method: fact.Active, ObservedAt: noon, Documented: true, Collector: "writ/1 c1"},
		{Subject: s, Fact: "none", Method: fact.Active, ObservedAt: noon, Collector: "writ/1 c1"},
	}}
}

func key(t *testing.T, seed byte) (ed25519.PrivateKey, ed25519.PublicKey) {
	t.Helper()
	k := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32))
	return k, k.Public().(ed25519.PublicKey)
}

func everyKind() map[Kind]Statement {
	d := Digest(strings.Repeat("0a", 32))
	s := fact.Subject{Kind: fact.Device, ID: "0f3a"}
	all := map[Kind]Statement{Observation: camera()}
	decl, rec := camera(), camera()
	decl.Kind, rec.Kind = Declaration, RecordKind
	rec.Claims, rec.Form, rec.Payload = nil, "record.training", d
	all[Declaration], all[RecordKind] = decl, rec
	all[Membership] = Statement{Version: 1, Kind: Membership, At: noon, Subject: s, Member: &fact.Member{Subject: s,
		Product: fact.Subject{Kind: fact.Product, ID: "p"}, Seen: noon}}
	all[Artefact] = Statement{Version: 1, Kind: Artefact, At: noon, Artefact: &ArtefactRef{SHA256: string(d), Media: "m",
		Size: 1, Packets: 2, First: noon, Last: noon, Notices: []string{"truncated after 2"}}}
	all[Withdrawal] = Statement{Version: 1, Kind: Withdrawal, At: noon, Withdraws: []Digest{d},
		Window: &Window{Collector: "c", From: noon}, Note: "sensor was moved"}
	all[Completion] = Statement{Version: 1, Kind: Completion, At: noon, Subject: s, Covers: []Digest{d}}
	all[Erasure] = Statement{Version: 1, Kind: Erasure, At: noon, Erases: []Digest{d}, Whole: true}
	all[Adoption] = Statement{Version: 1, Kind: Adoption, At: noon, Law: &LawRef{Version: "2026.11.24", Digest: string(d),
		Bundle: string(d), Size: 7, Publisher: string(d), Replaces: d}}
	return all
}

func TestEveryKindComesBackAsItWent(t *testing.T) {
	for kind, s := range everyKind() {
		b, err := Encode(&s)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		got, err := Decode(b)
		if err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, b)
		}
		if !reflect.DeepEqual(*got, s) {
			t.Errorf("%s came back as\n%+v, went as\n%+v", kind, *got, s)
		}
	}
}

func TestStatementBytesStay(t *testing.T) {
	s := camera()
	s.Claims = s.Claims[:1]
	b, err := Encode(&s)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"at":"2027-12-12T12:00:00.000000001Z","claims":[{"coverage":{"both_ways":true,"hours":1.5,"loss_ppm":-1},` +
		`"fact":"telnet.used","method":"passive","observed_at":"2027-12-12T12:00:00.000000001Z","sources":[{"frames":[[71,71]],` +
		`"input":"` + strings.Repeat("ab", 32) + `","note":"login accepted"}],"value":{"bool":true}}],"collector":"writ/1 c1",` +
		`"kind":"observation","subject":{"id":"0f3a","kind":"device"},"version":1}`
	if string(b) != want {
		t.Errorf("a digest made yesterday would not hold today:\n%s\n%s", b, want)
	}
	if d := DigestOf(b); d != "33961ff91aa61ec7dd072ff6a336b13c11247f4eeaaa4e989ec8b39aa0028fce" {
		t.Errorf("digest %s", d)
	}
}

func TestOneSpellingOnly(t *testing.T) {
	s := camera()
	b, err := Encode(&s)
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string][2]string{
		"a space":          {`"version":1`, `"version": 1`},
		"a zero fraction":  {`"version":1`, `"version":1.0`},
		"a newer version":  {`"version":1`, `"version":2`},
		"an unknown key":   {`"version":1`, `"version":1,"zz":1`},
		"another case":     {`"kind":"obs`, `"Kind":"obs`},
		"an explicit none": {`"documented":true`, `"documented":false`},
		"a null":           {`"fact":"none",`, `"fact":"none","expires":null,`},
		"a short time":     {`12:00:00.000000001Z`, `12:00:00.0000001Z`},
		"an offset":        {`12:00:00.000000001Z`, `12:00:00.000000001+00:00`},
		"an escape":        {`"set-up"`, `"set\u002dup"`},
		"two values":       {`{"bool":true}`, `{"bool":true,"enum":"x"}`},
		"no value inside":  {`{"bool":true}`, `{}`},
	} {
		changed := strings.Replace(string(b), change[0], change[1], 1)
		if changed == string(b) {
			t.Fatalf("%s: nothing changed", what)
		}
		if _, err := Decode([]byte(changed)); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
}

func TestWhatCannotBeStated(t *testing.T) {
	for what, change := range map[string]func(s *Statement){
		"no time":                 func(s *Statement) { s.At = time.Time{} },
		"a year beyond RFC 3339":  func(s *Statement) { s.Claims[0].Expires = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"another subject's claim": func(s *Statement) { s.Claims[0].Subject.ID = "other" },
		"no claims":               func(s *Statement) { s.Claims = nil },
		"a part of another kind":  func(s *Statement) { s.Covers = []Digest{Digest(strings.Repeat("a", 64))} },
		"an unknown kind":         func(s *Statement) { s.Kind = "opinion" },
		"an unsafe number":        func(s *Statement) { s.Claims[2].Value = fact.NumberValue(MaxSafe + 1) },
		"an unsafe frame":         func(s *Statement) { s.Claims[0].Sources[0].Frames = [][2]int{{1, MaxSafe + 1}} },
		"hours that never end":    func(s *Statement) { s.Claims[0].Coverage.Hours = math.Inf(1) },
		"its own withdrawal":      func(s *Statement) { s.Claims[0].Withdrawn = noon },
		"its own withholding":     func(s *Statement) { s.Claims[0].Withheld = true },
		"another's collector":     func(s *Statement) { s.Claims[0].Collector = "x" },
		"a claim without a time":  func(s *Statement) { s.Claims[0].ObservedAt = time.Time{} },
		"a claim about no fact":   func(s *Statement) { s.Claims[0].Fact = "" },
		"a day beyond 9999":       func(s *Statement) { s.Claims[3].Value = fact.DateValue(4_000_000) },
		"a form of no record":     func(s *Statement) { s.Form = "record.training" },
		"a form that is no name":  func(s *Statement) { s.Kind, s.Form = RecordKind, "record..training" },
		"a record of nothing":     func(s *Statement) { s.Kind, s.Claims = RecordKind, nil },
		"more than the limit":     func(s *Statement) { s.Note = strings.Repeat("x", MaxStatement) },
	} {
		s := camera()
		change(&s)
		if b, err := Encode(&s); err == nil {
			t.Errorf("%s was stated: %s", what, b)
		}
	}
	w := Statement{Version: 1, Kind: Withdrawal, At: noon, Withdraws: []Digest{"b", "a"}}
	if _, err := Encode(&w); err == nil {
		t.Error("digests that are none, out of order, were stated")
	}
}

func TestEveryFlippedBitOfASignedStatementIsFound(t *testing.T) {
	private, public := key(t, 1)
	s, err := Sign(camera(), nil, private)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(s.Bytes, s.Signature, public); err != nil {
		t.Fatal(err)
	}
	for i := range s.Bytes {
		for bit := range 8 {
			b := bytes.Clone(s.Bytes)
			b[i] ^= 1 << bit
			if _, err := Open(b, s.Signature, public); err == nil {
				t.Fatalf("byte %d bit %d: not found", i, bit)
			}
		}
	}
	for i := range s.Signature {
		g := bytes.Clone(s.Signature)
		g[i] ^= 1
		if _, err := Open(s.Bytes, g, public); !errors.Is(err, ErrSignature) {
			t.Fatalf("signature byte %d: %v", i, err)
		}
	}
	_, other := key(t, 2)
	if _, err := Open(s.Bytes, s.Signature, other); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: %v", err)
	}
}

func TestUsesAreKeptApart(t *testing.T) {
	b := []byte("same bytes")
	p := Payload{Body: b}
	seen := map[Digest]bool{DigestOf(b): true}
	for _, d := range []Digest{p.Digest(), Digest(KeyID(b)), hash("writ content v1\n", b), hash("", b)} {
		if seen[d] {
			t.Errorf("digest %s stands for two uses", d)
		}
		seen[d] = true
	}
}

func TestPayloadIsBoundAndSalted(t *testing.T) {
	private, public := key(t, 1)
	random := rand.NewChaCha8([32]byte{})
	names := map[string]any{"ip": "10.0.4.17", "name": "Ward 3 camera"}
	one, err1 := NewPayload(names, random)
	two, err2 := NewPayload(names, random)
	if err1 != nil || err2 != nil || one.Digest() == two.Digest() {
		t.Fatalf("the same names must not give the same digest: %v %v", err1, err2)
	}
	s, err := Sign(camera(), one, private)
	if err != nil || s.Verify(public) != nil {
		t.Fatal(err, s.Verify(public))
	}
	if bytes.Contains(s.Bytes, []byte("10.0.4.17")) {
		t.Error("an address stands in the statement")
	}
	s.Payload = two
	if s.Verify(public) == nil {
		t.Error("another payload was taken")
	}
	s.Payload = nil
	if err := s.Verify(public); err != nil {
		t.Errorf("the statement must hold without its payload: %v", err)
	}
}

func TestSameInputSaysTheSameAgain(t *testing.T) {
	private, _ := key(t, 1)
	claims := camera().Claims
	first := State("writ/1 c1", noon, claims)
	backwards := []fact.Claim{claims[4], claims[3], claims[2], claims[1], claims[0]}
	later := State("writ/1 c1", noon.Add(time.Hour), backwards)
	if len(first) != 2 || len(later) != 2 {
		t.Fatalf("one statement for the claims that rest on the input, one for the others; got %d and %d", len(first), len(later))
	}
	for i := range first {
		a, err1 := Sign(first[i], nil, private)
		b, err2 := Sign(later[i], nil, private)
		if err1 != nil || err2 != nil || a.Digest == b.Digest {
			t.Fatal("said at another time, it is another statement", err1, err2)
		}
		x, err1 := a.Statement.Content()
		y, err2 := b.Statement.Content()
		if err1 != nil || err2 != nil || x != y {
			t.Errorf("content differs: %s %s %v %v", x, y, err1, err2)
		}
	}
}

func TestWithdrawalTakesBackWhatItNamesAndItsWindow(t *testing.T) {
	w := Statement{Kind: Withdrawal, Withdraws: []Digest{"a", "c"}, Window: &Window{Collector: "s1", From: noon, Until: noon.Add(time.Hour)}}
	for _, c := range []struct {
		d         Digest
		collector string
		at        time.Time
		want      bool
	}{
		{"a", "s2", noon, true}, {"b", "s2", noon, false}, {"b", "s1", noon, true},
		{"b", "s1", noon.Add(-1), false}, {"b", "s1", noon.Add(time.Hour), false}, {"b", "s1", noon.Add(time.Hour - 1), true},
	} {
		if got := w.Recalls(c.d, &fact.Claim{Collector: c.collector, ObservedAt: c.at}); got != c.want {
			t.Errorf("%s by %s at %s: recalled %v", c.d, c.collector, c.at, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range everyKind() {
		b, err := Encode(&s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Decode(b)
		if err != nil {
			return
		}
		again, err := Encode(s)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q was taken and comes back as %q (%v)", b, again, err)
		}
	})
}
