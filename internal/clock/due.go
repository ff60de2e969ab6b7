// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"fmt"
	"strings"
	"time"
)

// Rule says how a period is counted (semantics, section 8).
type Rule string

// The rules; national rules are national/XX with the country's code.
const (
	EU Rule = "eu-1182-71"  // Regulation (EEC, Euratom) No 1182/71, Art. 3
	US Rule = "us-calendar" // calendar days as they stand; business days without federal holidays
	UK Rule = "uk"
)

// Calendar says which days are no working days. A nil Calendar knows Saturdays and Sundays only.
type Calendar interface {
	// Holiday names the public holiday on a day; "" for none.
	Holiday(year int, month time.Month, day int) string
}

// Deadline is when a period ends.
type Deadline struct {
	// Due is the moment to keep.
	Due time.Time
	// Formal is the latest moment that the rule's text bears; never before Due.
	Formal time.Time
	// Because says, in order, what made the two what they are.
	Because []string
}

// Due counts a period from an event by a rule, in the zone of from, which is the zone of whoever must act.
func Due(from time.Time, p Period, rule Rule, cal Calendar) (Deadline, error) {
	if from.IsZero() {
		return Deadline{}, fmt.Errorf("counting a period: no event starts it")
	}
	if rule != EU && rule != US && rule != UK && !strings.HasPrefix(string(rule), "national/") {
		return Deadline{}, fmt.Errorf("counting a period: unknown rule %q", rule)
	}
	if !p.single() {
		return Deadline{}, fmt.Errorf("counting a period: it is empty")
	}
	c := counter{from: from, rule: rule, calendar: cal}
	switch {
	case p.inHours():
		return c.hours(time.Duration(p.Hours)*time.Hour + time.Duration(p.Minutes)*time.Minute), nil
	case p.BusinessDays > 0:
		return c.businessDays(p.BusinessDays), nil
	}
	return c.days(p), nil
}

type counter struct {
	from     time.Time
	rule     Rule
	calendar Calendar
	because  []string
}

func (c *counter) say(format string, args ...any) {
	c.because = append(c.because, fmt.Sprintf(format, args...))
}

// hours run on the clock's own time: a change to summer time makes no hour longer. Under Art. 3(1) of
// Regulation 1182/71 the hour of the event is not counted, so formally the period begins at the next full
// hour; the plain count is the one to keep. Art. 3(5), at least two working days, is contested for hours.
func (c *counter) hours(d time.Duration) Deadline {
	due := c.from.Add(d)
	formal := due
	c.say("%s after %s", hoursText(d), c.from.Format("2006-01-02 15:04"))
	if c.rule == EU {
		if next := c.from.Truncate(time.Hour); !next.Equal(c.from) {
			formal = next.Add(time.Hour).Add(d)
			c.say("Art. 3(1) of Regulation 1182/71 leaves out the hour of the event: formally until %s",
				formal.Format("2006-01-02 15:04"))
		}
	}
	return Deadline{due, formal, c.because}
}

func hoursText(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return d.String()
}

// days end with the last hour of the last day. The day of the event is not counted, which the same date so
// many days, months or years on says of itself.
func (c *counter) days(p Period) Deadline {
	last := addCalendar(c.from, p)
	c.say("the day of the event is not counted; the last day is %s", last.Format("Monday 2006-01-02"))
	rolled := last
	if c.rule != US && c.rule != UK {
		rolled = c.rollover(last)
		c.caveat()
	}
	if c.rule == EU {
		if p.Years+p.Months == 0 && p.Days >= 2 {
			rolled = c.twoWorkingDays(rolled)
		}
		return Deadline{endOf(rolled), endOf(rolled), c.because}
	}
	if !rolled.Equal(last) {
		c.say("whether national law extends this period is contested, so the earlier day is due")
	}
	return Deadline{endOf(last), endOf(rolled), c.because}
}

// addCalendar moves by calendar parts; a date that the month does not have becomes the month's last (Art.
// 3(2)(c) of Regulation 1182/71).
func addCalendar(t time.Time, p Period) time.Time {
	y, m, d := t.Date()
	first := time.Date(y+p.Years, m+time.Month(p.Months), 1, 0, 0, 0, 0, t.Location())
	end := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, end)-1+p.Days)
}

// rollover moves a last day that is no working day to the next that is one (Art. 3(4)).
func (c *counter) rollover(t time.Time) time.Time {
	for range 31 {
		why := c.free(t)
		if why == "" {
			break
		}
		c.say("%s is %s: the period runs to the end of the next working day", t.Format("2006-01-02"), why)
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// twoWorkingDays: a period of two days or more includes at least two working days (Art. 3(5)).
func (c *counter) twoWorkingDays(last time.Time) time.Time {
	count := 0
	for d := startOf(c.from).AddDate(0, 0, 1); !d.After(last) && count < 2; d = d.AddDate(0, 0, 1) {
		if c.free(d) == "" {
			count++
		}
	}
	for count < 2 {
		last = last.AddDate(0, 0, 1)
		if c.free(last) == "" {
			count++
			c.say("a period of two days or more holds two working days (Art. 3(5)): to %s", last.Format("2006-01-02"))
		}
	}
	return last
}

// businessDays count working days after the day of the event.
func (c *counter) businessDays(n int) Deadline {
	d := startOf(c.from)
	for n > 0 {
		d = d.AddDate(0, 0, 1)
		if why := c.free(d); why == "" {
			n--
		} else if why != saturday && why != sunday {
			c.say("%s is %s and does not count", d.Format("2006-01-02"), why)
		}
	}
	c.say("the day of the event is not counted; the last business day is %s", d.Format("Monday 2006-01-02"))
	c.caveat()
	return Deadline{endOf(d), endOf(d), c.because}
}

// caveat says what was left out where no calendar is known. Without its holidays a period ends no later than with
// them, so that the time to keep errs on the early side.
func (c *counter) caveat() {
	if c.calendar != nil {
		return
	}
	of := strings.TrimPrefix(string(c.rule), "national/")
	switch c.rule {
	case EU:
		of = "the Member State"
	case US:
		of = "the United States"
	case UK:
		of = "the United Kingdom"
	}
	c.say("weekends only: no calendar is known here, the holidays of %s are not considered, and it may fall later", of)
}

const (
	saturday = "a Saturday"
	sunday   = "a Sunday"
)

// free says why a day is no working day; "" for one that is.
func (c *counter) free(t time.Time) string {
	switch t.Weekday() {
	case time.Saturday:
		return saturday
	case time.Sunday:
		return sunday
	}
	if c.calendar == nil {
		return ""
	}
	y, m, d := t.Date()
	return c.calendar.Holiday(y, m, d)
}

func startOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// endOf is the last second of a day: a notice at midnight belongs to the next.
func endOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 23, 59, 59, 0, t.Location())
}
