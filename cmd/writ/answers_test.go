// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestAnswers runs the scripts of testdata/answers.
func TestAnswers(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/answers", RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"answers": answers, "fits": fits, "says": says, "exits": exits, "capture": makeCapture, "example": example,
			"law": smallLaw, "damage": damage, "taken": takenFrom,
		},
	})
}

// answers VARIANT STATUS ARGUMENT... runs writ with --format json: it ends in the status, what it writes is what
// its schema says and what stands in testdata/golden; - is no variant.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	name, out := fit(ts, args)
	golden(ts, name, args[0], ".json", out)
}

// fits is answers without a golden file, where each change of the law changes what is written.
func fits(ts *testscript.TestScript, _ bool, args []string) { fit(ts, args) }

func fit(ts *testscript.TestScript, args []string) (name string, out []byte) {
	name, out = ran(ts, append(args, "--format", "json"))
	s, err := schemaOf(name)
	ts.Check(err)
	for all := json.NewDecoder(bytes.NewReader(out)); ; { // what watches writes one result after another
		var raw json.RawMessage
		if err := all.Decode(&raw); err == io.EOF {
			return name, out
		} else if err != nil {
			ts.Fatalf("%s: %v\n%s", name, err, out)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		ts.Check(err)
		if err := s.Validate(v); err != nil {
			ts.Fatalf("%v\n%s", err, raw)
		}
	}
}

// says VARIANT STATUS ARGUMENT... is answers, of what people read.
func says(ts *testscript.TestScript, _ bool, args []string) {
	name, out := ran(ts, args)
	golden(ts, name, args[0], ".txt", out)
}

func ran(ts *testscript.TestScript, args []string) (name string, out []byte) {
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	got := 0
	if err := ts.Exec("writ", args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	return nameOfCommand(named(args[2:])), []byte(ts.ReadFile("stdout"))
}

// golden holds what was written to its golden file, apart from what differs from run to run.
func golden(ts *testscript.TestScript, name, variant, ext string, out []byte) {
	if variant != "-" {
		name += "." + variant
	}
	path := filepath.Join(goldenDir(), name+ext)
	got := []byte(masked(string(out)))
	if *update {
		ts.Check(os.WriteFile(path, got, 0o644))
		return
	}
	want, err := os.ReadFile(path)
	ts.Check(err)
	if !bytes.Equal(got, want) {
		ts.Fatalf("testdata/golden/%s%s: run with -update and look at the difference\n%s", name, ext,
			difference(string(want), string(got)))
	}
}

// difference is the first line at which two texts part.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "line " + strconv.Itoa(i+1) + "\nwant " + w[i] + "\ngot  " + g[i]
		}
	}
	return "one ends early"
}

var goldenDir = sync.OnceValue(func() string {
	dir, err := filepath.Abs("testdata/golden")
	if err != nil {
		panic(err) // no working directory
	}
	return dir
})

// masks take out what differs from run to run: signed keys, digests, hashes, sizes of what is packed, the toolchain,
// the year of a number, and which of two devices of a case has the lower ID.
var masks = []struct {
	what *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{40,}`), "+‹key›"},
	{regexp.MustCompile(`— (\S+) [A-Za-z0-9+/=]{40,}`), "— $1 ‹signature›"},
	{regexp.MustCompile(`\b[0-9a-f]{12,64}\b`), "‹id›"},
	{regexp.MustCompile(`[A-Za-z0-9+/]{43}=`), "‹hash›"},
	{regexp.MustCompile(`"(size|days_size)": \d+`), `"$1": ‹n›`},
	{regexp.MustCompile(`"(go|os|arch)": "[^"]*"`), `"$1": ‹build›`},
	{regexp.MustCompile(`built with go\S+`), "built with ‹build›"},
	{regexp.MustCompile(`\b20\d\d-(\d{3})\b`), "‹year›-$1"},
	{regexp.MustCompile(`\b10\.1\.1\.[12]\b`), "‹ip›"},
}

var instant = regexp.MustCompile(`\b(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?: ?(?:UTC|Z))?`)

func masked(out string) string {
	for _, m := range masks {
		out = m.what.ReplaceAllString(out, m.by)
	}
	days := []string{walksBegan.Format(time.DateOnly), walksBegan.AddDate(0, 0, 1).Format(time.DateOnly)}
	return instant.ReplaceAllStringFunc(out, func(s string) string {
		switch m := instant.FindStringSubmatch(s); {
		case !slices.Contains(days, m[1]):
			return s
		case m[2] == "":
			return "‹today›"
		}
		return "‹now›"
	})
}

// taken VARIABLE FILE REGEXP sets a variable to what the first group of an expression finds.
func takenFrom(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile(args[2]).FindStringSubmatch(ts.ReadFile(args[1]))
	if len(m) < 2 {
		ts.Fatalf("%s has no %s", args[1], args[2])
	}
	ts.Setenv(args[0], m[1])
}
