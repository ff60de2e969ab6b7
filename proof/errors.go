// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"strings"
	"unicode"
)

// Refusal is why a dossier, a checkpoint or a leaf was refused. The words are for people; Cause is for
// programs.
type Refusal struct {
	Cause Cause
	Entry string // of the dossier; "" where the fault lies in no single entry
	Leaf  int64  // of the log; -1 where it lies in no single leaf
	Text  string
}

// Cause names the kinds of refusal. Each has its own message.
type Cause string

// The causes.
const (
	NotADossier     Cause = "not-a-dossier"     // no zip, or one without a manifest
	NotCanonical    Cause = "not-canonical"     // not the one zip that holds these entries
	EntryChanged    Cause = "entry-changed"     // an entry is not the one that the manifest lists
	BadManifest     Cause = "bad-manifest"      // the manifest, or its signature, does not hold
	BadCheckpoint   Cause = "bad-checkpoint"    // the checkpoint's signature does not hold
	OtherCheckpoint Cause = "other-checkpoint"  // a valid checkpoint, but not the one the dossier was made on
	BadPin          Cause = "bad-pin"           // what was held outside as a checkpoint is none, or was changed
	OtherKey        Cause = "other-key"         // signed by a key that is not the pinned one
	Forked          Cause = "forked"            // two logs under one key
	StatementGone   Cause = "statement-removed" // a leaf without its statement
	StatementFalse  Cause = "statement-changed" // a statement that its leaf or its signature does not cover
	LeafChanged     Cause = "leaf-changed"      // leaves that do not give the checkpoint's root
	VerdictChanged  Cause = "verdict-changed"   // judging again gives something else
	OtherEngine     Cause = "other-engine"      // the verdicts are those of another engine, and judging again gives others
	LawUnreadable   Cause = "law-unreadable"    // the catalogue inside cannot be loaded
	OtherLaw        Cause = "other-law"         // judged by another law than the case had adopted
)

func (r *Refusal) Error() string {
	switch {
	case r.Leaf >= 0 && r.Entry != "":
		return fmt.Sprintf("%s: leaf %d: %s", r.Entry, r.Leaf, r.Text)
	case r.Leaf >= 0:
		return fmt.Sprintf("leaf %d: %s", r.Leaf, r.Text)
	case r.Entry != "":
		return fmt.Sprintf("%s: %s", r.Entry, r.Text)
	}
	return r.Text
}

// ErrorKind lets a door choose its exit status (see internal/kind).
func (r *Refusal) ErrorKind() string {
	switch r.Cause {
	case NotADossier, BadPin, OtherEngine:
		return "invalid"
	}
	return "corrupt"
}

func refuse(c Cause, entry string, format string, args ...any) error {
	return &Refusal{Cause: c, Entry: entry, Leaf: -1, Text: plain(fmt.Sprintf(format, args...))}
}

// plain takes out what could act on a terminal: a dossier's words come from anyone.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

func refuseLeaf(c Cause, leaf int64, format string, args ...any) error {
	return &Refusal{Cause: c, Leaf: leaf, Text: plain(fmt.Sprintf(format, args...))}
}
