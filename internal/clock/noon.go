// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package clock

import "time"

// DueByNoon is Due where a law moves what ends on a weekend or a bank holiday to noon of the next working day (Art. 5
// of Delegated Regulation (EU) 2025/301). Where not everybody has that grace, firm is false: a period in hours
// is then
// due as it is counted, and noon is what the rule's text bears at most.
func DueByNoon(from time.Time, p Period, rule Rule, cal Calendar, firm bool) (Deadline, error) {
	d, err := Due(from, p, rule, cal)
	if err != nil {
		return d, err
	}
	c := counter{from: from, rule: rule, calendar: cal}
	end := d.Due
	if !p.inHours() {
		end = endOf(addCalendar(from, p))
	}
	why := c.free(end)
	if why == "" {
		return d, nil
	}
	next := startOf(end)
	for range 31 {
		if c.free(next) == "" {
			break
		}
		next = next.AddDate(0, 0, 1)
	}
	y, m, day := next.Date()
	noon := time.Date(y, m, day, 12, 0, 0, 0, end.Location())
	c.because = d.Because
	if !p.inHours() {
		c.because = d.Because[:1] // the rest says how the general rule extends it
		firm = true
	}
	if firm {
		c.say("%s is %s: until noon of the next working day, %s", end.Format("2006-01-02"), why,
			noon.Format("Monday 2006-01-02"))
		return Deadline{noon, noon, c.because}, nil
	}
	c.say("%s is %s: those who have the grace have it until noon of the next working day, %s",
		end.Format("2006-01-02"), why,
		noon.Format("Monday 2006-01-02"))
	if noon.After(d.Formal) {
		d.Formal = noon
	}
	return Deadline{d.Due, d.Formal, c.because}, nil
}
