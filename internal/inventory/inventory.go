// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"net/netip"
	"slices"

	"github.com/writ-iot/writ/internal/identify"
	"github.com/writ-iot/writ/internal/observation"
)

// Options of an inventory. The zero value knows no networks and no signatures.
type Options struct {
	// Networks are the profile's own: an address inside one is a device wherever it was seen.
	Networks []netip.Prefix
	// Signatures name devices; nil names vendors by their address prefix only.
	Signatures *identify.Set
}

// Inventory is the devices met so far. It is for one goroutine.
type Inventory struct {
	networks []netip.Prefix
	set      *identify.Set
	match    *identify.Matcher

	links   slab[link] // 0: frames without a link address
	byMAC   map[observation.MAC]uint32
	ends    slab[end]      // 0: none
	byKey   map[endKey]End // of link addresses that bear many
	watches slab[watch]    // 0: none

	hits      slab[hit] // 0: none, as in the two below
	names     slab[name]
	services  slab[service]
	protocols []string
	resolvers [][]netip.Addr
	said      map[identify.Evidence]*identify.Evidence
	prefixes  map[string]*identify.Evidence // by what the registry says
	results   map[string]identify.Result    // of evidence weighed before, by its numbers
	numbers   map[*identify.Evidence]uint32

	bindings  map[[16]byte]binding
	past      map[[16]byte][]lease
	moved     map[[16]byte]uint32 // how often an address changed its holder
	routers   map[netip.Addr]bool // addresses that DHCP named as routers
	conflicts []Conflict

	evicted int
	last    conversation
	recent  recent
	devices *Devices // nil: something was observed since they were made
}

// conversation is the one that the last observation spoke of: the next is often about it too.
type conversation struct {
	client, server       netip.Addr
	clientMAC, serverMAC observation.MAC
	clientEnd, serverEnd End
}

// New makes an empty inventory.
func New(o Options) *Inventory {
	v := &Inventory{networks: o.Networks, set: o.Signatures, byMAC: map[observation.MAC]uint32{},
		byKey: map[endKey]End{}, bindings: map[[16]byte]binding{}, past: map[[16]byte][]lease{},
		moved: map[[16]byte]uint32{}, routers: map[netip.Addr]bool{},
		said:     map[identify.Evidence]*identify.Evidence{},
		prefixes: map[string]*identify.Evidence{}, results: map[string]identify.Result{},
		numbers:   map[*identify.Evidence]uint32{},
		protocols: []string{""}, resolvers: make([][]netip.Addr, 1)}
	v.links.add(link{})
	v.ends.add(end{})
	v.watches.add(watch{})
	v.hits.add(hit{})
	v.names.add(name{})
	v.services.add(service{})
	if v.set == nil {
		v.set = &identify.Set{Vendors: &identify.Vendors{}}
	}
	v.match = v.set.NewMatcher()
	return v
}

// Evicted is how many ends were not kept because there were too many.
func (v *Inventory) Evicted() int { return v.evicted }

// Ends finds the ends of the conversation that o speaks of, and makes them where they are new. Either
// is 0 where it can be no end: a group, a broadcast, or nothing at all.
func (v *Inventory) Ends(o *observation.Observation) (client, server End) {
	l := &v.last
	if l.clientEnd == 0 || l.client != o.Client.Addr() || l.clientMAC != o.ClientMAC {
		l.client, l.clientMAC = o.Client.Addr(), o.ClientMAC
		l.clientEnd = v.end(l.client, l.clientMAC, o.Time, true)
	}
	if l.serverEnd == 0 || l.server != o.Server.Addr() || l.serverMAC != o.ServerMAC {
		l.server, l.serverMAC = o.Server.Addr(), o.ServerMAC
		l.serverEnd = 0
		if l.server.IsValid() {
			l.serverEnd = v.end(l.server, l.serverMAC, o.Time, !silent(o))
		}
	}
	return l.clientEnd, l.serverEnd
}

func (v *Inventory) e(i End) *end     { return v.ends.at(uint32(i)) }
func (v *Inventory) l(i uint32) *link { return v.links.at(i) }

// Near says that an end may be a device: it is no public address, or one of the profile's own.
func (v *Inventory) Near(e End) bool { return v.e(e).flags&near != 0 }

// Sender finds the end of an address behind a link address; where the address can be nobody's (a client
// that has none yet), that of the link address alone. It is 0 where neither is an end's.
func (v *Inventory) Sender(a netip.Addr, m observation.MAC, t int64) End {
	if e := v.end(a, m, t, true); e != 0 {
		return e
	}
	if l := v.linkOf(m, t); l != 0 {
		return v.bare(l, t)
	}
	return 0
}

// Speaker finds the end of the device with link address m that a message speaks of. A relay passes
// messages on: then the sender's address is the relay's, and the device is known by its link address.
func (v *Inventory) Speaker(o *observation.Observation, m observation.MAC) End {
	if m == (observation.MAC{}) || m == o.ClientMAC {
		return v.Sender(o.Client.Addr(), o.ClientMAC, o.Time)
	}
	return v.Sender(netip.Addr{}, m, o.Time)
}

