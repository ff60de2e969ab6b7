// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// controlPage is one demand, and every law that makes it.
type controlPage struct {
	*law.Control
	Words   phrase
	Threats string
	Actor   string
	Effort  string
	Laws    []lawUses
	N       int
}

// lawUses is a law with its provisions.
type lawUses struct {
	Law  link
	Uses []useRow
}

type useRow struct {
	Provision       link
	Force, How      string
	Mark, Text      string
	Depth, Controls string
}

var actors = map[string]string{"operator": "who runs the device", "maker": "its maker",
	"either": "its maker, or who runs the device"}

func (s *Site) controls(x *crossing) error {
	var rows []indexRow
	for _, c := range x.controls {
		root := rootOf(controlPath(c.ID))
		p := controlPage{Control: c, Words: x.words(root, c.Expr), Threats: strings.Join(c.Threats, ", "),
			Actor: actors[c.Actor], N: len(x.uses[c.ID])}
		if c.Cost > 0 {
			p.Effort = count(c.Cost, "person-day", "person-days")
		}
		for _, u := range x.uses[c.ID] {
			p.Laws = x.addUse(p.Laws, root, u.provision, u.how)
		}
		if err := s.page(controlPath(c.ID), "control", c.Title, "", p); err != nil {
			return err
		}
		rows = append(rows, indexRow{Text: c.Title, Href: string(c.ID) + ".html", Name: string(c.ID),
			Laws: len(p.Laws), Provisions: p.N})
	}
	slices.SortStableFunc(rows, func(a, b indexRow) int {
		return cmp.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text))
	})
	return s.page(controlDir+"index.html", "controls", "Controls", "controls", rows)
}

// addUse puts a provision under its law, in the order in which laws come.
func (x *crossing) addUse(all []lawUses, root string, p *law.Provision, how string) []lawUses {
	l := x.instrumentLink(root, p.Instrument.ID)
	k := slices.IndexFunc(all, func(u lawUses) bool { return u.Law.Href == l.Href })
	if k < 0 {
		k, all = len(all), append(all, lawUses{Law: l})
	}
	all[k].Uses = append(all[k].Uses, useRow{Provision: x.provisionLink(root, p), Force: string(p.Force), How: how,
		Mark: doubt(p.Confidence), Text: p.Text, Depth: string(p.Depth)})
	return all
}

// indexRow is a line of an alphabetical list.
type indexRow struct {
	Text, Href, Name string
	Laws, Provisions int
}

// factPage is one thing that can be known, and what turns on it.
type factPage struct {
	*fact.Definition
	TypeWord string
	Known    []knownRow
	Words    string
	Controls []link
	Laws     []lawUses
	Mentions []mentionRow
	N        int
}

type knownRow struct{ Method, Lasts string }

type mentionRow struct {
	Law        link
	What       string
	Provisions []link
}

func (s *Site) facts(x *crossing) error {
	var rows []indexRow
	for _, n := range x.cat.Vocabulary.Names() {
		d, _ := x.cat.Vocabulary.Lookup(n)
		p := x.factPage(d)
		if err := s.page(factPath(n), "fact", string(n), "", p); err != nil {
			return err
		}
		rows = append(rows, indexRow{Text: d.Meaning, Href: string(n) + ".html", Name: string(n),
			Laws: len(p.Laws), Provisions: p.N})
	}
	return s.page(factDir+"index.html", "facts", "Facts", "facts", rows)
}

func (x *crossing) factPage(d *fact.Definition) *factPage {
	root := rootOf(factPath(d.Name))
	p := &factPage{Definition: d, TypeWord: d.Type.String(), Words: strings.Join(d.Words, ", ")}
	for _, m := range d.Known {
		row := knownRow{Method: methodWords[m], Lasts: "does not go stale by itself"}
		if t, ok := d.TTL[m]; ok {
			row.Lasts = "lasts " + lasting(t)
		}
		p.Known = append(p.Known, row)
	}
	var seen []*law.Provision
	for _, c := range x.asked[d.Name] {
		p.Controls = append(p.Controls, x.controlLink(root, c.ID))
		for _, u := range x.uses[c.ID] {
			if !slices.Contains(seen, u.provision) {
				seen = append(seen, u.provision)
			}
		}
	}
	slices.SortStableFunc(seen, func(a, b *law.Provision) int { return cmp.Compare(a.Instrument.ID, b.Instrument.ID) })
	for _, v := range seen {
		p.Laws = x.addUse(p.Laws, root, v, "")
	}
	p.N = len(seen)
	for _, m := range x.mentions[d.Name] {
		p.mention(x, root, m)
	}
	return p
}

// mention groups what conditions say of a fact by law and kind.
func (p *factPage) mention(x *crossing, root string, m mention) {
	l := x.instrumentLink(root, m.in.ID)
	k := slices.IndexFunc(p.Mentions, func(r mentionRow) bool { return r.Law.Href == l.Href && r.What == m.what })
	if k < 0 {
		k, p.Mentions = len(p.Mentions), append(p.Mentions, mentionRow{Law: l, What: m.what})
	}
	if m.of != nil {
		p.Mentions[k].Provisions = append(p.Mentions[k].Provisions, x.provisionLink(root, m.of))
	}
}

var methodWords = map[fact.Method]string{
	fact.Passive: "listening to the wire", fact.Active: "an active test", fact.Import: "another tool's result",
	fact.Record: "a document or record", fact.Declaration: "the organisation's own declaration",
	fact.Judgement: "a signed judgement",
}

// lasting writes hours, days or months, as the catalogue does (twelve months are 366 days).
func lasting(t time.Duration) string {
	const month = 732 * time.Hour
	switch {
	case t%month == 0:
		return count(int(t/month), "month", "months")
	case t%(24*time.Hour) == 0:
		return count(int(t/(24*time.Hour)), "day", "days")
	}
	return count(int(t/time.Hour), "hour", "hours")
}
