// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"testing"
	"time"
)

// Art. 5(4) to (6) of Delegated Regulation (EU) 2025/301.
func TestAGraceUntilNoonOfTheNextWorkingDay(t *testing.T) {
	zone, err := time.LoadLocation(dublin)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, period string
		firm         bool
		due, formal  string
	}{
		{"2026-11-25 17:45", "PT4H", false, "2026-11-25 21:45:00", "2026-11-25 22:00:00"},
		{"2026-11-27 22:30", "PT4H", false, "2026-11-28 02:30:00", "2026-11-30 12:00:00"}, // into Saturday
		{"2026-11-27 22:30", "PT4H", true, "2026-11-30 12:00:00", "2026-11-30 12:00:00"},
		{"2026-10-28 10:00", "P1M", false, "2026-11-30 12:00:00", "2026-11-30 12:00:00"}, // the 28th is a Saturday
		{"2026-10-27 10:00", "P1M", false, "2026-11-27 23:59:59", "2026-11-27 23:59:59"},
	} {
		p, err := ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DueByNoon(moment(t, c.from, zone), p, EU, nil, c.firm)
		if err != nil {
			t.Fatal(err)
		}
		if got.Due.Format(time.DateTime) != c.due || got.Formal.Format(time.DateTime) != c.formal {
			t.Errorf("%s + %s: %v, %v %q", c.from, c.period, got.Due, got.Formal, got.Because)
		}
	}
}
