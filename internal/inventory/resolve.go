// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"

	"github.com/writ-iot/writ/internal/identify"
	"github.com/writ-iot/writ/internal/observation"
)

// Bounds that tell a device with several addresses from a router.
const (
	maxOwnSecond = 3  // private IPv4 addresses that nothing bound: set-up and fallback addresses
	maxOwnBound  = 16 // bound IPv4 addresses; more is a router that answers ARP for others
	maxOwnSix    = 12 // global IPv6 addresses of one prefix: temporary ones (RFC 8981) add up
)

// Devices decides what the devices are. The result holds until the next observation.
func (v *Inventory) Devices() *Devices {
	if v.devices != nil {
		return v.devices
	}
	var groups []group
	for l := 1; l < v.links.n; l++ {
		groups = v.groups(groups, uint32(l))
	}
	groups = v.alone(groups, 0, &census{})
	v.adopt(groups)
	groups = slices.DeleteFunc(groups, func(g group) bool { return !v.seen(g.ends) })
	slices.SortFunc(groups, v.firstSight)
	d := &Devices{List: make([]Device, len(groups)), of: make([]uint32, v.ends.n), inv: v,
		byMAC: make(map[observation.MAC]int, len(groups))}
	for i := range groups {
		for _, e := range groups[i].ends {
			d.of[e] = uint32(i + 1)
		}
		v.describeDevice(&d.List[i], i, &groups[i])
		for _, m := range d.List[i].MACs {
			d.byMAC[m] = i
		}
	}
	v.devices = d
	return d
}

// group is the ends of one device.
type group struct {
	ends   []End
	bearer bool // it bears its link address; else it is known by its address alone
	behind bool // others were seen sending behind its link address
}

// groups adds the devices behind one link address: the one that bears it, and, where that is a router's,
// each address inside the profile's networks.
func (v *Inventory) groups(to []group, l uint32) []group {
	c := v.count(l)
	g := group{bearer: true}
	anybody := v.l(l).flags&(routes|servesDHCP) != 0
	for e := v.l(l).ends; e != 0; e = v.e(e).next {
		n := v.e(e)
		own := v.isOwn(n, l, &c)
		if own {
			g.ends = append(g.ends, e)
		}
		anybody = anybody || n.flags&sent != 0
		g.behind = g.behind || !own && n.flags&sent != 0 && n.scope != loopback
	}
	if len(g.ends) == 0 && anybody { // a router that never spoke for itself
		if e := v.bare(l, v.l(l).first); e != 0 {
			v.e(e).flags |= sent
			g.ends = []End{e}
		}
	}
	if slices.Sort(g.ends); len(g.ends) > 0 {
		to = append(to, g)
	}
	return v.alone(to, l, &c)
}

// census counts a link address's addresses by what they tell.
type census struct {
	boundFour    int
	loosePrivate int // private IPv4 that nothing bound
	loosePublic  int // public IPv4 that nothing bound
	looseSix     int // global IPv6 that nothing bound
	prefixes     map[[8]byte]bool
	boundPrefix  map[[8]byte]bool
	crossing     bool
}

func (v *Inventory) count(l uint32) (c census) {
	for e := v.l(l).ends; e != 0; e = v.e(e).next {
		n := v.e(e)
		four := n.address().Is4()
		isBound := n.flags&bound != 0
		c.crossing = c.crossing || n.flags&crossing != 0 && !isBound
		switch {
		case n.scope != private && n.scope != public:
		case four && isBound:
			c.boundFour++
		case four && n.flags&sent == 0:
		case four && n.scope == private:
			c.loosePrivate++
		case four:
			c.loosePublic++
		case isBound:
			if c.boundPrefix == nil {
				c.boundPrefix = map[[8]byte]bool{}
			}
			c.boundPrefix[[8]byte(n.addr[:8])] = true
		case n.flags&sent != 0:
			if c.prefixes == nil {
				c.prefixes = map[[8]byte]bool{}
			}
			c.looseSix++
			if len(c.prefixes) < 8 {
				c.prefixes[[8]byte(n.addr[:8])] = true
			}
		}
	}
	return c
}

