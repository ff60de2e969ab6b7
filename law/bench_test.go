// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"os"
	"testing"

	"github.com/writ-iot/writ/fact"
)

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(os.DirFS("../catalogue")); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoadCarried is how the program loads the law that it carries: from the trees made beside it.
func BenchmarkLoadCarried(b *testing.B) {
	packed, err := os.ReadFile("../catalogue/trees.bin")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		trees, err := ReadTrees(string(packed))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := LoadWith(trees, os.DirFS("../catalogue")); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoadFacts(b *testing.B) {
	for b.Loop() {
		if _, err := LoadFacts(os.DirFS("../catalogue"), []fact.Name{"service.telnet", "tls.used"}); err != nil {
			b.Fatal(err)
		}
	}
}
