// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/writ-iot/writ/internal/kind"
)

// maxRecord bounds the bytes of one row of a .csv.
const maxRecord = 4 << 20

// dialect is how a .csv is written.
type dialect struct {
	comma rune
	mark  int  // bytes of the byte order mark
	wide  bool // UTF-16
	big   bool // of UTF-16: the high byte first
}

// dialectOf finds a dialect from how a file begins.
func dialectOf(head []byte) (*dialect, error) {
	d := &dialect{}
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		d.mark = 3
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		d.mark, d.wide = 2, true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		d.mark, d.wide, d.big = 2, true, true
	case len(head) >= 4 && head[0] == 0 && head[1] != 0 && head[2] == 0:
		d.wide, d.big = true, true
	case len(head) >= 4 && head[1] == 0 && head[0] != 0 && head[3] == 0:
		d.wide = true
	}
	text, err := io.ReadAll(io.LimitReader(d.text(bytes.NewReader(head)), int64(len(head))*2))
	if err != nil {
		return nil, err
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, kind.Errorf(kind.Invalid, "it is no sheet: neither an .xlsx workbook nor text with cells")
	}
	d.comma = separator(string(text))
	return d, nil
}

// separator is the character that parts cells: the one that the first lines hold most often, outside quotes.
// Excel's own first line "sep=;" decides.
func separator(text string) rune {
	if rest, ok := strings.CutPrefix(text, "sep="); ok && rest != "" {
		if r := rune(rest[0]); strings.ContainsRune(",;\t|", r) {
			return r
		}
	}
	best, most := ',', 0
	for _, c := range ",;\t|" {
		if n := regular(text, c); n > most {
			best, most = c, n
		}
	}
	return best
}

// regular counts c in the first line, outside quotes, and weighs it by how many of the lines that follow hold
// as many.
func regular(text string, c rune) int {
	first, same := -1, 0
	n, quoted := 0, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == c:
			n++
		case r == '\n':
			if first < 0 {
				first = n
			}
			if n == first {
				same++
			}
			n = 0
		}
	}
	if first < 0 {
		return n
	}
	return first * (1 + same)
}

// text gives a file's text as UTF-8. What is no text stays a byte that no UTF-8 holds, and is found in its row.
func (d *dialect) text(r io.Reader) io.Reader {
	b := bufio.NewReaderSize(r, 64<<10)
	_, _ = b.Discard(d.mark) // the file holds that much
	if d.wide {
		return &wide{r: b, big: d.big}
	}
	return b
}

// wide decodes UTF-16.
type wide struct {
	r    *bufio.Reader
	big  bool
	left []byte // decoded and not yet given
	back rune   // a unit that was read and belongs to what follows; 0: none
}

func (w *wide) Read(p []byte) (int, error) {
	for len(w.left) < len(p) && len(w.left) < 4096 {
		u, err := w.unit()
		if err != nil {
			if len(w.left) > 0 && errors.Is(err, io.EOF) {
				break
			}
			return 0, err
		}
		if utf16.IsSurrogate(u) {
			u = w.pair(u)
		}
		if u == utf8.RuneError {
			w.left = append(w.left, 0xff)
			continue
		}
		w.left = utf8.AppendRune(w.left, u)
	}
	n := copy(p, w.left)
	w.left = w.left[:copy(w.left, w.left[n:])]
	return n, nil
}

func (w *wide) pair(high rune) rune {
	low, err := w.unit()
	if err != nil {
		return utf8.RuneError
	}
	r := utf16.DecodeRune(high, low)
	if r == utf8.RuneError && !utf16.IsSurrogate(low) {
		w.back = low
	}
	return r
}

func (w *wide) unit() (rune, error) {
	if u := w.back; u != 0 {
		w.back = 0
		return u, nil
	}
	var b [2]byte
	switch n, err := io.ReadFull(w.r, b[:]); {
	case n == 1:
		return utf8.RuneError, nil // half a unit at the end
	case err != nil:
		return 0, err
	}
	if w.big {
		return rune(b[0])<<8 | rune(b[1]), nil
	}
	return rune(b[1])<<8 | rune(b[0]), nil
}

// rows hands rows to take. A person counts rows as the program that shows them: a line break inside a cell
// begins no row.
func (d *dialect) rows(f io.ReadSeeker, l Limits, take func(Row) error) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	t := &tight{r: d.text(f), limit: maxRecord, what: "a row"}
	r := csv.NewReader(t)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = d.comma, -1, true
	inner, last := 0, 0
	for {
		t.well()
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvFault(err, last, inner)
		}
		line, _ := r.FieldPos(0)
		row := Row{Number: line - inner}
		last = row.Number
		if row.Cells, err = csvCells(fields, l); err != nil {
			return fmt.Errorf("row %d: %w", row.Number, err)
		}
		for _, v := range fields {
			inner += strings.Count(v, "\n")
		}
		if row.Number == 1 && len(fields) <= 2 && strings.HasPrefix(fields[0], "sep=") {
			continue
		}
		if err := take(row); err != nil {
			return err
		}
	}
}

// csvFault says in which row a .csv goes wrong.
func csvFault(err error, last, inner int) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return fmt.Errorf("row %d: %w; is a quote left open?", last+1, err)
	}
	what := "a quote is left open"
	if errors.Is(p.Err, csv.ErrBareQuote) {
		what = `a quote stands inside a cell that is not quoted: write the cell as "…" and its quotes twice`
	} else if errors.Is(p.Err, csv.ErrQuote) {
		what = `a quoted cell is followed by something that is no separator, or is left open: write quotes inside it twice`
	}
	return fmt.Errorf("row %d: %s", p.StartLine-inner, what)
}

func csvCells(fields []string, l Limits) ([]Cell, error) {
	if len(fields) > l.Columns {
		return nil, fmt.Errorf("%d cells: at most %d are read", len(fields), l.Columns)
	}
	cells := make([]Cell, len(fields))
	for i, v := range fields {
		if !utf8.ValidString(v) {
			return nil, fmt.Errorf("column %s is not UTF-8 text: save the sheet as \"CSV UTF-8\", or as .xlsx",
				Letters(i))
		}
		if len(v) > l.Cell {
			return nil, fmt.Errorf("column %s holds %d bytes: at most %d are read", Letters(i), len(v), l.Cell)
		}
		cells[i] = csvCell(strings.Clone(v))
	}
	return cells, nil
}

// csvCell is a cell as it was meant: the quote that guards against being taken for a formula goes, and what
// a program would take for one is flagged.
func csvCell(v string) Cell {
	v = strings.TrimSpace(v)
	switch {
	case v == "":
		return Cell{}
	case v[0] == '\'' && risky(strings.TrimLeft(v, "'")):
		return Cell{Text: v[1:], Kind: Text}
	}
	formula := v[0] == '=' || risky(v) && strings.ContainsAny(v[1:], "(!|")
	return Cell{Text: v, Kind: Text, Formula: formula}
}

// risky says whether a program that shows sheets may take a text for a formula.
func risky(v string) bool { return v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) }

// Letters names a column, from 0, as people see it: A, B, … Z, AA.
func Letters(column int) string {
	var b []byte
	for column++; column > 0; column = (column - 1) / 26 {
		b = append([]byte{byte('A' + (column-1)%26)}, b...)
	}
	return string(b)
}
