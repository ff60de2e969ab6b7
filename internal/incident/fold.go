// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/law"
)

// Incident is what its entries add up to.
type Incident struct {
	ID       string
	Title    string
	Person   fact.Subject // the legal person that it concerns
	Calls    string
	Zone     *time.Location
	About    []string
	Proposal string
	Evidence []string
	Opened   time.Time
	By       string
	Revision int // how many entries changed it
	Entries  []Recorded
	Notices  []Notice
	Holds    []Hold
	Closed   *Closing
	Sent     map[string]time.Time // reminders
	said     map[slot][]Said
	order    []slot
}

type slot struct{ key, scope string }

// Fold adds entries up to incidents, in the order in which they were opened. What was erased says nothing.
func Fold(entries []Recorded) ([]*Incident, error) {
	byID := map[string]*Incident{}
	var all []*Incident
	for n := range entries {
		e := &entries[n]
		if e.Open != nil {
			if byID[e.Incident] != nil {
				return nil, kind.Errorf(kind.Corrupt, "incident %s is opened twice: entry %s", e.Incident, e.ID)
			}
			i := &Incident{ID: e.Incident, Person: e.Subject, Opened: e.At, By: e.By, said: map[slot][]Said{},
				Sent: map[string]time.Time{}}
			byID[e.Incident], all = i, append(all, i)
		}
		i := byID[e.Incident]
		if i == nil {
			continue // erased, or its opening is
		}
		if err := i.take(*e); err != nil {
			return nil, fmt.Errorf("incident %s: entry %s: %w", i.ID, e.ID, err)
		}
	}
	return all, nil
}

func (i *Incident) take(e Recorded) error {
	if e.Reminder == nil {
		i.Revision++
	} else {
		i.Sent[e.Reminder.Key] = e.Reminder.At
	}
	e.Revision = i.Revision
	i.Entries = append(i.Entries, e)
	if o := e.Open; o != nil {
		zone, err := time.LoadLocation(o.Zone)
		if err != nil {
			return kind.Errorf(kind.Corrupt, "its zone %q is none: %v", o.Zone, err)
		}
		i.Title, i.Zone, i.About, i.Proposal, i.Calls, i.Evidence = o.Title, zone, o.About, o.Proposal, o.Calls, o.Evidence
	}
	for _, s := range e.Facts {
		s.By, s.At, s.Revision = e.By, e.At, e.Revision
		at := slot{s.Key, s.For}
		if i.said[at] == nil {
			i.order = append(i.order, at)
		}
		i.said[at] = append(i.said[at], s)
	}
	if n := e.Notice; n != nil {
		n := *n
		n.By, n.Revision = e.By, e.Revision
		i.Notices = append(i.Notices, n)
	}
	if h := e.Hold; h != nil {
		h := *h
		h.By, h.Revision = e.By, e.Revision
		i.Holds = append(i.Holds, h)
	}
	if c := e.Close; c != nil {
		i.Closed = &Closing{c.Reason, e.By, e.At}
	} else if e.Reminder == nil && e.Notice == nil {
		i.Closed = nil // what is learnt later opens it again
	}
	return nil
}

// Fact is what was said of one thing, newest last.
type Fact struct {
	Key, For string
	Said     []Said
}

// Facts lists all that was said, in the order in which each was first said.
func (i *Incident) Facts() []Fact {
	var all []Fact
	for _, s := range i.order {
		all = append(all, Fact{s.key, s.scope, i.said[s]})
	}
	return all
}

// scopes are those in which a fact for a clock may stand: the clock's own, its law's, everybody's.
func scopes(clock string) []string {
	if clock == "" {
		return []string{""}
	}
	return []string{clock, clock[:strings.LastIndexByte(clock, '/')], ""}
}

// value is the newest that was said of a fact, for a clock; false where nothing was, or it was taken back.
func (i *Incident) value(key, clock string) (Said, bool) {
	for _, scope := range scopes(clock) {
		if all := i.said[slot{key, scope}]; len(all) > 0 {
			s := all[len(all)-1]
			return s, s.Value != Unknown
		}
	}
	return Said{}, false
}

// moment is an event as somebody claims it.
type moment struct {
	at time.Time
	by string // the claimant
}

// times are the claims of an event that stand: of each claimant the newest, the earliest event first.
func (i *Incident) times(key, clock string) []moment {
	for _, scope := range scopes(clock) {
		all := i.said[slot{key, scope}]
		if len(all) == 0 {
			continue
		}
		newest := map[string]string{}
		for _, s := range all {
			newest[cmp.Or(s.Claimant, s.By)] = s.Value
		}
		var out []moment
		for who, v := range newest {
			if t, err := time.Parse(time.RFC3339, v); err == nil {
				out = append(out, moment{t.In(i.Zone), who})
			}
		}
		slices.SortFunc(out, func(a, b moment) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.by, b.by)) })
		return out
	}
	return nil
}

// Since gives the entries after a revision.
func (i *Incident) Since(revision int) []Recorded {
	var all []Recorded
	for _, e := range i.Entries {
		if e.Revision > revision {
			all = append(all, e)
		}
	}
	return all
}

// Pick finds an incident by its ID, or by how its number ends.
func Pick(all []*Incident, id string) (*Incident, error) {
	var ids []string
	for _, i := range all {
		if strings.EqualFold(i.ID, id) {
			return i, nil
		}
		ids = append(ids, i.ID)
	}
	hint := "writ incident list shows them"
	if near := law.Suggest(id, ids); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return nil, kind.Errorf(kind.NotFound, "the case has no incident %q: %s", id, hint)
}

// Next is the ID of the next incident of a year.
func Next(all []*Incident, year int) string {
	n := 0
	for _, i := range all {
		var y, k int
		if _, err := fmt.Sscanf(i.ID, "INC-%d-%d", &y, &k); err == nil && y == year {
			n = max(n, k)
		}
	}
	return fmt.Sprintf("INC-%d-%03d", year, n+1)
}
