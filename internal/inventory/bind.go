// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
)

// binding is who holds an address now.
type binding struct {
	link    uint32
	before  uint32 // who held it before, while that may still be a failover
	since   int64
	at      int64 // last time its holder said so
	until   int64 // end of the lease; 0 unknown
	claimed int64 // last time that before said so
	dhcp    bool
}

// lease is a holding that ended.
type lease struct {
	link        uint32
	since, till int64
}

// conflictWithin is how close in time two link addresses must claim an address to conflict.
const conflictWithin = int64(60) * 1e9

// maxLeases bounds the holders remembered of one address.
const maxLeases = 64

// maxConflicts bounds the conflicts told.
const maxConflicts = 1024

// Conflict is two link addresses that claim one address at one time.
type Conflict struct {
	Ends [2]End
	Seen Seen
}

// Bind takes a message that ties an address to a link address.
func (v *Inventory) bind(o *observation.Observation, b *observation.Binding) {
	a := b.IP.Unmap()
	sc := scopeOf(a)
	if sc == unusable || sc == noAddress || sc == loopback {
		return
	}
	l := v.linkOf(b.MAC, o.Time)
	if l == 0 {
		return
	}
	v.hold(o, a, l, b.Via == "dhcp", b.Gratuitous, b.Until)
	e := v.end(a, b.MAC, o.Time, true)
	if e == 0 {
		return
	}
	v.e(e).flags |= bound
	if b.Via != "dhcp" { // an ARP or NDP message was sent by the one it speaks of, or answers for it
		v.e(e).flags |= sent
	}
	v.touch(e, o)
}

// hold moves an address to a holder, and tells a hand-over from a conflict: DHCP hands over; routers of
// a redundancy group share; a gratuitous claim is a failover unless the old holder speaks up again.
func (v *Inventory) hold(o *observation.Observation, a netip.Addr, l uint32, dhcp, gratuitous bool, until int64) {
	key := a.As16()
	cur, ok := v.bindings[key]
	if !ok {
		v.bindings[key] = binding{link: l, since: o.Time, at: o.Time, until: until, dhcp: dhcp}
		return
	}
	if cur.link == l {
		cur.at = max(cur.at, o.Time)
		if dhcp {
			cur.dhcp, cur.until = true, until
		}
		v.bindings[key] = cur
		return
	}
	v.last, v.recent = conversation{}, recent{}
	next := binding{link: l, since: o.Time, at: o.Time, until: until, dhcp: dhcp}
	shared := Virtual(v.l(l).mac) || Virtual(v.l(cur.link).mac)
	switch {
	case dhcp || shared:
	case cur.before == l && o.Time-cur.claimed <= conflictWithin,
		!gratuitous && o.Time-cur.at <= conflictWithin:
		v.conflict(o, a, cur.link, l)
		next.before, next.claimed = cur.link, cur.at
	case gratuitous:
		next.before, next.claimed = cur.link, cur.at
	}
	if len(v.past[key]) < maxLeases {
		v.past[key] = append(v.past[key], lease{cur.link, cur.since, o.Time})
		v.moved[key]++
	}
	v.bindings[key] = next
}

func (v *Inventory) conflict(o *observation.Observation, a netip.Addr, one, two uint32) {
	first := v.end(a, v.l(one).mac, o.Time, true)
	second := v.end(a, v.l(two).mac, o.Time, true)
	if first == 0 || second == 0 || len(v.conflicts) >= maxConflicts {
		return
	}
	for _, c := range v.conflicts {
		if same(v, c, a, one, two) {
			return
		}
	}
	v.conflicts = append(v.conflicts, Conflict{[2]End{first, second}, Seen{o.Time, o.Input, o.First, o.Last}})
}

func same(v *Inventory, c Conflict, a netip.Addr, one, two uint32) bool {
	x, y := v.e(c.Ends[0]), v.e(c.Ends[1])
	return x.addr == a.As16() && (x.link == one && y.link == two || x.link == two && y.link == one)
}

// Conflicts tells all address conflicts seen.
func (v *Inventory) Conflicts() []Conflict { return v.conflicts }

// holder is who held an address at a time; 0 where nobody is known to.
func (v *Inventory) holder(key [16]byte, t int64) uint32 {
	for _, p := range v.past[key] {
		if t >= p.since && t < p.till {
			return p.link
		}
	}
	b, ok := v.bindings[key]
	if !ok || t < b.since && len(v.past[key]) > 0 || b.until != 0 && t >= b.until {
		return 0
	}
	return b.link
}
