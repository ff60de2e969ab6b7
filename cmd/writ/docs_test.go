// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pages are those whose paths and tests are held to be there.
var pages = []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md", "docs/adr/*.md"}

var (
	quoted   = regexp.MustCompile("`([^`\n]+)`")
	link     = regexp.MustCompile(`\]\(([^)#:]+)\)`)
	filePath = regexp.MustCompile(`^[\w.-]+(/[\w.*<>-]+)+/?$`)
	testName = regexp.MustCompile("^(Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*$")
)

func texts(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, glob := range pages {
		found, err := filepath.Glob(filepath.Join("../..", filepath.FromSlash(glob)))
		if err != nil || len(found) == 0 {
			t.Fatalf("no page %s: %v", glob, err)
		}
		for _, path := range found {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all[path] = string(b)
		}
	}
	return all
}

// roots are the directories that a path on a page may begin with; what begins otherwise is no path of the
// repository.
var roots = []string{"catalogue", "cmd", "docs", "evidence", "examples", "fact", "internal", "judge", "law", "proof", "scripts"}

func TestEveryPathThatAPageNamesIsThere(t *testing.T) {
	for page, text := range texts(t) {
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			path := m[1]
			if root, _, ok := strings.Cut(path, "/"); !ok || !filePath.MatchString(path) || !slices.Contains(roots, root) {
				continue
			}
			if found, err := filepath.Glob(filepath.Join("../..", filepath.FromSlash(path))); !strings.Contains(path, "<") && len(found) == 0 {
				t.Errorf("%s names %s, which is not there (%v)", page, path, err)
			}
		}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
}

// A test that a page names stands in the test file that the page names next.
func TestEveryTestThatAPageNamesIsThere(t *testing.T) {
	n := 0
	for page, text := range texts(t) {
		var waiting []string
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			switch {
			case testName.MatchString(m[1]):
				waiting = append(waiting, m[1])
			case strings.HasSuffix(m[1], "_test.go"):
				b, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(m[1])))
				if err != nil {
					t.Errorf("%s: %v", page, err)
				}
				for _, name := range waiting {
					if !strings.Contains(string(b), "func "+name+"(") {
						t.Errorf("%s: %s has no %s", page, m[1], name)
					}
					n++
				}
				waiting = nil
			}
		}
		for _, name := range waiting {
			t.Errorf("%s names %s and not its file", page, name)
		}
	}
	if n < 11 {
		t.Errorf("%d tests are named, want one for each row of docs/life-of-a-packet.md at least", n)
	}
}

// The table of the house names every package, and no other.
func TestTheArchitectureNamesEveryPackage(t *testing.T) {
	b, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	dirs, err := filepath.Glob("../../internal/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		if name := "`internal/" + filepath.Base(dir) + "`"; !strings.Contains(string(b), name) {
			t.Errorf("docs/architecture.md does not name %s", name)
		}
	}
}
