// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/catalogue"
)

func TestTreesSayWhatTheFilesSay(t *testing.T) {
	b, err := EncodeTrees(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != catalogue.Trees {
		t.Error("the trees that the program carries are not those of its files: go generate ./catalogue")
	}
	trees, err := ReadTrees(string(b))
	if err != nil {
		t.Fatal(err)
	}
	names, err := catalogueFiles(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		src, err := fs.ReadFile(catalogue.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := ParseYAML(name, src)
		if err != nil {
			t.Fatal(err)
		}
		if got := trees.of(name, src); got == nil || !same(got, want) {
			t.Errorf("%s: its tree is another", name)
		}
		if trees.of(name, append(src, ' ')) != nil {
			t.Errorf("%s: a tree stands for bytes that it was not made of", name)
		}
	}
}

// same compares nodes, an empty list of parts with none.
func same(a, b *Node) bool {
	if a.Kind != b.Kind || a.Pos != b.Pos || a.Text != b.Text || a.Quoted != b.Quoted || a.Empty != b.Empty ||
		len(a.Entries) != len(b.Entries) || len(a.Items) != len(b.Items) {
		return false
	}
	for i := range a.Entries {
		x, y := a.Entries[i], b.Entries[i]
		if x.Key != y.Key || x.Pos != y.Pos || !same(x.Value, y.Value) {
			return false
		}
	}
	for i := range a.Items {
		if !same(a.Items[i], b.Items[i]) {
			return false
		}
	}
	return true
}

func TestACatalogueIsTheSameWithTrees(t *testing.T) {
	trees, err := ReadTrees(catalogue.Trees)
	if err != nil {
		t.Fatal(err)
	}
	with, err := LoadWith(trees, catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	without, err := Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	if with.Digest != without.Digest || !reflect.DeepEqual(with.Provisions, without.Provisions) || !reflect.DeepEqual(with.Controls, without.Controls) {
		t.Error("the catalogue differs")
	}
}

// A file laid over the catalogue is read from its own bytes, whatever the trees hold under its name.
func TestAnOverlayIsNotReadFromTrees(t *testing.T) {
	trees, err := ReadTrees(catalogue.Trees)
	if err != nil {
		t.Fatal(err)
	}
	src, err := fs.ReadFile(catalogue.FS, "instruments/eu/cra.yaml")
	if err != nil {
		t.Fatal(err)
	}
	ours := strings.Replace(string(src), "short: CRA\n", "short: OURS\n", 1)
	c, err := LoadWith(trees, Overlay(catalogue.FS, fstest.MapFS{"instruments/eu/cra.yaml": {Data: []byte(ours)}}))
	if err != nil {
		t.Fatal(err)
	}
	if i, _ := c.Instrument("eu/cra"); i.Short != "OURS" {
		t.Errorf("the law is %q, want the overlay's", i.Short)
	}
}

func FuzzTrees(f *testing.F) {
	f.Add([]byte("\x01\x01\x01\x01\x01a\x01\x02\x00\x01\x03\x01b"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := treeReader{s: string(b)}
		r.node(0)
	})
}

func BenchmarkTrees(b *testing.B) {
	trees, err := ReadTrees(catalogue.Trees)
	if err != nil {
		b.Fatal(err)
	}
	for name, t := range map[string]*Trees{"trees": trees, "yaml": nil} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := LoadWith(t, catalogue.FS); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("reading trees", func(b *testing.B) {
		for b.Loop() {
			if _, err := ReadTrees(catalogue.Trees); err != nil {
				b.Fatal(err)
			}
		}
	})
}
