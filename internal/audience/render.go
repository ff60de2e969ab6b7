// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package audience

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
)

// Text writes the report for a terminal.
func (d *Document) Text(w io.Writer, width int) error {
	p := paper.New(w, width)
	p.F("%s\n", paper.Bold.Render(d.Title+": "+paper.Clean(d.Of)))
	p.Text(0, paper.None, d.Lead)
	for _, f := range d.Facts {
		p.Field(17, f[0], paper.Clean(f[1]))
	}
	for _, s := range d.Sections {
		p.Title(s.Title)
		if t := s.Table; t != nil && len(t.Rows) > 0 {
			g := &paper.Grid{Width: p.Width, Right: t.Figures}
			g.Head(t.Heads...)
			for _, r := range t.Rows {
				g.Row(r.texts()...)
			}
			p.F("%s", g)
		}
		for _, line := range s.Says {
			p.Text(0, paper.Faint, paper.Clean(line))
		}
	}
	p.F("\n")
	p.Text(0, paper.Faint, "--format json names the verdicts behind each figure; writ why shows what one rests on. "+
		d.Disclaimer)
	return p.Err
}

// texts are a row's cells as they may be printed.
func (r Row) texts() []string {
	out := make([]string, len(r))
	for i := range r {
		out[i] = paper.Clean(r[i].Text)
	}
	return out
}

func cleaned(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = paper.Clean(s)
	}
	return out
}

//go:embed document.html
var documentText string

var documentTemplate = template.Must(template.New("document").Funcs(template.FuncMap{
	"traced": func(ids []string) []string { return ids[:min(len(ids), traced)] },
	"more":   func(ids []string) int { return max(0, len(ids)-traced) },
}).Parse(documentText))

// traced is how many verdicts a page names behind a figure; JSON names all.
const traced = 25

type htmlCell struct {
	Cell
	Figure bool
}

type htmlSection struct {
	Section
	Heads []htmlCell
	Rows  [][]htmlCell
}

// HTML writes the report as one page.
func (d *Document) HTML(w io.Writer) error {
	var all []htmlSection
	for _, s := range d.Sections {
		h := htmlSection{Section: s}
		h.Says = cleaned(s.Says)
		if t := s.Table; t != nil {
			for i, text := range t.Heads {
				h.Heads = append(h.Heads, htmlCell{Cell{Text: text}, t.Figures[i]})
			}
			for _, r := range t.Rows {
				cells := make([]htmlCell, len(r))
				for i, text := range r.texts() {
					cells[i] = htmlCell{Cell{text, r[i].Trace}, t.Figures[i]}
				}
				h.Rows = append(h.Rows, cells)
			}
		}
		all = append(all, h)
	}
	var body bytes.Buffer
	if err := documentTemplate.Execute(&body, all); err != nil {
		return fmt.Errorf("writing the report for %s: %w", d.Audience, err)
	}
	var facts [][2]string
	for _, f := range d.Facts {
		facts = append(facts, [2]string{f[0], paper.Clean(f[1])})
	}
	doc := page.Document{Brand: d.Title, Title: paper.Clean(d.Of), Lead: d.Lead, Facts: facts,
		Body: template.HTML(body.String()), Tight: d.tight}
	return doc.Write(w)
}
