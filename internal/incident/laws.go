// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// OpenLaw is one of which it is not known whether it binds.
type OpenLaw struct {
	Instrument *law.Instrument
	Questions  []Question
	Clocks     int // of it, that may run
	First      *Clock
}

// hold says whether a law binds the person, or may.
func hold(a *judge.Applicability) (binds, open bool) {
	switch a.Bound {
	case "own":
		return true, false
	case "undetermined":
		return false, a.OpenFor != judge.Supplier
	case "supplier":
		return false, len(a.Open) > 0
	}
	return false, false
}

func (l *List) add(v *Vocabulary, h *judge.Applicability, of []Clock) {
	o := OpenLaw{Instrument: h.Instrument}
	missing := h.Missing
	if h.Bound == "supplier" {
		missing = h.Open
	}
	seen := map[fact.Name]bool{}
	for _, m := range missing {
		if !seen[m.Fact] {
			seen[m.Fact] = true
			o.Questions = append(o.Questions, v.question(m.Fact))
		}
	}
	for n := range of {
		c := &of[n]
		if c.State == NotRequired {
			continue
		}
		o.Clocks++
		if !c.Due.IsZero() && (o.First == nil || c.Due.Before(o.First.Due)) {
			o.First = c
		}
	}
	if o.Clocks > 0 {
		l.Laws = append(l.Laws, o)
	}
}

// recipients are those who take the notice: of the territories that the incident names, and those of the whole law.
func recipients(a *asking, in *law.Instrument, c *law.Clock) []*law.Recipient {
	own := map[string]bool{"EU": true, "international": true, strings.ToUpper(strings.SplitN(string(in.ID), "/",
		2)[0]): true}
	if s, ok := a.value(territoryKey, a.clock); ok {
		for _, t := range strings.FieldsFunc(s.Value, func(r rune) bool { return r == ',' || r == ' ' }) {
			own[strings.ToUpper(t)] = true
		}
	}
	var all []*law.Recipient
	for _, r := range a.world.Recipients {
		takes := slices.ContainsFunc(r.Takes,
			func(t law.Taking) bool { return t.Instrument == in.ID && slices.Contains(t.Clocks, c.ID) })
		local := strings.HasPrefix(r.Territory, "US-") && r.Territory != "US" && strings.HasPrefix(string(in.ID),
			"us") // the clock names the State
		if takes && (own[r.Territory] || local) {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(x, y *law.Recipient) int { return cmp.Compare(general(x), general(y)) })
	return all
}

func general(r *law.Recipient) int {
	if r.Territory == "EU" || r.Territory == "international" {
		return 1
	}
	return 0
}
