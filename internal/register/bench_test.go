// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
)

// roster writes a .csv of n rows.
func roster(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "roster.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "Employee,Employee ID,Course,Completed,Expires,Department")
	for i := range n {
		fmt.Fprintf(w, "Person %d,E%06d,Security awareness,2026-%02d-%02d,2027-%02d-01,Ward %d\n", i, i, i%10+1, i%28+1, i%12+1, i%40)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func BenchmarkHundredThousandRows(b *testing.B) {
	path := roster(b, 100_000)
	for b.Loop() {
		d, _ := newDesk(b)
		def := Defaults{Kind: "training", By: "people office"}
		if _, err := d.Import(b.Context(), path, def, How{}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		timed := func(what string, f func() error) {
			from := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(time.Since(from).Milliseconds()), "ms/"+what)
		}
		list := func(f Filter) func() error {
			return func() error { _, err := d.List(b.Context(), f); return err }
		}
		timed("list", list(Filter{}))
		timed("kind", list(Filter{Kind: "training"}))
		timed("valid", list(Filter{Kind: "training", Valid: fact.Day(20780)}))
		timed("ending", list(Filter{Kind: "training", From: fact.Day(20780), To: fact.Day(20800)}))
		timed("again", func() error { _, err := d.Import(b.Context(), path, def, How{}); return err })
		timed("close", func() error {
			_, err := d.Close(b.Context(), Closes{Kind: "training", By: "people office"})
			return err
		})
		b.StartTimer()
	}
}
