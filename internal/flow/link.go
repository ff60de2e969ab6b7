// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
)

// maxLinks bounds the senders below IP that are told apart.
const maxLinks = 1 << 16

// linkKey is a sender and what it speaks.
type linkKey struct {
	src  observation.MAC
	name string
}

type linkCount struct {
	observation.Flow
	dst        observation.MAC
	firstFrame uint32
	lastFrame  uint32
	last       int64
}

// links follows what is said below IP: one conversation for each sender and protocol.
type links struct {
	byType map[uint16]*protocol.LinkProtocol
	llc    []*protocol.LinkProtocol
	seen   map[linkKey]*linkCount
	order  []linkKey
	body   observation.Flow
}

func (l *links) init(all []protocol.LinkProtocol) {
	l.byType, l.seen = map[uint16]*protocol.LinkProtocol{}, map[linkKey]*linkCount{}
	for i := range all {
		if p := &all[i]; p.EtherType != 0 {
			l.byType[p.EtherType] = p
		} else {
			l.llc = append(l.llc, p)
		}
	}
}

// Link takes a frame that carries no IP. name is the protocol's, where the caller knows it (ARP); else
// the link protocols are asked.
func (e *Engine) Link(p *packet.Packet, name string, now int64, frame uint32) {
	c := &e.ctx
	e.within = nil
	c.Client, c.Server = netip.AddrPort{}, netip.AddrPort{}
	c.ClientMAC, c.ServerMAC, c.Transport = p.SrcMAC, p.DstMAC, observation.Link
	c.Time, c.Frame, c.Name, c.Midstream = now, frame, name, false
	if name == "" {
		lp := e.links.find(p)
		if lp == nil {
			return
		}
		c.Name = lp.Name
		if lp.Read != nil {
			lp.Read(c, p.SrcMAC, p.DstMAC, p.Payload)
		}
	}
	e.links.count(c, p)
}

func (l *links) find(p *packet.Packet) *protocol.LinkProtocol {
	if p.Layer == packet.LayerLink {
		lp := l.byType[p.EtherType]
		if lp != nil && lp.Recognise != nil && !lp.Recognise(p.DstMAC, p.Payload) {
			return nil
		}
		return lp
	}
	for _, lp := range l.llc {
		if lp.Recognise != nil && lp.Recognise(p.DstMAC, p.Payload) {
			return lp
		}
	}
	return nil
}

func (l *links) count(c *protocol.Context, p *packet.Packet) {
	k := linkKey{p.SrcMAC, c.Name}
	n := l.seen[k]
	if n == nil {
		if len(l.seen) >= maxLinks {
			return
		}
		n = &linkCount{dst: p.DstMAC, firstFrame: c.Frame}
		n.Protocol, n.FirstTime, n.VLAN = c.Name, c.Time, p.VLAN
		l.seen[k] = n
		l.order = append(l.order, k)
	}
	n.PacketsOut++
	n.BytesOut += uint64(len(p.Payload))
	n.last, n.lastFrame = c.Time, c.Frame
}

func (l *links) flush(c *protocol.Context) {
	for _, k := range l.order {
		n := l.seen[k]
		c.Client, c.Server = netip.AddrPort{}, netip.AddrPort{}
		c.ClientMAC, c.ServerMAC, c.Transport = k.src, n.dst, observation.Link
		c.Time, c.Frame, c.Name = n.last, n.lastFrame, n.Protocol
		l.body = n.Flow
		c.Emit(n.firstFrame, &l.body)
	}
	l.order = l.order[:0]
	clear(l.seen)
}
