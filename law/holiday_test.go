// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestHolidaysThatNameNoDayAreRefusedWhereTheyStand(t *testing.T) {
	const head = "id: xx\ntitle: t\nterritory: t\nsource: s\nconfidence: remembered\ndays:\n"
	for day, want := range map[string]string{
		"{name: a, month: 1, day: 1}":                    "",
		"{name: a, month: 5, weekday: monday, nth: -1}":  "",
		"{name: a, easter: -2, observed: next}":          "",
		"{name: a}":                                      "names no day",
		"{name: a, month: 1}":                            "names no day",
		"{name: a, month: 1, day: 1, easter: 2}":         "names no day",
		"{name: a, month: 13, day: 1}":                   "no whole number from 0 to 12",
		"{name: a, month: 1, weekday: mondey, nth: 1}":   `did you mean "monday"?`,
		"{name: a, month: 1, day: 1, observed: someday}": "way to observe",
		"{name: a, month: 1, weekday: monday, nth: 9}":   "from -1 to 5",
	} {
		_, err := LoadHolidays(fstest.MapFS{"holidays/xx.yaml": {Data: []byte(head + "  - " + day + "\n")}})
		if got := problemText(err); want == "" && got != "" || !strings.Contains(got, want) || want != "" && !strings.Contains(got, "holidays/xx.yaml:7:") {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
	if _, err := LoadHolidays(fstest.MapFS{"holidays/yy.yaml": {Data: []byte(head + "  - {name: a, month: 1, day: 1}\n")}}); err == nil {
		t.Error("a list lies in another's file")
	}
}

func problemText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
