// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package writ_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module = "github.com/writ-iot/writ/"

// floors lists the packages from the ground up. A package imports only from floors below its own; a
// prefix ending in / covers what lies beneath it. The order is the house's drawing
// (docs/architecture.md).
var floors = [][]string{
	{"fact"},
	{"law"},
	{"judge/expr"},
	{"judge"},
	{"evidence"},
	{"proof"},
	{"catalogue", "examples"},
	{"internal/kind", "internal/observation", "internal/browsertest", "internal/prooftest"},
	{"internal/durable", "internal/durable/"},
	{"internal/secret", "internal/text", "internal/credential"},
	{"internal/sheet", "internal/mail"},
	{"internal/protocol"},
	{"internal/protocol/"},
	{"internal/capture", "internal/packet"},
	{"internal/flow", "internal/scan", "internal/sensitive"},
	{"internal/inventory", "internal/identify", "internal/identify/"},
	{"internal/check"},
	{"internal/observe", "internal/observation/"},
	{"internal/observe/"},
	{"internal/page", "internal/paper", "internal/ical", "internal/person"},
	{"internal/clock", "internal/risk", "internal/risk/register", "internal/plan", "internal/ledger"},
	{"internal/incident"},
	{"internal/store", "internal/store/", "internal/blob"},
	{"internal/casefile", "internal/lawbundle"},
	{"internal/journal"},
	{"internal/register"},
	{"internal/inbox", "internal/request"},
	{"internal/profile"},
	{"internal/lawtest"},
	{"internal/lawlint"},
	{"internal/readiness"},
	{"internal/lawtool", "internal/lawtool/", "internal/lawsite"},
	{"internal/assess"},
	{"internal/issue", "internal/history", "internal/intake", "internal/supplier"},
	{"internal/report"},
	{"internal/audience"},
	{"internal/incident/book", "internal/incident/show", "internal/incident/remind"},
	{"internal/plan/show", "internal/risk/show"},
	{"internal/demo", "internal/demo/"},
	{"internal/plan/plantest"},
	{"cmd/"},
}

// pure packages do no I/O and read no clock: the verdict's proof rests on that.
var pure = []string{"fact", "judge", "judge/expr", "internal/ledger", "internal/clock", "internal/risk", "internal/risk/register", "internal/plan", "internal/incident"}

// forbidden to pure packages, and why.
var impure = []string{"os", "net", "net/http", "database/sql", "math/rand", "math/rand/v2", "crypto/rand"}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("listing packages: %v", err)
	}
	var all []listed
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// floor is the package's floor: an exact name first, then the longest covering prefix; -1 for none.
func floor(pkg string) int {
	best, at := 0, -1
	for i, names := range floors {
		for _, n := range names {
			if n == pkg {
				return i
			}
			if strings.HasSuffix(n, "/") && strings.HasPrefix(pkg, n) && len(n) > best {
				best, at = len(n), i
			}
		}
	}
	return at
}

func TestImportsGoDownOnly(t *testing.T) {
	for _, p := range packages(t) {
		pkg, ok := strings.CutPrefix(p.ImportPath, module)
		if !ok {
			continue
		}
		from := floor(pkg)
		if from < 0 {
			t.Errorf("package %s stands on no floor: add it to the drawing in arch_test.go", pkg)
			continue
		}
		for _, imp := range p.Imports {
			to, ok := strings.CutPrefix(imp, module)
			if !ok {
				continue
			}
			if floor(to) > from {
				t.Errorf("%s imports %s, which stands above it", pkg, to)
			}
			if isExported(pkg) && strings.HasPrefix(to, "internal/") {
				t.Errorf("%s imports %s: an outside verifier could not follow", pkg, to)
			}
		}
	}
}

func isExported(pkg string) bool {
	return !strings.HasPrefix(pkg, "internal/") && !strings.HasPrefix(pkg, "cmd/")
}

func TestPurePackagesTouchNothing(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range pure {
			if p.ImportPath != module+name {
				continue
			}
			for _, imp := range p.Imports {
				for _, bad := range impure {
					if imp == bad {
						t.Errorf("%s imports %s: a verdict must be a pure function of what it is given", name, imp)
					}
				}
			}
		}
	}
}

// TestFilesStayReadable holds every hand-written file under 600 lines.
func TestFilesStayReadable(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".gen.go") {
			return err
		}
		b, err := os.ReadFile(path)
		if n := strings.Count(string(b), "\n"); n > 600 {
			t.Errorf("%s has %d lines: split it by duty", path, n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
