// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
)

// Row is an incident in the list of them (docs/incident-list.schema.json).
type Row struct {
	Head
	Running   int    `json:"running"`
	Late      int    `json:"late"`
	NextClock string `json:"next_clock,omitempty"`
	NextDue   string `json:"next_due,omitempty"`
	next      time.Time
}

// RowOf sums an incident up; l is nil where nothing is known of whom it concerns.
func RowOf(i *incident.Incident, name string, l *incident.List) Row {
	r := Row{Head: HeadOf(i, name)}
	if l == nil {
		return r
	}
	for n := range l.Clocks {
		c := &l.Clocks[n]
		switch {
		case c.Undetermined:
			continue
		case c.State == incident.Late:
			r.Late++
		case c.State == incident.Running:
			r.Running++
			if !c.Due.IsZero() && (r.next.IsZero() || c.Due.Before(r.next)) {
				r.next, r.NextClock, r.NextDue = c.Due, c.Key, rfc(c.Due, time.UTC)
			}
		}
	}
	return r
}

// Rows writes the list of incidents for people.
func Rows(w io.Writer, width int, rows []Row, zone *time.Location) error {
	p := paper.New(w, width)
	if len(rows) == 0 {
		p.F("the case has no incidents\n")
		return p.Err
	}
	g := &paper.Grid{Width: p.Width}
	g.Head("incident", "title", "concerns", "status", "clocks", "next due")
	for _, r := range rows {
		due := ""
		if !r.next.IsZero() {
			due = moment(r.next, zone) + ": " + r.NextClock
		}
		g.Row(r.ID, paper.Clean(r.Title), paper.Clean(r.Name), r.Status, fmt.Sprintf("%d late, %d running", r.Late,
			r.Running), due)
	}
	p.F("%s", g)
	return p.Err
}

// Story is an incident for programs (docs/incident.schema.json).
type Story struct {
	Incident Head              `json:"incident"`
	About    []string          `json:"about"`
	Proposal string            `json:"proposal,omitempty"`
	Evidence []string          `json:"evidence,omitempty"`
	Facts    []Said            `json:"facts"`
	Notices  []incident.Notice `json:"notices"`
	Holds    []incident.Hold   `json:"holds"`
	History  []Change          `json:"history"`
	Note     string            `json:"disclaimer"`
}

// Said is what was said of one fact; of an event every claim that stands.
type Said struct {
	Fact     string `json:"fact"`
	For      string `json:"for,omitempty"`
	Value    string `json:"value"`
	Claimant string `json:"claimant"`
	By       string `json:"by"`
	At       string `json:"at"`
	Revision int    `json:"revision"`
	Source   string `json:"source,omitempty"`
	Reasons  string `json:"reasons,omitempty"`
	Stands   bool   `json:"stands"`
}

// Change is one entry.
type Change struct {
	Revision int    `json:"revision"`
	Entry    string `json:"entry"`
	At       string `json:"at"`
	By       string `json:"by"`
	Says     string `json:"says"`
}

// Incident puts an incident for programs.
func Incident(i *incident.Incident, name string) *Story {
	s := &Story{Incident: HeadOf(i, name), About: i.About, Proposal: i.Proposal, Evidence: i.Evidence,
		Facts: []Said{}, Notices: i.Notices,
		Holds: i.Holds, History: []Change{}, Note: page.Disclaimer}
	if s.About == nil {
		s.About = []string{}
	}
	if s.Notices == nil {
		s.Notices = []incident.Notice{}
	}
	if s.Holds == nil {
		s.Holds = []incident.Hold{}
	}
	for _, f := range i.Facts() {
		for n, said := range f.Said {
			s.Facts = append(s.Facts, Said{f.Key, f.For, said.Value, cmp.Or(said.Claimant, said.By), said.By,
				said.At.UTC().Format(time.RFC3339), said.Revision, said.Source, said.Reasons, stands(f.Said, n)})
		}
	}
	for _, e := range i.Entries {
		if e.Reminder == nil {
			s.History = append(s.History, Change{e.Revision, e.ID, e.At.UTC().Format(time.RFC3339), e.By, e.Says()})
		}
	}
	return s
}

