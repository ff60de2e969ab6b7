// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package supplier

import (
	"fmt"
	"html/template"
	"io"
	"strings"

	_ "embed"

	"github.com/writ-iot/writ/internal/paper"
)

// Text writes a notice as a letter.
func (n *Notice) Text(w io.Writer, width int) error {
	p := paper.New(w, width)
	p.F("Notice about %s\n\n", paper.Clean(n.Product.Name))
	p.Text(0, paper.None, n.lead())
	p.F("\n")
	for _, u := range n.Product.Units {
		p.Text(2, paper.None, paper.Clean(fmt.Sprintf("%s: version %s, state %s; seen as %s (%s)", u.Name, u.Version,
			u.State, orNothing(u.SeenAs),
			orNothing(strings.Join(u.Signals, "; ")))))
	}
	for i := range n.Findings {
		f := &n.Findings[i]
		p.Title(fmt.Sprintf("%d. %s: %s", i+1, f.Fact, paper.Clean(f.Value)))
		p.Text(2, paper.None, "It says: "+f.Seen)
		for _, d := range f.Against {
			p.Text(2, paper.None, fmt.Sprintf("%s %s %s: %s", d.Wording, d.Law, d.Pinpoint, d.Text))
		}
		p.F("  Evidence\n")
		for _, e := range f.Evidence {
			p.Text(4, paper.None, paper.Clean(e.line()))
		}
		p.F("  How to repeat\n")
		for _, r := range f.Repeat {
			p.Text(4, paper.None, r)
		}
		for _, r := range f.Remedy {
			p.Text(2, paper.None, "What would remedy it: "+r)
		}
	}
	p.F("\n")
	for _, t := range n.Notes {
		p.Text(0, paper.None, t)
	}
	p.Text(0, paper.None, n.Says)
	return p.Err
}

func orNothing(s string) string {
	if s == "" {
		return "nothing that it says of itself"
	}
	return s
}

func (n *Notice) lead() string {
	return fmt.Sprintf("On %s we write to you because behaviour of the product was observed that we hold against duties of its maker, under "+
		"law of %s (catalogue %s). We ask for a reply until the end of %s.", n.Made, n.Day, n.Law, n.ReplyBy)
}

// line is a piece of evidence in a line.
func (e *Shown) line() string {
	out := fmt.Sprintf("%s, %s, %s", e.Unit, e.At.UTC().Format("2006-01-02 15:04:05Z"), e.Method)
	if e.Capture != "" {
		out += fmt.Sprintf(", capture %.16s…", e.Capture)
	}
	for i, f := range e.Frames {
		switch {
		case i == 0:
			out += ", frames "
		case i == 8:
			return out + fmt.Sprintf(" and %d more", len(e.Frames)-i) + e.said()
		default:
			out += ", "
		}
		if out += fmt.Sprint(f[0]); f[1] != f[0] {
			out += fmt.Sprintf("–%d", f[1])
		}
	}
	return out + e.said()
}

func (e *Shown) said() string {
	if e.What == "" {
		return ""
	}
	return ": " + e.What
}

//go:embed notice.html
var noticeHTML string

// HTML writes a notice as a page that holds no script and fetches nothing.
func (n *Notice) HTML(w io.Writer) error {
	t, err := template.New("notice").Funcs(template.FuncMap{"line": func(e Shown) string { return e.line() },
		"inc": func(i int) int { return i + 1 }}).
		Parse(noticeHTML)
	if err != nil {
		return fmt.Errorf("writing the notice: %w", err)
	}
	if err := t.Execute(w, struct {
		*Notice
		Lead string
	}{n, n.lead()}); err != nil {
		return fmt.Errorf("writing the notice: %w", err)
	}
	return nil
}
