// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
)

// End is one address behind one link address during one lease. The zero End is none.
type End uint32

// end is what is kept of an End.
type end struct {
	addr     [16]byte // IPv4 in its mapped form; all zero: a sender without an address
	first    int64    // nanoseconds
	last     int64
	inputs   uint64 // bit i: input i; the last bit stands for all beyond
	link     uint32 // index of its link; 0: no link address was captured
	next     End    // of the same link
	older    End    // of the same link and address, in an earlier lease
	lease    uint32 // number of the address's lease in which it began
	hits     uint32 // first of its signals
	names    uint32 // first of its names
	services uint32 // first of its services
	watch    uint32 // index of its activity; 0: it was seen in the slot of its first sight alone
	scope    scope
	flags    endFlags
}

type endFlags uint8

const (
	sent     endFlags = 1 << iota // was seen sending
	heard                         // was answered
	bound                         // ARP, NDP or DHCP tied the address to the link address
	crossing                      // a public address that spoke with a private one: it came through a router
	ours                          // inside the profile's networks
	near                          // may be a device: its activity is watched
)

// link is what is kept of a link address.
type link struct {
	mac       observation.MAC
	flags     linkFlags
	ends      End
	count     int32
	resolvers uint16 // list of the resolvers that a lease offered it; 0: none seen
	first     int64
	offer     Seen // first answer that it gave as a DHCP server
}

type linkFlags uint8

const (
	routes linkFlags = 1 << iota // says of itself that it forwards (LLDP), or another says so (DHCP)
	servesDHCP
)

// Seen is a place in an input.
type Seen struct {
	Time        int64
	Input       int
	First, Last uint32
}

type endKey struct {
	addr [16]byte
	link uint32
}

// maxEnds bounds the ends kept: beyond it no new one is made and the view is partial.
const maxEnds = 1 << 20

// linkOf finds or makes the link of a link address; 0 for none and for a group's.
func (v *Inventory) linkOf(m observation.MAC, t int64) uint32 {
	if m == (observation.MAC{}) || Group(m) {
		return 0
	}
	if i, ok := v.byMAC[m]; ok {
		return i
	}
	if v.links.n >= maxEnds {
		v.evicted++
		return 0
	}
	i := v.links.add(link{mac: m, first: t})
	v.byMAC[m] = i
	return i
}

// end finds the end of an address behind a link address and, with create, makes it.
func (v *Inventory) end(a netip.Addr, m observation.MAC, t int64, create bool) End {
	if !a.IsValid() {
		return v.seek(a, m, t, create)
	}
	addr := a.As16() // an IPv4 address and its mapped form are one end
	if e := v.known(&addr, m); e != 0 {
		return e
	}
	e := v.seek(a, m, t, create)
	if e != 0 {
		*v.recent.at(&addr, m) = e
	}
	return e
}

// seek is end without the memory of recent ones.
func (v *Inventory) seek(a netip.Addr, m observation.MAC, t int64, create bool) End {
	a = a.Unmap()
	sc := scopeOf(a)
	if sc == unusable || Group(m) {
		return 0
	}
	l := v.linkOf(m, t)
	if l == 0 && sc == noAddress {
		return 0
	}
	key := endKey{link: l}
	if a.IsValid() {
		key.addr = a.As16()
	}
	e := v.find(key)
	lease := uint32(0)
	if len(v.moved) > 0 {
		lease = v.moved[key.addr]
	}
	// An end that holds its address itself is known by its link address; only one behind a router (or
	// met without link addresses) takes a new identity with a new lease.
	if e != 0 && (v.e(e).lease == lease || v.e(e).flags&bound != 0) {
		return e
	}
	if !create {
		return 0
	}
	if v.ends.n >= maxEnds {
		v.evicted++
		return 0
	}
	return v.newEnd(key, a, sc, e, lease, t)
}

func (v *Inventory) newEnd(key endKey, a netip.Addr, sc scope, older End, lease uint32, t int64) End {
	n := end{addr: key.addr, first: t, last: t, link: key.link, older: older, lease: lease, scope: sc}
	for _, p := range v.networks {
		if sc != noAddress && sc != loopback && p.Contains(a) {
			n.flags |= ours
		}
	}
	if sc != public || n.flags&ours != 0 {
		n.flags |= near
	}
	l := v.l(key.link)
	n.next = l.ends
	e := End(v.ends.add(n))
	l.ends = e
	switch l.count++; {
	case l.count == few:
		v.index(key.link)
	case l.count > few:
		v.byKey[key] = e
	}
	return e
}

// few is how many ends of a link address are looked through one by one; those of a router, which are
// many, stand in a map.
const few = 8

// find gives the latest end of an address behind a link address; 0 where there is none.
func (v *Inventory) find(key endKey) End {
	l := v.l(key.link)
	if l.count >= few {
		return v.byKey[key]
	}
	for e := l.ends; e != 0; e = v.e(e).next {
		if v.e(e).addr == key.addr {
			return e
		}
	}
	return 0
}

// index puts the ends of a link address, which come latest first, into the map.
func (v *Inventory) index(link uint32) {
	for e := v.l(link).ends; e != 0; e = v.e(e).next {
		key := endKey{v.e(e).addr, link}
		if _, ok := v.byKey[key]; !ok {
			v.byKey[key] = e
		}
	}
}

// Address gives an end's address (invalid for a sender without one) and link address.
func (v *Inventory) Address(e End) (netip.Addr, observation.MAC) {
	n := v.e(e)
	return n.address(), v.l(n.link).mac
}

func (n *end) address() netip.Addr {
	if n.scope == noAddress {
		return netip.Addr{}
	}
	return netip.AddrFrom16(n.addr).Unmap()
}
