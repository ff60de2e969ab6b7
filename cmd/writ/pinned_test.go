// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
)

// A case that an earlier program made says of no law that it is judged by it.
func unpinned(t *testing.T) string {
	t.Helper()
	dir, ctx := filepath.Join(t.TempDir(), "old.case"), context.Background()
	c, err := casefile.Create(ctx, dir, casefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Subject(ctx, fact.Organisation, "self")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Append(ctx, []casefile.Draft{{Statement: evidence.Statement{Kind: evidence.Membership, Collector: "writ observe",
		At: time.Now(), Subject: s, Member: &fact.Member{Subject: s, Own: true}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
	return dir
}

func laws(t *testing.T, dir string) (versions []string) {
	t.Helper()
	c, err := casefile.Open(context.Background(), dir, casefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	all, err := c.Laws(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		versions = append(versions, e.Statement.Law.Version)
	}
	return versions
}

func TestACaseWithoutAPinIsPinnedByItsNextAppend(t *testing.T) {
	dir := unpinned(t)
	small := []string{"--catalogue", smallLawDir()}
	if status, _, errs := writ(t, append([]string{"report", "--case", dir}, small...)...); status != exitDone {
		t.Fatal(errs)
	}
	if got := laws(t, dir); got != nil {
		t.Fatalf("reading pinned the case to %q", got)
	}
	profile := filepath.Join(t.TempDir(), "p.yaml")
	if err := os.WriteFile(profile, []byte("version: 1\norganisation: {name: A}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second says nothing new
		if status, _, errs := writ(t, append([]string{"assess", "--case", dir, "--profile", profile}, small...)...); status > exitViolated {
			t.Fatal(errs)
		}
		if got := strings.Join(laws(t, dir), " "); got != "small" {
			t.Fatalf("pinned to %q, want small once", got)
		}
	}
}

func TestAnUpdateOfACaseWithoutAPinSaysByWhichLawItWasJudged(t *testing.T) {
	dir, key, out := unpinned(t), filepath.Join(t.TempDir(), "k"), filepath.Join(t.TempDir(), "law.zip")
	for _, args := range [][]string{
		{"catalogue", "keygen", "--name", "law.example.org", "--out", key},
		{"catalogue", "bundle", "--catalogue", smallLawDir(), "--key", key, "--out", out},
		{"catalogue", "update", out, "--case", dir, "--by", "An Officer", "--reasons", "a small law will do", "--allow-older"},
		{"fsck", dir},
	} {
		if status, _, errs := writ(t, args...); status != exitDone {
			t.Fatalf("%q: %s", args, errs)
		}
	}
	got := laws(t, dir)
	if len(got) != 2 || got[1] != "small" {
		t.Fatalf("the case says it was judged by %q", got)
	}
}
