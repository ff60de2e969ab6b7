// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"fmt"
	"time"
)

// local are the ways in which people write a time without a zone; parts of a second count for no period.
var local = []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05"}

// Moment reads a time: with its offset (RFC 3339), or as the clocks of a zone show it. One that those clocks skip is
// refused with the last time before and the first after; one that they show twice, with both.
func Moment(s string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.In(zone), nil
	}
	if t, err := time.Parse("2006-01-02T15:04Z07:00", s); err == nil {
		return t.In(zone), nil
	}
	for _, layout := range local {
		if t, err := time.Parse(layout, s); err == nil {
			return shown(t, zone)
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: want one like 2026-11-24T10:20 by the clocks of %s, or with its offset, 2026-11-24T10:20:00+01:00", s, zone)
}

// shown finds the moment at which the clocks of a zone show what t shows.
func shown(t time.Time, zone *time.Location) (time.Time, error) {
	var found []time.Time
	for _, near := range []time.Time{t.Add(-26 * time.Hour), t.Add(26 * time.Hour)} {
		_, offset := near.In(zone).Zone()
		m := t.Add(-time.Duration(offset) * time.Second).In(zone)
		same := m.Format(time.DateTime) == t.Format(time.DateTime)
		if same && (len(found) == 0 || !found[0].Equal(m)) {
			found = append(found, m)
		}
	}
	const form = "2006-01-02T15:04:05Z07:00"
	switch len(found) {
	case 0:
		change := changeNear(t, zone)
		return time.Time{}, fmt.Errorf("%s is no time in %s: its clocks go from %s to %s: write which of the two is meant, with the offset",
			t.Format("2006-01-02 15:04"), zone, change.Add(-time.Second).Format(form), change.Format(form))
	case 2:
		return time.Time{}, fmt.Errorf("%s comes twice in %s, as its clocks go back: write %s or %s",
			t.Format("2006-01-02 15:04"), zone, found[0].Format(form), found[1].Format(form))
	}
	return found[0], nil
}

// changeNear is the first moment after the change of clocks that lies within a day or so of what t shows.
func changeNear(t time.Time, zone *time.Location) time.Time {
	low, high := t.Add(-26*time.Hour).Unix(), t.Add(26*time.Hour).Unix()
	offset := func(s int64) int {
		_, o := time.Unix(s, 0).In(zone).Zone()
		return o
	}
	for before := offset(low); high-low > 1; {
		if mid := low + (high-low)/2; offset(mid) == before {
			low = mid
		} else {
			high = mid
		}
	}
	return time.Unix(high, 0).In(zone)
}
