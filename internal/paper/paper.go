// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package paper writes text for people: titles, paragraphs, named fields and tables, as wide as a terminal. Whoever
// writes to something else than a terminal hands it a writer that strips colour.
package paper

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"charm.land/lipgloss/v2"
)

// The paints.
var (
	Bold  = lipgloss.NewStyle().Bold(true)
	Faint = lipgloss.NewStyle().Faint(true)
	Bad   = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Red)
	Warn  = lipgloss.NewStyle().Foreground(lipgloss.Yellow)
	Good  = lipgloss.NewStyle().Foreground(lipgloss.Green)
	None  = lipgloss.NewStyle()
)

// Printer writes lines and keeps the first error.
type Printer struct {
	w     io.Writer
	Width int
	Err   error
}

// New writes lines as long as a terminal takes, within what is pleasant to read.
func New(w io.Writer, width int) *Printer {
	if width <= 0 {
		width = 100
	}
	return &Printer{w: w, Width: max(60, min(width, 120))}
}

// F writes as fmt.Fprintf does.
func (p *Printer) F(format string, args ...any) {
	if p.Err == nil {
		_, p.Err = fmt.Fprintf(p.w, format, args...)
	}
}

// Title begins a section.
func (p *Printer) Title(s string) { p.F("\n%s\n", Bold.Render(s)) }

// Text writes a paragraph behind an indent, each line painted by itself.
func (p *Printer) Text(indent int, s lipgloss.Style, text string) {
	for l := range strings.SplitSeq(Wrap(text, p.Width-indent), "\n") {
		p.F("%s%s\n", strings.Repeat(" ", indent), s.Render(l))
	}
}

// Field writes a named paragraph; further lines stand below its text.
func (p *Printer) Field(wide int, label, text string) {
	for i, l := range strings.Split(Wrap(text, p.Width-wide-1), "\n") {
		if i > 0 {
			label = ""
		}
		p.F("%s %s\n", Faint.Render(fmt.Sprintf("%-*s", wide, label)), l)
	}
}

// Clean makes a name that came from outside safe to print: control, format and line-breaking
// characters become U+FFFD.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
