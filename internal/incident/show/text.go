// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
)

// stateWords are the states as people read them.
var stateWords = map[incident.State]string{
	incident.Running: "running", incident.Late: "LATE", incident.Done: "done", incident.DoneLate: "done late",
	incident.Suspended: "held", incident.NotRequired: "not required", incident.NotStarted: "not started", incident.Open: "open",
}

// ListText writes the clocks of an incident for people, in order of due time, in a reader's zone.
func ListText(w io.Writer, width int, l *incident.List, name string, zone *time.Location) error {
	p := paper.New(w, width)
	i := l.Incident
	p.F("%s  %s\n", paper.Bold.Render(i.ID), paper.Clean(i.Title))
	p.Field(11, "concerns", paper.Clean(name))
	p.Field(11, "revision", fmt.Sprintf("%d, %s", i.Revision, status(i)))
	p.Field(11, "now", fmt.Sprintf("%s (%s), days counted in %s", l.Now.In(zone).Format("Mon 2006-01-02 15:04 MST"),
		zone, i.Zone))
	var pressing, waiting, over, spared []*incident.Clock
	for n := range l.Clocks {
		c := &l.Clocks[n]
		if c.Undetermined {
			continue
		}
		switch c.State {
		case incident.Running, incident.Late, incident.Suspended:
			pressing = append(pressing, c)
		case incident.Open, incident.NotStarted:
			waiting = append(waiting, c)
		case incident.Done, incident.DoneLate:
			over = append(over, c)
		default:
			spared = append(spared, c)
		}
	}
	table(p, "To notify", pressing, l.Now, zone)
	undecided(p, waiting, zone)
	table(p, "Notified", over, l.Now, zone)
	notRequired(p, spared)
	openLaws(p, l, zone)
	p.F("\n")
	p.Text(0, paper.Faint, page.Disclaimer)
	return p.Err
}

func status(i *incident.Incident) string {
	if i.Closed != nil {
		return "closed " + i.Closed.At.UTC().Format("2006-01-02 15:04Z") + ": " + paper.Clean(i.Closed.Reason)
	}
	return "open"
}

func table(p *paper.Printer, title string, all []*incident.Clock, now time.Time, zone *time.Location) {
	if len(all) == 0 {
		return
	}
	p.Title(title)
	for _, c := range all {
		due := "at once"
		if !c.Due.IsZero() {
			due = both(c.Due, zone)
		}
		p.F("%-*s  %s  %s\n", dueWide, due, paint(c.State).Render(stateWords[c.State]), left(c, now))
		p.Text(4, paper.Bold, c.Key)
		p.Text(4, paper.None, fmt.Sprintf("%s, %s; to: %s", c.Instrument.Short, c.Law.Pinpoint, to(c)))
	}
}

// dueWide is the width of a due time with its UTC.
const dueWide = len("2026-11-24 23:59:59 (11-24 22:59:59Z)")

// both is a time in a reader's zone, and in UTC.
func both(t time.Time, zone *time.Location) string {
	return moment(t, zone) + " (" + stamp(t) + ")"
}

func paint(s incident.State) lipgloss.Style {
	switch s {
	case incident.Late, incident.DoneLate:
		return paper.Bad
	case incident.Running:
		return paper.Warn
	case incident.Done:
		return paper.Good
	}
	return paper.None
}

// moment is a time in a zone, to the minute; the last second of a day is its end.
func moment(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	if t.Second() != 0 {
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}

func stamp(t time.Time) string {
	t = t.UTC()
	if t.Second() != 0 {
		return t.Format("01-02 15:04:05Z")
	}
	return t.Format("01-02 15:04Z")
}

// left is the countdown.
func left(c *incident.Clock, now time.Time) string {
	switch {
	case c.State == incident.Done || c.State == incident.DoneLate:
		return c.Timeliness
	case c.Due.IsZero():
		return "since " + span(now.Sub(c.From))
	case now.After(c.Due):
		word := span(now.Sub(c.Due)) + " over"
		if c.Timeliness == incident.Conflicting || c.Timeliness == incident.Contested {
			word += "; " + c.Timeliness
		}
		return word
	}
	return span(c.Due.Sub(now))
}

// span is a stretch of time in its two largest parts.
func span(d time.Duration) string {
	d = d.Round(time.Minute)
	days, hours, minutes := d/(24*time.Hour), d%(24*time.Hour)/time.Hour, d%time.Hour/time.Minute
	switch {
	case days > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	}
	return fmt.Sprintf("%d min", minutes)
}

func to(c *incident.Clock) string {
	if len(c.Recipients) > 0 {
		return c.Recipients[0].Name
	}
	return c.Law.Recipient
}

// undecided are clocks that wait for a fact or an event: each question is put once.
func undecided(p *paper.Printer, all []*incident.Clock, zone *time.Location) {
	if len(all) == 0 {
		return
	}
	p.Title("Not decided yet")
	asked := map[string]incident.Question{}
	for _, c := range all {
		due := "no event yet"
		switch {
		case !c.Due.IsZero():
			due = "if so, " + both(c.Due, zone)
		case c.AtOnce:
			due = "if so, at once"
		}
		p.F("%s  %s\n", paper.Bold.Render(c.Key), c.Law.Pinpoint)
		var names []string
		for _, m := range c.Missing {
			names = append(names, m.Fact)
			asked[m.Fact] = m
		}
		p.Text(4, paper.None, due+"; waits for "+strings.Join(names, ", "))
	}
	delete(asked, "submission")
	if len(asked) == 0 {
		return
	}
	p.Title("What would decide it")
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		q := asked[name]
		if len(q.Say) > 0 {
			name += " (say " + strings.Join(q.Say, " or ") + ")"
		}
		p.Text(0, paper.None, name+": "+q.Meaning)
	}
}

