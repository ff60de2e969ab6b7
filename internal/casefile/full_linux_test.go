// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/writ-iot/writ/internal/kind"
)

// Promise 4: on a full disk reading goes on, writing is refused as such, and it passes without opening
// the case again.
func TestAFullDiskIsSaidAndPasses(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	c, err := Create(t.Context(), filepath.Join(disk, "small.case"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	acked := 0
	for n := 0; ; n += 50 {
		if n > 20_000 {
			t.Fatal("the disk does not fill")
		}
		if _, err = c.Append(t.Context(), drafts(n, n+50)); err != nil {
			break
		}
		acked += 50
	}
	if kind.Of(err) != kind.Full {
		t.Errorf("append to a full disk: %v (kind %v)", err, kind.Of(err))
	}
	if _, err := c.Keep(t.Context(), bytes.NewReader(make([]byte, 2<<20))); kind.Of(err) != kind.Full {
		t.Errorf("an artefact on a full disk: %v", err)
	}
	if n := len(read(t, c).Entries); n != acked {
		t.Errorf("%d statements are read, %d were acknowledged", n, acked)
	}
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=8m"); err != nil {
		t.Fatal(err)
	}
	add(t, c, drafts(100_000, 100_010)...)
	closeCase(t, c)
	if r := sound(t, c.dir); r.Statements != acked+10 {
		t.Errorf("%d statements, %d were acknowledged", r.Statements, acked+10)
	}
	if left, err := filepath.Glob(filepath.Join(c.dir, artefacts, "*.tmp")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(c.dir, checkpoint)); err != nil {
		t.Error(err)
	}
}
