// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package plantest assesses the made-up hospital for the tests of plans and risks.
package plantest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/examples"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/demo"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Now is the time of each run.
var Now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

var loaded = sync.OnceValues(func() (*law.Catalogue, error) { return law.Load(catalogue.FS) })

var compiled = sync.OnceValues(func() (*judge.Engine, error) {
	cat, err := loaded()
	if err != nil {
		return nil, err
	}
	return judge.Compile(cat)
})

// Catalogue is the law, read once.
func Catalogue(t *testing.T) *law.Catalogue {
	t.Helper()
	cat, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// Nothing is an assessment of which nothing is known.
func Nothing(t *testing.T) *assess.Assessment {
	t.Helper()
	e, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	o := assess.Options{Catalogue: Catalogue(t), Engine: e, Now: Now}
	o.Question.Day, o.Question.All = fact.DayOf(Now), true
	a, err := assess.Run(t.Context(), nil, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var hospital = sync.OnceValues(func() (*assess.Assessment, error) { return run(nil) })

// Hospital is the demo's capture judged with its profile, once for all tests of a package. With changes,
// which replace text of the profile, it is judged anew.
func Hospital(t *testing.T, changes ...string) *assess.Assessment {
	t.Helper()
	of := hospital
	if len(changes) > 0 {
		of = func() (*assess.Assessment, error) { return run(changes) }
	}
	a, err := of()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func run(changes []string) (*assess.Assessment, error) {
	dir, err := os.MkdirTemp("", "writ-plan-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var b bytes.Buffer
	if _, err := demo.Capture(&b); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "hospital.pcap")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		return nil, err
	}
	cat, err := loaded()
	if err != nil {
		return nil, err
	}
	e, err := compiled()
	if err != nil {
		return nil, err
	}
	text, err := examples.FS.ReadFile("hospital.yaml")
	if err != nil {
		return nil, err
	}
	p, err := profile.Parse("hospital.yaml", []byte(strings.NewReplacer(changes...).Replace(string(text))), cat)
	if err != nil {
		return nil, err
	}
	o := assess.Options{Catalogue: cat, Engine: e, Profile: p, Now: Now}
	o.Question.Day, o.Question.All = fact.DayOf(Now), true
	return assess.Run(context.Background(), []string{path}, o)
}
