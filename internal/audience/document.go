// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package audience

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/report"
)

// Basis is what a report is made of.
type Basis struct {
	Assessment *assess.Assessment
	Plan       *plan.Plan         // of our own duties
	Exposures  []lawtool.Exposure // of the laws that bind us, or may
	Owed       []Owed             // statutory notices that run or are late
}

// Owed is a statutory notice that is not done.
type Owed struct {
	Incident string    `json:"incident"`
	Law      string    `json:"law"`
	Pinpoint string    `json:"pinpoint"`
	State    string    `json:"state"`
	Due      time.Time `json:"due,omitzero"`
}

// Document is a report for an audience, before it takes a form.
type Document struct {
	Audience   string      `json:"audience"`
	Title      string      `json:"title"`
	Of         string      `json:"of"`
	Lead       string      `json:"lead"`
	Standing   string      `json:"standing"` // issued, or a draft
	Facts      [][2]string `json:"facts"`
	Sections   []Section   `json:"sections"`
	Disclaimer string      `json:"disclaimer"`
	tight      bool        // one page
}

// Section is a part of a report.
type Section struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Says  []string `json:"says,omitempty"`
	Table *Table   `json:"table,omitempty"`
}

// Table is what a section counts or lists.
type Table struct {
	Heads   []string     `json:"heads"`
	Figures map[int]bool `json:"-"` // columns of figures
	Rows    []Row        `json:"rows"`
}

// Row is a line of a table.
type Row []Cell

// Cell is a text, or a figure with the verdicts that it adds up.
type Cell struct {
	Text  string   `json:"text"`
	Trace []string `json:"trace,omitempty"` // verdict IDs
}

// figure counts verdicts and names them.
func figure(ids ...[]string) Cell {
	all := slices.Concat(ids...)
	return Cell{strconv.Itoa(len(all)), all}
}

// row is one of texts alone.
func row(texts ...string) Row {
	r := make(Row, len(texts))
	for i, t := range texts {
		r[i].Text = t
	}
	return r
}

// Make cuts the report.
func (a *Audience) Make(b *Basis) *Document {
	s := b.Assessment
	d := &Document{Audience: a.ID, Title: a.Title, Of: s.Profile, Lead: a.Lead, Standing: report.Standing(s),
		Disclaimer: disclaimer, Sections: []Section{}, tight: a.Rows > 0}
	d.Facts = [][2]string{{"Standing", d.Standing}, {"Law of", s.Day.String()}, {"Known at", stamp(s.KnownAt)},
		{"Catalogue of law", s.Catalogue.Version}, {"Replay key", short(s.Result.ReplayKey)}}
	for _, id := range a.Sections {
		if sec := sections[id](a, b); sec != nil {
			sec.ID = id
			sec.cut(a.Rows)
			d.Sections = append(d.Sections, *sec)
		}
	}
	return d
}

// cut keeps the first rows, and says how many there are.
func (s *Section) cut(most int) {
	if s.Table == nil || most == 0 || len(s.Table.Rows) <= most {
		return
	}
	s.Says = append(s.Says, fmt.Sprintf("The first %d of %d.", most, len(s.Table.Rows)))
	s.Table.Rows = s.Table.Rows[:most]
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

func short(s string) string {
	if len(s) > 16 {
		return s[:16] + "…"
	}
	return s
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
