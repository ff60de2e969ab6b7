// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/writ-iot/writ/internal/ical"
	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/paper"
)

// Reminder is one for programs: what a webhook is sent (docs/incident-reminder.schema.json).
type Reminder struct {
	Kind     string `json:"kind"` // writ.incident.reminder
	Incident Head   `json:"incident"`
	Lead     int64  `json:"lead_seconds"`
	Sent     string `json:"sent"`
	Clock    Clock  `json:"clock"`
}

// ReminderOf puts a reminder for programs.
func ReminderOf(d *incident.Due, name string, zone *time.Location) Reminder {
	return Reminder{"writ.incident.reminder", HeadOf(d.Incident, name), int64(d.Lead / time.Second), rfc(d.Now,
		time.UTC), clockOf(d.Clock, d.Now, zone)}
}

// ReminderText puts a reminder in words: a line that names it, and the rest.
func ReminderText(d *incident.Due, name string, zone *time.Location) (subject, text string) {
	c := d.Clock
	when := "is due at once"
	switch {
	case c.State == incident.Open && d.Now.After(c.Due):
		when = "would have been due " + span(d.Now.Sub(c.Due)) + " ago, if it is required"
	case c.State == incident.Open:
		when = "would be due in " + span(c.Due.Sub(d.Now)) + ", if it is required"
	case c.State == incident.Late:
		when = "is late by " + span(d.Now.Sub(c.Due))
	case !c.Due.IsZero():
		when = "is due in " + span(c.Due.Sub(d.Now))
	}
	subject = fmt.Sprintf("%s: %s, %s %s", d.Incident.ID, c.Instrument.Short, c.Law.Pinpoint, when)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nincident  %s, %s\nconcerns  %s\nclock     %s\nlaw       %s, %s\n", subject, d.Incident.ID,
		paper.Clean(d.Incident.Title),
		paper.Clean(name), c.Key, c.Instrument.Title, c.Law.Pinpoint)
	if c.Due.IsZero() {
		fmt.Fprintf(&b, "due       without undue delay, since %s (%s)\n", moment(c.From, zone), zone)
	} else {
		fmt.Fprintf(&b, "due       %s (%s), %s UTC\n", moment(c.Due, zone), zone, moment(c.Due, time.UTC))
	}
	for _, m := range c.Missing {
		fmt.Fprintf(&b, "missing   %s: %s\n", m.Fact, m.Meaning)
	}
	fmt.Fprintf(&b, "to        %s\n\nwrit incident draft %s %s writes the notice; writ incident notify records its submission.\n", to(c), d.Incident.ID, c.Key)
	return subject, b.String()
}

// Event is a due time for programs (docs/incident-ics.schema.json).
type Event struct {
	UID       string  `json:"uid"`
	Due       string  `json:"due"`
	Summary   string  `json:"summary"`
	Sequence  int     `json:"sequence"`
	Cancelled bool    `json:"cancelled"`
	Alarms    []int64 `json:"alarms_seconds"`
}

// Events lists what Calendar writes.
func Events(lists []*incident.List, leads []time.Duration) []Event {
	out := []Event{}
	for _, e := range events(lists, leads) {
		one := Event{e.UID, rfc(e.Start, time.UTC), e.Summary, e.Sequence, e.Cancelled, []int64{}}
		for _, a := range e.Alarms {
			one.Alarms = append(one.Alarms, int64(a/time.Second))
		}
		out = append(out, one)
	}
	return out
}

// Calendar writes the due times of incidents' clocks for a calendar program, with an alarm at each lead. What is
// notified, or need not be, is cancelled there.
func Calendar(w io.Writer, lists []*incident.List, leads []time.Duration, stamp time.Time) error {
	cal := ical.Calendar{Product: "-//Writ//incident clocks//EN", Stamp: stamp, Events: events(lists, leads)}
	return cal.Write(w)
}

func events(lists []*incident.List, leads []time.Duration) (all []ical.Event) {
	for _, l := range lists {
		for n := range l.Clocks {
			c := &l.Clocks[n]
			if c.Undetermined || c.Due.IsZero() || c.State == incident.Open || c.State == incident.NotStarted {
				continue
			}
			all = append(all, event(l.Incident, c, leads))
		}
	}
	return all
}

func event(i *incident.Incident, c *incident.Clock, leads []time.Duration) ical.Event {
	first := ""
	if len(i.Entries) > 0 {
		first = i.Entries[0].ID // so that incidents of different cases differ
	}
	e := ical.Event{UID: fmt.Sprintf("%s-%s-%s@writ", i.ID, first, strings.ReplaceAll(c.Key, "/", "-")), Start: c.Due,
		Sequence: i.Revision,
		Summary:  fmt.Sprintf("%s: %s, %s due", i.ID, c.Instrument.Short, c.Law.Pinpoint),
		Description: fmt.Sprintf("%s\nto: %s\nstate: %s\n%s", paper.Clean(i.Title), to(c), stateWords[c.State],
			strings.Join(c.Because, "\n")),
		Categories: []string{"incident", string(c.Instrument.ID)}}
	if c.State == incident.Running || c.State == incident.Late || c.State == incident.Suspended {
		e.Alarms = leads
	} else {
		e.Cancelled = true
	}
	return e
}
