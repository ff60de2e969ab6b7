// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
)

func TestAnOverlayReplacesByPathAndAddsTheRest(t *testing.T) {
	base := fstest.MapFS{"catalogue.yaml": {Data: []byte("v1")}, "facts/a.yaml": {Data: []byte("a")}, "facts/b.yaml": {Data: []byte("b")},
		"instruments/eu/cra.yaml": {Data: []byte("cra")}}
	over := fstest.MapFS{"facts/b.yaml": {Data: []byte("B")}, "facts/c.yaml": {Data: []byte("c")}, "instruments/xx/own.yaml": {Data: []byte("own")}}
	both := Overlay(base, over)
	if err := fstest.TestFS(both, "catalogue.yaml", "facts/a.yaml", "facts/b.yaml", "facts/c.yaml", "instruments/eu/cra.yaml", "instruments/xx/own.yaml"); err != nil {
		t.Error(err)
	}
	if b, err := fs.ReadFile(both, "facts/b.yaml"); err != nil || string(b) != "B" {
		t.Errorf("facts/b.yaml is %q, %v: the overlay's should stand", b, err)
	}
	replaced, added, err := Overrides(base, over)
	if err != nil || !slices.Equal(replaced, []string{"facts/b.yaml"}) || !slices.Equal(added, []string{"facts/c.yaml", "instruments/xx/own.yaml"}) {
		t.Errorf("replaces %v, adds %v, %v", replaced, added, err)
	}
}
