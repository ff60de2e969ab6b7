// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package sensitive looks in clear payloads for content that a law names. What it finds it locates and
// digests under the run's key; the value itself is never kept.
package sensitive

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// A primary account number has 13 to 19 digits (ISO/IEC 7812-1).
const (
	minDigits   = 13
	maxDigits   = 19
	groupDigits = 4  // of a number written in groups
	context     = 48 // bytes before a number in which a word may say what it is
)

// Cards looks for payment card numbers. The zero value is ready; it serves one goroutine.
type Cards struct{ digits [maxDigits]byte }

// Watch tells of card numbers in a payload: at most one, since one suffices.
func (w *Cards) Watch(c *protocol.Context, _ protocol.Direction, p []byte) {
	n := findCard(p, &w.digits)
	if n == 0 {
		return
	}
	const kind = "card-number"
	c.Emit(0, &observation.Sensitive{What: kind, Secret: c.Keys.Secret(kind, w.digits[:n]), Where: "payload"})
	clear(w.digits[:])
}

// findCard puts the first card number's digits where it is told and says how many there are.
//
// A number covers at least 13 bytes, so looking at every thirteenth byte finds each one, and costs a
// payload without digits next to nothing. A gap counts between digits only: text is full of spaces.
func findCard(p []byte, to *[maxDigits]byte) int {
	for at := minDigits - 1; at < len(p); at += minDigits {
		if numeric[p[at]] == 0 || !within(p, at) {
			continue
		}
		if !isDigit(p[at]) && !(isGap(p[at]) && isDigit(p[at-1]) && at+1 < len(p) && isDigit(p[at+1])) {
			continue
		}
		begin, end := around(p, at, isDigit)
		if isDigit(p[at]) && end-begin < groupDigits {
			continue // no group of a number is so short
		}
		begin, end = around(p, at, func(c byte) bool { return isDigit(c) || isGap(c) })
		if end-begin < minDigits {
			continue
		}
		if n := card(p, begin, end, to); n > 0 {
			return n
		}
		at = max(at, end-minDigits)
	}
	return 0
}

// half is how far a number of 13 bytes reaches at least to one side of any place in it.
const half = minDigits / 2

// within says that such a place may be within a number: what stands half a number before it or behind it may be, too.
func within(p []byte, at int) bool {
	if at+half >= len(p) {
		return numeric[p[at-half]] != 0
	}
	return numeric[p[at-half]]|numeric[p[at+half]] != 0
}

// numeric is 1 for the bytes that numbers are written with.
var numeric = func() (t [256]uint8) {
	for c := range t {
		if isDigit(byte(c)) || isGap(byte(c)) {
			t[c] = 1
		}
	}
	return t
}()

// around is the longest stretch about a place whose bytes are all of a kind; the place itself counts.
func around(p []byte, at int, is func(byte) bool) (begin, end int) {
	begin, end = at, at+1
	for begin > 0 && is(p[begin-1]) {
		begin--
	}
	for end < len(p) && is(p[end]) {
		end++
	}
	return begin, end
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isGap(c byte) bool { return c == ' ' || c == '-' }

// card judges the digits between begin and end. One in ten random numbers passes the check digit, so
// something else must speak for a card: the usual groups, or a word before it.
func card(p []byte, begin, end int, to *[maxDigits]byte) int {
	for begin < end && isGap(p[begin]) {
		begin++
	}
	for end > begin && isGap(p[end-1]) {
		end--
	}
	if begin > 0 && isPart(p[begin-1]) || end < len(p) && isPart(p[end]) {
		return 0
	}
	n, gaps, group, grouped := 0, 0, 0, true
	for _, c := range p[begin:end] {
		if isGap(c) {
			grouped = grouped && group == 4
			gaps++
			group = 0
			continue
		}
		if n == maxDigits {
			return 0
		}
		to[n] = c
		n++
		group++
	}
	if gaps > 0 && (!grouped || gaps != 3 || n != 16) || !issued(to[:n]) || !luhn(to[:n]) || flat(to[:n]) {
		return 0
	}
	if gaps == 0 && !named(p[max(0, begin-context):begin]) {
		return 0
	}
	return n
}

// isPart says that a byte next to digits makes them part of something longer.
func isPart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '.' || c == '_' || c >= 0x80
}

// issued says whether the prefix and the length belong to a card network.
func issued(d []byte) bool {
	if len(d) < minDigits {
		return false
	}
	two, four := number(d[:2]), number(d[:4])
	switch n := len(d); {
	case d[0] == '4':
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720:
		return n == 16
	case two == 34 || two == 37:
		return n == 15
	case four == 6011, two == 65, two == 62, two == 35:
		return n == 16
	case two == 36 || two == 38:
		return n == 14
	}
	return false
}

func number(d []byte) int {
	v := 0
	for _, c := range d {
		v = v*10 + int(c-'0')
	}
	return v
}

// luhn checks the check digit (ISO/IEC 7812-1, annex B).
func luhn(d []byte) bool {
	sum := 0
	for i, c := range d {
		v := int(c - '0')
		if (len(d)-i)%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// flat numbers repeat a digit or two: fillers, not cards.
func flat(d []byte) bool {
	seen := 0
	for _, c := range d {
		seen |= 1 << (c - '0')
	}
	return seen&(seen-1) == 0
}

var words = []string{"card", "pan", "ccnum", "cc_n", "ccn", "creditc", "acctnum", "track2"}

func named(before []byte) bool {
	for _, w := range words {
		if octets.HasFold(before, w) {
			return true
		}
	}
	return false
}