// silent says that the observation shows nothing of its server end: a scan, or a try without an answer.
func silent(o *observation.Observation) bool {
	switch b := o.Body.(type) {
	case *observation.Flow:
		return b.PacketsIn == 0
	case *observation.Scan, *observation.SSDP, *observation.Host, *observation.Binding:
		return true
	case *observation.DNS:
		return b.Multicast
	}
	return false
}

// touch says that the end was seen sending.
func (v *Inventory) touch(e End, o *observation.Observation) {
	n, t := v.e(e), o.Time
	n.inputs |= 1 << min(uint(o.Input), 63)
	n.first, n.last = min(n.first, t), max(n.last, t)
	if w := v.watched(n, t, t); w != nil {
		w.mark(t)
	}
	if l := v.l(n.link); l.first > t {
		l.first = t
	}
}

// Observe takes one observation.
func (v *Inventory) Observe(o *observation.Observation) {
	v.devices = nil
	switch b := o.Body.(type) {
	case *observation.Malformed:
		return
	case *observation.Host:
		v.host(o, b)
		return
	case *observation.Binding:
		v.bind(o, b)
		return
	case *observation.LLDP:
		v.neighbour(o, b)
		return
	case *observation.DHCP:
		v.dhcp(o, b)
		return
	case *observation.Scan:
		if e := v.Sender(b.Source, b.MAC, o.Time); e != 0 {
			v.e(e).flags |= sent
			v.touch(e, o)
		}
		return
	}
	c, s := v.Ends(o)
	if c != 0 {
		v.e(c).flags |= sent
		v.touch(c, o)
	}
	if c != 0 && s != 0 {
		v.cross(c, s)
		v.cross(s, c)
	}
	if f, ok := o.Body.(*observation.Flow); ok {
		v.flow(o, f, c, s)
		return
	}
	v.signals(o, c, s)
}

// cross marks a public end that spoke with a private one: whoever bears its link address is its router.
func (v *Inventory) cross(e, with End) {
	if n, w := v.e(e), v.e(with); n.scope == public && (w.scope == private || w.scope == linkLocal) {
		n.flags |= crossing
	}
}

// host takes an address seen sending.
func (v *Inventory) host(o *observation.Observation, b *observation.Host) {
	if e := v.Sender(b.IP, b.MAC, o.Time); e != 0 {
		v.e(e).flags |= sent
		v.touch(e, o)
	}
}

// flow takes a conversation's end: activity, loss, and the service that it shows.
func (v *Inventory) flow(o *observation.Observation, f *observation.Flow, c, s End) {
	from := f.FirstTime
	if from == 0 || from > o.Time {
		from = o.Time
	}
	each := func(e End, packets uint64, answered bool) {
		if e == 0 {
			return
		}
		n := v.e(e)
		n.first = min(n.first, from)
		if answered {
			n.flags |= heard
		}
		tcp := o.Transport == observation.TCP
		w := v.watched(n, from, o.Time)
		if w == nil && tcp && n.flags&near != 0 {
			w = v.newWatch(n)
		}
		if w == nil {
			return
		}
		w.span(from, o.Time, packets)
		if tcp {
			w.bytes += f.BytesIn + f.BytesOut
			w.missing += f.Missing
		}
	}
	each(c, f.PacketsOut, f.PacketsIn > 0)
	if f.PacketsIn > 0 {
		each(s, f.PacketsIn, f.PacketsOut > 0)
		if s != 0 {
			v.e(s).flags |= sent
			v.e(s).inputs |= 1 << min(uint(o.Input), 63)
			v.e(s).last = max(v.e(s).last, o.Time)
		}
	}
	answered := f.PacketsIn > 0 && (f.Established || o.Transport == observation.UDP && f.Protocol != "") && !f.Refused
	if answered && (f.Protocol != "" || o.Transport == observation.TCP && !f.Midstream) {
		v.offers(s, o.Transport, o.Server.Port(), f.Protocol,
			f.Protocol == "tls" || f.Protocol == "dtls" || f.Protocol == "quic")
	}
	v.hit(c, v.set.Port(true, o.Transport, o.Server.Port()), o)
	if answered {
		v.hit(s, v.set.Port(false, o.Transport, o.Server.Port()), o)
	}
}

// Resolvers are the DNS servers that a lease offered to the end's link address; nil where none was seen.
func (v *Inventory) Resolvers(e End) []netip.Addr {
	return v.resolvers[v.l(v.e(e).link).resolvers]
}

// keepResolvers keeps one copy of each list.
func (v *Inventory) keepResolvers(list []netip.Addr) uint16 {
	for i, r := range v.resolvers {
		if i > 0 && slices.Equal(r, list) {
			return uint16(i)
		}
	}
	if len(v.resolvers) >= 1024 {
		return 0
	}
	v.resolvers = append(v.resolvers, slices.Clone(list))
	return uint16(len(v.resolvers) - 1)
}
