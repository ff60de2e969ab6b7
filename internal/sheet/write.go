// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// IDHeading heads the column by which a list that comes back is known.
const IDHeading = "writ-id"

// List is one that goes out to people and comes back.
type List struct {
	Name    string // of its sheet
	Columns []Column
}

// Column is one of a list's columns.
type Column struct {
	Key   string // what the program calls it
	Title string // its heading
	Day   bool   // it holds days
	Fixed bool   // shown only: what comes back changed is refused
	Why   string // it is fixed, as the refusal says it
	Width int    // in characters; 0: 18
}

// Item is one row of a list: its ID and its cells by column.
type Item struct {
	ID    string
	Cells []string
}

// maxCell is how long a cell of a workbook can be, in characters.
const maxCell = 32_767

// XLSX writes the list as a workbook. Every cell is text: nothing in it is a formula.
func (l *List) XLSX(w io.Writer, items iter.Seq[Item]) error {
	if err := l.xlsx(w, items); err != nil {
		return fmt.Errorf("writing the list %s: %w", l.Name, err)
	}
	return nil
}

func (l *List) xlsx(w io.Writer, items iter.Seq[Item]) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", l.Name); err != nil {
		return err
	}
	s, err := f.NewStreamWriter(l.Name)
	if err != nil {
		return err
	}
	faint, err := l.prepare(f, s)
	if err != nil {
		return err
	}
	row := 1
	for item := range items {
		row++
		cells := make([]any, 1+len(l.Columns))
		cells[0] = excelize.Cell{StyleID: faint, Value: item.ID}
		for i := range l.Columns {
			cells[1+i] = clip(at(item.Cells, i))
			if l.Columns[i].Fixed {
				cells[1+i] = excelize.Cell{StyleID: faint, Value: cells[1+i]}
			}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", row), cells); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// prepare writes the headings, and gives the style of what is shown only.
func (l *List) prepare(f *excelize.File, s *excelize.StreamWriter) (faint int, err error) {
	if faint, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Color: "808080"}}); err != nil {
		return 0, err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return 0, err
	}
	head := []any{excelize.Cell{StyleID: faint, Value: IDHeading}}
	if err := s.SetColWidth(1, 1, 14); err != nil {
		return 0, err
	}
	for i, c := range l.Columns {
		wide := c.Width
		or(&wide, 18)
		if err := s.SetColWidth(i+2, i+2, float64(wide)); err != nil {
			return 0, err
		}
		head = append(head, excelize.Cell{StyleID: bold, Value: c.Title})
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2",
		ActivePane: "bottomLeft"}); err != nil {
		return 0, err
	}
	return faint, s.SetRow("A1", head)
}

func at(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

// clip ends a text where a cell of a workbook does, and says so.
func clip(v string) string {
	if utf8.RuneCountInString(v) <= maxCell {
		return v
	}
	return string([]rune(v)[:maxCell-2]) + " …"
}

// CSV writes the list as text with commas, in UTF-8 with a byte order mark. A cell that a program could take
// for a formula is guarded by a quote before it, which Rows takes off again.
func (l *List) CSV(w io.Writer, items iter.Seq[Item]) error {
	b := bufio.NewWriter(w)
	_, _ = b.WriteString("\ufeff") // Flush says what goes wrong
	out := csv.NewWriter(b)
	head := []string{IDHeading}
	for _, c := range l.Columns {
		head = append(head, guard(c.Title))
	}
	_ = out.Write(head)
	for item := range items {
		row := []string{guard(item.ID)}
		for i := range l.Columns {
			row = append(row, guard(at(item.Cells, i)))
		}
		if err := out.Write(row); err != nil {
			break
		}
	}
	out.Flush()
	err := out.Error()
	if err == nil {
		err = b.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the list %s: %w", l.Name, err)
	}
	return nil
}

func guard(v string) string {
	if risky(strings.TrimLeft(v, "'")) {
		return "'" + v
	}
	return v
}
