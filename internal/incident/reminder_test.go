// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"strings"
	"testing"
	"time"
)

func TestAReminderIsDueOnceForEachLead(t *testing.T) {
	h := everything(t)
	s := h.story(t, "Europe/Dublin", "2026-11-24T12:00:00Z", "awareness=2026-11-24T10:20", "data.personal=yes")
	leads := []time.Duration{24 * time.Hour, 4 * time.Hour, time.Hour}
	for now, want := range map[string]string{
		"2026-11-25T10:20:00Z": "", // 48 hours are left
		"2026-11-26T10:20:00Z": "24h0m0s", "2026-11-27T06:19:00Z": "24h0m0s", "2026-11-27T06:20:00Z": "4h0m0s",
		"2026-11-27T10:00:00Z": "1h0m0s", "2026-11-27T10:20:01Z": "0s",
	} {
		got := ""
		for _, d := range Reminders(s.clocks(now), leads) {
			if d.Clock.Key == "eu/gdpr/authority" {
				got = d.Lead.String()
				if key := d.Key("mail"); !strings.HasPrefix(key, "eu/gdpr/authority 2026-11-27T10:20:00Z ") {
					t.Errorf("key %q", key)
				}
			}
		}
		if got != want {
			t.Errorf("at %s: lead %q, want %q", now, got, want)
		}
	}
	open := 0
	for _, d := range Reminders(s.clocks("2026-11-24T20:20:00Z"), leads) { // nobody has said whether a severe incident hit the product
		if d.Clock.Key == "eu/cra/incident-early-warning" && d.Lead == 24*time.Hour {
			open++
		}
	}
	if open != 1 {
		t.Errorf("of what waits for a fact somebody is reminded %d times", open)
	}
	s.notifies("eu/gdpr/authority", "2026-11-26T09:00:00Z")
	for _, d := range Reminders(s.clocks("2026-11-27T10:00:00Z"), leads) {
		if d.Clock.Key == "eu/gdpr/authority" {
			t.Error("somebody is reminded of what is done")
		}
	}
}
