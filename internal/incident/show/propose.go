// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/paper"
)

// Proposal is one for programs (docs/incident-propose.schema.json).
type Proposal struct {
	ID       string              `json:"id"`
	Title    string              `json:"title"`
	Device   string              `json:"device"`
	Name     string              `json:"name"`
	Product  string              `json:"product,omitempty"`
	First    string              `json:"first"`
	Last     string              `json:"last"`
	Evidence []Evidence          `json:"evidence"`
	Suggests []Suggestion        `json:"suggests"`
	Maker    []Suggestion        `json:"suggests_to_maker"`
	Asks     []incident.Question `json:"asks"`
	Opened   string              `json:"opened_as,omitempty"`
	first    time.Time
	last     time.Time
}

// Evidence is what a proposal rests on.
type Evidence struct {
	Fact      string   `json:"fact"`
	Meaning   string   `json:"meaning"`
	Statement string   `json:"statement"`
	At        string   `json:"at"`
	Input     string   `json:"input,omitempty"` // SHA-256
	Path      string   `json:"path,omitempty"`
	Frames    [][2]int `json:"frames,omitempty"`
	Note      string   `json:"note,omitempty"`
}

// Suggestion is a fact of an incident that evidence suggests.
type Suggestion struct {
	Fact  string `json:"fact"`
	Value string `json:"value"`
}

// ProposalOf puts a proposal for programs. opened names the incident that it became, input what people call an artefact.
func ProposalOf(p *incident.Proposal, opened string, input func(string) string) Proposal {
	out := Proposal{ID: p.ID, Title: p.Title, Device: p.Thing.Device.String(), Name: p.Thing.Name, Product: p.Thing.Model,
		First: rfc(p.First, time.UTC), Last: rfc(p.Last, time.UTC), Evidence: []Evidence{}, Asks: p.Asks, Opened: opened,
		Suggests: suggestions(p.Says(false)), Maker: suggestions(p.Says(true)), first: p.First, last: p.Last}
	for _, s := range p.Shown {
		e := Evidence{Fact: string(s.Fact), Meaning: s.Meaning, Statement: s.Statement, At: rfc(s.At, time.UTC)}
		for _, src := range s.Sources {
			one := e
			one.Input, one.Frames, one.Note, one.Path = src.Input, src.Frames, src.Note, input(src.Input)
			out.Evidence = append(out.Evidence, one)
		}
		if len(s.Sources) == 0 {
			out.Evidence = append(out.Evidence, e)
		}
	}
	return out
}

func suggestions(all []incident.Said) []Suggestion {
	out := []Suggestion{}
	for _, s := range all {
		out = append(out, Suggestion{s.Key, s.Value})
	}
	return out
}

// Proposals writes proposals for people.
func Proposals(w io.Writer, width int, all []Proposal, dir string, zone *time.Location) error {
	p := paper.New(w, width)
	if len(all) == 0 {
		p.F("the case proposes no incident\n")
		return p.Err
	}
	for n := range all {
		r := &all[n]
		if n > 0 {
			p.F("\n")
		}
		p.F("%s  %s\n", paper.Bold.Render(r.ID), paper.Clean(r.Title))
		const wide = 10
		p.Field(wide, "device", strings.TrimSpace(paper.Clean(r.Name)+" "+paper.Clean(r.Product))+" ("+r.Device+")")
		p.Field(wide, "seen", moment(r.first, zone)+" to "+moment(r.last, zone))
		for _, e := range r.Evidence {
			p.Field(wide, "evidence", strings.TrimRight(fmt.Sprintf("%s: %s; %s", e.Fact, e.Meaning, place(&e)), "; "))
		}
		for _, s := range r.Suggests {
			p.Field(wide, "suggests", paper.Clean(s.Fact+"="+s.Value))
		}
		for _, q := range r.Asks {
			p.Field(wide, "say", q.Fact+": "+q.Meaning)
		}
		if r.Opened != "" {
			p.Field(wide, "opened", "as "+r.Opened)
			continue
		}
		p.Field(wide, "open it", fmt.Sprintf("writ incident open --case %s --from %s --zone … --by …", dir, r.ID))
	}
	return p.Err
}

// place says where evidence was seen.
func place(e *Evidence) string {
	const most = 6
	var frames []string
	for n, f := range e.Frames {
		switch {
		case n == most:
			frames = append(frames, fmt.Sprintf("and %d more", len(e.Frames)-n))
		case n > most:
		case f[0] == f[1]:
			frames = append(frames, fmt.Sprint(f[0]))
		default:
			frames = append(frames, fmt.Sprintf("%d-%d", f[0], f[1]))
		}
	}
	if len(frames) == 0 {
		return fmt.Sprintf("statement %.12s", e.Statement)
	}
	return fmt.Sprintf("frames %s of %s, statement %.12s", strings.Join(frames, ", "), paper.Clean(e.Path), e.Statement)
}
