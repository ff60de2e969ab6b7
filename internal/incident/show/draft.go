// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
)

// What stands in place of what a draft lacks.
const (
	missing = "MISSING"
	partly  = "MISSING IN PART"
	present = "present"
)

// DraftNote is what every draft says of itself.
const DraftNote = "Draft. It is filled from what people entered in the case; whoever signs it answers for it. " +
	"The items are a paraphrase of what the law asks; its text binds. No legal advice."

// Draft is a draft for programs (docs/incident-draft.schema.json).
type Draft struct {
	Incident   Head        `json:"incident"`
	Clock      string      `json:"clock"`
	Instrument string      `json:"instrument"`
	Pinpoint   string      `json:"pinpoint"`
	Title      string      `json:"title"`
	To         []string    `json:"to"`
	From       string      `json:"from"`
	Made       string      `json:"made"`
	Due        string      `json:"due,omitempty"`
	State      string      `json:"state"`
	Form       string      `json:"form,omitempty"`
	Items      []DraftItem `json:"items"`
	Missing    int         `json:"missing"`
	Note       string      `json:"disclaimer"`
}

// DraftItem is an item of a draft.
type DraftItem struct {
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	Heading  string          `json:"heading,omitempty"`
	Pinpoint string          `json:"pinpoint"`
	If       string          `json:"if,omitempty"`
	Status   string          `json:"status"` // present, MISSING, MISSING IN PART
	Lines    []string        `json:"lines"`
	Wants    []incident.Want `json:"wants"`
}

// DraftOf puts a draft for programs.
func DraftOf(d *incident.Draft, zone *time.Location) *Draft {
	c := d.Clock
	out := &Draft{Incident: HeadOf(d.Incident, d.From), Clock: c.Key, Instrument: string(c.Instrument.ID),
		Pinpoint: c.Law.Pinpoint, Title: d.Title,
		To: d.To, From: d.From, Made: rfc(d.Made, zone), Due: rfc(c.Due, zone), State: string(c.State), Form: c.Law.Form,
		Items: []DraftItem{}, Missing: d.Missing, Note: DraftNote}
	for n := range d.Items {
		it := &d.Items[n]
		one := DraftItem{it.ID, it.Title, it.Heading, it.Pinpoint, it.If, status3(it), it.Lines, it.Wants}
		if one.Lines == nil {
			one.Lines = []string{}
		}
		if one.Wants == nil {
			one.Wants = []incident.Want{}
		}
		out.Items = append(out.Items, one)
	}
	return out
}

func status3(it *incident.Filled) string {
	switch {
	case it.Present():
		return present
	case len(it.Lines) > 0:
		return partly
	}
	return missing
}

// facts are what stands at the head of a draft.
func facts(d *incident.Draft, zone *time.Location) [][2]string {
	c := d.Clock
	all := [][2]string{{"from", paper.Clean(d.From)}, {"to", strings.Join(d.To, "; ")}, {"under",
		c.Instrument.Title + ", " + c.Law.Pinpoint},
		{"incident", d.Incident.ID + ", revision " + fmt.Sprint(d.Incident.Revision)}, {"made", both(d.Made, zone)}}
	switch {
	case !c.Due.IsZero():
		all = append(all, [2]string{"due", both(c.Due, zone)})
	case c.AtOnce:
		all = append(all, [2]string{"due", "without undue delay, since " + both(c.From, zone)})
	}
	if c.Law.Form != "" {
		all = append(all, [2]string{"form", c.Law.Form})
	}
	return append(all, [2]string{"missing", fmt.Sprintf("%d of %d items", d.Missing, len(d.Items))})
}

// DraftText writes a draft as text.
func DraftText(w io.Writer, width int, d *incident.Draft, zone *time.Location) error {
	p := paper.New(w, width)
	p.F("%s\n\n", paper.Bold.Render(d.Title))
	for _, f := range facts(d, zone) {
		p.Field(9, f[0], f[1])
	}
	for n := range d.Items {
		it := &d.Items[n]
		title := it.Title
		if it.Heading != "" {
			p.F("\n%s\n", paper.Bold.Render(it.Heading))
		} else {
			p.F("\n")
		}
		if it.If != "" {
			title += " (" + it.If + ")"
		}
		p.Text(0, paper.Bold, fmt.Sprintf("%d. %s [%s]", n+1, title, it.Pinpoint))
		for _, l := range it.Lines {
			p.Text(4, paper.None, paper.Clean(l))
		}
		for _, want := range it.Wants {
			p.Text(4, paper.Bad, fmt.Sprintf("%s: %s (%s=…)", missing, want.Title, want.Fact))
		}
	}
	p.F("\n")
	p.Text(0, paper.Faint, DraftNote)
	return p.Err
}

var items = template.Must(template.New("items").Parse(`{{range $n, $it := .}}<section>
<h2>{{if $it.Heading}}{{$it.Heading}}{{else}}{{$it.Title}}{{end}}</h2>
<p><small>{{if $it.Heading}}{{$it.Title}}; {{end}}{{$it.Pinpoint}}{{if $it.If}}; {{$it.If}}{{end}}</small></p>
{{range $it.Lines}}<p>{{.}}</p>
{{end}}{{range $it.Wants}}<p><strong>MISSING:</strong> <mark>{{.Title}}</mark> <small><code>{{.Fact}}=…</code></small></p>
{{end}}</section>
{{end}}`))

// DraftHTML writes a draft as one page that needs nothing else.
func DraftHTML(w io.Writer, d *incident.Draft, zone *time.Location) error {
	all := DraftOf(d, zone).Items
	for n := range all {
		for k, l := range all[n].Lines {
			all[n].Lines[k] = paper.Clean(l)
		}
	}
	var b bytes.Buffer
	if err := items.Execute(&b, all); err != nil {
		return fmt.Errorf("writing the draft %s: %w", d.Clock.Key, err)
	}
	doc := page.Document{Brand: "Draft of a notice", Title: d.Title, Facts: facts(d, zone), Note: DraftNote,
		Body: template.HTML(b.String())} //nolint:gosec // made by html/template
	return doc.Write(w)
}
