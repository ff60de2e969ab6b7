// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// oneFile is a catalogue of one file, to lay over another.
type oneFile struct{ name, text string }

func (o oneFile) Open(name string) (fs.File, error) {
	return fstest.MapFS{o.name: {Data: []byte(o.text)}}.Open(name)
}

func sampleSite(t *testing.T) *Site {
	t.Helper()
	return made(t, os.DirFS("../lawtool/testdata/catalogue"))
}

func TestASiteIsWrittenWhole(t *testing.T) {
	s, parent := sampleSite(t), t.TempDir()
	dir := filepath.Join(parent, "site")
	for range 2 { // anew over the earlier one
		if err := s.Write(dir); err != nil {
			t.Fatal(err)
		}
		found, err := listing(dir)
		if err != nil || len(found) != len(s.Files)+1 {
			t.Fatalf("%d files of %d and the marker, %v", len(found), len(s.Files), err)
		}
		delete(s.Files, "about.html") // what the new one does not hold is gone
	}
	left, err := os.ReadDir(parent)
	if err != nil || len(left) != 1 {
		t.Errorf("beside the site stands %v, %v", left, err)
	}
	empty := filepath.Join(parent, "empty")
	if err := os.Mkdir(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(empty); err != nil {
		t.Errorf("an empty directory is refused: %v", err)
	}
}

func TestNothingOfOthersIsLost(t *testing.T) {
	s, parent := sampleSite(t), t.TempDir()
	put := func(name string) string {
		t.Helper()
		name = filepath.Join(parent, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	mine := put("thesis/chapter.txt")
	site := filepath.Join(parent, "site")
	if err := s.Write(site); err != nil {
		t.Fatal(err)
	}
	note := put("site/xx/note.txt")
	for dir, want := range map[string]string{
		filepath.Dir(mine): "holds chapter.txt and no earlier site",
		site:               "holds xx/note.txt, which the earlier site did not write",
		mine:               "not a directory",
		".":                "the one you are in",
		"..":               "the one you are in",
		filepath.Join(parent, "no", "such", "site"): "no such file or directory",
	} {
		if err := s.Write(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", dir, err, want)
		}
	}
	for _, name := range []string{mine, note, filepath.Join(site, "index.html")} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}

// TestAFailureLeavesTheOldSite: a site that cannot be written leaves what was there.
func TestAFailureLeavesTheOldSite(t *testing.T) {
	s, parent := sampleSite(t), t.TempDir()
	dir := filepath.Join(parent, "site")
	if err := s.Write(dir); err != nil {
		t.Fatal(err)
	}
	s.Files["index.html/below"] = []byte("a file cannot be a directory too")
	if err := s.Write(dir); err == nil {
		t.Error("an impossible site was written")
	}
	if _, err := os.Stat(filepath.Join(dir, "index.html")); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) != 1 {
		t.Errorf("beside the site stands %v, %v", left, err)
	}
}
