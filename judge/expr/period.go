// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/writ-iot/writ/fact"
)

// Span is a calendar period of whole days: P12M, P1Y, P2W, P30D. One month is not thirty days.
type Span struct{ Months, Days int }

var spanForm = regexp.MustCompile(`^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$`)

// ParseSpan reads an ISO 8601 duration without a time part.
func ParseSpan(s string) (Span, error) {
	m := spanForm.FindStringSubmatch(s)
	if m == nil {
		return Span{}, fmt.Errorf("period %q: want calendar years, months, weeks or days, such as P12M", s)
	}
	n := [4]int{}
	for i, digits := range m[1:] {
		n[i], _ = strconv.Atoi(digits) // "" is 0; the form bounds the rest
	}
	p := Span{Months: n[0]*12 + n[1], Days: n[2]*7 + n[3]}
	if p == (Span{}) {
		return Span{}, fmt.Errorf("period %q is empty", s)
	}
	return p, nil
}

// After is the last day of a period that runs from d: the same date, or the month's last day.
func (p Span) After(d fact.Day) fact.Day { return d.AddMonths(p.Months) + fact.Day(p.Days) }

// Within says whether something done on d was done in the period that ends on day: not in the future,
// and not so long ago that the period has run out.
func (p Span) Within(d, day fact.Day) bool { return d <= day && p.After(d) >= day }
