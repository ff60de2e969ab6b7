// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
)

func TestTheCalendarIsAnICalendar(t *testing.T) {
	day, _ := fact.ParseDay("2027-12-11")
	dates := []Date{
		{Day: "2027-12-11", Instrument: "eu/cra", Short: "CRA", Event: "applies", Note: "everything else; Art. 71(2), " + strings.Repeat("é", 60), Provisions: 57, from: day},
		{Day: "2027-12", Instrument: "eu/cra", Short: "CRA", Event: "planned", from: day},
	}
	var b strings.Builder
	if err := WriteICS(&b, dates, time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, l := range strings.Split(strings.TrimSuffix(got, "\r\n"), "\r\n") {
		if len(l) > 75 {
			t.Errorf("a line of %d octets: %q", len(l), l)
		}
	}
	whole := strings.ReplaceAll(got, "\r\n ", "")
	for _, want := range []string{"UID:2027-12-11-eu-cra-0@writ\r\n", "UID:2027-12-11-eu-cra-1@writ\r\n", "DTSTART;VALUE=DATE:20271211\r\n",
		`SUMMARY:CRA: applies`, `everything else\; Art. 71(2)\, é`, "57 provisions begin to bind", "known to 2027-12 only"} {
		if !strings.Contains(whole, want) {
			t.Errorf("the calendar lacks %q:\n%s", want, whole)
		}
	}
}
