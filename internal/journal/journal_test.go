// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/kind"
)

var us = fact.Subject{Kind: fact.Organisation, ID: "0f"}

type words struct {
	Title string `json:"title"`
	By    string `json:"by"`
}

func newCase(t testing.TB) *casefile.Case {
	t.Helper()
	at := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "a.case"), casefile.Options{Clock: func() time.Time {
		at = at.Add(time.Millisecond)
		return at
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(t.Context()) })
	return c
}

func write(t testing.TB, c *casefile.Case, entries ...Entry) []casefile.Receipt {
	t.Helper()
	all, err := Write(t.Context(), c, entries...)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func titles(t testing.TB, c *casefile.Case, q casefile.Query) string {
	t.Helper()
	all, err := Read(t.Context(), c, q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range all {
		var w words
		if err := all[i].Into(&w); err != nil {
			t.Fatal(err)
		}
		out = append(out, w.Title)
	}
	if n, err := c.CountEntries(t.Context(), q); err != nil || q.Limit == 0 && int(n) != len(out) {
		t.Errorf("%+v: %d counted, %d listed, %v", q, n, len(out), err)
	}
	return strings.Join(out, " ")
}

func training(title string) Entry {
	return Entry{Form: "record.training", Subject: us, Body: words{title, "a trainer"}}
}

func TestEntriesAreFoundByFormSubjectIDAndWords(t *testing.T) {
	c := newCase(t)
	r := write(t, c, training("a"), Entry{Form: "recording.x", Subject: us, Body: words{Title: "x"}},
		Entry{Form: "record.policy", Subject: fact.Subject{Kind: fact.Device, ID: "1"}, Body: words{Title: "p"}}, training("b"))
	for _, q := range []struct {
		what string
		casefile.Query
		want string
	}{
		{"everything", casefile.Query{}, "a x p b"},
		{"beneath a form", casefile.Query{Form: "record."}, "a p b"},
		{"one form", casefile.Query{Form: "record.training"}, "a b"},
		{"one subject", casefile.Query{Subject: "device:1"}, "p"},
		{"words", casefile.Query{Words: `"title":"b"`}, "b"},
		{"newest first", casefile.Query{Form: "record.", Newest: true, Limit: 2}, "b p"},
		{"from a leaf", casefile.Query{From: r[2].Index}, "p b"},
		{"back from a leaf", casefile.Query{From: r[2].Index, Newest: true}, "p x a"},
		{"by its ID", casefile.Query{Digest: string(r[1].Statement)[:12]}, "x"},
	} {
		if got := titles(t, c, q.Query); got != q.want {
			t.Errorf("%s: %q, want %q", q.what, got, q.want)
		}
	}
	k, err := Find(t.Context(), c, "record.", string(r[0].Statement)[:8])
	if err != nil || k.Digest != r[0].Statement || !k.Stands {
		t.Errorf("by the beginning of its ID: %v, %v", k, err)
	}
	for id, want := range map[string]kind.Kind{"zz": kind.Invalid, "0f3": kind.Invalid, strings.Repeat("0", 64): kind.NotFound,
		strings.Repeat("0", 65): kind.Invalid} {
		if _, err := Find(t.Context(), c, "record.", id); kind.Of(err) != want {
			t.Errorf("ID %.20q: %v", id, err)
		}
	}
}

func TestWhatIsTakenBackIsListedOnlyWhenAskedForAndCanBeEnteredAgain(t *testing.T) {
	c := newCase(t)
	r := write(t, c, training("a"), training("b"))
	if again := write(t, c, training("b")); !again[0].Repeated {
		t.Error("the same words twice made two entries")
	}
	if _, err := Withdraw(t.Context(), c, "entered twice", nil, r[1].Statement); err != nil {
		t.Fatal(err)
	}
	if got := titles(t, c, casefile.Query{Form: "record."}); got != "a" {
		t.Errorf("standing: %q", got)
	}
	if got := titles(t, c, casefile.Query{Form: "record.", Taken: true}); got != "a b" {
		t.Errorf("all: %q", got)
	}
	if write(t, c, training("b"))[0].Repeated {
		t.Error("what was taken back could not be entered again")
	}
	if got := titles(t, c, casefile.Query{Form: "record."}); got != "a b" {
		t.Errorf("entered again: %q", got)
	}
}

func TestErasureAndRebuildLeaveTheListTrue(t *testing.T) {
	c := newCase(t)
	r := write(t, c, training("a"), training("b"), training("c"))
	if _, err := c.Erase(t.Context(), []evidence.Digest{r[0].Statement}, false, "asked for"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Erase(t.Context(), []evidence.Digest{r[1].Statement}, true, "asked for"); err != nil {
		t.Fatal(err)
	}
	if err := c.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := Read(t.Context(), c, casefile.Query{})
	if err != nil || len(all) != 2 || !all[0].Erased || all[0].Body != nil || all[1].Erased {
		t.Fatalf("%+v, %v", all, err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rep, err := casefile.Fsck(t.Context(), c.Dir()); err != nil {
		t.Errorf("fsck: %v, %+v", err, rep.Findings)
	}
}

func TestAClosedRegisterIsVoidWhenWhatItCoversIsTakenBack(t *testing.T) {
	c := newCase(t)
	r := write(t, c, training("a"))
	write(t, c, Entry{Form: "register.training", Subject: us, Closes: true, Covers: []evidence.Digest{r[0].Statement},
		Body: words{Title: "closed"}})
	book, err := c.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if st := book.Entries[1].Statement; st.Kind != evidence.Completion || len(st.Covers) != 1 {
		t.Errorf("the closing: %+v", st)
	}
}

func BenchmarkHundredThousandEntries(b *testing.B) {
	for b.Loop() {
		c := newCase(b)
		all := make([]Entry, 100_000)
		for i := range all {
			all[i] = training(fmt.Sprintf("person %d", i))
		}
		write(b, c, all...)
		from := time.Now()
		if _, err := Read(b.Context(), c, casefile.Query{Form: "record.training", Newest: true, Limit: 50}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(from).Microseconds()), "µs/page")
	}
}
