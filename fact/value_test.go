// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package fact

import "testing"

func TestAddMonthsKeepsToTheMonthsEnd(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2028-02-29", -12, "2027-02-28"}, {"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"}, {"2026-03-15", -12, "2025-03-15"},
	} {
		d, err := ParseDay(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s %+d months = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestNoValueIsNeitherTrueNorFalse(t *testing.T) {
	var v Value
	if v.IsTrue() || v.IsFalse() || v.Type() != None {
		t.Error("the zero value must be no value")
	}
}
