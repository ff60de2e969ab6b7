// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/evidence"
)

func testSigner(t testing.TB, seed byte) *Signer {
	t.Helper()
	s, err := NewSigner("writ.case/test", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestKeysAreThoseOfSignedNotes(t *testing.T) {
	s := testSigner(t, 1)
	if _, err := note.NewSigner(s.PrivateText()); err != nil {
		t.Errorf("another program cannot read the private key: %v", err)
	}
	v, err := note.NewVerifier(s.Key.String())
	if err != nil || v.Name() != s.Origin || v.KeyHash() != s.KeyHash() {
		t.Errorf("another program reads the key as %v (%v)", v, err)
	}
	back, err := ParseSigner(s.PrivateText())
	if err != nil || !back.Private().Equal(s.Private()) {
		t.Errorf("private key: %v", err)
	}
	k, err := ParseKey(s.Key.String())
	if err != nil || !k.Public.Equal(s.Public) || !k.Is(s.Key.ID()) || !k.Is(s.Key.String()) || k.Is("") {
		t.Errorf("key: %v", err)
	}
	for text := range strings.SplitSeq(s.Key.String()+"x|PRIVATE|a+b+c||"+strings.Replace(s.Key.String(), "+", "+0", 1), "|") {
		if _, err := ParseKey(text); err == nil {
			t.Errorf("%q was taken as a key", text)
		}
		if _, err := ParseSigner(text); err == nil {
			t.Errorf("%q was taken as a private key", text)
		}
	}
}

func TestEveryKeyCanBeReadBack(t *testing.T) {
	for seed := range 200 { // base64 of some holds a plus, as the text between its parts does
		k := testSigner(t, byte(seed)).Key
		if back, err := ParseKey(k.String()); err != nil || !back.Public.Equal(k.Public) {
			t.Fatalf("seed %d: %s: %v", seed, k, err)
		}
	}
}

func TestCheckpointIsASignedNote(t *testing.T) {
	s := testSigner(t, 1)
	want := Checkpoint{s.Origin, 7, tlog.Hash{1}}
	b, err := SignCheckpoint(want, s)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(s.Key.String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(b, note.VerifierList(v))
	if err != nil || n.Text != "writ.case/test\n7\nAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" {
		t.Errorf("another program reads %q (%v)", n.Text, err)
	}
	if got, err := OpenCheckpoint(b, s.Key); err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	for i := range b {
		c := bytes.Clone(b)
		c[i] ^= 1
		if got, err := OpenCheckpoint(c, s.Key); err == nil {
			t.Fatalf("byte %d flipped: read as %+v", i, got)
		}
	}
	var r *Refusal
	if _, err := OpenCheckpoint(b, testSigner(t, 2).Key); !errors.As(err, &r) || r.Cause != OtherKey {
		t.Errorf("another key: %v", err)
	}
	other := &Signer{s.Key, s.private}
	other.Origin = "writ.case/other"
	if _, err := SignCheckpoint(want, other); err == nil {
		t.Error("a checkpoint of another log was signed")
	}
}

func TestCheckpointTextHasOneForm(t *testing.T) {
	root := tlog.Hash{1}.String()
	for _, text := range []string{
		"", "o\n1\n", "o\n01\n" + root + "\n", "o\n-1\n" + root + "\n", "o\n+1\n" + root + "\n", "\n1\n" + root + "\n",
		"o\n1\n" + root + "\nmore\n", "o\n1\n" + root[:8] + "\n", "o\n1\n" + strings.Replace(root, "A=", "B=", 1) + "\n", "o\n1\n" + root,
	} {
		if c, err := parseCheckpoint(text); err == nil {
			t.Errorf("%q was read as %+v", text, c)
		}
	}
}

// rfc6962 is the definition of RFC 6962 section 2.1, written down once more.
func rfc6962(entries [][]byte) [32]byte {
	switch n := len(entries); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, entries[0]...))
	default:
		k := 1 << (bits.Len(uint(n-1)) - 1)
		l, r := rfc6962(entries[:k]), rfc6962(entries[k:])
		return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
	}
}

