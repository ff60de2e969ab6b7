// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/writ-iot/writ/internal/check"
)

// TestBenignCapturesShowNoFault looks at captures of blameless traffic, where they are at hand: beside the
// checkout, and no part of it.
func TestBenignCapturesShowNoFault(t *testing.T) {
	paths, _ := filepath.Glob("../../../shared/captures/dev/benign/*.pcap*")
	if len(paths) == 0 {
		t.Skip("the captures with known answers are not here")
	}
	for _, p := range paths {
		s, err := Look(context.Background(), []string{p}, Options{})
		if err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		for c := range s.Claims() {
			if c.Value.IsTrue() && check.Fault(c.Fact) {
				t.Errorf("%s: %s of %s, seen in %+v", filepath.Base(p), c.Fact, c.Subject, c.Sources)
			}
		}
	}
}
