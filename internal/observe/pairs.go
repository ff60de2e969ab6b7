// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"encoding/binary"
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
)

// maxPairs bounds the addresses whose link address is remembered.
const maxPairs = 1 << 18

// pairs tells which link address an address is bound to, by ARP (RFC 826) and neighbour discovery
// (RFC 4861): at first, and whenever the binding changes.
type pairs struct {
	out   observation.Sink
	input int
	last  map[packet.Addr]observation.MAC
}

func (b *pairs) reset(input int) { b.input, b.last = input, map[packet.Addr]observation.MAC{} }

func (b *pairs) arp(p *packet.Packet, now int64, frame uint32) {
	a := p.Payload
	if len(a) < 28 || a[4] != 6 || a[5] != 4 || binary.BigEndian.Uint16(a[2:]) != packet.EtherIPv4 {
		return
	}
	if op := binary.BigEndian.Uint16(a[6:]); op != 1 && op != 2 {
		return // reverse and inverse ARP say other things
	}
	var mac observation.MAC
	copy(mac[:], a[8:])
	sender, target := binary.BigEndian.Uint32(a[14:]), binary.BigEndian.Uint32(a[24:])
	b.bind(packet.Addr4(sender), mac, "arp", sender == target, p, now, frame)
}

// ndp takes an ICMPv6 message: solicitations and advertisements that carry a link address.
func (b *pairs) ndp(p *packet.Packet, now int64, frame uint32) {
	m := p.Payload
	if len(m) < 8 {
		return
	}
	addr, opts, want := p.Src, 24, byte(1)
	switch m[0] {
	case 133: // router solicitation
		opts = 8
	case 134: // router advertisement
		opts = 16
	case 135: // neighbour solicitation
	case 136: // neighbour advertisement speaks of its target
		if len(m) < 24 {
			return
		}
		addr, want = packet.Addr{Hi: binary.BigEndian.Uint64(m[8:]), Lo: binary.BigEndian.Uint64(m[16:])}, 2
	default:
		return
	}
	if len(m) < opts {
		return
	}
	for o := m[opts:]; len(o) >= 8; {
		n := int(o[1]) * 8
		if n == 0 || n > len(o) {
			return
		}
		if o[0] == want && n == 8 {
			var mac observation.MAC
			copy(mac[:], o[2:])
			b.bind(addr, mac, "ndp", m[0] == 136 && len(m) > 4 && m[4]&0x40 == 0, p, now, frame)
			return
		}
		o = o[n:]
	}
}

func (b *pairs) bind(a packet.Addr, mac observation.MAC, via string, gratuitous bool,
	p *packet.Packet, now int64, frame uint32) {
	if a.IsUnspecified() || a.IsMulticast() || mac == (observation.MAC{}) || mac[0]&1 != 0 {
		return
	}
	if old, ok := b.last[a]; ok && old == mac || !ok && len(b.last) >= maxPairs {
		return
	}
	b.last[a] = mac
	body := observation.Binding{IP: a.IP(), MAC: mac, Via: via, Gratuitous: gratuitous}
	b.out.Observe(&observation.Observation{Time: now, Input: b.input, First: frame, Last: frame,
		Client: netip.AddrPortFrom(body.IP, 0), ClientMAC: p.SrcMAC, ServerMAC: p.DstMAC, Body: &body})
}
