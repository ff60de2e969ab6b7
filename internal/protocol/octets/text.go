// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package octets

import (
	"strings"
	"unicode/utf8"
)

// Text is b as printable text of at most limit bytes: control characters and bytes that are no UTF-8
// become spaces, runs of space one, and none stand at the ends.
func Text(b []byte, limit int) string {
	if Printable(b) && len(b) <= limit && !blank(b) {
		return string(b)
	}
	var s strings.Builder
	gap := false
	for len(b) > 0 && s.Len() < limit {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n <= 1 || r <= ' ' || r == 0x7f {
			gap = s.Len() > 0
			b = b[max(n, 1):]
			continue
		}
		if gap {
			s.WriteByte(' ')
			gap = false
		}
		if s.Len()+n > limit {
			break
		}
		s.WriteRune(r)
		b = b[n:]
	}
	return strings.TrimSpace(s.String())
}

// blank says that b has spaces that Text would take away.
func blank(b []byte) bool {
	for i, c := range b {
		if c == ' ' && (i == 0 || i == len(b)-1 || b[i-1] == ' ') {
			return true
		}
	}
	return false
}

// Printable says that b is printable ASCII alone.
func Printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// HasFold says that s contains the lower-case word, in whatever case.
func HasFold(s []byte, word string) bool {
	if word == "" {
		return true
	}
	for i, first := 0, word[0]|0x20; i+len(word) <= len(s); i++ {
		if s[i]|0x20 == first && EqualFold(s[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// PrefixFold says that s begins with the lower-case word, in whatever case.
func PrefixFold(s []byte, word string) bool {
	return len(s) >= len(word) && EqualFold(s[:len(word)], word)
}

// EqualFold compares s with a lower-case word, ASCII case aside.
func EqualFold(s []byte, word string) bool {
	if len(s) != len(word) {
		return false
	}
	for i, c := range s {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
