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

func BenchmarkLoadFacts(b *testing.B) {
	for b.Loop() {
		if _, err := LoadFacts(os.DirFS("../catalogue"), []fact.Name{"service.telnet", "tls.used"}); err != nil {
			b.Fatal(err)
		}
	}
}
