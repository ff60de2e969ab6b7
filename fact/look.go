// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package fact

import (
	"slices"
	"time"
)

// maxLossPPM is the loss from which on passive coverage shows no absence (semantics, section 1: one per
// cent).
const maxLossPPM = 10_000

// Existential says that a device fact ranges over the device's services and sessions: one sighting
// settles it, and the opposite needs a look that covered all of them.
func (d *Definition) Existential() bool { return d.Subject == Device && d.Type == Bool }

// ShowsAbsence says whether a look by method m with coverage c can show that something is not so. What
// people sign needs no coverage; a scan, or an import, without a vantage shows presence only: nobody can
// tell whether it reached the device.
func (d *Definition) ShowsAbsence(m Method, c Coverage) bool {
	switch m {
	case Passive:
		return !c.Partial && d.watched(c)
	case Active:
		return !c.Partial && c.CompletedScan && c.Vantage != ""
	case Import:
		return !c.Partial && c.Vantage != "" && (c.CompletedScan || d.watched(c))
	}
	return true
}

func (d *Definition) watched(c Coverage) bool {
	return d.AbsenceHours > 0 && c.BothWays && c.Hours >= float64(d.AbsenceHours) &&
		c.LossPPM >= 0 && c.LossPPM < maxLossPPM
}

// observational methods look at the thing itself; the others are people's words.
func (m Method) observational() bool { return m == Passive || m == Active || m == Import }

// look is a claim as seen from one evidence time and one knowledge point.
type look struct {
	claim     *Claim
	end       time.Time // when it goes stale; zero: never
	withdrawn bool      // at the knowledge point
	settles   bool      // carries a value that its method and coverage can show
	sighting  bool      // of an existential fact: what one look suffices for
}

// newLook assumes that the claim is well formed.
func newLook(d *Definition, c *Claim, known time.Time) look {
	l := look{claim: c, end: endOf(d, c)}
	l.withdrawn = !c.Withdrawn.IsZero() && (known.IsZero() || !c.Withdrawn.After(known))
	l.settles = c.Value.Type() != None && !c.Withheld
	if d.Existential() && l.settles && c.Method.observational() {
		l.sighting = c.Value.IsTrue() != d.Universal
		l.settles = l.sighting || d.ShowsAbsence(c.Method, c.Coverage)
	}
	return l
}

// endOf gives the moment from which on a claim is stale. A dated act that people record is never stale by
// itself: the duty compares its date with the day. But whoever records one can say until when the date stands
// for the newest: beyond that an open register cannot show that nothing newer exists.
func endOf(d *Definition, c *Claim) time.Time {
	if d.Type == Date && !c.Method.observational() {
		return c.Expires
	}
	end := c.Expires
	if ttl, ok := d.TTL[c.Method]; ok {
		if e := c.ObservedAt.Add(ttl); end.IsZero() || e.Before(end) {
			end = e
		}
	}
	return end
}

// fresh says that t lies in the window of the look.
func (l *look) fresh(t time.Time) bool {
	return !l.claim.ObservedAt.After(t) && (l.end.IsZero() || t.Before(l.end))
}

// stoodAt says that the look was valid when another was made at t: fresh, and not yet withdrawn then.
func (l *look) stoodAt(t time.Time) bool {
	return l.fresh(t) && (!l.withdrawn || l.claim.Withdrawn.After(t))
}

// live says that the look is valid evidence at t.
func (l *look) live(t time.Time) bool { return l.settles && !l.withdrawn && l.fresh(t) }

// differs says that the two cannot both be right; a stub could hold any value.
func (l *look) differs(o *look) bool {
	if l.claim.Withheld || o.claim.Withheld {
		return true
	}
	return l.settles && o.settles && l.claim.Value != o.claim.Value
}

// beats says that l settles the matter against o: declared precedence first (a declaration yields to
// everything else), then the later look, if its coverage includes the same port and vantage. What
// people sign is superseded by what they sign later. A stub's coverage is gone, so nothing includes it.
func (l *look) beats(o *look) bool {
	a, b := l.claim, o.claim
	if (a.Method == Declaration) != (b.Method == Declaration) {
		return b.Method == Declaration
	}
	if a.Method.observational() != b.Method.observational() || !a.ObservedAt.After(b.ObservedAt) {
		return false
	}
	if !a.Method.observational() {
		return true
	}
	return !b.Withheld && a.Coverage.Vantage != "" && a.Coverage.Vantage == b.Coverage.Vantage &&
		(a.Coverage.Port == 0 || a.Coverage.Port == b.Coverage.Port)
}

// disputedBy says that o keeps l from being known. It asks how both stood when they were made and never
// how o stands now: once disputed, a look does not revive when the other expires or is withdrawn, so
// time and withdrawal can only ever lead to unknown.
func (l *look) disputedBy(o *look) bool {
	if !l.differs(o) || l.claim.Method != Declaration && o.claim.Method == Declaration {
		return false
	}
	later := o.claim.ObservedAt.After(l.claim.ObservedAt)
	switch {
	case l.sighting && o.claim.Method.observational() && otherService(l.claim, o.claim):
		return false // sightings on different services never conflict
	case l.sighting:
		return later // seen after the other looked: one sighting settles it
	case later:
		return true
	}
	return o.stoodAt(l.claim.ObservedAt) && !l.beats(o)
}

func otherService(a, b *Claim) bool {
	return a.Coverage.Port != 0 && b.Coverage.Port != 0 && a.Coverage.Port != b.Coverage.Port
}

// speaks says whether the method may speak of the fact.
func (d *Definition) speaks(m Method) bool { return len(d.Known) == 0 || slices.Contains(d.Known, m) }
