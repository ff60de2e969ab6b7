// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package show writes incidents, their clocks and drafts, for people and for programs.
package show

import (
	"time"

	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/page"
)

// Clocks is the list of clocks for programs (docs/incident-clocks.schema.json).
type Clocks struct {
	Incident     Head      `json:"incident"`
	Now          time.Time `json:"now"`
	Zone         string    `json:"zone"`
	Clocks       []Clock   `json:"clocks"`
	Undetermined []Law     `json:"undetermined"`
	Aside        []Aside   `json:"gives_way"`
	Note         string    `json:"disclaimer"`
}

// Head names an incident.
type Head struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Person   string `json:"person"`
	Name     string `json:"name"`
	Revision int    `json:"revision"`
	Status   string `json:"status"` // open, closed
	Opened   string `json:"opened"`
	By       string `json:"by"`
	Zone     string `json:"zone"`
}

// Clock is one of them.
type Clock struct {
	Clock        string              `json:"clock"`
	Instrument   string              `json:"instrument"`
	Short        string              `json:"short"`
	Pinpoint     string              `json:"pinpoint"`
	Bound        string              `json:"bound"` // own, undetermined
	State        incident.State      `json:"state"`
	Anchor       string              `json:"anchor,omitempty"`
	From         string              `json:"from,omitempty"`
	AtOnce       bool                `json:"at_once,omitempty"`
	Due          string              `json:"due,omitempty"`
	DueUTC       string              `json:"due_utc,omitempty"`
	Formal       string              `json:"formal_until,omitempty"`
	LaterFrom    string              `json:"disputed_from,omitempty"`
	LaterDue     string              `json:"disputed_due,omitempty"`
	LeftSeconds  *int64              `json:"left_seconds,omitempty"`
	Timeliness   string              `json:"timeliness,omitempty"`
	Recipient    string              `json:"recipient"`
	Recipients   []Recipient         `json:"recipients"`
	Form         string              `json:"form,omitempty"`
	Content      []Item              `json:"content"`
	Because      []string            `json:"because"`
	Missing      []incident.Question `json:"missing"`
	Cases        []Case              `json:"cases,omitempty"`
	Notices      []incident.Notice   `json:"notices,omitempty"`
	HeldUntil    string              `json:"held_until,omitempty"`
	Confidence   string              `json:"confidence"`
	Source       string              `json:"source"`
	Note         string              `json:"note,omitempty"`
	StoppedWhere string              `json:"stopped_where,omitempty"`
}

// Recipient takes a notice.
type Recipient struct {
	Name      string   `json:"name"`
	Territory string   `json:"territory"`
	Portal    string   `json:"portal,omitempty"`
	Form      string   `json:"form,omitempty"`
	Languages []string `json:"languages,omitempty"`
}

// Item is one that the law asks a notice to hold.
type Item struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Pinpoint string `json:"pinpoint"`
	If       string `json:"if,omitempty"`
}

// Case is the due time of a case that no fact decides.
type Case struct {
	If  string `json:"if"`
	Due string `json:"due,omitempty"`
}

// Law is one of which it is open whether it binds.
type Law struct {
	Instrument string              `json:"instrument"`
	Short      string              `json:"short"`
	Questions  []incident.Question `json:"questions"`
	Clocks     int                 `json:"clocks"`
	FirstClock string              `json:"first_clock,omitempty"`
	FirstDue   string              `json:"first_due,omitempty"`
}

// Aside is a law that gives way.
type Aside struct {
	Instrument string `json:"instrument"`
	To         string `json:"to"`
}

// HeadOf names an incident; name is what people call whom it concerns.
func HeadOf(i *incident.Incident, name string) Head {
	h := Head{ID: i.ID, Title: i.Title, Person: i.Person.String(), Name: name, Revision: i.Revision, Status: "open",
		Opened: i.Opened.UTC().Format(time.RFC3339), By: i.By, Zone: i.Zone.String()}
	if i.Closed != nil {
		h.Status = "closed"
	}
	return h
}

// Of puts a list of clocks for programs, with times in a reader's zone.
func Of(l *incident.List, name string, zone *time.Location) *Clocks {
	out := &Clocks{Incident: HeadOf(l.Incident, name), Now: l.Now.UTC(), Zone: zone.String(), Clocks: []Clock{},
		Undetermined: []Law{},
		Aside:        []Aside{}, Note: page.Disclaimer}
	for n := range l.Clocks {
		out.Clocks = append(out.Clocks, clockOf(&l.Clocks[n], l.Now, zone))
	}
	for _, o := range l.Laws {
		if o.Questions == nil {
			o.Questions = []incident.Question{}
		}
		law := Law{Instrument: string(o.Instrument.ID), Short: o.Instrument.Short, Questions: o.Questions, Clocks: o.Clocks}
		if o.First != nil {
			law.FirstClock, law.FirstDue = o.First.Key, rfc(o.First.Due, zone)
		}
		out.Undetermined = append(out.Undetermined, law)
	}
	for _, a := range l.Aside {
		out.Aside = append(out.Aside, Aside{string(a.Instrument.ID), string(a.To)})
	}
	return out
}

func rfc(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}

func clockOf(c *incident.Clock, now time.Time, zone *time.Location) Clock {
	out := Clock{Clock: c.Key, Instrument: string(c.Instrument.ID), Short: c.Instrument.Short,
		Pinpoint: c.Law.Pinpoint, Bound: "own",
		State: c.State, Anchor: c.Anchor, From: rfc(c.From, zone), AtOnce: c.AtOnce, Due: rfc(c.Due,
			zone), DueUTC: rfc(c.Due, time.UTC),
		LaterFrom: rfc(c.LaterFrom, zone), LaterDue: rfc(c.LaterDue,
			zone), Timeliness: c.Timeliness, Recipient: c.Law.Recipient,
		Recipients: []Recipient{}, Form: c.Law.Form, Content: []Item{}, Because: c.Because, Missing: c.Missing, Notices: c.Notices,
		Confidence: string(c.Law.Confidence), Source: c.Instrument.Sources[c.Law.Source], Note: c.Law.Note, StoppedWhere: c.Law.Stop}
	if c.Undetermined {
		out.Bound = "undetermined"
	}
	if !c.Formal.Equal(c.Due) {
		out.Formal = rfc(c.Formal, zone)
	}
	if !c.Due.IsZero() && (c.State == incident.Running || c.State == incident.Late || c.State == incident.Suspended) {
		left := int64(c.Due.Sub(now) / time.Second)
		out.LeftSeconds = &left
	}
	for _, r := range c.Recipients {
		out.Recipients = append(out.Recipients, Recipient{r.Name, r.Territory, r.Portal, r.Form, r.Languages})
	}
	for _, it := range incident.Content(c.Law) {
		out.Content = append(out.Content, Item{it.ID, it.Title, it.Pinpoint, it.If})
	}
	for _, k := range c.Cases {
		out.Cases = append(out.Cases, Case{k.If, rfc(k.Due, zone)})
	}
	if c.Held != nil {
		out.HeldUntil = rfc(c.Held.Until, zone)
	}
	if out.Because == nil {
		out.Because = []string{}
	}
	if out.Missing == nil {
		out.Missing = []incident.Question{}
	}
	return out
}

// One puts a single clock for programs.
func One(l *incident.List, c *incident.Clock, name string, zone *time.Location) map[string]any {
	return map[string]any{"incident": HeadOf(l.Incident, name), "now": l.Now.UTC(), "zone": zone.String(),
		"clock":      clockOf(c, l.Now, zone),
		"disclaimer": page.Disclaimer}
}
