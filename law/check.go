// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
)

// last is the last day that a milestone can mean.
func (m Milestone) last() fact.Day {
	switch m.Precision {
	case "month":
		return m.Day.AddMonths(1) - 1
	case "year":
		return m.Day.AddMonths(12) - 1
	}
	return m.Day
}

// checkDates holds every day of the text against the milestones, so that a mistyped one fails.
func (d *document) checkDates(i *Instrument) {
	for k := 1; k < len(i.Milestones); k++ {
		if i.Milestones[k].last() < i.Milestones[k-1].Day {
			d.Add(i.Milestones[k].Pos, fmt.Sprintf("milestone of %s after one of %s", i.Milestones[k].Day,
				i.Milestones[k-1].Day),
				"milestones stand in order of day")
		}
	}
	for _, at := range d.dated {
		if !slices.ContainsFunc(i.Milestones, func(m Milestone) bool { return marks(m, at) }) {
			d.Add(at.pos, fmt.Sprintf("%s %s is the day of no fitting milestone", at.key, at.day),
				nearestMilestone(i, at.day))
		}
	}
	if i.AppliesFrom != nil && i.Repealed != nil && *i.Repealed <= *i.AppliesFrom {
		d.Add(i.Pos, "repealed before it applied", "")
	}
	for _, p := range i.Provisions {
		if p.From != nil && i.AppliesFrom != nil && *p.From < *i.AppliesFrom {
			d.Add(p.Pos, fmt.Sprintf("the provision binds from %s, before its instrument does (%s)", p.From,
				i.AppliesFrom),
				"applies-from is the first day on which anything of it binds")
		}
		if p.From != nil && p.Until != nil && *p.Until <= *p.From {
			d.Add(p.Pos, "until is not after from", "until is the first day on which the version no longer binds")
		}
	}
}

// beginnings and endings are the events at which a text starts and stops to bind.
var (
	beginnings = []string{"applies", "in-force", "phase", "transposition", "amended", "published"}
	endings    = []string{"repealed", "replaced", "superseded", "retired", "withdrawn", "expires", "amended",
		"phase", "applies", "in-force"}
)

func marks(m Milestone, at dated) bool {
	words := beginnings
	if at.key == "repealed" || at.key == "until" {
		words = endings
	}
	first, _, _ := strings.Cut(m.Event, " ")
	return m.Day <= at.day && at.day <= m.last() && slices.Contains(words, strings.TrimRight(first, ",:;"))
}

func nearestMilestone(i *Instrument, day fact.Day) string {
	best := -1
	for k, m := range i.Milestones {
		if best < 0 || abs(m.Day-day) < abs(i.Milestones[best].Day-day) {
			best = k
		}
	}
	if best < 0 {
		return "add the milestone with its source"
	}
	return fmt.Sprintf("the nearest is %s, %s", i.Milestones[best].Day, i.Milestones[best].Event)
}

func abs(d fact.Day) fact.Day { return max(d, -d) }

// checkProvision holds the mode against what decides the provision.
func (d *document) checkProvision(p *Provision) {
	deciding := len(p.Breach) + len(p.Suffices)
	switch {
	case p.Mode == Open && deciding > 0:
		d.Add(p.Pos, "an open provision has neither breach nor suffices", "use indicators, or mode: judged")
	case p.Mode == Judged && deciding+len(p.Indicators) == 0:
		d.Add(p.Pos, "a judged provision without a control",
			"name its breach, suffices, requires or indicators, or use mode: by-record or open")
	case len(p.Suffices)+len(p.Deemed)+len(p.Needs) == 0 && p.Force != May:
		d.Add(p.Pos, "nothing can meet this provision: it has no suffices and names no need",
			"needs says which record or judgement ends the question")
	}
	if (p.Depth == Reviewed) != (p.Review != nil) {
		d.Add(p.Pos, "depth reviewed and the key reviewed stand together",
			"a named jurist, a day, and the text it was held against")
	}
	if p.Addressable && p.Force != Must {
		d.Add(p.Pos, "an addressable specification is a must: it is the way to meet it that is open", "")
	}
}

// checkPinpointsOnce allows a pinpoint twice only for versions whose days do not overlap.
func (d *document) checkPinpointsOnce(i *Instrument) {
	ids := make(map[ProvisionID]*Provision, len(i.Provisions))
	places := make(map[string][]*Provision, len(i.Provisions))
	for _, p := range i.Provisions {
		if first := ids[p.ID]; first != nil {
			d.Add(p.Pos, fmt.Sprintf("provision %s stands twice: first at line %d", p.ID, first.Pos.Line),
				"an ID stands once in its instrument")
		}
		ids[p.ID] = p
		for _, other := range places[p.Pinpoint] {
			if p.Pinpoint != "" && overlap(p, other) {
				d.Add(p.PinpointPos, fmt.Sprintf("pinpoint %q stands twice: first at line %d", p.Pinpoint,
					other.PinpointPos.Line),
					"a provision has one pinpoint of its own; versions of one have from and until")
			}
		}
		places[p.Pinpoint] = append(places[p.Pinpoint], p)
	}
}

func overlap(a, b *Provision) bool {
	return (a.Until == nil || b.From == nil || *b.From < *a.Until) && (b.Until == nil || a.From == nil ||
		*a.From < *b.Until)
}
