// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"strings"

	"github.com/writ-iot/writ/judge"
)

// Verification is what was proved of a dossier.
type Verification struct {
	Manifest  Manifest
	Note      []byte // the dossier's checkpoint, to be kept and held against the next one
	KeyPinned bool
	Pinned    []Checkpoint // checkpoints from outside that the log continues
	OwnLaw    bool         // the law inside is the one that the verifying program carries

	Adopted *Entry // the adoption by which the law inside is the case's; nil: the case was never pinned to one

	Statements, Withheld int
	Payloads             int // handed over
	PayloadsKept         int // named by a statement and not handed over, or erased
	Verdicts             int
	Own, Supplier        judge.Counts
	Result               *judge.Result // judged again
	Attachments          []EntryRef
}

// Proved says what holds, a sentence each.
func (v *Verification) Proved() []string {
	m := &v.Manifest
	all := []string{
		fmt.Sprintf("The file is the one canonical zip of its entries, and the manifest, signed by key %s, lists each.", m.Key.ID()),
		fmt.Sprintf("%d leaves give the root %s of the checkpoint that %s signed.", m.Checkpoint.Size,
			m.Checkpoint.Root, m.Key.Origin),
		fmt.Sprintf("%d statements are, byte for byte, those that were signed and stood in the log at the time of their leaves.", v.Statements),
	}
	follow := fmt.Sprintf("%d verdicts follow from them under catalogue %q on the day %s: judged again, same bytes",
		v.Verdicts, m.Catalogue.Version, m.Question.Day)
	if m.Engine == judge.Version {
		all = append(all, follow+".")
	} else {
		all = append(all, fmt.Sprintf("%s but for the replay key, which names the engine: %q judged, and %s again.", follow,
			m.Engine, judge.Version))
	}
	if e := v.Adopted; e != nil {
		all = append(all, fmt.Sprintf("The law inside is the one that the case had adopted by then (leaf %d).", e.Index))
	}
	for _, p := range v.Pinned {
		all = append(all, fmt.Sprintf("The log continues the checkpoint that you hold: its first %d leaves were not changed since.", p.Size))
	}
	if v.KeyPinned {
		all = append(all, "The key is the one that you named.")
	}
	if v.OwnLaw {
		all = append(all, "The law inside is the one that this program carries.")
	}
	return all
}

// Unproved says what does not follow from the dossier, a sentence each.
func (v *Verification) Unproved() []string {
	var all []string
	say := func(when bool, format string, args ...any) {
		if when {
			all = append(all, plain(fmt.Sprintf(format, args...)))
		}
	}
	say(!v.KeyPinned, "Whose key it is: the dossier itself names it. Compare it with one that you were given otherwise (--key).")
	say(len(v.Pinned) == 0, "That the log was not written anew before it was handed over: whoever has the key can do that. "+
		"A checkpoint held outside shows it (--checkpoint).")
	say(!v.OwnLaw, "That the law inside (catalogue %q, digest %s) says what the law says: it is not the one that this program carries.",
		v.Manifest.Catalogue.Version, v.Manifest.Catalogue.Digest)
	say(true, "That a fact follows from its frames: that is its collector's signed word. It can be observed again where the artefact is at hand.")
	say(v.Withheld > 0, "What %d withheld or erased statements say. About whom, of which facts and when they speak is as the log committed to.", v.Withheld)
	say(v.PayloadsKept > 0, "What %d payloads say, which were not handed over or were erased: names only, no fact.", v.PayloadsKept)
	say(len(v.Attachments) > 0, "That the %d attachments say what the verdicts say: they are signed, and they were not made again.", len(v.Attachments))
	return all
}

// String is the verification for people.
func (v *Verification) String() string {
	var b strings.Builder
	m, q := &v.Manifest, v.Manifest.Question
	fmt.Fprintf(&b, "origin      %s\nkey         %s\nkey ID      %s\n", m.Key.Origin, m.Key, m.Key.ID())
	fmt.Fprintf(&b, "checkpoint  %d leaves, root %s\n", m.Checkpoint.Size, m.Checkpoint.Root)
	known := "all that is there"
	if !q.KnownAt.IsZero() {
		known = q.KnownAt.UTC().Format("2006-01-02T15:04:05Z")
	}
	if q.KnownSize > 0 {
		known = fmt.Sprintf("the first %d leaves", q.KnownSize)
	}
	fmt.Fprintf(&b, "asked       law day %s, evidence time %s, known %s\n", q.Day,
		q.At.UTC().Format("2006-01-02T15:04:05Z"), known)
	fmt.Fprintf(&b, "\nproved\n")
	for _, s := range v.Proved() {
		fmt.Fprintf(&b, "  %s\n", s)
	}
	fmt.Fprintf(&b, "\nnot proved\n")
	for _, s := range v.Unproved() {
		fmt.Fprintf(&b, "  %s\n", s)
	}
	return b.String()
}
