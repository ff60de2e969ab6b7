// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package paper

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Grid is a table of text: as wide as what it holds, and no wider than it may be.
type Grid struct {
	Width int
	Right map[int]bool // columns of figures
	rows  [][]cell
}

// cell is a text and how it is painted.
type cell struct {
	text  string
	paint lipgloss.Style
}

// Head begins the table with its titles.
func (g *Grid) Head(titles ...string) {
	cells := make([]cell, len(titles))
	for i, t := range titles {
		cells[i] = cell{t, Faint}
	}
	g.rows = append(g.rows, cells)
}

// Row adds a row.
func (g *Grid) Row(texts ...string) {
	cells := make([]cell, len(texts))
	for i, t := range texts {
		cells[i] = cell{text: t}
	}
	g.rows = append(g.rows, cells)
}

// Paint paints a cell of the last row.
func (g *Grid) Paint(col int, s lipgloss.Style) { g.rows[len(g.rows)-1][col].paint = s }

const gap = 2

// String lays the rows out. No line ends in a space.
func (g *Grid) String() string {
	widths := g.widths()
	var b strings.Builder
	for _, r := range g.rows {
		wrapped := make([][]string, len(r))
		tall := 0
		for i, c := range r {
			wrapped[i] = strings.Split(Wrap(c.text, widths[i]), "\n")
			tall = max(tall, len(wrapped[i]))
		}
		for n := range tall {
			pending := 0
			for i, c := range r {
				text := ""
				if n < len(wrapped[i]) {
					text = wrapped[i][n]
				}
				blank := widths[i] - ansi.StringWidth(text)
				if text != "" {
					if g.Right[i] {
						pending, blank = pending+blank, 0
					}
					b.WriteString(strings.Repeat(" ", pending) + c.paint.Render(text))
					pending = 0
				}
				pending += blank + gap
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// widths gives each column what its widest text needs; where that is too much the widest columns give way.
func (g *Grid) widths() []int {
	var w []int
	for _, r := range g.rows {
		for i, c := range r {
			if i == len(w) {
				w = append(w, 0)
			}
			w[i] = max(w[i], ansi.StringWidth(c.text))
		}
	}
	const least = 8
	for {
		sum, widest := -gap, -1
		for i, n := range w {
			sum += n + gap
			if n > least && !g.Right[i] && (widest < 0 || n > w[widest]) {
				widest = i
			}
		}
		if sum <= g.Width || widest < 0 {
			return w
		}
		w[widest]--
	}
}

// Wrap breaks a text into lines of at most width columns, at spaces; a word that is longer is cut.
func Wrap(s string, width int) string {
	if ansi.StringWidth(s) <= width {
		return s
	}
	var lines []string
	now := ""
	for _, word := range strings.Fields(s) {
		if now != "" && ansi.StringWidth(now)+1+ansi.StringWidth(word) > width {
			lines, now = append(lines, now), ""
		}
		if now != "" {
			now += " "
		}
		now += word
		for ansi.StringWidth(now) > width {
			head := ansi.Truncate(now, width, "")
			if head == "" {
				break
			}
			lines, now = append(lines, head), now[len(head):]
		}
	}
	return strings.Join(append(lines, now), "\n")
}
