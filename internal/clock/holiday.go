// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Holidays makes a calendar of the catalogue's rules. It serves one goroutine.
func Holidays(h *law.Holidays) Calendar {
	return &holidays{rules: h.Rules, days: map[fact.Day]string{}, done: map[int]bool{}}
}

type holidays struct {
	rules []law.Holiday
	days  map[fact.Day]string
	done  map[int]bool // years whose holidays are in days
}

// Holiday names the holiday on a day. One that is observed on another day may be the next year's, or the last's.
func (h *holidays) Holiday(year int, month time.Month, day int) string {
	for y := year - 1; y <= year+1; y++ {
		if !h.done[y] {
			h.done[y] = true
			h.year(y)
		}
	}
	return h.days[fact.DayOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))]
}

// year adds a year's holidays, each on its own day and on the day on which it is observed.
func (h *holidays) year(y int) {
	for _, r := range h.rules {
		if r.From != 0 && y < r.From || r.Until != 0 && y > r.Until {
			continue
		}
		t := dayOf(r, y)
		h.days[fact.DayOf(t)] = r.Name
		switch {
		case r.Observed == law.Nearest && t.Weekday() == time.Saturday:
			h.days[fact.DayOf(t.AddDate(0, 0, -1))] = r.Name + ", observed"
		case r.Observed == law.Nearest && t.Weekday() == time.Sunday:
			h.days[fact.DayOf(t.AddDate(0, 0, 1))] = r.Name + ", observed"
		case r.Observed == law.Next && free(t):
			for free(t) || h.days[fact.DayOf(t)] != "" {
				t = t.AddDate(0, 0, 1)
			}
			h.days[fact.DayOf(t)] = r.Name + ", observed"
		}
	}
}

func free(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// dayOf is the day that a rule names in a year.
func dayOf(r law.Holiday, y int) time.Time {
	switch {
	case r.Easter != nil:
		return easter(y).AddDate(0, 0, *r.Easter)
	case r.Nth == 0:
		return time.Date(y, time.Month(r.Month), r.Day, 0, 0, 0, 0, time.UTC)
	case r.Nth < 0:
		last := time.Date(y, time.Month(r.Month)+1, 0, 0, 0, 0, 0, time.UTC)
		return last.AddDate(0, 0, -((int(last.Weekday()) - int(r.Weekday) + 7) % 7))
	}
	first := time.Date(y, time.Month(r.Month), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, (int(r.Weekday)-int(first.Weekday())+7)%7+7*(r.Nth-1))
}

// easter is Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature, 1876).
func easter(y int) time.Time {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(y, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}
