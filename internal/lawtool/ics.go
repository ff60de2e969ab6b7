// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// WriteICS writes dates as an iCalendar (RFC 5545): an all-day event a milestone, whose UID stays the same
// however often the calendar is made again. stamp is when it was made.
func WriteICS(w io.Writer, dates []Date, stamp time.Time) error {
	c := &icsWriter{w: w}
	c.line("BEGIN:VCALENDAR")
	c.line("VERSION:2.0")
	c.line("PRODID:-//Writ//law calendar//EN")
	for n, d := range dates {
		c.line("BEGIN:VEVENT")
		c.line(fmt.Sprintf("UID:%s-%s-%d@writ", d.from, strings.ReplaceAll(string(d.Instrument), "/", "-"), order(dates, n)))
		c.line("DTSTAMP:" + stamp.UTC().Format("20060102T150405Z"))
		c.line("DTSTART;VALUE=DATE:" + d.from.Time().Format("20060102"))
		c.line("SUMMARY:" + icsText(d.Short+": "+d.Event))
		note := d.Note
		if d.Day != d.from.String() {
			note = join("; ", "known to "+d.Day+" only", note)
		}
		if d.Provisions > 0 {
			note = join("; ", note, plural(d.Provisions, "provision begins", "provisions begin")+" to bind")
		}
		if note = note + doubt(d.Confidence); note != "" {
			c.line("DESCRIPTION:" + icsText(note))
		}
		c.line("TRANSP:TRANSPARENT")
		c.line("END:VEVENT")
	}
	c.line("END:VCALENDAR")
	return c.err
}

// order tells apart the dates of one instrument on one day.
func order(dates []Date, n int) (k int) {
	for _, d := range dates[:n] {
		if d.Instrument == dates[n].Instrument && d.from == dates[n].from {
			k++
		}
	}
	return k
}

func icsText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace(s)
}

type icsWriter struct {
	w   io.Writer
	err error
}

// line folds a content line at 75 octets, between characters (RFC 5545, 3.1).
func (c *icsWriter) line(s string) {
	room := 75
	for len(s) > room {
		n := room
		for !utf8.RuneStart(s[n]) {
			n--
		}
		c.write(s[:n] + "\r\n ")
		s, room = s[n:], 74
	}
	c.write(s + "\r\n")
}

func (c *icsWriter) write(s string) {
	if c.err == nil {
		_, c.err = io.WriteString(c.w, s)
	}
}
