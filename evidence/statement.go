// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package evidence holds the atom of a case: the statement. Who says what about what, when, on which
// artefact, in canonical bytes (RFC 8785), digested with SHA-256 and signed with Ed25519.
package evidence

import (
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// Kind of a statement.
type Kind string

// The kinds.
const (
	Observation Kind = "observation" // a collector's facts about one subject
	Declaration Kind = "declaration" // the profile's answers about one subject
	RecordKind  Kind = "record"      // a person's record
	Membership  Kind = "membership"  // a subject and its relations: device, product, maker, operator
	Artefact    Kind = "artefact"    // an input was taken in: digest, media type, size, counters
	Withdrawal  Kind = "withdrawal"  // earlier statements no longer stand
	Completion  Kind = "completeness"
)

// Statement is immutable once signed. No name, address or user stands in it: those live in the
// payload, which can be erased.
type Statement struct {
	Version   int    `json:"version"` // 1
	Kind      Kind   `json:"kind"`
	By        string `json:"by"`        // key hash of the signer
	Collector string `json:"collector"` // program, version and instance
	At        time.Time
	Subject   fact.Subject
	Member    *judge.Member // of a membership
	Claims    []fact.Claim
	Artefact  *ArtefactRef
	Withdraws []string // digests
	Covers    []string // digests a completeness statement speaks of
	Note      string
	// Payload is the salted digest of what was said with names in it; "" without. The salt lies with
	// the payload and is erased with it.
	Payload string
}

// ArtefactRef names an input by its digest.
type ArtefactRef struct {
	SHA256  string
	Media   string // application/vnd.tcpdump.pcap …
	Size    int64
	Packets int64
	First   time.Time
	Last    time.Time
	Notices []string
}
