// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/durable/durabletest"
)

func TestACaseOnAReadOnlyMediumIsReadAndSaidToBe(t *testing.T) {
	made, input := kept(t)
	dir, out := durabletest.Freeze(t, made), filepath.Join(t.TempDir(), "x.zip")
	notice := "writ: case " + dir + " lies where this process may not write: it is read as it stands\n"
	_, object, _ := writ(t, "report", "--case", made, "--format", "json")
	id := regexp.MustCompile(`[^"]+/8\.3\.2@device:[^"]+`).FindString(object)
	for _, args := range [][]string{{"report", "--case", dir}, {"why", "--case", dir, id}, {"fsck", dir},
		{"dossier", "--case", dir, "--out", out}} {
		status, said, errs := writ(t, args...)
		if status != exitDone || errs != notice || said == "" {
			t.Errorf("%q: %d %s", args, status, errs)
		}
	}
	if status, _, errs := writ(t, "verify", out); status != exitDone {
		t.Error(status, errs)
	}
	_, here, _ := writ(t, "why", "--case", made, id)
	if _, there, _ := writ(t, "why", "--case", dir, id); here != there || here == "" {
		t.Errorf("the case says %s, its copy %s", here, there)
	}
	status, _, errs := writ(t, "assess", "--case", dir, "--profile", "../../examples/bank.yaml", input)
	if status != exitBadInput || !strings.HasPrefix(errs, notice) || !strings.Contains(errs, "copy it to where you may write") {
		t.Errorf("%d %s", status, errs)
	}
}

func TestASecretKeyThatOthersCanReadIsRefused(t *testing.T) {
	dir, _ := kept(t)
	key := filepath.Join(dir, "keys", "log.key")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	status, out, errs := writ(t, "report", "--case", dir)
	if status != exitBadInput || out != "" || !strings.HasSuffix(errs, "chmod 600 "+key+"\n") {
		t.Errorf("%d %s%s", status, out, errs)
	}
	if status, out, errs := writ(t, "fsck", dir); status != exitDone || !strings.Contains(out, "\nnotice: keys/log.key has mode 0644") &&
		!strings.HasPrefix(out, "notice: keys/log.key has mode 0644") {
		t.Errorf("%d %s%s", status, out, errs)
	}
	status, _, errs = writ(t, "report", "--case", durabletest.Freeze(t, dir)) // where nobody can mend it
	if status != exitDone || strings.Count(errs, "keys/log.key has mode 0644") != 1 {
		t.Errorf("%d %s", status, errs)
	}
}