func TestTreeIsThatOfRFC6962(t *testing.T) {
	var tree Tree
	var entries [][]byte
	for i := range 140 {
		if got, want := tree.Root(), rfc6962(entries); got != tlog.Hash(want) {
			t.Fatalf("root of %d leaves is %s, want %x", i, got, want)
		}
		e := fmt.Appendf(nil, "entry %d", i)
		entries = append(entries, e)
		tree.Append(LeafHash(e))
	}
}

func TestLeafHasOneForm(t *testing.T) {
	l := Leaf{time.Date(2027, 12, 12, 12, 0, 0, 1, time.UTC), strings.Repeat("a", 64), []byte{1, 2},
		evidence.Digest(strings.Repeat("b", 64)), evidence.Digest(strings.Repeat("c", 64))}
	b, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeLeaf(b)
	if err != nil || !got.At.Equal(l.At) || got.By != l.By || !bytes.Equal(got.Signature, l.Signature) || got.Statement != l.Statement || got.Stub != l.Stub {
		t.Errorf("%+v %v", got, err)
	}
	for _, c := range [][2]string{{`"0102"`, `"01 2"`}, {`"at"`, `"At"`}, {`{`, `{ `}, {`"0102"`, `"010A"`}, {`"by":"`, `"bx":"","by":"`}, {"bbb", "BBB"}, {"ccc", "CCC"}, {"2027", ""}} {
		changed := strings.Replace(string(b), c[0], c[1], 1)
		if _, err := DecodeLeaf([]byte(changed)); err == nil {
			t.Errorf("%s was taken", changed)
		}
	}
	if _, err := DecodeLeaf(bytes.Repeat([]byte(" "), MaxLeaf+1)); err == nil {
		t.Error("a leaf beyond its bound was taken")
	}
}

func FuzzCheckpoint(f *testing.F) {
	s := testSigner(f, 1)
	b, err := SignCheckpoint(Checkpoint{s.Origin, 7, tlog.Hash{1}}, s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("writ.case/test\n7\nAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := parseCheckpoint(string(b)); err == nil && c.text() != string(b) {
			t.Fatalf("%q reads as %q", b, c.text())
		}
		if c, err := OpenCheckpoint(b, s.Key); err == nil && (c.Size != 7 || c.Root != tlog.Hash{1}) {
			t.Fatalf("a checkpoint that nobody signed: %q", b)
		}
	})
}

func FuzzDecodeLeaf(f *testing.F) {
	b, err := Leaf{time.Unix(1, 0), strings.Repeat("a", 64), []byte{1}, evidence.Digest(strings.Repeat("b", 64)), evidence.Digest(strings.Repeat("c", 64))}.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := DecodeLeaf(b)
		if err != nil {
			return
		}
		if again, err := l.Encode(); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q comes back as %q", b, again)
		}
	})
}

// What is held outside and cannot be read says nothing of a log: it is bad input, not damage.
func TestAPinThatIsNoCheckpointIsBadInput(t *testing.T) {
	s, other := testSigner(t, 1), testSigner(t, 2)
	c := Checkpoint{Origin: s.Origin, Size: 3}
	b, err := SignCheckpoint(c, s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenPin(b, s.Key); err != nil || ReadsAsCheckpoint(b) != nil {
		t.Errorf("a checkpoint: %v, %v", err, ReadsAsCheckpoint(b))
	}
	changed := bytes.Replace(b, []byte("\n3\n"), []byte("\n4\n"), 1)
	for what, pin := range map[string][]byte{"nothing": nil, "a page": []byte("a page\n"), "half of one": b[:len(b)/2],
		"one that was changed": changed, "too long": bytes.Repeat([]byte("a\n"), MaxCheckpoint)} {
		var r *Refusal
		if _, err := OpenPin(pin, s.Key); !errors.As(err, &r) || r.Cause != BadPin || r.ErrorKind() != "invalid" {
			t.Errorf("%s: %v", what, err)
		}
		// Whether its signature holds is not asked before its key is known.
		if err := ReadsAsCheckpoint(pin); (err == nil) != (what == "one that was changed") {
			t.Errorf("%s reads as a checkpoint: %v", what, err)
		}
	}
	var r *Refusal
	if _, err := OpenPin(b, other.Key); !errors.As(err, &r) || r.Cause != OtherKey || r.ErrorKind() != "corrupt" {
		t.Errorf("another's: %v", err)
	}
}
