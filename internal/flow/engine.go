// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"net/netip"
	"slices"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
)

// Engine follows the conversations of one input after another. It is not for concurrent use.
type Engine struct {
	cfg     Config
	t       *table
	wheel   wheel
	clock   int64 // the latest time of any frame
	convs   []*conversation
	idle    []uint32 // of convs, to be used again
	turnOf  int      // of convs: where giving up looks next
	early   int      // bytes that wait for recognition
	buffers []*reorder
	lent    int // of buffers: directions that hold segments
	held    int // bytes out of order
	names   names
	streams guide
	grams   guide
	links   links
	ctx     protocol.Context
	within  *record // whose ends the context bears; nil: nobody's
	body    observation.Flow
	count   Counters
}

// New makes an engine.
func New(cfg Config) *Engine {
	if cfg.MaxFlows <= 0 {
		cfg.MaxFlows = 400_000
	}
	if cfg.MaxBuffer <= 0 {
		cfg.MaxBuffer = 16 << 20
	}
	if cfg.MaxReaders <= 0 {
		cfg.MaxReaders = 1 << 16
	}
	e := &Engine{cfg: cfg, t: newTable(cfg.MaxFlows), convs: make([]*conversation, 1), names: newNames()}
	for i := range cfg.Streams {
		e.streams.add(i, cfg.Streams[i].Ports, false)
	}
	for i := range cfg.Datagrams {
		e.grams.add(i, cfg.Datagrams[i].Ports, cfg.Datagrams[i].PortOnly)
	}
	e.links.init(cfg.Links)
	e.ctx = protocol.Context{Out: cfg.Out, Keys: cfg.Keys, Factory: cfg.Factory}
	return e
}

// Input says that the frames to come are of input n.
func (e *Engine) Input(n int) { e.ctx.Input = n }

// Counters says how much could be followed so far.
func (e *Engine) Counters() Counters { return e.count }

// Packet takes the next packet that has addresses.
func (e *Engine) Packet(p *packet.Packet, now int64, frame uint32) {
	if now > e.clock || !e.wheel.on {
		e.clock = max(now, e.clock)
		e.turn(e.clock)
	}
	var k key
	fromA := k.of(p)
	h := e.t.hash(&k)
	slot, ok := e.t.find(&k, h)
	if ok && p.Proto == packet.ProtoTCP && e.t.at(slot).renewed(p, fromA) {
		e.end(slot, e.t.at(slot))
		ok = false
	}
	if !ok {
		slot = e.begin(&k, h, p, now, frame, fromA)
	}
	r := e.t.at(slot)
	d := r.direction(fromA)
	if r.packets[d] == 0 || p.HasMAC && p.SrcMAC != r.mac[d] {
		r.mac[d] = p.SrcMAC
		if e.cfg.Sender != nil {
			e.cfg.Sender(p, now, frame)
		}
	}
	r.last, r.lastFrame, r.active = now, frame, e.clock
	r.packets[d]++
	r.bytes[d] += uint64(p.Size)
	switch p.Proto {
	case packet.ProtoTCP:
		e.tcp(r, d, p)
	case packet.ProtoUDP:
		if len(p.Payload) > 0 {
			e.datagram(r, d, p.Payload)
		}
	}
}

// renewed says that a request to connect begins a new conversation between ends that had one: after its
// end, or with another initial sequence number after an answer.
func (r *record) renewed(p *packet.Packet, fromA bool) bool {
	if p.Flags&(packet.SYN|packet.ACK|packet.RST) != packet.SYN {
		return false
	}
	if r.has(closed) {
		return true
	}
	answered := r.has(midstream|synAck) || r.packets[0] > 0 && r.packets[1] > 0
	return answered && (r.direction(fromA) == protocol.ToClient || p.Seq != r.isn)
}

// begin makes the record of a new conversation.
func (e *Engine) begin(k *key, h uint32, p *packet.Packet, now int64, frame uint32, fromA bool) uint32 {
	if e.t.full() {
		e.evict()
	}
	slot := e.t.insert(k, h)
	r := e.t.at(slot)
	r.first, r.firstFrame, r.active, r.vlan = now, frame, e.clock, p.VLAN
	if e.sourceIsClient(p, r) != fromA {
		r.flags |= clientIsB
	}
	r.name = e.names.network(p.Proto)
	e.schedule(slot, r)
	return slot
}

