// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// indexEntry is one thing that search finds: kind, name, where it stands, place, text, and further words.
type indexEntry [6]string

// letterOf is a part of the alphabetical index.
type letterOf struct {
	Letter, Anchor string
	Entries        []entryOf
}

type entryOf struct{ Text, Href, Kind string }

// search writes the page, its index as a script (a page on disk may not fetch a file), and the plain
// alphabetical list for who has no script.
func (s *Site) search(x *crossing) error {
	entries, plain := x.entries()
	var b bytes.Buffer
	b.WriteString("window.writIndex = ")
	e := json.NewEncoder(&b)
	if err := e.Encode(entries); err != nil {
		return fmt.Errorf("writing the index: %w", err)
	}
	s.Files["search-index.js"] = b.Bytes()
	return s.page("search.html", "search", "Search", "search", alphabet(plain))
}

func (x *crossing) entries() (found []indexEntry, plain []entryOf) {
	for _, i := range x.cat.Instruments {
		path := instrumentPath(i.ID)
		found = append(found, indexEntry{"instrument", string(i.ID), path, i.Citation, i.Title,
			i.Short + " " + i.Jurisdiction})
		plain = append(plain, entryOf{i.Short, path, "law, " + i.Jurisdiction},
			entryOf{i.Title, path, "law, " + i.Jurisdiction})
		for _, p := range i.Provisions {
			found = append(found, indexEntry{"provision", string(p.ID), x.provisionPath(p), p.Pinpoint, p.Text,
				i.Short + " " + p.Note})
		}
	}
	for _, c := range x.controls {
		found = append(found, indexEntry{"control", string(c.ID), controlPath(c.ID), "", c.Title, c.Remedy})
		plain = append(plain, entryOf{c.Title, controlPath(c.ID), "control"})
	}
	for _, n := range x.cat.Vocabulary.Names() {
		d, _ := x.cat.Vocabulary.Lookup(n)
		found = append(found, indexEntry{"fact", string(n), factPath(n), "", d.Meaning, d.Question})
		plain = append(plain, entryOf{string(n), factPath(n), "fact"})
	}
	return found, plain
}

// alphabet groups the entries by their first letter; what begins with none comes first.
func alphabet(all []entryOf) []letterOf {
	slices.SortFunc(all, func(a, b entryOf) int {
		return cmp.Or(cmp.Compare(initial(a.Text), initial(b.Text)),
			strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)), strings.Compare(a.Href, b.Href))
	})
	all = slices.CompactFunc(all, func(a, b entryOf) bool {
		return a.Href == b.Href && strings.EqualFold(a.Text, b.Text)
	})
	var out []letterOf
	for _, e := range all {
		letter := initial(e.Text)
		if n := len(out); n == 0 || out[n-1].Letter != letter {
			out = append(out, letterOf{Letter: letter, Anchor: slug("letter-", letter)})
		}
		out[len(out)-1].Entries = append(out[len(out)-1].Entries, e)
	}
	return out
}

func initial(s string) string {
	first := strings.ToUpper(s[:min(1, len(s))])
	if first < "A" || first > "Z" {
		return "0–9"
	}
	return first
}
