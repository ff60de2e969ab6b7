// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
)

func day(t testing.TB, s string) fact.Day {
	t.Helper()
	d, err := fact.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func newCase(t testing.TB) (*casefile.Case, fact.Subject) {
	t.Helper()
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "a.case"), casefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(t.Context()) })
	us, err := journal.Us(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return c, us
}

func ask(t testing.TB, c *casefile.Case, us fact.Subject, of, due string) *Request {
	t.Helper()
	r, err := Add(t.Context(), c, us, Asked{Of: of, Words: "the SBOM", Due: due, By: "officer"}, day(t, "2026-11-25"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSilenceIsShownAfterTheDayItWasDue(t *testing.T) {
	c, us := newCase(t)
	silent := ask(t, c, us, "Acme", "2026-12-01")
	answered, refused, closed := ask(t, c, us, "Brand", "2026-12-02"), ask(t, c, us, "Coax", "2026-12-03"), ask(t, c, us,
		"IT", "2026-11-30")
	for _, err := range []error{
		Answer(t.Context(), c, answered, Reply{Words: "here it is", On: "2026-12-05", By: "officer"}),
		Refuse(t.Context(), c, refused, Reply{Words: "a trade secret", By: "officer"}),
		Close(t.Context(), c, closed, Reply{Words: "found it ourselves", By: "officer"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	all, err := List(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]string{"2026-12-01": "IT closed, Acme open, Brand answered, Coax refused",
		"2026-12-02": "IT closed, Acme silent, Brand answered, Coax refused"} {
		var got []string
		for i := range all {
			got = append(got, all[i].Of+" "+string(all[i].State(day(t, on))))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %s", on, got)
		}
	}
	if !all[2].Late() || all[1].Days(day(t, "2026-12-11")) != 10 || all[1].Digest != silent.Digest {
		t.Errorf("%+v", all)
	}
	book, err := c.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range book.Entries {
		if len(e.Statement.Claims) > 0 {
			t.Error("a request made something known")
		}
	}
}

func TestWhatIsMissingFromARequestIsSaid(t *testing.T) {
	c, us := newCase(t)
	for want, a := range map[string]Asked{
		"of whom":     {Words: "x", Due: "2026-12-01", By: "b"},
		"who asks":    {Of: "a", Words: "x", Due: "2026-12-01"},
		"what is":     {Of: "a", Due: "2026-12-01", By: "b"},
		"until when":  {Of: "a", Words: "x", Due: "soon", By: "b"},
		"has passed":  {Of: "a", Words: "x", Due: "2026-11-24", By: "b"},
		"until when?": {Of: "a", Words: "x", Due: "2026-02-30", By: "b"},
	} {
		if _, err := Add(t.Context(), c, us, a, day(t, "2026-11-25")); kind.Of(err) != kind.Invalid ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	r := ask(t, c, us, "Acme", "2026-12-01")
	if err := Close(t.Context(), c, r, Reply{Words: "done", By: "b"}); err != nil {
		t.Fatal(err)
	}
	r, err := Find(t.Context(), c, r.ID())
	if err != nil {
		t.Fatal(err)
	}
	if err := Answer(t.Context(), c, r, Reply{Words: "late", By: "b"}); kind.Of(err) != kind.Conflict {
		t.Errorf("after its end: %v", err)
	}
}