// isOwn says whether an end is its link address's bearer itself rather than somebody behind it.
func (v *Inventory) isOwn(n *end, l uint32, c *census) bool {
	four := n.scope != noAddress && n.address().Is4()
	switch {
	case n.scope == noAddress || n.scope == linkLocal:
		return true
	case n.scope == loopback:
		return false
	case n.flags&bound != 0:
		return !four || c.boundFour <= maxOwnBound
	case four && n.scope == private:
		return c.loosePrivate <= maxOwnSecond && !(c.boundFour > 0 && c.loosePublic > 1)
	case four: // a public address on its own link address: a lab's, or a network without NAT
		return n.flags&crossing == 0 && c.loosePublic == 1 && c.boundFour == 0 && c.loosePrivate == 0
	case eui64(n.addr, v.l(l).mac):
		return true
	case c.boundPrefix[[8]byte(n.addr[:8])]:
		return true
	}
	return len(c.prefixes) == 1 && c.looseSix <= maxOwnSix && !c.crossing && c.loosePublic == 0 &&
		v.l(l).flags&routes == 0
}

// alone adds the ends of a link that are devices by their address: those inside the profile's networks.
// Link 0 holds what was captured without link addresses.
func (v *Inventory) alone(to []group, l uint32, c *census) []group {
	for e := v.l(l).ends; e != 0; e = v.e(e).next {
		n := v.e(e)
		if n.flags&ours == 0 || l != 0 && v.isOwn(n, l, c) {
			continue
		}
		if h := v.holder(n.addr, n.last); h != 0 && h != l {
			continue // adopt gives it to its holder
		}
		to = append(to, group{ends: []End{e}})
	}
	return to
}

// adopt gives the ends that passed through a router to the device that held their address by its lease.
func (v *Inventory) adopt(groups []group) {
	if len(v.bindings) == 0 {
		return
	}
	taken := make([]bool, v.ends.n)
	bearers := make([]int, v.links.n) // link → place in groups + 1
	for i := range groups {
		for _, e := range groups[i].ends {
			taken[e] = true
		}
		if groups[i].bearer && !groups[i].behind {
			bearers[v.e(groups[i].ends[0]).link] = i + 1
		}
	}
	for e := 1; e < v.ends.n; e++ {
		n := v.e(End(e))
		if taken[e] || n.scope == noAddress || n.flags&bound != 0 {
			continue
		}
		if h := v.holder(n.addr, n.last); h != n.link && bearers[h] != 0 {
			g := &groups[bearers[h]-1]
			g.ends = append(g.ends, End(e))
		}
	}
}

// seen says that at least one end of a group was seen sending.
func (v *Inventory) seen(g []End) bool {
	return slices.ContainsFunc(g, func(e End) bool { return v.e(e).flags&sent != 0 })
}

func (v *Inventory) firstSight(one, other group) int {
	a, b := one.ends, other.ends
	first := func(g []End) (t int64) {
		t = v.e(g[0]).first
		for _, e := range g {
			t = min(t, v.e(e).first)
		}
		return t
	}
	x, y := v.e(a[0]), v.e(b[0])
	return cmp.Or(cmp.Compare(first(a), first(b)), bytes.Compare(v.l(x.link).mac[:], v.l(y.link).mac[:]),
		bytes.Compare(x.addr[:], y.addr[:]))
}

func (v *Inventory) describeDevice(d *Device, i int, g *group) {
	l := v.l(v.e(g.ends[0]).link)
	*d = Device{ID: "device-" + strconv.Itoa(i+1), Ends: g.ends, LossPPM: -1}
	if g.bearer {
		d.MACs = []observation.MAC{l.mac}
		d.Randomised, d.Virtual = Local(l.mac), Virtual(l.mac)
	}
	var w watch
	var all []*identify.Evidence
	n := 1 // what the prefix says
	for _, e := range g.ends {
		for i := v.e(e).hits; i != 0; i = v.hits.at(i).next {
			n++
		}
	}
	d.Signals, all = make([]Signal, 0, n), make([]*identify.Evidence, 0, n)
	for _, e := range g.ends {
		all = v.collect(d, e, &w, all)
	}
	if g.bearer {
		d.Gateway = g.behind || d.Virtual || l.flags&routes != 0 || slices.ContainsFunc(d.IPs,
			func(a netip.Addr) bool { return v.routers[a] })
		all = append(all, v.prefix(d)...)
	}
	d.Hours, d.LossPPM = w.hours(), w.lossPPM()
	d.Identity = v.weigh(all)
	if d.Gateway && d.Identity.Type == "" {
		d.Identity.Type = "gateway"
	}
	slices.SortFunc(d.IPs, netip.Addr.Compare)
	d.IPs = slices.Compact(d.IPs)
	slices.SortFunc(d.Services, func(a, b Service) int {
		return cmp.Or(a.IP.Compare(b.IP), cmp.Compare(a.Port, b.Port), cmp.Compare(a.Transport, b.Transport))
	})
	slices.SortFunc(d.Signals, func(a, b Signal) int {
		return cmp.Or(cmp.Compare(a.Input, b.Input), cmp.Compare(a.Frame, b.Frame), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.What, b.What))
	})
}