func notRequired(p *paper.Printer, all []*incident.Clock) {
	if len(all) == 0 {
		return
	}
	p.Title("Not required")
	for _, c := range all {
		p.F("%s  %s\n", paper.Bold.Render(c.Key), c.Law.Pinpoint)
		p.Text(4, paper.None, paper.Clean(strings.Join(c.Because, "; ")))
	}
}

func openLaws(p *paper.Printer, l *incident.List, zone *time.Location) {
	if len(l.Laws) > 0 {
		p.Title("Laws of which it is open whether they bind")
		g := &paper.Grid{Width: p.Width}
		g.Head("law", "first, if it binds", "what decides it")
		for _, o := range l.Laws {
			first := ""
			if o.First != nil {
				first = moment(o.First.Due, zone)
			}
			var asks []string
			for n, q := range o.Questions {
				if n == 2 && len(o.Questions) > 3 {
					asks = append(asks, fmt.Sprintf("and %d more", len(o.Questions)-n))
					break
				}
				asks = append(asks, cmp.Or(q.Meaning, q.Fact))
			}
			g.Row(string(o.Instrument.ID), first, strings.Join(asks, " "))
		}
		p.F("%s", g)
	}
	for _, a := range l.Aside {
		p.F("\n%s gives way to %s.\n", a.Instrument.ID, a.To)
	}
}

// ClockText writes one clock in full.
func ClockText(w io.Writer, width int, c *incident.Clock, now time.Time, zone *time.Location) error {
	p := paper.New(w, width)
	const wide = 14
	p.F("%s  %s, %s\n", paper.Bold.Render(c.Key), c.Instrument.Short, c.Law.Pinpoint)
	p.Field(wide, "state", stateWords[c.State])
	if c.Undetermined {
		p.Field(wide, "", "it is open whether the law binds")
	}
	switch {
	case !c.Due.IsZero():
		p.Field(wide, "due", fmt.Sprintf("%s (%s), %s UTC", moment(c.Due, zone), zone, moment(c.Due, time.UTC)))
		if !c.Formal.Equal(c.Due) {
			p.Field(wide, "formally", "until "+moment(c.Formal, zone))
		}
		if !c.LaterDue.IsZero() {
			p.Field(wide, "disputed", fmt.Sprintf("by the latest claim (%s) until %s", moment(c.LaterFrom, zone),
				moment(c.LaterDue, zone)))
		}
		label := "left"
		if len(c.Notices) > 0 {
			label = "handed in"
		}
		p.Field(wide, label, left(c, now))
	case c.AtOnce:
		p.Field(wide, "due", "without undue delay, since "+moment(c.From, zone))
	}
	if !c.From.IsZero() {
		p.Field(wide, "runs from", c.Anchor+", "+moment(c.From, zone))
	}
	for _, m := range c.Missing {
		p.Field(wide, "missing", m.Fact+": "+m.Meaning)
	}
	for _, b := range c.Because {
		p.Field(wide, "because", paper.Clean(b))
	}
	for _, k := range c.Cases {
		p.Field(wide, "in the case", k.If+": "+moment(k.Due, zone))
	}
	p.Field(wide, "to", c.Law.Recipient)
	for _, r := range c.Recipients {
		p.Field(wide, "", strings.TrimSpace(r.Name+" "+r.Portal+" "+r.Form))
	}
	if c.Law.Form != "" {
		p.Field(wide, "form", c.Law.Form)
	}
	for _, it := range incident.Content(c.Law) {
		p.Field(wide, "content", fmt.Sprintf("%s (%s)", it.Title, it.Pinpoint))
	}
	for _, n := range c.Notices {
		p.Field(wide, "submitted", noticeText(&n, zone))
	}
	if c.Law.Note != "" {
		p.Field(wide, "note", c.Law.Note)
	}
	p.Field(wide, "law checked", fmt.Sprintf("%s; %s", c.Law.Confidence, c.Instrument.Sources[c.Law.Source]))
	return p.Err
}

func noticeText(n *incident.Notice, zone *time.Location) string {
	s := moment(n.At, zone)
	if n.Reference != "" {
		s += ", reference " + paper.Clean(n.Reference)
	}
	if n.To != "" {
		s += ", to " + paper.Clean(n.To)
	}
	if n.Receipt != nil {
		s += fmt.Sprintf(", receipt %s (sha256 %.12s…)", paper.Clean(n.Receipt.Name), n.Receipt.SHA256)
	}
	if n.Note != "" {
		s += ": " + paper.Clean(n.Note)
	}
	return s + ", by " + paper.Clean(n.By)
}
