// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register_test

import (
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/risk/register"
)

// FuzzData reads any text in the place of one of the three files. What is read weighs every pair of steps.
func FuzzData(f *testing.F) {
	names := []string{"scales.yaml", "threats.yaml", "analyses.yaml"}
	files := map[string][]byte{}
	for i, name := range names {
		b, err := catalogue.FS.ReadFile("risk/" + name)
		if err != nil {
			f.Fatal(err)
		}
		files[name] = b
		f.Add(i, string(b))
	}
	f.Add(0, "scales: {source: x, likelihood: [], impact: [], levels: [], matrix: [[a]], severity: {low: 0}}")
	f.Fuzz(func(t *testing.T, which int, text string) {
		fsys := fstest.MapFS{}
		for i, name := range names {
			fsys["risk/"+name] = &fstest.MapFile{Data: files[name]}
			if i == which {
				fsys["risk/"+name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		d, err := register.Load(fsys)
		if err != nil {
			return
		}
		for l := 1; l <= 5; l++ {
			for i := 1; i <= 5; i++ {
				if n := d.Scales.Level(l, i); n < 0 || n >= len(d.Scales.Levels) {
					t.Fatalf("level %d of %d", n, len(d.Scales.Levels))
				}
			}
		}
	})
}
