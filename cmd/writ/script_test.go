// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"

	"github.com/writ-iot/writ/examples"
	"github.com/writ-iot/writ/internal/demo"
)

// smallLawDir is absolute: scripts run in directories of their own.
var smallLawDir = sync.OnceValue(func() string {
	dir, err := filepath.Abs("testdata/law")
	if err != nil {
		panic(err) // no working directory
	}
	return dir
})

var update = flag.Bool("update", false, "write what the program says into the scripts")

// TestMain makes the test binary a writ when it is called so: a script runs the program itself.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"writ": main}) }

// TestScripts runs each script of testdata/script: a command, its exit status, what it says.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "capture": makeCapture, "cut": cut, "gzip": gzipped, "example": example,
			"intrude": intrude, "forge": forge, "listed": listed,
			"law": smallLaw, "holds": holds, "damage": damage, "grab": grab, "replaced": replaced,
		},
	})
}

// exits STATUS PROGRAM [ARGUMENT...] runs a program that must end in the status.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// hospital is the demo's capture, made once.
var hospital = sync.OnceValues(func() ([]byte, error) {
	var b bytes.Buffer
	_, err := demo.Capture(&b)
	return b.Bytes(), err
})

// capture FILE KIND makes a capture: hospital (the demo's), login (a login in clear), none (without a frame).
func makeCapture(ts *testscript.TestScript, _ bool, args []string) {
	var b []byte
	var err error
	switch args[1] {
	case "hospital":
		b, err = hospital()
	case "login":
		b, err = clearLogin()
	case "none":
		b, err = pcap()
	default:
		ts.Fatalf("no such capture: %s", args[1])
	}
	ts.Check(err)
	write(ts, args[0], b)
}

func write(ts *testscript.TestScript, name string, b []byte) {
	ts.Check(os.WriteFile(ts.MkAbs(name), b, 0o600))
}

func read(ts *testscript.TestScript, name string) []byte { return []byte(ts.ReadFile(name)) }

// cut FILE BYTES keeps the first bytes of a file.
func cut(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	write(ts, args[0], read(ts, args[0])[:n])
}

// gzip FILE makes FILE.gz.
func gzipped(ts *testscript.TestScript, _ bool, args []string) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(read(ts, args[0]))
	ts.Check(errors.Join(err, z.Close()))
	write(ts, args[0]+".gz", b.Bytes())
}

// example NAME takes an example's profile.
func example(ts *testscript.TestScript, _ bool, args []string) {
	b, err := examples.FS.ReadFile(args[0])
	ts.Check(err)
	write(ts, args[0], b)
}

// intrude CASE SQL changes a case's database as an intruder would.
func intrude(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", "file:"+ts.MkAbs(args[0])+"/case.db")
	ts.Check(err)
	defer db.Close()
	r, err := db.Exec(args[1])
	ts.Check(err)
	if n, err := r.RowsAffected(); n == 0 {
		ts.Fatalf("nothing was changed: %v", err)
	}
}

// listed DIR [NAME...] holds a directory to the names that lie in it.
func listed(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(args[1:], " ") {
		ts.Fatalf("%s holds %q, want %q", args[0], got, args[1:])
	}
}

// holds DOSSIER PREFIX says whether an entry's name begins so.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	found := false
	for name := range entries(ts, args[0]) {
		found = found || strings.HasPrefix(name, args[1])
	}
	if found == neg {
		ts.Fatalf("%s: an entry %s…: %t", args[0], args[1], found)
	}
}

// damage DIR changes a byte of each file below it.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		b[len(b)-1] ^= 1
		return os.WriteFile(path, b, 0o600)
	}))
}

// law DIR takes a law of two provisions, about logins in clear and a policy: judging by it takes no time.
func smallLaw(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(smallLawDir())))
}
