// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package sheet reads the sheets that people have, .xlsx and .csv, row by row and within bounds, and writes
// lists that come back: each row with an ID that stays.
//
// A formula is never evaluated: its cell is flagged and holds what the program that saved the file had
// computed. Macros, links to other files and embedded objects are never opened: they are named. A file that
// ends early, or holds more than its bounds, is refused: no row is left out unsaid.
package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
)

// Kind of a cell's content.
type Kind uint8

// The kinds. Of a .csv every cell that is not empty is text.
const (
	Empty Kind = iota
	Text
	Number
	Date // Text is YYYY-MM-DD, with THH:MM:SS where it has a time
	Bool // Text is TRUE or FALSE
	Fault
)

// Cell is one cell. Its text has no space around it.
type Cell struct {
	Text    string
	Kind    Kind
	Formula bool // computed: Text is what the program that saved the file made of it
}

// Row is one row that is not empty.
type Row struct {
	Sheet  string // "" in a .csv
	Number int    // as the person sees it, from 1
	Cells  []Cell
}

// At gives a cell by its column, from 0; what is not there is empty.
func (r *Row) At(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[column]
}

// Limits bound what is read. The zero value of each means the default.
type Limits struct {
	Bytes    int64 // of the file: 128 MiB
	Unpacked int64 // of all that a workbook unpacks to: 512 MiB
	Rows     int   // that are not empty, of one sheet: 200,000
	Columns  int   // 1,024
	Cell     int   // bytes of one cell: 32,767
}

func (l Limits) orDefault() Limits {
	or(&l.Bytes, 128<<20)
	or(&l.Unpacked, 512<<20)
	or(&l.Rows, 200_000)
	or(&l.Columns, 1024)
	or(&l.Cell, 32_767)
	return l
}

func or[T int | int64](v *T, otherwise T) {
	if *v == 0 {
		*v = otherwise
	}
}

// Tab is one sheet of a file.
type Tab struct {
	Name   string
	Hidden bool
	part   string // of a workbook: where it lies
}

// File is an open sheet or workbook.
type File struct {
	Tabs    []Tab    // in the file's order; one without a name in a .csv
	Ignored []string // what the file holds beside cells and was not opened
	name    string
	limits  Limits
	f       *os.File
	book    *workbook // nil in a .csv
	csv     *dialect  // nil in a workbook
}

// ole begins old .xls files, and workbooks under a password.
var ole = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}

// Open opens a file and says by its bytes, not by its name, what it is. The size is looked at before anything
// is read.
func Open(path string, l Limits) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, durable.Explain(err))
	}
	s := &File{f: f, name: filepath.Base(path), limits: l.orDefault()}
	if err := s.open(); err != nil {
		f.Close()
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return s, nil
}

func (s *File) open() error {
	i, err := s.f.Stat()
	if err != nil {
		return durable.Explain(err)
	}
	switch {
	case !i.Mode().IsRegular():
		return kind.Errorf(kind.Invalid, "it is no file")
	case i.Size() == 0:
		return kind.Errorf(kind.Invalid, "it is empty")
	case i.Size() > s.limits.Bytes:
		return kind.Errorf(kind.Invalid, "it has %d bytes: at most %d are read as a sheet", i.Size(), s.limits.Bytes)
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(s.f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return durable.Explain(err)
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return s.openWorkbook(i.Size())
	case bytes.HasPrefix(head, ole):
		return kind.Errorf(kind.Invalid,
			"it is an old .xls file, or a workbook under a password: save it as .xlsx without one")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return kind.Errorf(kind.Invalid, "it is a PDF, not a sheet: writ inbox add takes it")
	}
	s.csv, err = dialectOf(head)
	s.Tabs = []Tab{{}}
	return err
}

// Close closes the file.
func (s *File) Close() error { return s.f.Close() }

// Rows gives the rows of a sheet that are not empty, in order. It ends at the first error, which names the row.
func (s *File) Rows(t Tab) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		take := s.bounded(yield)
		var err error
		if s.book != nil {
			err = s.book.rows(t, s.limits, take)
		} else {
			err = s.csv.rows(s.f, s.limits, take)
		}
		if err != nil && !errors.Is(err, errStop) {
			where := s.name
			if t.Name != "" {
				where += ": sheet " + t.Name
			}
			yield(Row{}, fmt.Errorf("reading %s: %w", where, kind.Mark(kind.Invalid, err)))
		}
	}
}

// errStop says that the reader wants no more.
var errStop = errors.New("stopped")

// bounded hands on rows that are not empty, until they are too many.
func (s *File) bounded(yield func(Row, error) bool) func(Row) error {
	n := 0
	return func(r Row) error {
		end := len(r.Cells)
		for end > 0 && r.Cells[end-1] == (Cell{}) {
			end--
		}
		if r.Cells = r.Cells[:end]; end == 0 {
			return nil
		}
		if n++; n > s.limits.Rows {
			return fmt.Errorf("row %d: more than %d rows: split the sheet", r.Number, s.limits.Rows)
		}
		if !yield(r, nil) {
			return errStop
		}
		return nil
	}
}

// tight stops what holds too much between two places at which it is told that all is well: a quote that is
// never closed, a cell without end.
type tight struct {
	r     io.Reader
	n     int64
	limit int64
	what  string
}

func (t *tight) well() { t.n = 0 }

func (t *tight) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if t.n += int64(n); t.n > t.limit {
		return 0, fmt.Errorf("%s of more than %d bytes", t.what, t.limit)
	}
	return n, err
}
