// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/law"
)

// startPage lists the instruments by jurisdiction, and what is coming.
type startPage struct {
	Jurisdictions []jurisdiction
	Coming        []dateRow
	Depths, Modes []share
}

type jurisdiction struct {
	Name, Anchor string
	Rows         []instrumentRow
	Provisions   int
}

type instrumentRow struct {
	lawtool.Row
	Href, Depths, Mark string
	Voluntary          bool
}

// share is a word with how many provisions it holds for.
type share struct {
	Word string
	N    int
}

// coming is how many dates the start page shows.
const coming = 12

func (s *Site) start(x *crossing) error {
	p := startPage{Depths: depthsOf(allProvisions(x.cat)), Modes: modesOf(allProvisions(x.cat))}
	for n, r := range lawtool.List(x.cat, x.day) {
		i := x.cat.Instruments[n]
		k := slices.IndexFunc(p.Jurisdictions, func(j jurisdiction) bool { return j.Name == i.Jurisdiction })
		if k < 0 {
			k = len(p.Jurisdictions)
			p.Jurisdictions = append(p.Jurisdictions,
				jurisdiction{Name: i.Jurisdiction, Anchor: slug("in-", i.Jurisdiction)})
		}
		j := &p.Jurisdictions[k]
		j.Rows = append(j.Rows, instrumentRow{Row: r, Href: instrumentPath(i.ID),
			Depths: inWords(depthsOf(i.Provisions)), Mark: doubt(i.Confidence), Voluntary: i.Kind.Voluntary()})
		j.Provisions += len(i.Provisions)
	}
	slices.SortStableFunc(p.Jurisdictions, func(a, b jurisdiction) int { return strings.Compare(a.Name, b.Name) })
	for _, d := range x.dates("") {
		if d.Coming && len(p.Coming) < coming {
			p.Coming = append(p.Coming, d)
		}
	}
	return s.page("index.html", "start", "The law that Writ knows", "start", p)
}

func (s *Site) about(*crossing) error {
	return s.page("about.html", "about", "How to read these pages", "about", nil)
}

func allProvisions(cat *law.Catalogue) []*law.Provision {
	var all []*law.Provision
	for _, i := range cat.Instruments {
		all = append(all, i.Provisions...)
	}
	return all
}

func depthsOf(all []*law.Provision) []share {
	depths := []law.Depth{law.Reviewed, law.Tested, law.Modelled, law.Listed}
	return shares(all, depths, func(p *law.Provision) law.Depth { return p.Depth })
}

func modesOf(all []*law.Provision) []share {
	return shares(all, []law.Mode{law.Judged, law.ByRecord, law.Open},
		func(p *law.Provision) law.Mode { return p.Mode })
}

func shares[T ~string](all []*law.Provision, words []T, of func(*law.Provision) T) []share {
	var out []share
	for _, w := range words {
		n := 0
		for _, p := range all {
			if of(p) == w {
				n++
			}
		}
		if n > 0 {
			out = append(out, share{string(w), n})
		}
	}
	return out
}

// inWords writes shares: tested 12, listed 3. One share alone needs no number.
func inWords(all []share) string {
	if len(all) == 1 {
		return all[0].Word
	}
	var parts []string
	for _, s := range all {
		parts = append(parts, fmt.Sprintf("%s %d", s.Word, s.N))
	}
	return strings.Join(parts, ", ")
}

// doubt is the confidence where it is less than verified.
func doubt(c law.Confidence) string {
	if c == law.Verified {
		return ""
	}
	return string(c)
}
