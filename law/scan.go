// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// The limits of a file. The parser's price for a block map grows with the square of its keys, it recurses
// with depth, and it spends some hundred bytes on each mark of structure; so a file is measured in one
// linear pass before the parser sees it.
const (
	maxBytes = 8 << 20
	maxKeys  = 4096 // entries of one block map
	maxDepth = 64
	maxLine  = 16 << 10
	maxMarks = 400_000 // line ends, colons, commas, dashes, brackets

	maxCatalogue = 32 << 20 // of all its files
)

// ReadFile reads a file of a catalogue, which may be anyone's: what is no plain file could wait for ever, and
// what is too long is not read.
func ReadFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: it is no plain file", name)
	case info.Size() > maxBytes:
		return nil, tooLong(name, info.Size())
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxBytes+1)) // it may have grown: scan looks again
}

func tooLong(name string, size int64) *Problem {
	return &Problem{Pos: Pos{File: name}, What: fmt.Sprintf("%d bytes: a file holds at most %d", size, maxBytes)}
}

// scan refuses what could cost the parser more than a bounded price. It knows only lines and their
// indentation: where a text looks like structure, it counts too much, never too little.
func scan(name string, src []byte) *Problem {
	if len(src) > maxBytes {
		return tooLong(name, int64(len(src)))
	}
	if n := countMarks(src); n > maxMarks {
		return &Problem{Pos: Pos{File: name},
			What: fmt.Sprintf("%d marks of structure: a file holds at most %d", n, maxMarks)}
	}
	s := scanner{name: name}
	for len(src) > 0 {
		line, rest, _ := bytes.Cut(src, []byte("\n"))
		src = rest
		s.number++
		if p := s.line(string(line)); p != nil {
			return p
		}
	}
	return nil
}

func countMarks(src []byte) int {
	n := 0
	for _, c := range src {
		switch c {
		case '\n', ':', ',', '-', '[', '{', '"', '\'', '&', '*', '!', '?', '|', '>':
			n++
		}
	}
	return n
}

// level is an open block level: the column of its entries and how many it has.
type level struct{ col, entries int }

type scanner struct {
	name   string
	number int
	blocks []level
}

func (s *scanner) problem(col int, what, line string) *Problem {
	return &Problem{Pos: Pos{s.name, s.number, col + 1}, What: what, Line: line}
}

func (s *scanner) line(line string) *Problem {
	if len(line) > maxLine {
		return s.problem(0, fmt.Sprintf("a line of %d bytes: at most %d", len(line), maxLine), "")
	}
	if !utf8.ValidString(line) {
		return s.problem(0, "not UTF-8 text", "")
	}
	if i := strings.IndexFunc(line, forbidden); i >= 0 {
		return s.problem(utf8.RuneCountInString(line[:i]),
			"a control character: a file is plain text with line feeds", line)
	}
	return s.indent(line)
}

// forbidden are the characters that a text file has no use for, among them those that YAML takes for a
// line end and an editor does not. A tab is refused where it would indent.
func forbidden(r rune) bool {
	switch r {
	case 0x7f, 0x85, 0x2028, 0x2029, 0xfeff:
		return true
	}
	return r < ' ' && r != '\t'
}

// indent counts a line's entry at the level at which it stands, and the levels of its dashes.
func (s *scanner) indent(line string) *Problem {
	for col := 0; ; col++ {
		for col < len(line) && line[col] == ' ' {
			col++
		}
		switch {
		case col == len(line) || line[col] == '#':
			return nil
		case line[col] == '\t':
			return s.problem(col, "a tab in the indentation: use spaces", line)
		}
		dash := line[col] == '-' && (col+1 == len(line) || line[col+1] == ' ')
		if p := s.enter(col, dash, line); p != nil || !dash {
			return p
		}
	}
}

// enter counts one entry at a column; deeper levels are closed by it.
func (s *scanner) enter(col int, dash bool, line string) *Problem {
	for len(s.blocks) > 0 && s.blocks[len(s.blocks)-1].col > col {
		s.blocks = s.blocks[:len(s.blocks)-1]
	}
	if n := len(s.blocks); n == 0 || s.blocks[n-1].col < col {
		s.blocks = append(s.blocks, level{col: col})
	}
	if len(s.blocks) > maxDepth {
		return s.problem(col, fmt.Sprintf("nested deeper than %d", maxDepth), line)
	}
	if dash {
		return nil // the entries of a list are not compared with each other
	}
	top := &s.blocks[len(s.blocks)-1]
	if top.entries++; top.entries > maxKeys {
		return s.problem(col, fmt.Sprintf("a map of more than %d keys", maxKeys), line)
	}
	return nil
}
