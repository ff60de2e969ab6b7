// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ical

import (
	"strings"
	"testing"
	"time"
)

func TestAnEventIsWrittenAsTheStandardHasIt(t *testing.T) {
	at := time.Date(2026, 11, 26, 9, 20, 0, 0, time.UTC)
	c := Calendar{Product: "-//Writ//test//EN", Stamp: at, Events: []Event{{UID: "a@writ", Start: at.In(time.FixedZone("", 3600)),
		Summary: "NIS2; early, warning", Description: strings.Repeat("é", 60) + "\nnext", Sequence: 2,
		Categories: []string{"a,b"}, Alarms: []time.Duration{24 * time.Hour, 90 * time.Second}}}}
	var b strings.Builder
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Writ//test//EN\r\n", "UID:a@writ\r\n",
		"DTSTART:20261126T092000Z\r\n", "SEQUENCE:2\r\n", `SUMMARY:NIS2\; early\, warning` + "\r\n", `CATEGORIES:a\,b` + "\r\n",
		"BEGIN:VALARM\r\nACTION:DISPLAY\r\n", "TRIGGER:-PT24H0M0S\r\n", "TRIGGER:-PT0H1M30S\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	for line := range strings.SplitSeq(b.String(), "\r\n") {
		if len(line) > 75 || !strings.Contains(b.String(), "\r\n") || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line %q", line)
		}
	}
	if unfolded := strings.ReplaceAll(b.String(), "\r\n ", ""); !strings.Contains(unfolded, strings.Repeat("é", 60)+`\nnext`) {
		t.Error("folding lost something")
	}
}
