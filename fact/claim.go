// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package fact

import "time"

// Source is where in an artefact a claim was seen.
type Source struct {
	Input  string   `json:"input,omitempty"`  // SHA-256 of the artefact, hex
	Frames [][2]int `json:"frames,omitempty"` // 1-based, inclusive ranges: frames of a capture, lines of a log
	Note   string   `json:"note,omitempty"`   // what was seen there, without secrets or names
}

// Coverage says how complete the look was on which a claim rests. The zero value is: unknown.
type Coverage struct {
	Hours         float64 `json:"hours,omitempty"` // time during which the subject was active and watched
	BothWays      bool    `json:"both_ways,omitempty"`
	LossPPM       int64   `json:"loss_ppm,omitempty"` // acknowledged but unseen bytes per million; -1 unknown
	Port          int     `json:"port,omitempty"`     // of a scan
	Vantage       string  `json:"vantage,omitempty"`  // where the looker stood
	Partial       bool    `json:"partial,omitempty"`  // a budget was hit: the view is incomplete
	CompletedScan bool    `json:"completed_scan,omitempty"`
}

// Claim is one thing said about one subject: the unit of evidence.
type Claim struct {
	Subject Subject
	Fact    Name
	// Value is the zero Value where the look was inconclusive: that supports nothing and says why.
	Value      Value
	Method     Method
	ObservedAt time.Time
	Expires    time.Time // zero: only the vocabulary's freshness limits it
	Coverage   Coverage
	Sources    []Source
	// Documented says that a document or an observation stands beside a declaration: without one a
	// declaration never excludes a product from a law (semantics, section 1).
	Documented bool
	// Statement is the digest of the statement that carries the claim, hex; "" before it is stated.
	Statement string
	Collector string // instance that observed it: withdrawals name it with a window
	// RecordedAt is when the claim reached the ledger: before that knowledge point it is as if it did not
	// exist. Zero: given with the input, known from the start.
	RecordedAt time.Time
	Withdrawn  time.Time // zero: stands. From this knowledge point on the claim is not valid
	Withheld   bool      // a stub: fact, subject, time and method are left, the value is gone
}

// State is what is so about a fact at a moment.
type State uint8

// The states. Unknown is the zero value.
const (
	Unknown State = iota
	Known
	Conflict
)

var stateNames = [...]string{"unknown", "known", "conflict"}

func (s State) String() string { return stateNames[s] }

// Reason says why a fact is not known.
type Reason string

// The reasons (semantics, section 2).
const (
	NoEvidence   Reason = "no-evidence"
	Stale        Reason = "stale"
	Conflicting  Reason = "conflicting"
	Inconclusive Reason = "inconclusive"
	Withheld     Reason = "withheld"
	Recalled     Reason = "recalled"
)

// Resolved is a fact's state at a moment, with what it rests on.
type Resolved struct {
	State    State
	Value    Value    // the zero Value unless State is Known
	Reason   Reason   // "" when Known
	Support  []*Claim // the valid claims that carry the state, in a fixed order; empty when nothing does
	Declared bool     // rests on declarations only
	// Documented is false where a declaration stands alone: about a product it may include it in a law
	// but not take it out.
	Documented bool
}
