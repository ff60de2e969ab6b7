// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// rows hands a sheet's rows to take. A sheet that breaks off before its end is an error.
func (b *workbook) rows(t Tab, l Limits, take func(Row) error) error {
	toks, err := b.open(t.part)
	if err != nil {
		return err
	}
	defer toks.part.Close()
	r := &rowReader{tokens: toks, l: l, sheet: t.Name}
	for {
		tok, err := toks.next()
		if err != nil {
			return fmt.Errorf("after row %d: %w", r.last, unfinished(err))
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if e.Name.Local != "row" {
				continue
			}
			row, err := r.row(e)
			if err != nil {
				return fmt.Errorf("row %d: %w", row.Number, unfinished(err))
			}
			if err := take(row); err != nil {
				return err
			}
		case xml.EndElement:
			if e.Name.Local == "worksheet" {
				return nil
			}
		}
	}
}

type rowReader struct {
	*tokens
	l     Limits
	sheet string
	last  int
	hint  bool
}

func (r *rowReader) row(e xml.StartElement) (Row, error) {
	row := Row{Sheet: r.sheet, Number: r.last + 1}
	if v := attr(e, "r"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n <= r.last || n > 1<<20 {
			return row, fmt.Errorf("the row after it says that it is row %.20q", v)
		}
		row.Number = n
	}
	r.last = row.Number
	for {
		tok, err := r.next()
		if err != nil {
			return row, err
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			if err := r.cell(&row, e); err != nil {
				return row, err
			}
		case xml.EndElement:
			if e.Name.Local == "row" {
				return row, nil
			}
		}
	}
}

// cell reads one cell into its place. Cells that are empty take none.
func (r *rowReader) cell(row *Row, e xml.StartElement) error {
	at := len(row.Cells)
	if ref := attr(e, "r"); ref != "" {
		n, ok := column(ref)
		if !ok || n < at {
			return fmt.Errorf("a cell says that it is %.20q: want columns in order", ref)
		}
		at = n
	}
	c, err := r.content(e)
	if err != nil {
		return fmt.Errorf("column %s: %w", Letters(at), err)
	}
	if c == (Cell{}) {
		return nil
	}
	if at >= r.l.Columns {
		return fmt.Errorf("column %s: more than %d columns", Letters(at), r.l.Columns)
	}
	for len(row.Cells) < at {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells = append(row.Cells, c)
	return nil
}

// content reads up to the cell's end.
func (r *rowReader) content(e xml.StartElement) (Cell, error) {
	typ, style := attr(e, "t"), attr(e, "s")
	var value, in string
	formula := false
	for {
		tok, err := r.next()
		if err != nil {
			return Cell{}, err
		}
		switch e := tok.(type) {
		case xml.StartElement:
			in = e.Name.Local
			formula = formula || in == "f"
			if in == "is" {
				if value, err = r.text("is", r.l.Cell, &r.hint); err != nil {
					return Cell{}, err
				}
				typ = "str"
			}
		case xml.CharData:
			if in == "v" {
				value += string(e)
			}
		case xml.EndElement:
			in = ""
			if e.Name.Local == "c" {
				return r.meaning(typ, style, value, formula)
			}
		}
		if len(value) > r.l.Cell {
			return Cell{}, fmt.Errorf("a cell of more than %d bytes", r.l.Cell)
		}
	}
}

// meaning is what a cell of a type and style says (ECMA-376 part 1, 18.3.1.4 and 18.18.11).
func (r *rowReader) meaning(typ, style, v string, formula bool) (Cell, error) {
	c := Cell{Text: v, Kind: Text, Formula: formula}
	switch typ {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil || n < 0 || n >= len(r.b.strings) {
			return c, fmt.Errorf("it names shared text %.20q, and the workbook has %d", v, len(r.b.strings))
		}
		c.Text = r.b.strings[n]
	case "b":
		c.Kind, c.Text = Bool, "FALSE"
		if v == "1" || v == "true" {
			c.Text = "TRUE"
		}
	case "e":
		c.Kind = Fault
	case "d":
		c.Kind, c.Text = Date, strings.TrimSuffix(v, "T00:00:00")
	case "", "n":
		if v != "" {
			var err error
			if c.Text, c.Kind, err = r.number(v, style); err != nil {
				return c, err
			}
		}
	}
	if c.Text = strings.TrimSpace(c.Text); !utf8.ValidString(c.Text) {
		return c, errors.New("it is not UTF-8 text")
	}
	if c.Text == "" && !formula {
		return Cell{}, nil
	}
	return c, nil
}

// number gives a number's text, or the date that its style shows it as.
func (r *rowReader) number(v, style string) (string, Kind, error) {
	f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return v, Fault, fmt.Errorf("%.20q is no number", v)
	}
	if s, err := strconv.Atoi(style); err == nil && s >= 0 && s < len(r.b.dates) && r.b.dates[s] && f >= 1 {
		if text, ok := date(f, r.b.epoch); ok {
			return text, Date, nil
		}
	}
	if math.Abs(f) < 1e15 {
		return strconv.FormatFloat(f, 'f', -1, 64), Number, nil
	}
	return strconv.FormatFloat(f, 'g', -1, 64), Number, nil
}

// date turns a day number into a date: day 1 is 1900-01-01, and the day that 1900 did not have, 60, is kept
// (ECMA-376 part 1, 18.17.4).
func date(f float64, epoch int) (string, bool) {
	f += float64(epoch)
	if f >= 2958466 { // 10000-01-01
		return "", false
	}
	if epoch == 0 && f < 60 {
		f++
	}
	day, part := math.Modf(f)
	at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(day)).
		Add(time.Duration(math.Round(part*86400)) * time.Second)
	if part == 0 {
		return at.Format(time.DateOnly), true
	}
	return at.Format("2006-01-02T15:04:05"), true
}

// column reads the letters of a cell's name; XFD, the last, is 16383.
func column(ref string) (int, bool) {
	n := 0
	for i := range len(ref) {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' || i > 2 {
			return n - 1, i > 0 && ref[i] >= '0' && ref[i] <= '9' && n <= 16384
		}
		n = n*26 + int(c-'A') + 1
	}
	return 0, false
}
