// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package protocol is the contract between conversations and the parsers that read them.
//
// A parser is told contiguous bytes, in order, of one direction at a time, and says what it met. It
// keeps no more than a bounded buffer, never panics on any input, and never keeps a slice it is given.
// Protocols are recognised by what is said; a port only orders the guesses.
package protocol

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/secret"
)

// Direction of bytes in a conversation.
type Direction uint8

// The directions.
const (
	ToServer Direction = iota
	ToClient
)

// Context is what a parser knows of the conversation and the frame at hand. It is reused: a parser
// keeps no pointer to it.
type Context struct {
	Client, Server       netip.AddrPort
	ClientMAC, ServerMAC observation.MAC
	Transport            observation.Transport
	Time                 int64  // of the current frame, nanoseconds
	Frame                uint32 // number of the current frame
	Input                int
	Out                  observation.Sink
	Keys                 *secret.Keyer
	// Name is the protocol's canonical name, set on recognition; a parser may refine it
	// (tls over an unknown port stays tls; smb becomes smb).
	Name string

	scratch observation.Observation
}

// Emit says what was met, from frame first to the current one (first 0: the current frame alone).
func (c *Context) Emit(first uint32, b observation.Body) {
	if first == 0 {
		first = c.Frame
	}
	c.scratch = observation.Observation{Time: c.Time, Input: c.Input, First: first, Last: c.Frame,
		Client: c.Client, Server: c.Server, ClientMAC: c.ClientMAC, ServerMAC: c.ServerMAC,
		Transport: c.Transport, Body: b}
	c.Out.Observe(&c.scratch)
}

// Guess is what a recogniser makes of first bytes.
type Guess uint8

// The guesses. Maybe asks for more bytes; after 2 KiB of Maybe in a direction it counts as No.
const (
	No Guess = iota
	Maybe
	Yes
)

// Stream reads one TCP conversation.
type Stream interface {
	// Data takes the next contiguous bytes of direction d. It returns false when the parser has no
	// more to learn: the conversation's bytes are then no longer reassembled.
	Data(c *Context, d Direction, p []byte) bool
	// Gap says that n bytes of d were not captured, or dropped by a budget. It returns false like Data.
	Gap(c *Context, d Direction, n int) bool
	// Close ends the conversation: FIN, RST, expiry or the capture's end.
	Close(c *Context)
}

// StreamProtocol is a recogniser of TCP conversations.
type StreamProtocol struct {
	Name  string
	Ports []uint16 // usual server ports: tried first there
	// Recognise is given the first bytes of each direction so far (either may be empty). It must rest
	// on what is said; ports may break ties through c.Server.Port().
	Recognise func(c *Context, out, in []byte) Guess
	New       func() Stream
}

// Datagram reads one UDP payload, or returns false when it is not the protocol. It emits only when true.
type Datagram func(c *Context, d Direction, p []byte) bool

// DatagramProtocol is a recogniser and reader of UDP conversations.
type DatagramProtocol struct {
	Name  string
	Ports []uint16 // server ports (or both, for mDNS and its kin) on which it is tried first
	// PortOnly says that bytes alone cannot tell: it is tried on its ports only.
	PortOnly bool
	Read     Datagram
}

// LinkProtocol reads frames below IP.
type LinkProtocol struct {
	Name      string
	EtherType uint16 // 0: an LLC/SNAP frame, matched by Recognise
	Recognise func(dst observation.MAC, p []byte) bool
	Read      func(c *Context, src, dst observation.MAC, p []byte)
}
