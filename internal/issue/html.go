// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package issue

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
)

//go:embed issued.html
var issuedText string

var issuedTemplate = template.Must(template.New("issued").Parse(issuedText))

type htmlRow struct {
	Name, Whose string
	Figures     []string
}

type htmlDuty struct {
	Provision, Of string
	Figures       []string
}

// HTML writes an issued assessment as one page.
func (a *Assessment) HTML(w io.Writer, v View) error {
	data := struct {
		Successor, ReplayKey, Checkpoint string
		Heads, Reservations              []string
		Rows                             []htmlRow
		Bad                              []htmlDuty
		Days                             int
		Signed                           [][2]string
	}{Successor: v.Successor, ReplayKey: a.ReplayKey, Checkpoint: a.Checkpoint, Heads: heads,
		Signed: cleaned(a.signed())}
	for _, r := range a.Reservations {
		data.Reservations = append(data.Reservations, paper.Clean(r))
	}
	for _, r := range a.rows() {
		data.Rows = append(data.Rows, htmlRow{r.name, r.whose, figures(r.counts)})
	}
	if v.Table != nil {
		data.Days = v.Table.Days
		for _, s := range v.Table.bad(a) {
			data.Bad = append(data.Bad, htmlDuty{s.Provision, paper.Clean(s.of(&v)), s.figures()})
		}
	}
	var body bytes.Buffer
	if err := issuedTemplate.Execute(&body, data); err != nil {
		return fmt.Errorf("writing assessment %s: %w", a.Number, err)
	}
	d := page.Document{Brand: "issued assessment", Title: "Assessment " + a.Number + " of " + paper.Clean(a.Of),
		Facts: cleaned(a.said()), Body: template.HTML(body.String())}
	return d.Write(w)
}

func cleaned(pairs [][2]string) [][2]string {
	out := make([][2]string, len(pairs))
	for i, p := range pairs {
		out[i] = [2]string{p[0], paper.Clean(p[1])}
	}
	return out
}
