// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package ical writes iCalendar files (RFC 5545): what any calendar program takes in. It reads no clock.
package ical

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Calendar is a file of events.
type Calendar struct {
	Product string    // who made it: -//Writ//law calendar//EN
	Stamp   time.Time // when it was made
	Events  []Event
}

// Event is one of them.
type Event struct {
	UID         string // the same however often the calendar is made again
	Day         bool   // all day: of Start, its date counts
	Start       time.Time
	Summary     string
	Description string
	Sequence    int // how often it was changed; 0 at first
	Categories  []string
	Cancelled   bool
	Alarms      []time.Duration // how long before the start each one sounds
}

// Write writes the calendar.
func (c *Calendar) Write(w io.Writer) error {
	l := &lines{w: w}
	l.line("BEGIN:VCALENDAR")
	l.line("VERSION:2.0")
	l.line("PRODID:" + c.Product)
	for i := range c.Events {
		l.event(&c.Events[i], c.Stamp)
	}
	l.line("END:VCALENDAR")
	if l.err != nil {
		return fmt.Errorf("writing a calendar: %w", l.err)
	}
	return nil
}

func (l *lines) event(e *Event, stamp time.Time) {
	l.line("BEGIN:VEVENT")
	l.line("UID:" + e.UID)
	l.line("DTSTAMP:" + utc(stamp))
	if e.Day {
		l.line("DTSTART;VALUE=DATE:" + e.Start.Format("20060102"))
	} else {
		l.line("DTSTART:" + utc(e.Start))
	}
	if e.Sequence > 0 {
		l.line(fmt.Sprintf("SEQUENCE:%d", e.Sequence))
	}
	l.line("SUMMARY:" + escape(e.Summary))
	if e.Description != "" {
		l.line("DESCRIPTION:" + escape(e.Description))
	}
	if len(e.Categories) > 0 {
		all := make([]string, len(e.Categories))
		for i, c := range e.Categories {
			all[i] = escape(c)
		}
		l.line("CATEGORIES:" + strings.Join(all, ","))
	}
	if e.Cancelled {
		l.line("STATUS:CANCELLED")
	}
	l.line("TRANSP:TRANSPARENT")
	for _, before := range e.Alarms {
		l.alarm(e, before)
	}
	l.line("END:VEVENT")
}

func (l *lines) alarm(e *Event, before time.Duration) {
	l.line("BEGIN:VALARM")
	l.line("ACTION:DISPLAY")
	l.line("DESCRIPTION:" + escape(e.Summary))
	l.line("TRIGGER:-" + duration(before))
	l.line("END:VALARM")
}

// duration is RFC 5545, 3.3.6, to the second.
func duration(d time.Duration) string {
	s := int64(d / time.Second)
	return fmt.Sprintf("PT%dH%dM%dS", s/3600, s/60%60, s%60)
}

func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "")

func escape(s string) string { return escapes.Replace(s) }

type lines struct {
	w   io.Writer
	err error
}

// line folds a content line at 75 octets, between characters (RFC 5545, 3.1).
func (l *lines) line(s string) {
	room := 75
	for len(s) > room {
		n := room
		for !utf8.RuneStart(s[n]) {
			n--
		}
		l.write(s[:n] + "\r\n ")
		s, room = s[n:], 74
	}
	l.write(s + "\r\n")
}

func (l *lines) write(s string) {
	if l.err == nil {
		_, l.err = io.WriteString(l.w, s)
	}
}
