// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writ runs the program in this process.
func writ(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(""), &o, &e)
	return status, o.String(), e.String()
}

// started is a program of its own that waits for standard input.
type started struct {
	*exec.Cmd
	in   io.WriteCloser
	errs bytes.Buffer
}

func start(t *testing.T, args ...string) *started {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &started{Cmd: exec.CommandContext(t.Context(), self)}
	s.Args, s.Stderr = append([]string{"writ"}, args...), &s.errs // TestMain: a test binary called writ is one
	if s.in, err = s.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// held waits until a process holds a case.
func (s *started) held(t *testing.T, dir string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if b, err := os.ReadFile(filepath.Join(dir, "lock")); err == nil && string(b) == fmt.Sprintln(s.Process.Pid) {
			return
		}
	}
	t.Fatal("the case was never opened")
}

// kept makes a case that holds a capture with a login.
func kept(t *testing.T) (dir, input string) {
	t.Helper()
	input, dir = filepath.Join(t.TempDir(), "login.pcap"), filepath.Join(t.TempDir(), "x.case")
	b, err := clearLogin()
	if err == nil {
		err = os.WriteFile(input, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if status, _, errs := writ(t, "assess", "--case", dir, input); status != exitDone {
		t.Fatal(status, errs)
	}
	return dir, input
}

func TestASecondProcessIsRefusedTheCase(t *testing.T) {
	dir, input := kept(t)
	first := start(t, "assess", "--case", dir, "-")
	first.held(t, dir)
	for _, args := range [][]string{{"assess", "--case", dir, input}, {"report", "--case", dir}, {"dossier",
		"--case", dir}, {"fsck", dir}} {
		status, out, errs := writ(t, args...)
		want := fmt.Sprintf("it is in use by process %d: wait for its end, or end it", first.Process.Pid)
		if status != exitBadInput || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%q: %d %s%s", args, status, out, errs)
		}
	}
	first.in.Close() // an empty input is no capture
	if err := first.Wait(); first.ProcessState.ExitCode() != exitBadInput ||
		!strings.Contains(first.errs.String(), "the input is empty") {
		t.Errorf("%v: %s", err, first.errs.String())
	}
}

func TestAnInterruptedRunSaysSoAndKeepsWhatWasAcknowledged(t *testing.T) {
	dir, _ := kept(t)
	before, err := os.ReadFile(filepath.Join(dir, "log", "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, "assess", "--case", dir, "-")
	p.held(t, dir)
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.Wait()
	if p.ProcessState.ExitCode() != exitStopped || !strings.HasPrefix(p.errs.String(), "writ: stopped: ") {
		t.Errorf("%s: %s", p.ProcessState, p.errs.String())
	}
	if status, out, errs := writ(t, "fsck", dir); status != exitDone {
		t.Error(status, out, errs)
	}
	if after, err := os.ReadFile(filepath.Join(dir, "log", "checkpoint")); !bytes.Equal(after, before) {
		t.Errorf("the checkpoint changed: %v", err)
	}
}

func TestAnInterruptedReadGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe() // nobody writes
	defer w.Close()
	cancel()
	var out, errs bytes.Buffer
	if got := run(ctx, []string{"observe", "-"}, r, &out, &errs); got != exitStopped || out.Len() > 0 {
		t.Error(got, out.String(), errs.String())
	}
}
