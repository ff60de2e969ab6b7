// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package flow turns packets into conversations and gives their bytes, in order, to the parsers that
// recognise them.
//
// Nothing is allocated for a packet. Conversations live in a slab without pointers, found through an
// open-addressed index; what only a recognised conversation needs (a parser, early bytes, segments out of
// order) lives beside it and is reused. Everything is bounded: conversations expire when idle and the
// least active is evicted when the table is full, segments out of order are held in a small budget, and
// what was given up is counted, because a partial view must never pass for a whole one.
package flow

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/secret"
)

// Config is what an engine is made of. Streams and Datagrams hold at most 128 protocols each.
type Config struct {
	Streams   []protocol.StreamProtocol
	Datagrams []protocol.DatagramProtocol
	Links     []protocol.LinkProtocol
	Out       observation.Sink
	Keys      *secret.Keyer
	Factory   func(user, password string) string
	// Sender is told the source of a conversation's first packet in each direction, and of every packet
	// whose link address is not the last one's. It may be nil.
	Sender func(p *packet.Packet, time int64, frame uint32)
	// Watch is shown the payloads of conversations that are not encrypted. It may be nil.
	Watch func(c *protocol.Context, d protocol.Direction, p []byte)
	// MaxFlows bounds the conversations that are open at once (default 400,000), MaxReaders those of them
	// that a parser reads (default 65,536), MaxBuffer the bytes held out of order, and again those that
	// wait for recognition (default 16 MiB).
	MaxFlows, MaxReaders, MaxBuffer int
}

// Counters say how much of the traffic an engine could follow.
type Counters struct {
	Flows   uint64 // conversations that ended
	Evicted uint64 // ended, or no longer read, for want of room
	Gaps    uint64 // times that a parser was told of missing bytes
}
