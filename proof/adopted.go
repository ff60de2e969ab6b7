// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"strings"

	"github.com/writ-iot/writ/evidence"
)

// Adopted gives the adoption that a question is answered by: the last that was known at its knowledge point;
// where none was, the first of all, because a case is pinned by what it first appends. Nil: the case was never
// pinned. entries stand in the order of their leaves.
func Adopted(entries []Entry, q Question) *Entry {
	var first, last *Entry
	for i := range entries {
		e := &entries[i]
		if e.Statement.Kind != evidence.Adoption {
			continue
		}
		if first == nil {
			first = e
		}
		if q.known(e.Index, e.KnownAt) {
			last = e
		}
	}
	if last == nil {
		return first
	}
	return last
}

// adopted holds the law inside against the one that the case had adopted when it was asked.
func (v *verifier) adopted() error {
	e := Adopted(v.entry, v.manifest.Question)
	if e == nil {
		return nil
	}
	if got, want := v.manifest.Catalogue, e.Statement.Law; got.Digest != want.Digest {
		return refuse(OtherLaw, strings.TrimSuffix(dirCatalogue, "/"),
			"judged by law %s with digest %s, but the case had adopted %s with digest %s (leaf %d)",
			got.Version, short(got.Digest), want.Version, short(want.Digest), e.Index)
	}
	v.result.Adopted = e
	return nil
}
