// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package person

import "testing"

func TestOneNameIsOneHoweverItIsWritten(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Anna Oak", "anna  oak", true},
		{"Anna Oak", "Anna\u00a0Oak", true},
		{"Ren\u00e9 Oak", "Rene\u0301 Oak", true},
		{"Anna Oak", "\uff21\uff4e\uff4e\uff41 Oak", true},
		{"Anna Oak", "An\u200bna Oak", true},
		{"Anna Oak", "Anna \u202eOak\u202c", true},
		{"Anna Oak", "\u0410nna Oak", true},
		{"Anna Oak", "Anna 0ak", true},
		{"Anna Oak", "Oak, Anna", true},
		{"Anna Oak", "Anna Oak.", true},
		{"Strasse", "STRA\u1e9eE", true},
		{"\u0418\u0432\u0430\u043d", "\u0438\u0432\u0430\u043d", true},
		{"Anna Oak", "Anne Oak", false},
		{"Anna Oak", "Hanna Oak", false},
		{"Ren\u00e9 Oak", "Rene Oak", false},
		{"", "", false},
		{"\u200b", "\u200b", false},
	} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%+q, %+q) is %v, want %v", c.a, c.b, got, c.want)
		}
		if Same(c.a, c.b) != Same(c.b, c.a) {
			t.Errorf("Same(%+q, %+q) depends on the order", c.a, c.b)
		}
	}
}

func FuzzFoldingTwiceIsFoldingOnce(f *testing.F) {
	for _, s := range []string{"Anna Oak", "\u1e9e\u0345", "\ufdfa", "A\u030a\u200d", "\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := Fold(s); Fold(once) != once {
			t.Errorf("Fold(%+q) is %+q, and folded again %+q", s, once, Fold(once))
		}
	})
}
