// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"
)

// roster is a list of n rows and eight columns, as a .csv and as another program's workbook.
func roster(b *testing.B, n int) (csv, xlsx []byte) {
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	var text bytes.Buffer
	for i := range n + 1 {
		cells := make([]any, 8)
		for c := range cells {
			v := fmt.Sprintf("value %d of row %d", c, i)
			if i == 0 {
				v = fmt.Sprintf("heading %d", c)
			}
			cells[c] = v
			fmt.Fprintf(&text, "%s,", v)
		}
		text.WriteByte('\n')
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		b.Fatal(err)
	}
	return text.Bytes(), out.Bytes()
}

func BenchmarkReadHundredThousandRows(b *testing.B) {
	const n = 100_000
	csv, xlsx := roster(b, n)
	for name, content := range map[string][]byte{"csv": csv, "xlsx": xlsx} {
		b.Run(name, func(b *testing.B) {
			path := file(b, "roster", content)
			for b.Loop() {
				s, err := Open(path, Limits{})
				if err != nil {
					b.Fatal(err)
				}
				rows := 0
				for _, err := range s.Rows(s.Tabs[0]) {
					if err != nil {
						b.Fatal(err)
					}
					rows++
				}
				if s.Close(); rows != n+1 {
					b.Fatalf("%d rows", rows)
				}
			}
		})
	}
}
