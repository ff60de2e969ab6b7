// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func smallZip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	err := WriteZip(&b, []Content{Bytes("z.txt", []byte("last")), Bytes("a/b.json", []byte(`{"a":1}`)), Bytes("empty", nil)})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(b []byte) (*Archive, error) { return OpenZip(bytes.NewReader(b), int64(len(b))) }

func TestOthersReadOurZip(t *testing.T) {
	b := smallZip(t)
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, f := range r.File {
		c, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(c)
		if err != nil {
			t.Fatal(err)
		}
		got += f.Name + "=" + string(text) + ";"
	}
	if want := `a/b.json={"a":1};empty=;z.txt=last;`; got != want {
		t.Errorf("archive/zip reads %s", got)
	}
	a, err := open(b)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := a.Read("z.txt", 10); err != nil || string(c) != "last" {
		t.Errorf("%q %v", c, err)
	}
	if _, err := a.Read("z.txt", 3); err == nil {
		t.Error("a limit was not kept")
	}
	if a.Open("none") != nil {
		t.Error("an entry that is not there was opened")
	}
}

func TestEveryBitOfAZipCounts(t *testing.T) {
	b := smallZip(t)
	for i := range b {
		for bit := range 8 {
			c := bytes.Clone(b)
			c[i] ^= 1 << bit
			if _, err := open(c); err == nil {
				t.Fatalf("byte %d bit %d: not found", i, bit)
			}
		}
	}
	for n := range b {
		if _, err := open(b[:n]); err == nil {
			t.Fatalf("cut to %d bytes: not found", n)
		}
	}
	if _, err := open(append(bytes.Clone(b), 0)); err == nil {
		t.Error("a byte after the end was not found")
	}
	if _, err := open(append([]byte("x"), b...)); err == nil {
		t.Error("a byte before the start was not found")
	}
}

func TestOtherZipsAreRefused(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("deflated")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var r *Refusal
	if _, err := open(b.Bytes()); !errors.As(err, &r) || r.Cause != NotCanonical {
		t.Errorf("a deflated zip: %v", err)
	}
	if _, err := open([]byte("%PDF-1.7 this is something else altogether")); !errors.As(err, &r) || r.Cause != NotADossier {
		t.Errorf("a PDF: %v", err)
	}
}

func TestFlippedByteNamesItsEntry(t *testing.T) {
	b := smallZip(t)
	at := bytes.Index(b, []byte("last"))
	b[at] ^= 1
	var r *Refusal
	if _, err := open(b); !errors.As(err, &r) || r.Entry != "z.txt" {
		t.Errorf("%v", err)
	}
}

func TestNamesStayInside(t *testing.T) {
	for _, name := range []string{"", "/a", "a/", "a//b", "../a", "a/../b", ".", "a\\b", "ü", "a b", strings.Repeat("x", 201)} {
		if err := WriteZip(io.Discard, []Content{Bytes(name, nil)}); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
	if err := WriteZip(io.Discard, []Content{Bytes("a", nil), Bytes("a", nil)}); err == nil {
		t.Error("a name was taken twice")
	}
}

func TestContentMustKeepItsPromise(t *testing.T) {
	c := Bytes("a", []byte("four"))
	c.Size = 3
	if err := WriteZip(io.Discard, []Content{c}); err == nil {
		t.Error("three bytes were promised and four taken")
	}
}

func FuzzOpenZip(f *testing.F) {
	f.Add(smallZip(f))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := open(b)
		if err != nil {
			return
		}
		var all []Content
		for _, file := range a.Files {
			c, err := a.Read(file.Name, 1<<30)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, Bytes(file.Name, c))
		}
		var again bytes.Buffer
		if err := WriteZip(&again, all); err != nil || !bytes.Equal(again.Bytes(), b) {
			t.Fatalf("taken, yet written again it differs (%v)", err)
		}
	})
}
