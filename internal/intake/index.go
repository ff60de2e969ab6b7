// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"strings"

	"github.com/writ-iot/writ/law"
)

// Index finds provisions by how people write them: eu/gdpr/32/1/a, GDPR Art. 32(1)(a), 164.312(e)(2)(ii).
type Index struct {
	laws  map[string]string              // a law's names → its ID
	in    map[string]map[string][]string // by law: pinpoints → provisions
	all   map[string][]string            // pinpoints → provisions
	exact map[string]bool
}

// IndexOf reads a law's provisions.
func IndexOf(c *law.Catalogue) *Index {
	x := &Index{laws: map[string]string{}, in: map[string]map[string][]string{}, all: map[string][]string{},
		exact: map[string]bool{}}
	for _, i := range c.Instruments {
		id := string(i.ID)
		for _, name := range []string{id, i.Short, i.Title, i.Citation} {
			if key := pin(name); key != "" {
				x.laws[key] = id
			}
		}
		x.in[id] = map[string][]string{}
		for _, p := range i.Provisions {
			x.exact[string(p.ID)] = true
			for _, name := range []string{p.Pinpoint, p.Local()} {
				key := pin(name)
				x.in[id][key] = add(x.in[id][key], string(p.ID))
				x.all[key] = add(x.all[key], string(p.ID))
			}
		}
	}
	x.tails(c)
	return x
}

// tails lets a law be called by the last part of its ID, where one alone ends so.
func (x *Index) tails(c *law.Catalogue) {
	tails := map[string][]string{}
	for _, i := range c.Instruments {
		id := string(i.ID)
		key := pin(id[strings.LastIndexByte(id, '/')+1:])
		tails[key] = append(tails[key], id)
	}
	for key, ids := range tails {
		if _, named := x.laws[key]; !named && len(ids) == 1 {
			x.laws[key] = ids[0]
		}
	}
}

func add(ids []string, id string) []string {
	for _, other := range ids {
		if other == id {
			return ids
		}
	}
	return append(ids, id)
}

// Find gives the provision that a list means; "" where it is none here, or not one alone.
func (x *Index) Find(lawText, ref string) string {
	if x.exact[strings.TrimSpace(ref)] {
		return strings.TrimSpace(ref)
	}
	key := pin(ref)
	if id, ok := x.laws[pin(lawText)]; ok {
		return single(x.in[id][key])
	}
	// The law stands before the place in it.
	words := strings.Fields(key)
	for n := len(words) - 1; n > 0; n-- {
		if id, ok := x.laws[strings.Join(words[:n], " ")]; ok {
			if found := single(x.in[id][strings.Join(words[n:], " ")]); found != "" {
				return found
			}
		}
	}
	if lawText != "" {
		return "" // of a law that is not known: another's provision of the same number is not it
	}
	return single(x.all[key])
}

func single(ids []string) string {
	if len(ids) == 1 {
		return ids[0]
	}
	return ""
}

// pin is a place in a law without how it is written.
func pin(text string) string {
	words := strings.Fields(plain(text))
	for i, w := range words {
		switch w {
		case "article", "artikel":
			words[i] = "art"
		case "section", "sec", "abschnitt":
			words[i] = ""
		}
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}
