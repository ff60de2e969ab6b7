// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
)

// guide says in which order to ask recognisers: those of the port first.
type guide struct {
	all   mask
	list  []uint8 // those that may be asked on any port
	ports map[uint16][]uint8
	order map[uint16][]uint8 // made when first asked
}

func (g *guide) add(i int, ports []uint16, portOnly bool) {
	if g.ports == nil {
		g.ports, g.order = map[uint16][]uint8{}, map[uint16][]uint8{}
	}
	n := uint8(i)
	g.all[n>>6] |= 1 << (n & 63)
	if !portOnly {
		g.list = append(g.list, n)
	}
	for _, p := range ports {
		g.ports[p] = append(g.ports[p], n)
	}
}

// of is the order for a server's port and, for datagrams, the client's.
func (g *guide) of(server uint16) []uint8 {
	hinted, ok := g.ports[server]
	if !ok {
		return g.list
	}
	o, ok := g.order[server]
	if !ok {
		o = slices.Clone(hinted)
		for _, n := range g.list {
			if !slices.Contains(hinted, n) {
				o = append(o, n)
			}
		}
		g.order[server] = o
	}
	return o
}

// rank says how much a port looks like a server's.
func (g *guide) rank(port uint16) int {
	if _, ok := g.ports[port]; ok {
		return 2
	}
	if port < 1024 && port > 0 {
		return 1
	}
	return 0
}

// recognise shows the next bytes of a direction to the recognisers that are still in question.
func (e *Engine) recognise(r *record, d protocol.Direction, p []byte, cut int) {
	cv := e.convs[r.conv]
	var b [2][]byte
	b[0], b[1] = cv.bytes[0], cv.bytes[1]
	fresh := len(cv.pieces) == 0
	if fresh {
		b[d] = p // nothing kept yet: look at the frame itself
	} else {
		e.keep(r, cv, d, p, cut)
		b[0], b[1] = cv.bytes[0], cv.bytes[1]
	}
	c := e.enter(r)
	n, swapped := e.ask(c, cv, b[0], b[1])
	if n < 0 {
		if fresh {
			e.keep(r, cv, d, p, cut)
		}
		full := e.early > e.cfg.MaxBuffer
		if full {
			e.count.Evicted++
		}
		if full || cut > 0 || cv.straight.empty() && cv.swapped.empty() || len(cv.pieces) >= maxEarlySegments ||
			len(cv.bytes[d]) >= maxEarly {
			r.flags |= unreadable
			e.release(r)
		}
		return
	}
	if swapped {
		e.exchange(r)
		cv.early[0], cv.early[1] = cv.early[1], cv.early[0]
		cv.bytes[0], cv.bytes[1] = cv.bytes[1], cv.bytes[0]
		for i := range cv.pieces {
			cv.pieces[i].d = 1 - cv.pieces[i].d
		}
		d = 1 - d
	}
	e.chosen(r, cv, n)
	if fresh {
		e.deliver(r, d, p, cut)
		return
	}
	e.replay(r, cv)
}

// ask gives the first protocol that says Yes, or -1; those that say No are not asked again.
func (e *Engine) ask(c *protocol.Context, cv *conversation, out, in []byte) (n int, swapped bool) {
	order := e.streams.of(c.Server.Port())
	for _, i := range order {
		if cv.straight.has(i) {
			switch e.cfg.Streams[i].Recognise(c, out, in) {
			case protocol.Yes:
				return int(i), false
			case protocol.No:
				cv.straight.drop(i)
			}
		}
	}
	if cv.swapped.empty() {
		return -1, false
	}
	c.Client, c.Server = c.Server, c.Client
	defer func() { c.Client, c.Server = c.Server, c.Client }()
	for _, i := range order {
		if cv.swapped.has(i) {
			switch e.cfg.Streams[i].Recognise(c, in, out) {
			case protocol.Yes:
				return int(i), true
			case protocol.No:
				cv.swapped.drop(i)
			}
		}
	}
	return -1, false
}

// keep adds bytes to those that wait for recognition.
func (e *Engine) keep(r *record, cv *conversation, d protocol.Direction, p []byte, cut int) {
	e.early += len(p)
	cv.pieces = append(cv.pieces, piece{d: d, off: len(cv.bytes[d]), n: len(p), cut: cut,
		frame: r.lastFrame, time: r.last})
	cv.bytes[d] = append(cv.bytes[d], p...)
}

// chosen puts protocol n on a conversation.
func (e *Engine) chosen(r *record, cv *conversation, n int) {
	p := &e.cfg.Streams[n]
	e.ctx.Restarted() // whatever an earlier parser left
	cv.stream = p.New()
	if cv.first {
		r.name = e.names.id(p.Name)
	}
	if encrypted[p.Name] {
		r.flags |= unwatched
	}
}

