// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Pos is a place in a file, for messages: line and column count from one, the column in characters.
type Pos struct {
	File      string
	Line, Col int
}

func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Compare orders by file, line, column.
func (p Pos) Compare(q Pos) int {
	if c := strings.Compare(p.File, q.File); c != 0 {
		return c
	}
	if p.Line != q.Line {
		return p.Line - q.Line
	}
	return p.Col - q.Col
}

// Problem is one thing wrong at one place.
type Problem struct {
	Pos  Pos
	What string // lower case, no stop
	Hint string // "" when there is none
	Line string // the source line, for the caret; "" when it is not at hand
	// Warning marks what a reader should look at and what fails nothing.
	Warning bool
}

// Error is file:line:col: what, then the line with a caret under the place, then the hint.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Pos.String())
	b.WriteString(": ")
	if p.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.What)
	if p.Line != "" && p.Pos.Col > 0 {
		line, col := window(p.Line, p.Pos.Col)
		fmt.Fprintf(&b, "\n    %s\n    %s^", line, strings.Repeat(" ", col-1))
	}
	if p.Hint != "" {
		b.WriteString("\n  " + p.Hint)
	}
	return b.String()
}

// windowWidth is how much of a long line a message shows.
const windowWidth = 100

// window cuts a long line around the column, and makes one column of each tab, so that the caret stands
// where the eye looks.
func window(line string, col int) (string, int) {
	runes := make([]rune, 0, min(len(line), windowWidth))
	start := 0
	if col > windowWidth-20 {
		start = col - windowWidth/2
	}
	at := 0
	for _, r := range line {
		if at >= start && len(runes) < windowWidth {
			if r < ' ' || r == utf8.RuneError || r == 0x7f {
				r = ' '
			}
			runes = append(runes, r)
		}
		at++
	}
	return strings.TrimRight(string(runes), " "), min(col, at+1) - start
}

// Problems is everything wrong with a set of files; as an error it shows the first of them, in order of place.
type Problems []*Problem

func (p Problems) Error() string {
	all := make([]string, 0, min(len(p), maxShown+1))
	for _, one := range p[:min(len(p), maxShown)] {
		all = append(all, one.Error())
	}
	if more := len(p) - maxShown; more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, "\n")
}

// maxShown is how many problems an error shows: nobody reads on, and a file of one mistake a line would fill the screen.
const maxShown = 100

// Unwrap lets errors.As find each problem.
func (p Problems) Unwrap() []error {
	errs := make([]error, len(p))
	for i := range p {
		errs[i] = p[i]
	}
	return errs
}

// Sort orders by place, then by words, and drops repetitions.
func (p Problems) Sort() Problems {
	slices.SortStableFunc(p, func(a, b *Problem) int {
		if c := a.Pos.Compare(b.Pos); c != 0 {
			return c
		}
		return strings.Compare(a.What, b.What)
	})
	return slices.CompactFunc(p, func(a, b *Problem) bool { return a.Pos == b.Pos && a.What == b.What })
}

// Err is nil when nothing but warnings is there.
func (p Problems) Err() error {
	for _, one := range p {
		if !one.Warning {
			return p
		}
	}
	return nil
}
