// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package person compares what people are called: who asks must not be who grants, and whoever is erased must be
// found however the name is written.
package person

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// alike are pairs of letters of two scripts that look the same (after case folding, so some only as capitals), and
// the digits that are taken for letters. A name in which one stands for the other reads as the same name.
var alike = strings.NewReplacer(
	"а", "a", "в", "b", "с", "c", "ԁ", "d", "е", "e", "һ", "h", "н", "h", "і", "i", "ј", "j", "к", "k", "м", "m",
	"о", "o", "р", "p", "ԛ", "q", "ѕ", "s", "т", "t", "у", "y", "ү", "y", "ԝ", "w", "х", "x",
	"α", "a", "β", "b", "ε", "e", "η", "h", "ι", "i", "κ", "k", "μ", "m", "ν", "v", "ο", "o", "ρ", "p", "τ", "t",
	"υ", "y", "χ", "x", "ζ", "z", "ı", "i", "0", "o", "1", "l", "|", "l")

// Fold gives a text as it is compared and searched: compatible forms made one (Unicode Standard Annex 15, NFKC),
// case folded, what does not show taken out, white space made one space.
func Fold(s string) string {
	once := fold(s)
	return min(once, fold(once)) // Cherokee letters fold to each other: the two are one
}

func fold(s string) string {
	s = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Same says whether two names read as one person's or function's, whatever the case, the order of words,
// punctuation, and letters of another script that look alike. No name is nobody's.
func Same(a, b string) bool {
	x := words(a)
	return len(x) > 0 && slices.Equal(x, words(b))
}

func words(name string) []string {
	all := strings.FieldsFunc(alike.Replace(Fold(name)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
	})
	slices.Sort(all)
	return all
}
