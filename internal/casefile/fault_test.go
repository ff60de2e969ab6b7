// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package casefile

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/durable/durabletest"
)

// TestAnySingleFailingCallLeavesAValidCase is promise 3: in a run that appends, publishes and closes, each
// system call that touches the disk fails once, or kills. Whatever the writer says, what it had
// acknowledged is there afterwards and the case checks clean. WRIT_FAULTS is how often each call is reached,
// 8 for all of a run's; 1 by default.
func TestAnySingleFailingCallLeavesAValidCase(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("no strace here: scripts/test-tools.sh installs it; no system call was made to fail")
	}
	often := 1
	if s := os.Getenv("WRIT_FAULTS"); s != "" {
		var err error
		if often, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	whole := filled(t)
	broken := func(what string) bool {
		dir := filepath.Join(t.TempDir(), "case")
		durabletest.Copy(t, whole.dir, dir)
		return !injected(t, dir, what)
	}
	if broken("fsync:error=EIO:when=60000") { // which no run reaches
		t.Skip("strace may trace nothing here; no system call was made to fail")
	}
	n, hit := 0, 0
	for _, call := range []string{"openat", "write", "pwrite64", "fsync", "fdatasync", "renameat", "ftruncate", "mkdirat"} {
		for _, how := range []string{"error=EIO", "error=ENOSPC", "signal=KILL"} {
			for when := 1; when <= often; when++ {
				n++
				if broken(fmt.Sprintf("%s:%s:when=%d", call, how, when)) {
					hit++
				}
			}
		}
	}
	t.Logf("%d injections, %d of which the writer did not get past", n, hit)
	if hit < n/4 {
		t.Error("the faults hardly reach the writer: the test shows nothing")
	}
}

// injected runs a writer with a fault in its way, checks what it leaves, and says whether it got through.
func injected(t *testing.T, dir, what string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	args := []string{"-f", "-o", os.DevNull, "-P", dir}
	for _, name := range []string{database, database + "-wal", checkpoint + ".tmp", checkpoint, logDir,
		logDir + "/tile/0/000.p", logDir + "/tile/0/000.p/6.tmp"} {
		args = append(args, "-P", filepath.Join(dir, name))
	}
	cmd := exec.CommandContext(ctx, "strace", append(args, "-e", "inject="+what, os.Args[0])...)
	cmd.Env = append(os.Environ(), shortEnv+"="+dir)
	out, failed := cmd.Output()
	acked := map[int64]evidence.Digest{}
	lines := bufio.NewScanner(strings.NewReader(string(out)))
	for lines.Scan() {
		var index int64
		var d evidence.Digest
		if n, _ := fmt.Sscanf(lines.Text(), "acked %d %s", &index, &d); n == 2 && len(d) == 64 {
			acked[index] = d
		}
	}
	c, err := Open(t.Context(), dir, Options{Clock: func() time.Time { return noon.Add(time.Hour) }})
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return false
	}
	b := read(t, c)
	for i, d := range acked {
		if i >= int64(len(b.Entries)) || b.Entries[i].Digest != d {
			t.Errorf("%s: leaf %d was acknowledged and is lost", what, i)
		}
	}
	closeCase(t, c)
	if r, err := Fsck(t.Context(), dir); err != nil {
		t.Errorf("%s: %v %+v", what, err, r.Findings)
	}
	return failed == nil
}
