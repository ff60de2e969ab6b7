// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"strings"
	"testing"
	"time"
)

func TestATimeThatTheClocksSkipOrShowTwiceIsRefusedWithBothNeighbours(t *testing.T) {
	for _, c := range []struct {
		zone, text, want string
		says             []string
	}{
		{berlin, "2026-11-24T10:20", "2026-11-24T10:20:00+01:00", nil},
		{berlin, "2026-11-24 10:20", "2026-11-24T10:20:00+01:00", nil},
		{berlin, "2026-07-01T10:20:30", "2026-07-01T10:20:30+02:00", nil},
		{berlin, "2026-11-24T10:20:00Z", "2026-11-24T11:20:00+01:00", nil},
		{berlin, "2026-11-24T10:20Z", "2026-11-24T11:20:00+01:00", nil},
		{berlin, "2026-03-29T01:59", "2026-03-29T01:59:00+01:00", nil},
		{berlin, "2026-03-29T02:30", "", []string{"2026-03-29T01:59:59+01:00", "2026-03-29T03:00:00+02:00", "no time in Europe/Berlin"}},
		{berlin, "2026-03-29T03:00", "2026-03-29T03:00:00+02:00", nil},
		{berlin, "2026-10-25T02:30", "", []string{"comes twice", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"}},
		{berlin, "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00", nil},
		{newYork, "2026-03-08T02:30", "", []string{"2026-03-08T01:59:59-05:00", "2026-03-08T03:00:00-04:00"}},
		{newYork, "2026-11-01T01:30", "", []string{"2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"}},
		{"Australia/Lord_Howe", "2026-10-04T02:15", "", []string{"01:59:59+10:30", "02:30:00+11:00"}},
		{"Pacific/Apia", "2011-12-30T12:00", "", []string{"2011-12-29T23:59:59-10:00", "2011-12-31T00:00:00+14:00"}},
		{"Asia/Kolkata", "2026-03-29T02:30", "2026-03-29T02:30:00+05:30", nil},
		{"UTC", "2026-02-29T02:30", "", []string{"is no time"}},
		{"UTC", "yesterday", "", []string{"is no time", "2026-11-24T10:20"}},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Moment(c.text, zone)
		if c.want != "" && (err != nil || got.Format(time.RFC3339) != c.want && got.Format("2006-01-02T15:04:05-07:00") != c.want) {
			t.Errorf("%s %s: %v, %v", c.zone, c.text, got, err)
		}
		for _, want := range c.says {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %s: %v, want %q", c.zone, c.text, err, want)
			}
		}
	}
}

func FuzzMoment(f *testing.F) {
	f.Add("2026-03-29T02:30", "Europe/Berlin")
	f.Add("2026-10-25 02:30:00", "Europe/Dublin")
	f.Add("2011-12-30T12:00", "Pacific/Apia")
	f.Fuzz(func(t *testing.T, text, name string) {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return
		}
		m, err := Moment(text, zone)
		if err == nil && m.Location() != zone {
			t.Errorf("%q is read in %v", text, m.Location())
		}
	})
}
