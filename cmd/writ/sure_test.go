// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
)

// full is a stream on a disk that has room for so many bytes.
type full int

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), int(*f))
	*f -= full(n)
	if n < len(p) {
		return n, syscall.ENOSPC
	}
	return n, nil
}

// The help of every command, and of those below it, is walked.
func TestHelpThatCannotBeWrittenIsAnError(t *testing.T) {
	var walk func(path []string, all []*cobra.Command)
	walk = func(path []string, all []*cobra.Command) {
		for _, c := range all {
			at := append(path[:len(path):len(path)], c.Name())
			refusesToLose(t, append(at[:len(at):len(at)], "--help"), 10)
			walk(at, c.Commands())
		}
	}
	walk(nil, commands(newDoor(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})))
	for _, args := range [][]string{{}, {"help"}, {"--help"}, {"help", "assess"}, {"law"}, {"completion", "bash"}} {
		refusesToLose(t, args, 10)
	}
}

func TestAResultThatCannotBeWrittenIsAnError(t *testing.T) {
	dir, input := kept(t)
	for _, args := range [][]string{{"version"}, {"law", "list"}, {"observe", input}, {"observe", "--format", "json", input},
		{"observe", "--format", "jsonl", input}, {"report", "--case", dir}, {"report", "--case", dir, "--format", "json"},
		{"report", "--case", dir, "--format", "html"}, {"fsck", dir}, {"fsck", "--format", "json", dir}, {"rebuild", dir},
		{"dossier", "--case", dir, "--out", filepath.Join(t.TempDir(), "x.zip")},
		{"assess", "--profile", "../../examples/bank.yaml", input}, {"law", "recipients"}} {
		refusesToLose(t, args, 0)
		refusesToLose(t, args, 1)
	}
}

// refusesToLose runs the program with room for so many bytes of output.
func refusesToLose(t *testing.T, args []string, room int) {
	t.Helper()
	f, errs := full(room), bytes.Buffer{}
	status := run(t.Context(), args, strings.NewReader(""), &f, &errs)
	if status != exitBadInput || strings.Count(errs.String(), syscall.ENOSPC.Error()) != 1 {
		t.Errorf("writ %q, with room for %d bytes: %d %s", args, room, status, errs.String())
	}
}
