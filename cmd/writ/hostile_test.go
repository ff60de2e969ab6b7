// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A pin that is empty, as a variable that nobody set makes it, must never be taken for no pin.
func TestAnEmptyPinIsRefused(t *testing.T) {
	dir, _ := kept(t)
	dossier, empty := filepath.Join(t.TempDir(), "x.zip"), filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := writ(t, "dossier", "--case", dir, "--out", dossier); status != exitDone {
		t.Fatal(status, errs)
	}
	for _, args := range [][]string{
		{"verify", "--key", "", dossier}, {"verify", "--key", empty, dossier},
		{"verify", "--checkpoint", "", dossier}, {"fsck", "--checkpoint", "", dir},
		{"report", "--case", ""}, {"assess", "--profile", "", "--case", dir}, {"--overlay=", "law", "list"},
	} {
		if status, out, errs := writ(t, args...); status != exitBadInput || out != "" {
			t.Errorf("%q: %d %.200s%s", args, status, out, errs)
		}
	}
}

// What nobody reads to its end is not read at all.
func TestNoInputOfTheCommandLineIsReadWithoutEnd(t *testing.T) {
	dir, input := kept(t)
	long := filepath.Join(t.TempDir(), "long")
	if err := os.WriteFile(long, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(long, 1<<40); err != nil {
		t.Skipf("no sparse files here: %v", err)
	}
	for _, args := range [][]string{
		{"assess", "--records", long, input}, {"assess", "--known-at", long, "--case", dir},
		{"verify", "--key", long, input}, {"verify", "--checkpoint", long, input}, {"fsck", "--checkpoint", long, dir},
		{"verify", long}, {"observe", long}, {"assess", long},
	} {
		if status, _, errs := writ(t, args...); status != exitBadInput || !strings.Contains(errs, long) {
			t.Errorf("%q: %d %s", args, status, errs)
		}
	}
}

func TestWhatIsNoFileIsNoDossier(t *testing.T) {
	dir, _ := kept(t)
	device := os.DevNull
	if status, _, errs := writ(t, "verify", device); status != exitBadInput || !strings.Contains(errs, device+": it is no plain file") {
		t.Errorf("verify: %d %s", status, errs)
	}
	for _, out := range []string{device, t.TempDir()} {
		status, _, errs := writ(t, "dossier", "--case", dir, "--out", out)
		if status != exitBadInput || !strings.Contains(errs, "writing "+out+": something else than a file lies there") {
			t.Errorf("dossier: %d %s", status, errs)
		}
	}
}

// A dossier holds names and addresses, and with --artefacts every password: it is its owner's.
func TestADossierIsReadableByItsOwnerOnly(t *testing.T) {
	dir, _ := kept(t)
	out := filepath.Join(t.TempDir(), "x.zip")
	if status, _, errs := writ(t, "dossier", "--case", dir, "--out", out); status != exitDone {
		t.Fatal(status, errs)
	}
	if info, err := os.Stat(out); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestACaseIsMadeForInputsThatAreCapturesOnly(t *testing.T) {
	dir := t.TempDir()
	junk, c := filepath.Join(dir, "junk"), filepath.Join(dir, "x.case")
	if err := os.WriteFile(junk, []byte("no capture"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, input := range []string{junk, dir, filepath.Join(dir, "nowhere")} {
		if status, _, errs := writ(t, "assess", "--case", c, input); status != exitBadInput {
			t.Errorf("%s: %d %s", input, status, errs)
		}
		if _, err := os.Stat(c); err == nil {
			t.Fatalf("%s: a case was made", input)
		}
	}
}

// Names of files come from anyone, and a terminal obeys what stands in them.
func TestErrorsAreSafeToPrint(t *testing.T) {
	const name = "\x1b]0;owned\x07\u202e.pcap"
	for _, args := range [][]string{{"observe", name}, {"verify", name}, {"fsck", name}, {"law", "list", "--catalogue", name},
		{name}, {"observe", "--" + name}, {"why", name, "--case", name}} {
		status, out, errs := writ(t, args...)
		if status != exitBadInput || strings.ContainsAny(out+errs, "\x1b\x07\u202e") {
			t.Errorf("%q: %d %q", args, status, out+errs)
		}
	}
	var b strings.Builder
	exit(errors.New(strings.Repeat("a fault\n", 10_000)), &b)
	if n := strings.Count(b.String(), "\n"); n > maxSaid+1 || !strings.Contains(b.String(), "lines more") {
		t.Errorf("%d lines of errors", n)
	}
}

func TestADirectoryOfLawThatIsNotThereIsNamed(t *testing.T) {
	for _, flag := range []string{"--catalogue", "--overlay"} {
		for _, dir := range []string{"nowhere", "hostile_test.go"} {
			if status, _, errs := writ(t, flag, dir, "law", "list"); status != exitBadInput || !strings.Contains(errs, dir) ||
				!strings.Contains(errs, "director") {
				t.Errorf("%s %s: %d %s", flag, dir, status, errs)
			}
		}
	}
}

// A demo takes the place of a demo, never of a case that happens to have its name.
func TestNoDemoRemovesAnothersCase(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, demoCase), 0o700); err != nil {
		t.Fatal(err)
	}
	status, _, errs := writ(t, "demo", "--dir", dir)
	if _, err := os.Stat(filepath.Join(dir, demoCase)); status != exitBadInput || err != nil {
		t.Errorf("%d %s %v", status, errs, err)
	}
}