// sourceIsClient guesses who began the conversation from its first packet.
func (e *Engine) sourceIsClient(p *packet.Packet, r *record) bool {
	g := &e.grams
	if p.Proto == packet.ProtoTCP {
		switch p.Flags & (packet.SYN | packet.ACK) {
		case packet.SYN:
			r.isn = p.Seq
			return true
		case packet.SYN | packet.ACK:
			return false
		}
		r.flags |= midstream
		g = &e.streams
	}
	from, to := g.rank(p.SrcPort), g.rank(p.DstPort)
	if from != to {
		return from < to
	}
	return p.Proto != packet.ProtoTCP || p.SrcPort >= p.DstPort
}

// evict ends the least active of a few conversations.
func (e *Engine) evict() {
	n := uint32(len(e.t.slab) * chunk)
	var best *record
	var at uint32
	for seen := 0; seen < 16; {
		e.t.hand = (e.t.hand + 1) % n
		if r := e.t.at(e.t.hand); r.live {
			seen++
			if best == nil || r.active < best.active {
				best, at = r, e.t.hand
			}
		}
	}
	e.count.Evicted++
	e.end(at, best)
}

// Flush ends all conversations, in the order of their first frames: the input has ended.
func (e *Engine) Flush() {
	var open []uint32
	for i := range e.t.slab {
		for j := range e.t.slab[i] {
			if e.t.slab[i][j].live {
				open = append(open, uint32(i*chunk+j))
			}
		}
	}
	slices.SortFunc(open, func(a, b uint32) int {
		return int(e.t.at(a).firstFrame) - int(e.t.at(b).firstFrame)
	})
	for _, slot := range open {
		e.end(slot, e.t.at(slot))
	}
	e.links.flush(&e.ctx)
	e.wheel, e.clock = wheel{}, 0
}

// enter sets the context for a conversation's packet at hand.
func (e *Engine) enter(r *record) *protocol.Context {
	c := &e.ctx
	if e.within != r {
		e.within = r
		client, server, cp, sp := r.ends()
		c.Client, c.Server = netip.AddrPortFrom(client.IP(), cp), netip.AddrPortFrom(server.IP(), sp)
		c.Midstream = r.has(midstream)
		c.Transport = transport(r.key.proto())
	}
	c.ClientMAC, c.ServerMAC = r.mac[0], r.mac[1]
	c.Time, c.Frame = r.last, r.lastFrame
	c.Name = e.names.list[r.name]
	return c
}

// exchange swaps the ends of a conversation, and the context's with them.
func (e *Engine) exchange(r *record) {
	r.swap()
	e.within = nil
}

func transport(proto uint8) observation.Transport {
	switch proto {
	case packet.ProtoTCP:
		return observation.TCP
	case packet.ProtoUDP:
		return observation.UDP
	case packet.ProtoICMP, packet.ProtoICMPv6:
		return observation.ICMP
	}
	return observation.OtherIP
}

// end ends a conversation: its parser is closed and what it was is told.
func (e *Engine) end(slot uint32, r *record) {
	c := e.enter(r)
	if r.conv != 0 {
		e.finish(r)
	}
	e.count.Flows++
	for d, ack := range r.acked {
		// What an end acknowledged and the capture never showed of the other.
		if other := 1 - d; r.flags&(seqOut<<other) != 0 && ack != 0 {
			if lost := int32(ack - r.next[other]); lost > 1 && lost < 1<<24 {
				r.missing += uint64(lost)
			}
		}
	}
	both := r.packets[0] > 0 && r.packets[1] > 0
	established := both
	if r.key.proto() == packet.ProtoTCP {
		established = both && (r.has(synAck) && r.packets[0] > 1 || r.bytes[0] > 0 && r.bytes[1] > 0)
	}
	e.body = observation.Flow{Protocol: e.names.list[r.name], FirstTime: r.first,
		PacketsOut: r.packets[0], BytesOut: r.bytes[0], PacketsIn: r.packets[1], BytesIn: r.bytes[1],
		Established: established, Refused: r.has(refused), Midstream: r.has(midstream),
		Missing: r.missing, VLAN: r.vlan, Syns: r.syns, SequenceIsTarget: r.marks}
	c.Time, c.Frame = r.last, r.lastFrame
	c.Emit(r.firstFrame, &e.body)
	e.unlink(r)
	e.t.remove(slot)
	e.within = nil // the slot is anybody's now
}
