// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

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
	// Factory names the published factory-credential list that holds a pair; "" when none does. It
	// may be nil: ask through FactoryList.
	Factory func(user, password string) string
	// Midstream says that the conversation began before the capture did: who began it is a guess.
	Midstream bool
	// Name is the protocol's canonical name, set on recognition; a parser may refine it
	// (tls over an unknown port stays tls; smb becomes smb).
	Name string

	scratch observation.Observation
	restart bool
	rest    int
}

// FactoryList names the published factory-credential list that holds the pair; "" when none does.
func (c *Context) FactoryList(user, password string) string {
	if c.Factory == nil {
		return ""
	}
	return c.Factory(user, password)
}

// Restart says that the conversation turns into another protocol (STARTTLS, a proxy's tunnel): a parser
// calls it and then returns false from Data. Recognition begins anew at the last rest bytes of the slice
// at hand, and at the next bytes of the other direction.
func (c *Context) Restart(rest int) { c.restart, c.rest = true, rest }

// Restarted tells the engine whether Restart was called since it last asked, and forgets it.
func (c *Context) Restarted() (rest int, ok bool) {
	rest, ok = c.rest, c.restart
	c.rest, c.restart = 0, false
	return rest, ok
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

// EmitReversed says what was met in a conversation whose ends were guessed the wrong way round (begun
// before the capture): the server is the client.
func (c *Context) EmitReversed(first uint32, b observation.Body) {
	r := Context{Client: c.Server, Server: c.Client, ClientMAC: c.ServerMAC, ServerMAC: c.ClientMAC,
		Transport: c.Transport, Time: c.Time, Frame: c.Frame, Input: c.Input, Out: c.Out}
	r.Emit(first, b)
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
	// Close is called exactly once: right after Data or Gap returned false, or when the conversation
	// ends (FIN, RST, expiry, eviction or the capture's end).
	Close(c *Context)
}

// StreamProtocol is a recogniser of TCP conversations.
type StreamProtocol struct {
	Name  string
	Ports []uint16 // usual server ports: tried first there
	// Recognise is given the first bytes of each direction so far: out of the client, in of the server
	// (either may be empty). It must rest on what is said; ports may break ties through
	// c.Server.Port(). Of a conversation met midstream it is also asked with the ends exchanged.
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
	// New makes a reader that keeps state over a conversation's datagrams (DTLS, QUIC); nil where Read
	// alone does. One of the two is set.
	New func() DatagramReader
}

// DatagramReader reads the datagrams of one conversation. Read answers like a Datagram; a new reader is
// dropped when its first answer is false. Close is called once, at the conversation's end.
type DatagramReader interface {
	Read(c *Context, d Direction, p []byte) bool
	Close(c *Context)
}

// LinkProtocol reads frames below IP. With an EtherType, p is what follows it; with EtherType 0 the
// frame is IEEE 802.3 and p begins at the LLC header (DSAP, SSAP, control; SNAP: AA AA 03, OUI, type).
// Recognise may be nil where the EtherType decides.
type LinkProtocol struct {
	Name      string
	EtherType uint16 // 0: an LLC/SNAP frame, matched by Recognise
	Recognise func(dst observation.MAC, p []byte) bool
	Read      func(c *Context, src, dst observation.MAC, p []byte)
}
