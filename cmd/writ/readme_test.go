// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// shown are the commands of a page: indented lines, each a command and, after a wider space, what it does.
func shown(t *testing.T, page, program string) (commands []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../..", page))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if line, ok := strings.CutPrefix(line, "    "+program+" "); ok {
			command, _, _ := strings.Cut(strings.TrimRight(line, "\n"), "   ")
			commands = append(commands, program+" "+command)
		}
	}
	if len(commands) == 0 {
		t.Fatalf("%s shows no %s", page, program)
	}
	return commands
}

// TestTheReadmeWorks runs what README.md shows, in its order, in a directory that holds a capture.
func TestTheReadmeWorks(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell to run it with")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, bin := t.TempDir(), t.TempDir()
	b, err := clearLogin()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "capture.pcap"), b, 0o600)
	}
	if err == nil {
		err = os.Symlink(self, filepath.Join(bin, "writ")) // TestMain: a test binary called writ is one
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range shown(t, "README.md", "writ") {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		c := exec.CommandContext(ctx, sh, "-c", command)
		c.Dir, c.Env = dir, append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
		c.Stdin = strings.NewReader("A Clinic\nits officer\nq\n")
		out, err := c.CombinedOutput()
		cancel()
		if err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
}

// TestPagesNameTargetsThatThereAre holds "make …" on a page to the Makefile, whose help names each target.
func TestPagesNameTargetsThatThereAre(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"README.md", "CONTRIBUTING.md"} {
		for _, command := range shown(t, page, "make") {
			target := strings.Fields(command)[1]
			if !regexp.MustCompile(`(?m)^` + target + `:.*## \S`).Match(makefile) {
				t.Errorf("%s says make %s, and the Makefile has no such target with its help", page, target)
			}
		}
	}
}
