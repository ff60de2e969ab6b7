// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/writ-iot/writ/fact"
)

// replayKey is SHA-256 over all that a result depends on: engine version, catalogue, vocabulary, day,
// moment, members and what is known of them. Each part is a line; texts are quoted.
func (e *Engine) replayKey(w *world, in Input) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%d %s %t\n", Version, e.catalogue.Digest, e.vocabulary, in.Day, stamp(in.At), in.All)
	for _, i := range e.instruments {
		fmt.Fprintf(h, "instrument %q\n", i.ID)
	}
	if e.adopted {
		fmt.Fprintln(h, "as if adopted")
	}
	for _, s := range slices.SortedFunc(maps.Keys(w.members), fact.Subject.Compare) {
		m := w.members[s]
		fmt.Fprintf(h, "member %q %q %q %q %t %s\n", s, m.Product, m.Maker, m.Runner, m.Own, stamp(m.At))
	}
	for _, s := range w.facts.Subjects() {
		states := w.facts.States(s)
		for _, n := range slices.Sorted(maps.Keys(states)) {
			r := states[n]
			fmt.Fprintf(h, "fact %q %q %s %q %s %t %t\n", s, n, r.State, r.Value, r.Reason, r.Declared, r.Documented)
			support(h, r.Support)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func support(h hash.Hash, claims []*fact.Claim) {
	for _, c := range claims {
		fmt.Fprintf(h, "claim %q %s %s %t %v", c.Statement, c.Method, stamp(c.ObservedAt), c.Coverage.Partial, c.Value)
		for _, s := range c.Sources {
			fmt.Fprintf(h, " %q %v", s.Input, s.Frames)
		}
		io.WriteString(h, "\n")
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// vocabularyDigest covers what of a definition bears on a state or a verdict.
func vocabularyDigest(v *fact.Vocabulary) string {
	h := sha256.New()
	for _, n := range v.Names() {
		d, _ := v.Lookup(n)
		fmt.Fprintf(h, "%q %s %s %q %q %d %t", n, d.Subject, d.Type, d.Words, d.Known, d.AbsenceHours, d.Universal)
		for _, m := range slices.Sorted(maps.Keys(d.TTL)) {
			io.WriteString(h, " "+string(m)+"="+strconv.FormatInt(int64(d.TTL[m]), 10))
		}
		io.WriteString(h, "\n")
	}
	return hex.EncodeToString(h.Sum(nil))
}