// collect adds what is kept of one end to its device.
func (v *Inventory) collect(d *Device, e End, w *watch, all []*identify.Evidence) []*identify.Evidence {
	n := v.e(e)
	if a := n.address(); a.IsValid() {
		d.IPs = append(d.IPs, a)
	}
	if d.First == 0 || n.first < d.First {
		d.First = n.first
	}
	d.Last = max(d.Last, n.last)
	for i := range 64 {
		if n.inputs&(1<<i) != 0 && !slices.Contains(d.Inputs, i) {
			d.Inputs = append(d.Inputs, i)
		}
	}
	d.BothWays = d.BothWays || n.flags&(sent|heard) == sent|heard
	switch {
	case n.watch != 0:
		w.join(v.watches.at(n.watch))
	case n.flags&near != 0:
		w.mark(n.first)
	}
	for i := n.names; i != 0; i = v.names.at(i).next {
		if t := v.names.at(i).text; !slices.Contains(d.Hostnames, t) {
			d.Hostnames = append(d.Hostnames, t)
		}
	}
	slices.Sort(d.Hostnames)
	for i := n.hits; i != 0; i = v.hits.at(i).next {
		h := v.hits.at(i)
		all = append(all, h.evidence)
		d.Signals = append(d.Signals, Signal{h.evidence.Signal.String(), h.evidence.What, &h.evidence.Tuple,
			int(h.input), h.frame})
	}
	for i := n.services; i != 0; i = v.services.at(i).next {
		s := v.services.at(i)
		d.Services = append(d.Services, Service{n.address(), s.port, s.transport, v.protocols[s.protocol], s.tls})
	}
	return all
}

// prefix is what the registry says of a device's link address.
func (v *Inventory) prefix(d *Device) []*identify.Evidence {
	if d.Randomised || d.Virtual {
		return nil
	}
	d.Registered = identify.Addresses().Lookup(d.MACs[0])
	if d.Registered == "" {
		return nil
	}
	if d.Module = v.set.Vendors.Module(d.Registered); d.Module {
		return nil
	}
	ev := v.prefixes[d.Registered]
	if ev == nil {
		said := identify.Said(identify.AddressPrefix, identify.Tuple{Vendor: v.set.Vendors.Canonical(d.Registered)})
		said.What = "registered to " + d.Registered
		ev = &said
		v.prefixes[d.Registered] = ev
	}
	d.Signals = append(d.Signals, Signal{ev.Signal.String(), ev.What, &ev.Tuple, 0, 0})
	return []*identify.Evidence{ev}
}

// maxResults bounds the results remembered.
const maxResults = 1 << 12

// weigh names what evidence says. Of a fleet, many devices show the same: each set is weighed once. Order
// never matters to what it comes to.
func (v *Inventory) weigh(all []*identify.Evidence) identify.Result {
	numbers := make([]uint32, 0, 32)
	for _, e := range all {
		n, ok := v.numbers[e]
		if !ok {
			n = uint32(len(v.numbers))
			v.numbers[e] = n
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	key := make([]byte, 0, 128)
	for _, n := range numbers {
		key = binary.LittleEndian.AppendUint32(key, n)
	}
	if r, ok := v.results[string(key)]; ok {
		return r
	}
	r := identify.Name(all)
	if len(v.results) < maxResults {
		v.results[string(key)] = r
	}
	return r
}
