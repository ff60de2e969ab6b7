// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// item says which facts answer an item of a notice.
type item struct {
	facts []string // wanted, all of them
	also  []string // shown where known
}

// ofCase are the answers that a case knows by itself.
var ofCase = []string{"$person", "$notices", "$hold", "$submission", "$lateness", "$missing"}

func (v *Vocabulary) readNotices(r *law.Reader, root *law.Node) {
	seen := map[string]law.Pos{}
	r.Object(root, "what fills the items of notices", law.Need("items", r.List(func(n *law.Node) {
		it := &item{}
		var ids []string
		r.Object(n, "an item of notices", law.Need("items", r.Texts(&ids)), law.Need("facts", r.Texts(&it.facts)),
			law.Opt("also", r.Texts(&it.also)))
		for _, f := range slices.Concat(it.facts, it.also) {
			v.answerable(r, n.Pos, f)
		}
		for _, id := range ids {
			if key, _, own := strings.Cut(id, "#"); own && !v.beside {
				if _, _, err := v.Clock(key); err != nil {
					r.Add(n.Pos, err.Error(), "")
				}
			}
			if first, twice := seen[id]; twice && first != n.Pos {
				r.Add(n.Pos, fmt.Sprintf("item %s is answered twice: first at %s", id, first), "")
			}
			seen[id] = n.Pos
			v.items[id] = it
		}
	})))
}

func (v *Vocabulary) answerable(r *law.Reader, at law.Pos, key string) {
	if slices.Contains(ofCase, key) || v.define(key) != nil {
		return
	}
	if _, ok := v.law.Vocabulary.Lookup(fact.Name(key)); ok && v.incidental(fact.Name(key)) || v.beside {
		return
	}
	r.Add(at, fmt.Sprintf("incidents have no fact %q", key), law.DidYouMean(key, slices.Sorted(maps.Keys(v.byID))))
}

// answer is what answers an item of a clock's notice; nil where only people's words do.
func (v *Vocabulary) answer(clock string, id string) *item {
	if it := v.items[clock+"#"+id]; it != nil {
		return it
	}
	return v.items[id]
}
