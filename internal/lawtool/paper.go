// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// width is how long a line of text for people may grow.
const width = 100

// paper writes text for people and keeps the first error.
type paper struct {
	w   io.Writer
	err error
}

func (p *paper) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// entry writes a label and its text, wrapped beside it; nothing where the text is empty.
func (p *paper) entry(label, text string) {
	if text == "" {
		return
	}
	rows := wrap(text, width-14)
	if utf8.RuneCountInString(label) > 11 {
		p.line("  %s", label)
		label = ""
	}
	for _, row := range rows {
		p.line("  %-11s %s", label, row)
		label = ""
	}
}

// item writes one text of a list.
func (p *paper) item(text string) {
	mark := "-"
	for _, row := range wrap(text, width-4) {
		p.line("  %s %s", mark, row)
		mark = " "
	}
}

func (p *paper) head(title string) { p.line("\n%s", title) }

// table writes rows under heads, in columns as wide as their widest cell; the last one is not padded.
func (p *paper) table(heads []string, rows [][]string) {
	widths := make([]int, len(heads))
	for _, row := range append([][]string{heads}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range append([][]string{heads}, rows...) {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
			}
		}
		p.line("%s", strings.TrimRight(b.String(), " "))
	}
}

// markdown writes rows under heads as a table in Markdown: words to the left, figures to the right.
func (p *paper) markdown(heads []string, rows [][]string) {
	widths := make([]int, len(heads))
	for _, row := range append([][]string{heads}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	write := func(row []string) {
		var b strings.Builder
		for i, cell := range row {
			room := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				cell += room
			} else {
				cell = room + cell
			}
			b.WriteString("| " + cell + " ")
		}
		p.line("%s|", b.String())
	}
	write(heads)
	rule := "|" + strings.Repeat("-", widths[0]+2)
	for _, n := range widths[1:] {
		rule += "|" + strings.Repeat("-", n+1) + ":"
	}
	p.line("%s|", rule)
	for _, row := range rows {
		write(row)
	}
}

// wrap breaks a text at spaces into rows of at most n characters; a longer word keeps its own row.
func wrap(text string, n int) []string {
	var rows []string
	row := ""
	for _, word := range strings.Fields(text) {
		if row != "" && utf8.RuneCountInString(row)+1+utf8.RuneCountInString(word) > n {
			rows = append(rows, row)
			row = ""
		}
		if row != "" {
			row += " "
		}
		row += word
	}
	return append(rows, row)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
