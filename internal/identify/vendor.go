// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import "strings"

// Vendors knows the names under which makers are known, and which of them make modules that stand in
// other makers' products. It is immutable once loaded.
type Vendors struct {
	names   map[string]string // first words of a name, folded, to the name we use
	modules map[string]bool   // first words of a module maker's name, folded
}

// legal are the words of a company's form: they tell nobody apart.
var legal = map[string]bool{
	"inc": true, "incorporated": true, "corp": true, "corporation": true, "co": true, "company": true, "ltd": true,
	"limited": true, "llc": true, "gmbh": true, "ag": true, "kg": true, "kgaa": true, "se": true, "sa": true, "sas": true,
	"srl": true, "spa": true, "bv": true, "nv": true, "ab": true, "oy": true, "oyj": true, "as": true, "aps": true,
	"pty": true, "plc": true, "pte": true, "sdn": true, "bhd": true, "kk": true, "international": true, "intl": true,
	"technologies": true, "technology": true, "electronics": true, "electronic": true, "group": true, "holdings": true,
	"the": true, "&": true, "und": true, "and": true,
}

// fold lowers a name and splits it at what is neither letter, digit, hyphen nor plus.
func fold(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127 || r == '-' || r == '+' || r == '&')
	})
}

// maxNameWords is how many first words of a name are looked at.
const maxNameWords = 5

// Canonical gives the name we use for a maker known by a registry's or a device's words: the longest
// known beginning decides; a name not known loses the words of its legal form at its end.
func (v *Vendors) Canonical(name string) string {
	words := fold(name)
	for n := min(maxNameWords, len(words)); n > 0; n-- {
		if known, ok := v.names[strings.Join(words[:n], " ")]; ok {
			return known
		}
	}
	return plain(name)
}

// Module says whether the name is that of a module maker: its address prefix names no product.
func (v *Vendors) Module(name string) bool {
	words := fold(name)
	for n := min(maxNameWords, len(words)); n > 0; n-- {
		if v.modules[strings.Join(words[:n], " ")] {
			return true
		}
	}
	return false
}

// plain cuts the legal form from a name's end and keeps the rest as it was written, at most 48 bytes.
func plain(name string) string {
	words := strings.Fields(name)
	for len(words) > 1 {
		last := strings.ToLower(strings.Trim(strings.ReplaceAll(words[len(words)-1], ".", ""), ",()"))
		if !legal[last] {
			break
		}
		words = words[:len(words)-1]
	}
	s := strings.TrimRight(strings.Join(words, " "), ",. ")
	if len(s) > 48 {
		s = strings.TrimSpace(strings.ToValidUTF8(s[:48], ""))
	}
	return s
}
