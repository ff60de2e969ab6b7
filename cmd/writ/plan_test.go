// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/register"
)

// Who answers for a thing is said by the newest record of responsibility that is valid on the day.
func TestOwnersAreThoseOfTheDay(t *testing.T) {
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "x.case"), casefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	us := fact.Subject{Kind: fact.Organisation, ID: "us"}
	var entries []journal.Entry
	for _, r := range [][4]string{ // control, accountable, from, until
		{"no-telnet", "the porter", "2025-01-01", ""},
		{"no-telnet", "network operations", "2026-01-01", ""},
		{"encrypt-patient-data", "radiology", "2026-01-01", "2026-06-30"},
		{"own-credentials", "purchasing", "2027-01-01", ""},
	} {
		entries = append(entries, journal.Entry{Form: "record.responsibility", Subject: us,
			Body: register.Body{Kind: "responsibility", Day: r[2],
				Until: r[3], By: "board", Fields: map[string]string{"control": r[0], "accountable": r[1]}}})
	}
	if _, err := journal.Write(t.Context(), c, entries...); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]map[string]string{
		"2026-11-25": {"no-telnet": "network operations"},
		"2026-06-30": {"no-telnet": "network operations", "encrypt-patient-data": "radiology"},
		"2025-06-01": {"no-telnet": "the porter"},
	} {
		d, err := fact.ParseDay(day)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ownersOf(t.Context(), c, d)
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("on %s: %v (%v), want %v", day, got, err, want)
		}
	}
}
