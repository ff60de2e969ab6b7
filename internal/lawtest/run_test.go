// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"testing"

	"github.com/writ-iot/writ/catalogue"
)

// TestLawTestsComeTrue runs every law test that the program carries.
func TestLawTestsComeTrue(t *testing.T) {
	cat, engine := whole(t)
	s := Run(cat, catalogue.FS, engine)
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

// TestOneLawAloneJudgesAsAllTogether: what an instrument makes of a world does not depend on the others.
func TestOneLawAloneJudgesAsAllTogether(t *testing.T) {
	cat, all := whole(t)
	const name = "lawtests/us/hipaa-breach.lawtest"
	b, err := catalogue.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	tests, problems := readTestFile(cat, name, b)
	if err := problems.Err(); err != nil || len(tests) == 0 {
		t.Fatal(err)
	}
	for _, lt := range tests {
		for _, f := range lt.Check(all.Judge(lt.Input())) {
			t.Error(f)
		}
	}
}