// stands says that no later word of the same claimant takes a statement's place; of what is no event, nobody's.
func stands(all []incident.Said, n int) bool {
	if all[n].Value == incident.Unknown {
		return false
	}
	_, err := time.Parse(time.RFC3339, all[n].Value)
	for _, later := range all[n+1:] {
		if err != nil || cmp.Or(later.Claimant, later.By) == cmp.Or(all[n].Claimant, all[n].By) {
			return false
		}
	}
	return true
}

// IncidentText writes an incident for people.
func IncidentText(w io.Writer, width int, i *incident.Incident, name string, zone *time.Location) error {
	p := paper.New(w, width)
	s := Incident(i, name)
	p.F("%s  %s\n", paper.Bold.Render(i.ID), paper.Clean(i.Title))
	p.Field(11, "concerns", paper.Clean(name))
	p.Field(11, "revision", fmt.Sprintf("%d, %s", i.Revision, status(i)))
	p.Field(11, "opened", fmt.Sprintf("%s by %s", moment(i.Opened, zone), paper.Clean(i.By)))
	p.Field(11, "days", "counted in "+i.Zone.String())
	if len(i.About) > 0 {
		p.Field(11, "about", strings.Join(i.About, ", "))
	}
	if i.Proposal != "" {
		p.Field(11, "proposed", "by what the wire showed: "+i.Proposal)
	}
	p.Title("What is known")
	g := &paper.Grid{Width: p.Width}
	g.Head("fact", "value", "says", "entered", "source")
	for _, f := range s.Facts {
		if !f.Stands {
			continue
		}
		key := f.Fact
		if f.For != "" {
			key += "@" + f.For
		}
		g.Row(key, paper.Clean(f.Value), paper.Clean(f.Claimant), fmt.Sprintf("revision %d", f.Revision),
			paper.Clean(strings.Trim(f.Source+"; "+f.Reasons, "; ")))
	}
	p.F("%s", g)
	p.Title("What came when")
	g = &paper.Grid{Width: p.Width, Right: map[int]bool{0: true}}
	g.Head("revision", "entered (UTC)", "by", "what")
	for _, c := range s.History {
		g.Row(fmt.Sprint(c.Revision), strings.Replace(strings.TrimSuffix(c.At, "Z"), "T", " ", 1), paper.Clean(c.By),
			paper.Clean(c.Says))
	}
	p.F("%s\n", g)
	return p.Err
}

// Fact is one that can be said of an incident.
type Fact struct {
	Fact   string `json:"fact"`
	Kind   string `json:"kind"`
	Title  string `json:"title"`
	Anchor string `json:"anchor,omitempty"`
	Places bool   `json:"by_place,omitempty"`
}

// Facts lists what can be said.
func Facts(v *incident.Vocabulary) []Fact {
	var all []Fact
	for _, d := range v.Facts {
		all = append(all, Fact{d.ID, string(d.Sort), d.Title, d.Anchor, d.Places})
	}
	return append(all, common(v)...)
}

func common(v *incident.Vocabulary) (all []Fact) {
	for _, d := range v.Common() {
		all = append(all, Fact{Fact: string(d.Name), Kind: d.Type.String(), Title: d.Meaning})
	}
	return all
}

// FactsText writes that for people.
func FactsText(w io.Writer, width int, v *incident.Vocabulary) error {
	p := paper.New(w, width)
	g := &paper.Grid{Width: p.Width}
	g.Head("fact", "kind", "what it says")
	for _, f := range Facts(v) {
		title := f.Title
		if f.Places {
			title += "; by place too: " + f.Fact + ".de, " + f.Fact + ".us.ca"
		}
		g.Row(f.Fact, f.Kind, title)
	}
	p.F("%s", g)
	return p.Err
}
