// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package dhcp

import (
	"slices"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

const (
	maxHeld        = 8   // messages of one client
	maxHeldClients = 256 // beyond them nothing is held
)

// Many clients say their name in REQUEST only. Their DISCOVER and its OFFERs are held until the client's
// next message or the conversation's end, so that they too say which device they are about: the
// observation then reaches from the held frame to the one that completed it.

type held struct {
	ctx   protocol.Context
	body  observation.DHCP
	first uint32
}

// conversation reads DHCPv4 between two addresses, which may be the broadcast conversation of all clients.
type conversation struct {
	v    *v4
	read bool
	mine []observation.MAC // clients with messages held here, in order
}

// conversations makes readers, and hands out again one that has read nothing.
func (v *v4) conversations() func() protocol.DatagramReader {
	var spare *conversation
	return func() protocol.DatagramReader {
		if spare == nil || spare.read {
			spare = &conversation{v: v}
		}
		return spare
	}
}

func (r *conversation) Read(c *protocol.Context, _ protocol.Direction, p []byte) bool {
	ok := r.v.read(c, p, r)
	r.read = r.read || ok
	return ok
}

// Close lets go what still waits for a name.
func (r *conversation) Close(c *protocol.Context) {
	for _, mac := range r.mine {
		r.v.release(c, mac)
	}
}

// hold keeps a message that waits for its client's name. It returns false where there is nothing to wait for.
func (v *v4) hold(c *protocol.Context, r *conversation, first uint32) bool {
	b, waiting := &v.body, v.held[v.body.MAC]
	if b.Hostname != "" || b.MAC == (observation.MAC{}) || len(waiting) >= maxHeld ||
		b.Message != "DISCOVER" && (b.Message != "OFFER" || len(waiting) == 0) ||
		len(waiting) == 0 && len(v.held) >= maxHeldClients {
		return false
	}
	h := held{ctx: *c, body: *b, first: first}
	h.body.Params, h.body.Routers = slices.Clone(b.Params), slices.Clone(b.Routers)
	h.body.DNSServers, h.body.NTPServers = slices.Clone(b.DNSServers), slices.Clone(b.NTPServers)
	if len(waiting) == 0 {
		r.mine = append(slices.DeleteFunc(r.mine, v.answered), b.MAC)
	}
	v.held[b.MAC] = append(waiting, h)
	return true
}

// answered says that nothing is held of a client any more.
func (v *v4) answered(mac observation.MAC) bool { return v.held[mac] == nil }

// release emits what was held of a client, with the name that it has said meanwhile.
func (v *v4) release(c *protocol.Context, mac observation.MAC) {
	waiting, ok := v.held[mac]
	if !ok {
		return
	}
	delete(v.held, mac)
	said := v.known.said[mac]
	for i := range waiting {
		h := &waiting[i]
		if said.host != "" && v.known.input == h.ctx.Input {
			h.body.Hostname, h.body.VendorClass = said.host, said.class
			h.ctx.Time, h.ctx.Frame = c.Time, max(h.ctx.Frame, said.frame)
		}
		h.ctx.Emit(h.first, &h.body)
	}
}