// replay gives the parser what waited, each piece under its own frame.
func (e *Engine) replay(r *record, cv *conversation) {
	frame, time := r.lastFrame, r.last
	pieces, bytes := cv.pieces, cv.bytes
	cv.pieces, cv.bytes = nil, [2][]byte{}
	e.early -= len(bytes[0]) + len(bytes[1])
	for _, w := range pieces {
		r.lastFrame, r.last = w.frame, w.time
		e.deliver(r, w.d, bytes[w.d][w.off:w.off+w.n], w.cut)
		if r.conv == 0 {
			break
		}
	}
	r.lastFrame, r.last = frame, time
	if r.conv != 0 && cv.stream != nil && cv.pieces == nil {
		cv.pieces, cv.bytes = pieces[:0], [2][]byte{spared(bytes[0]), spared(bytes[1])}
	}
}

// maxTries is how many datagrams of a conversation nobody may be able to read before it is given up.
const maxTries = 8

// datagram gives a UDP payload to the protocol that reads it.
func (e *Engine) datagram(r *record, d protocol.Direction, p []byte) {
	c := e.enter(r)
	if e.cfg.Watch != nil && !r.has(unwatched) && len(p) >= minWatch {
		e.cfg.Watch(c, d, p)
	}
	if r.conv != 0 {
		if cv := e.convs[r.conv]; cv.reader != nil && cv.reader.Read(c, d, p) {
			e.refined(r, c)
			return
		}
	} else if r.has(unreadable) {
		return
	} else if r.reader > 0 && e.cfg.Datagrams[r.reader-1].Read(c, d, p) {
		e.refined(r, c)
		return
	}
	if r.tries >= maxTries {
		return
	}
	r.tries++
	for _, i := range e.grams.of(c.Server.Port()) {
		if e.try(r, c, int(i), d, p) {
			return
		}
	}
	if e.grams.rank(c.Client.Port()) == 2 && c.Client.Port() != c.Server.Port() {
		for _, i := range e.grams.ports[c.Client.Port()] {
			if e.try(r, c, int(i), d, p) {
				return
			}
		}
	}
}

// try gives a datagram to protocol i.
func (e *Engine) try(r *record, c *protocol.Context, i int, d protocol.Direction, p []byte) bool {
	if int(r.reader) == i+1 {
		return false // has just said no
	}
	g := &e.cfg.Datagrams[i]
	c.Name = g.Name
	if g.Read != nil {
		if !g.Read(c, d, p) {
			return false
		}
	} else {
		reader := g.New()
		if !reader.Read(c, d, p) {
			return false
		}
		if r.conv == 0 {
			name := c.Name
			e.converse(r)
			e.enter(r).Name = name
		} else if old := e.convs[r.conv].reader; old != nil {
			old.Close(c)
		}
		e.convs[r.conv].reader = reader
	}
	if r.reader == 0 {
		r.name = e.names.id(c.Name)
	}
	if encrypted[c.Name] {
		r.flags |= unwatched
	}
	if g.Read != nil && r.conv != 0 {
		return true // a stray among the datagrams of a reader with state
	}
	r.reader = int16(i + 1)
	return true
}

func (e *Engine) refined(r *record, c *protocol.Context) {
	if c.Name != e.names.list[r.name] {
		r.name = e.names.id(c.Name)
	}
}

// names turns protocol names into small numbers.
type names struct {
	list []string
	ids  map[string]uint16
}

func newNames() names { return names{list: []string{""}, ids: map[string]uint16{"": 0}} }

func (n *names) id(s string) uint16 {
	i, ok := n.ids[s]
	if !ok {
		if len(n.list) > 1000 {
			return 0
		}
		i = uint16(len(n.list))
		n.list = append(n.list, s)
		n.ids[s] = i
	}
	return i
}

// network names what is known by its IP protocol number alone.
func (n *names) network(proto uint8) uint16 {
	switch proto {
	case packet.ProtoTCP, packet.ProtoUDP:
		return 0
	case packet.ProtoICMP:
		return n.id("icmp")
	case packet.ProtoICMPv6:
		return n.id("icmpv6")
	case packet.ProtoIGMP:
		return n.id("igmp")
	case packet.ProtoGRE:
		return n.id("gre")
	case packet.ProtoSCTP:
		return n.id("sctp")
	case 50:
		return n.id("esp")
	case 51:
		return n.id("ah")
	case 89:
		return n.id("ospf")
	case 112:
		return n.id("vrrp")
	}
	return 0
}
