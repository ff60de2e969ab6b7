// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/writ-iot/writ/internal/ical"
)

// WriteICS writes dates as an iCalendar: an all-day event a milestone, whose UID stays the same however often the
// calendar is made again. stamp is when it was made.
func WriteICS(w io.Writer, dates []Date, stamp time.Time) error {
	c := ical.Calendar{Product: "-//Writ//law calendar//EN", Stamp: stamp}
	for n, d := range dates {
		note := d.Note
		if d.Day != d.from.String() {
			note = join("; ", "known to "+d.Day+" only", note)
		}
		if d.Provisions > 0 {
			note = join("; ", note, plural(d.Provisions, "provision begins", "provisions begin")+" to bind")
		}
		c.Events = append(c.Events, ical.Event{Day: true, Start: d.from.Time(), Summary: d.Short + ": " + d.Event,
			UID: fmt.Sprintf("%s-%s-%d@writ", d.from, strings.ReplaceAll(string(d.Instrument), "/",
				"-"), order(dates, n)),
			Description: note + doubt(d.Confidence)})
	}
	return c.Write(w)
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
