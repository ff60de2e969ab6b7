// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package observation is the vocabulary of the senses: one typed word for everything that can be met
// on a wire, in a log or by a test, whatever the sense that met it.
//
// An Observation lives only during Sink.Observe: bodies, strings and slices are reused by the sense,
// and a sink clones what it keeps. A secret never enters an observation: Secret holds its kind, its
// length and a digest under a key that does not leave the run.
package observation

import "net/netip"

// MAC is a link address; the zero MAC is: not seen.
type MAC [6]byte

// Transport is the layer under a conversation.
type Transport uint8

// The transports. Link is for what has no IP below it (LLDP, ARP, GOOSE).
const (
	Link Transport = iota
	TCP
	UDP
	ICMP
	OtherIP
)

// Observation is one thing met: the header that all share, and a body by kind.
type Observation struct {
	Time   int64  // of the frame that completed it, nanoseconds since 1970 UTC
	Input  int    // which input of the run it was met in
	First  uint32 // first frame (line) of it, 1-based
	Last   uint32
	Client netip.AddrPort // who began the conversation (or sent, where there is none)
	Server netip.AddrPort
	// Link addresses of the frames that carried it: the device's own, or its router's.
	ClientMAC, ServerMAC MAC
	Transport            Transport
	Body                 Body
}

// Body is one of the types of this package, by pointer.
type Body interface{ Kind() string }

// Sink takes observations. Observe must not keep o or anything it points to.
type Sink interface{ Observe(o *Observation) }

// Secret stands for a credential or token: never its value.
type Secret struct {
	What   string // credential (a password), community, token, key, digest-response
	Length int
	Digest string // HMAC-SHA-256 under the run's key, hex, cut to 32 characters
}
