// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/law"
)

// instrumentPage is one law.
type instrumentPage struct {
	*law.Instrument
	State, Depths, Modes string
	Addressees           string
	ReplacedBy           link
	Replaces, Displaces  []link
	Accepted             []link // provisions that take conformity with it as met
	Steps                []step
	Picture              picture
	Conditions           []condition
	Clocks               []clockRow
	Penalties            []penaltyRow
	Retention            []keepRow
	Provisions           []provisionView
	Meets                []meets
	Sources              []source
	Doubtful             int
}

// keepRow is a duty to keep, with its period in words.
type keepRow struct {
	law.Retention
	Period, Mark string
}

type step struct {
	Day, Event, Note, Mark string
	Source                 link
	Past                   bool
}

type penaltyRow struct {
	law.Penalty
	Mark   string
	Source link
}

type source struct{ Key, Anchor, Text string }

// meets is another law with what it shares.
type meets struct {
	Law              link
	Controls         []link
	Here, There      []link
	HereMore, ThereN int
}

func (s *Site) instruments(x *crossing) error {
	for _, i := range x.cat.Instruments {
		if err := s.page(instrumentPath(i.ID), "instrument", i.Short+": "+i.Title, "",
			x.instrumentPage(i)); err != nil {
			return err
		}
	}
	return nil
}

func (x *crossing) instrumentPage(i *law.Instrument) *instrumentPage {
	root := rootOf(instrumentPath(i.ID))
	p := &instrumentPage{Instrument: i, State: lawtool.StateOn(i, x.day), Depths: inWords(depthsOf(i.Provisions)),
		Modes: inWords(modesOf(i.Provisions)), Addressees: strings.Join(i.Addressees, ", "), Picture: x.timeline(i),
		Conditions: x.conditionsOf(root, i.Applies, i.Displaced), Clocks: x.clocksOf(root, i),
		Meets: x.meetings(root, i)}
	if i.ReplacedBy != "" {
		p.ReplacedBy = x.instrumentLink(root, i.ReplacedBy)
	}
	for _, o := range x.replaces[i.ID] {
		p.Replaces = append(p.Replaces, x.instrumentLink(root, o.ID))
	}
	for _, o := range x.displaces[i.ID] {
		p.Displaces = append(p.Displaces, x.instrumentLink(root, o.ID))
	}
	for _, v := range x.accepts[i.ID] {
		l := x.provisionLink(root, v)
		l.Text = v.Instrument.Short + " " + l.Text
		p.Accepted = append(p.Accepted, l)
	}
	for _, m := range i.Milestones {
		p.Steps = append(p.Steps, step{lawtool.LooseDay(m), m.Event, m.Note, doubt(m.Confidence),
			sourceLink(i, m.Source), m.Day <= x.day})
	}
	for _, v := range i.Penalties {
		p.Penalties = append(p.Penalties, penaltyRow{v, doubt(v.Confidence), sourceLink(i, v.Source)})
	}
	for _, v := range i.Retention {
		p.Retention = append(p.Retention, keepRow{v, durationWords(v.Period), doubt(v.Confidence)})
	}
	for _, v := range i.Provisions {
		p.Provisions = append(p.Provisions, x.provisionView(root, v))
		if v.Confidence != law.Verified {
			p.Doubtful++
		}
	}
	for _, k := range slices.Sorted(maps.Keys(i.Sources)) {
		p.Sources = append(p.Sources, source{k, slug("source-", k), i.Sources[k]})
	}
	return p
}

func sourceLink(i *law.Instrument, key string) link {
	if key == "" {
		return link{}
	}
	return link{Text: key, Href: "#" + slug("source-", key), Note: i.Sources[key]}
}

// meetings lists the laws that rest on a control of this one, those that share most first.
func (x *crossing) meetings(root string, i *law.Instrument) []meets {
	type pair struct {
		controls    []law.ControlID
		here, there []*law.Provision
	}
	all := map[law.InstrumentID]*pair{}
	for _, id := range controlsOf(i) {
		var here []*law.Provision
		for _, u := range x.uses[id] {
			if u.provision.Instrument == i {
				here = append(here, u.provision)
			}
		}
		for _, u := range x.uses[id] {
			o := u.provision.Instrument
			if o == i {
				continue
			}
			if all[o.ID] == nil {
				all[o.ID] = &pair{}
			}
			m := all[o.ID]
			m.controls, m.here, m.there = once(m.controls, id), once(m.here, here...), once(m.there, u.provision)
		}
	}
	ids := slices.SortedFunc(maps.Keys(all), func(a, b law.InstrumentID) int {
		return cmp.Or(len(all[b].controls)-len(all[a].controls), cmp.Compare(a, b))
	})
	var out []meets
	for _, id := range ids {
		m := all[id]
		row := meets{Law: x.instrumentLink(root, id)}
		for _, c := range m.controls {
			row.Controls = append(row.Controls, x.controlLink(root, c))
		}
		row.Here, row.HereMore = x.some(root, m.here)
		row.There, row.ThereN = x.some(root, m.there)
		out = append(out, row)
	}
	return out
}

// some links the first few provisions, and says how many are left.
func (x *crossing) some(root string, all []*law.Provision) (shown []link, more int) {
	const most = 6
	for _, p := range all[:min(most, len(all))] {
		shown = append(shown, x.provisionLink(root, p))
	}
	return shown, max(0, len(all)-most)
}

func once[T comparable](all []T, more ...T) []T {
	for _, v := range more {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

func controlsOf(i *law.Instrument) []law.ControlID {
	var all []law.ControlID
	for _, p := range i.Provisions {
		for _, d := range decides(p) {
			all = once(all, d.ids...)
		}
	}
	return all
}

// bearerWords say whose duty it is.
var bearerWords = map[law.Relation]string{
	law.OfMaker: "its maker's duty", law.OfOperator: "its operator's duty", law.OfSelf: "the organisation's own duty",
}

func daysOf(p *law.Provision) string {
	switch {
	case p.From != nil && p.Until != nil:
		return fmt.Sprintf("binds from %s until %s", p.From, p.Until)
	case p.From != nil:
		return fmt.Sprintf("binds from %s", p.From)
	case p.Until != nil:
		return fmt.Sprintf("binds until %s", p.Until)
	}
	return ""
}
