// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"testing"
	"time"

	"github.com/writ-iot/writ/catalogue"
)

func BenchmarkLoad(b *testing.B) {
	all, err := base()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Load(catalogue.FS, all.cat); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkClocks lists the clocks of one incident over every law of the catalogue that binds, or may.
func BenchmarkClocks(b *testing.B) {
	all, err := base()
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	i, err := Fold([]Recorded{{Entry: Entry{Incident: "INC-2026-001", By: "x", At: at, Open: &Opening{Title: "t", Zone: "Europe/Dublin"},
		Facts: []Said{{Key: "awareness", Value: "2026-11-24T10:20:00Z"}, {Key: "data.personal", Value: "yes"}}}}})
	if err != nil {
		b.Fatal(err)
	}
	w := everyLaw(all, at)
	for b.Loop() {
		all.vocabulary.Clocks(i[0], w)
	}
}
