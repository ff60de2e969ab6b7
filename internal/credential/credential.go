// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package credential knows the published factory credentials: the 61 pairs that Mirai tried in 2016, and
// the defaults that makers of IoT, network and control products print in their manuals. All of them
// stand in public lists; a pair that is there says nothing about who uses it.
//
// The list is factory.tsv: user, password and list, tab-separated, in byte order. It is searched as
// it stands, so that nothing is built at start and nothing changes.
package credential

import (
	_ "embed"
	"strings"
)

//go:embed factory.tsv
var factory string

// The lists.
const (
	Mirai       = "mirai-2016"
	IoT         = "iot-vendor-defaults"
	Control     = "ot-vendor-defaults"
	Communities = "snmp-communities"
)

// Factory names the list that holds the pair, "" when none does. Spelling counts: so it does to the
// device.
func Factory(user, password string) string {
	if strings.ContainsAny(user, "\t\n") || strings.ContainsAny(password, "\t\n") {
		return ""
	}
	lo, hi := 0, len(factory)
	for lo < hi {
		mid := lo + (hi-lo)/2
		start := lo + strings.LastIndexByte(factory[lo:mid], '\n') + 1
		end := start + strings.IndexByte(factory[start:hi], '\n')
		line := factory[start:end]
		tab := strings.LastIndexByte(line, '\t')
		switch order(line[:tab], user, password) {
		case 0:
			return line[tab+1:]
		case -1:
			lo = end + 1
		default:
			hi = start
		}
	}
	return ""
}

// order compares a line's pair with a pair, as user, tab and password compare in bytes.
func order(pair, user, password string) int {
	u, p, _ := strings.Cut(pair, "\t")
	if u == user {
		return strings.Compare(p, password)
	}
	// The tab, lower than any printable character, ends a shorter user first: so does Compare.
	return strings.Compare(u, user)
}

// Community names the list that holds an SNMP community which agents ship with, "" when none does.
func Community(name string) string {
	switch name {
	case "public", "private", // RFC 1157's examples, and the defaults of most agents since
		"ILMI", "cable-d", "OrigEquipMfr", "rmon_admin", "hp_admin", "TENmanUFactOryPOWER", "canon_admin",
		"0392a0", "CR52401", "ANYCOM", "Intermec", "NoGaH$@!", "agent_steal":
		return Communities
	}
	return ""
}
