// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package clock is the arithmetic of statutory periods: from an event, by a period and a rule, to the moment
// when it is due. It does no I/O and reads no clock.
//
// Where the law's text lets a period run longer than a plain count, both moments are given: Due is the one to
// keep, and the earlier wherever the extension is contested; Formal is the latest that the rule's text bears.
package clock

import (
	"fmt"
	"strconv"
)

// Period is a statutory period. One of its parts is set: hours, business days, or calendar parts.
type Period struct {
	Hours, Minutes      int
	BusinessDays        int
	Years, Months, Days int // weeks are seven days
}

// ParsePeriod reads an ISO 8601 duration, or P4BD for four business days. Hours stand alone: no law mixes them
// with days.
func ParsePeriod(s string) (Period, error) {
	var p Period
	bad := fmt.Errorf("%q is no period: PT24H, P14D, P1M, or P4BD for business days", s)
	if len(s) < 3 || s[0] != 'P' {
		return p, bad
	}
	date, rest := true, s[1:]
	for rest != "" {
		if rest[0] == 'T' && date {
			date, rest = false, rest[1:]
			continue
		}
		n := 0
		for n < len(rest) && '0' <= rest[n] && rest[n] <= '9' {
			n++
		}
		v, err := strconv.Atoi(rest[:n])
		if err != nil || v > 100_000 || n == len(rest) {
			return Period{}, bad
		}
		unit := rest[n:]
		used := 1
		switch {
		case date && len(unit) >= 2 && unit[:2] == "BD":
			p.BusinessDays, used = v, 2
		case date && unit[0] == 'Y':
			p.Years = v
		case date && unit[0] == 'M':
			p.Months = v
		case date && unit[0] == 'W':
			p.Days += 7 * v
		case date && unit[0] == 'D':
			p.Days += v
		case !date && unit[0] == 'H':
			p.Hours = v
		case !date && unit[0] == 'M':
			p.Minutes = v
		default:
			return Period{}, bad
		}
		rest = unit[used:]
	}
	if !p.single() {
		return Period{}, bad
	}
	return p, nil
}

// single says that the period is of one sort.
func (p Period) single() bool {
	sorts := 0
	for _, is := range []bool{p.Hours+p.Minutes > 0, p.BusinessDays > 0, p.Years+p.Months+p.Days > 0} {
		if is {
			sorts++
		}
	}
	return sorts == 1
}

func (p Period) inHours() bool { return p.Hours+p.Minutes > 0 }
