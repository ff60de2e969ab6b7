// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/writ-iot/writ/law"
)

// Hit is something of the catalogue that holds every word of a query.
type Hit struct {
	Kind  string `json:"kind"` // instrument, provision, control, fact
	ID    string `json:"id"`
	Place string `json:"pinpoint,omitempty"`
	Text  string `json:"text"`
	rank  int
}

// Search finds what holds every word of the query, whatever its case: names before places before texts.
func Search(cat *law.Catalogue, query string) []Hit {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil
	}
	var hits []Hit
	add := func(h Hit, more ...string) {
		if h.rank = rank(words, h, more); h.rank > 0 {
			hits = append(hits, h)
		}
	}
	for _, i := range cat.Instruments {
		add(Hit{Kind: "instrument", ID: string(i.ID), Place: i.Citation, Text: i.Title}, i.Short)
		for _, p := range i.Provisions {
			add(Hit{Kind: "provision", ID: string(p.ID), Place: p.Pinpoint, Text: p.Text}, i.Short, p.Note)
		}
	}
	for _, c := range sortedControls(cat) {
		add(Hit{Kind: "control", ID: string(c.ID), Text: c.Title}, c.Remedy)
	}
	for _, n := range cat.Vocabulary.Names() {
		d, _ := cat.Vocabulary.Lookup(n)
		add(Hit{Kind: "fact", ID: string(n), Text: d.Meaning}, d.Question)
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.rank, a.rank) })
	return hits
}

// rank is 0 where a word is missing; higher where the words stand in the name or the place.
func rank(words []string, h Hit, more []string) int {
	id, place := strings.ToLower(h.ID), strings.ToLower(h.Place)
	rest := strings.ToLower(h.Text + "\n" + strings.Join(more, "\n"))
	total := 1
	for _, w := range words {
		switch {
		case id == w:
			total += 8
		case place == w:
			total += 6
		case strings.Contains(id, w):
			total += 3
		case strings.Contains(place, w):
			total += 2
		case strings.Contains(rest, w):
		default:
			return 0
		}
	}
	return total
}

// WriteHits writes hits for people, at most limit of them; 0 is no limit.
func WriteHits(w io.Writer, hits []Hit, limit int) error {
	p := &paper{w: w}
	for n, h := range hits {
		if limit > 0 && n == limit {
			p.line("… and %d more", len(hits)-limit)
			break
		}
		p.line("%s  %s", h.ID, join(", ", h.Kind, h.Place))
		for _, row := range wrap(h.Text, width-4) {
			p.line("    %s", row)
		}
	}
	if len(hits) == 0 {
		p.line("nothing holds all of these words")
	}
	return p.err
}
