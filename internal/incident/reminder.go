// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"slices"
	"time"
)

// Due is a reminder that is due to be sent.
type Due struct {
	Incident *Incident
	Clock    *Clock
	Lead     time.Duration // how long before the due time it is sent; 0: it is late, or due at once
	Now      time.Time
}

// Key names a reminder by what it reminds of: a due time that moves is reminded of again.
func (d *Due) Key(way string) string {
	due := "at once"
	if !d.Clock.Due.IsZero() {
		due = d.Clock.Due.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s %s %s %s", d.Clock.Key, due, d.Lead, way)
}

// Reminders are those due of a list of clocks: of each clock of a binding law that runs, or is late, the one of the
// shortest lead that has begun; of one that waits for a fact, too, for nobody has said that it is not required. Whoever
// looks late is reminded once, not of every lead that has passed.
func Reminders(l *List, leads []time.Duration) (all []Due) {
	for n := range l.Clocks {
		c := &l.Clocks[n]
		waits := c.State == Open && !c.Due.IsZero()
		if c.Undetermined || c.State != Running && c.State != Late && !waits {
			continue
		}
		if c.State == Late || c.AtOnce || waits && l.Now.After(c.Due) {
			all = append(all, Due{l.Incident, c, 0, l.Now})
			continue
		}
		left := c.Due.Sub(l.Now)
		begun := slices.DeleteFunc(slices.Clone(leads), func(lead time.Duration) bool { return lead < left })
		if len(begun) > 0 {
			all = append(all, Due{l.Incident, c, slices.Min(begun), l.Now})
		}
	}
	return all
}
