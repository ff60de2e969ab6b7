// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile_test

import (
	"path/filepath"
	"testing"

	"github.com/writ-iot/writ/internal/profile"
)

func TestTheExamplesAreRead(t *testing.T) {
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d examples, %v: want a hospital, a bank and a maker", len(files), err)
	}
	for _, f := range files {
		if _, err := profile.Load(f, theLaw(t)); err != nil {
			t.Errorf("%v", err)
		}
	}
}
