// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A walk-through is a page with blocks marked console: lines that begin with "$ " are commands, those that begin
// with "> " go on with one, all others are what was written, on either stream. The blocks of a page run in one
// directory, in order. A line … stands for any lines. What differs from run to run is written so: ‹now›, ‹today›
// (and days near it), ‹id›.

// step is a command of a walk-through with what the page says it writes.
type step struct {
	command string
	wrote   []string
	from    int // line of the page at which what was written begins
	end     int
}

func stepsOf(lines []string) (all []*step) {
	in := false
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "```"):
			in = line == "```console"
			continue
		case !in:
			continue
		}
		if c, ok := strings.CutPrefix(line, "$ "); ok {
			all = append(all, &step{command: c, from: i + 1, end: i + 1})
			continue
		}
		s := all[len(all)-1]
		if c, ok := strings.CutPrefix(line, "> "); ok && len(s.wrote) == 0 {
			s.command += "\n" + c
			s.from, s.end = i+1, i+1
			continue
		}
		s.wrote, s.end = append(s.wrote, line), i+1
	}
	return all
}

var (
	hexID  = regexp.MustCompile(`\b[0-9a-f]{8,64}\b…?`)
	moment = regexp.MustCompile(`\b(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?: ?(?:UTC|Z|CET|CEST))?\b`)
	while  = regexp.MustCompile(`(LATE +|since )\d+ (?:d|h|min|s)(?: \d+ (?:h|min|s))?( over|)`)
	made   = regexp.MustCompile(`\(\d{2}-\d{2} \d{2}:\d{2}:\d{2}Z\)`)
	sum64  = regexp.MustCompile(`\b[A-Za-z0-9+/]{43}=|\+[A-Za-z0-9+/]{44}\b`)
	digit  = regexp.MustCompile(`[0-9]`)
	letter = regexp.MustCompile(`[a-f]`)
)

// steady takes out of a line what differs from run to run.
func steady(line string, began time.Time) string {
	line = hexID.ReplaceAllStringFunc(line, func(s string) string {
		if n := len(strings.TrimSuffix(s, "…")); n != 12 && n != 64 && (!digit.MatchString(s) || !letter.MatchString(s)) {
			return s
		}
		return "‹id›"
	})
	line = moment.ReplaceAllStringFunc(line, func(s string) string {
		day, err := time.Parse(time.DateOnly, s[:10])
		if err != nil || day.Before(began.AddDate(0, 0, -2)) || day.After(began.AddDate(0, 0, 1)) {
			return s
		}
		if len(s) == 10 {
			return "‹today›"
		}
		return fmt.Sprintf("%-*s", len(s), "‹now›") // columns stay columns
	})
	line = while.ReplaceAllString(line, "$1‹so long›$2")
	line = made.ReplaceAllString(line, "(‹now›)")
	line = sum64.ReplaceAllString(line, "‹id›")
	return strings.TrimRight(line, " ")
}

// walk runs the steps in one shell and gives what each wrote.
func walk(t *testing.T, all []*step) [][]string {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell to run it with")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, bin := t.TempDir(), t.TempDir()
	if err := os.Symlink(self, filepath.Join(bin, "writ")); err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../examples")
	if err == nil {
		err = os.Symlink(examples, filepath.Join(dir, "examples"))
	}
	if err != nil {
		t.Fatal(err)
	}
	const mark = "\x1e"
	var script strings.Builder
	for _, s := range all {
		fmt.Fprintf(&script, "%s\ncode=$?\n[ $code = 0 ] || echo \"(exit status $code)\"\necho '%s'\n", s.command, mark)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, sh)
	c.Dir, c.Stdin = dir, strings.NewReader(script.String())
	c.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "TZ=UTC", "LC_ALL=C.UTF-8")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("the walk ended early: %v\n%s", err, out)
	}
	var wrote [][]string
	for part := range strings.SplitSeq(strings.TrimSuffix(string(out), mark+"\n"), mark+"\n") {
		var lines []string
		for line := range strings.SplitSeq(strings.TrimSuffix(part, "\n"), "\n") {
			lines = append(lines, steady(line, walksBegan))
		}
		if part == "" {
			lines = nil
		}
		wrote = append(wrote, lines)
	}
	if len(wrote) != len(all) {
		t.Fatalf("%d commands wrote %d times\n%s", len(all), len(wrote), out)
	}
	return wrote
}

// walksBegan is before any walk.
var walksBegan = time.Now().UTC()

// like says whether lines are what a page says; a line … stands for any.
func like(want, got []string) bool {
	for len(want) > 0 && want[0] != "…" {
		if len(got) == 0 || want[0] != got[0] {
			return false
		}
		want, got = want[1:], got[1:]
	}
	if len(want) == 0 {
		return len(got) == 0
	}
	for i := range len(got) + 1 {
		if like(want[1:], got[i:]) {
			return true
		}
	}
	return false
}

// TestTheWalksAreTrue runs every walk-through of docs and holds it to what it says. With -update a page says what
// was written, save where it has …
func TestTheWalksAreTrue(t *testing.T) {
	pages, err := filepath.Glob("../../docs/walk-*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(string(text), "\n")
			all := stepsOf(lines)
			wrote := walk(t, all)
			out, at := []string(nil), 0
			for i, s := range all {
				same := like(s.wrote, wrote[i])
				if !same && !*update {
					t.Errorf("$ %s\nwrote\n%s\nand the page says\n%s", s.command, strings.Join(wrote[i], "\n"), strings.Join(s.wrote, "\n"))
				}
				out = append(out, lines[at:s.from]...)
				if same {
					out = append(out, s.wrote...)
				} else {
					out = append(out, wrote[i]...)
				}
				at = s.end
			}
			if *update {
				if err := os.WriteFile(page, []byte(strings.Join(append(out, lines[at:]...), "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
