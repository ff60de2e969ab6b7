// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"maps"
	"slices"

	"github.com/writ-iot/writ/law"
)

// item says which facts answer an item of a notice.
type item struct {
	ids   []string
	facts []string
	pos   law.Pos
}

func (v *Vocabulary) readNotices(r *law.Reader, root *law.Node) {
	r.Object(root, "what fills the items of notices", law.Need("items", r.List(func(n *law.Node) {
		it := &item{pos: n.Pos}
		r.Object(n, "an item of notices", law.Need("items", r.Texts(&it.ids)), law.Need("facts", r.Texts(&it.facts)))
		for _, f := range it.facts {
			if v.define(f) == nil {
				r.Add(n.Pos, fmt.Sprintf("incidents have no fact %q", f), law.DidYouMean(f, slices.Sorted(maps.Keys(v.byID))))
			}
		}
		v.items = append(v.items, it)
	})))
}
