// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"testing"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func compiled(t *testing.T) (*law.Catalogue, *judge.Engine) {
	t.Helper()
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := judge.Compile(cat)
	if err != nil {
		t.Fatal(err)
	}
	return cat, engine
}

// TestLawTestsComeTrue runs every law test that the program carries.
func TestLawTestsComeTrue(t *testing.T) {
	cat, engine := compiled(t)
	s := RunTests(cat, catalogue.FS, engine)
	for _, f := range s.Failures {
		t.Error(f)
	}
	for _, p := range s.Problems {
		t.Error(p)
	}
	for _, i := range s.Instruments {
		if i.Tests == 0 {
			t.Errorf("%s has no law test", i.Instrument)
		}
	}
}
