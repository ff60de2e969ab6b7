// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
)

// maxHosts bounds the senders told apart in one input.
const maxHosts = 1 << 20

type hostKey struct {
	addr packet.Addr
	mac  uint64
}

// number packs a link address into a word.
func number(m observation.MAC) uint64 {
	return uint64(m[0])<<40 | uint64(m[1])<<32 | uint64(m[2])<<24 | uint64(m[3])<<16 | uint64(m[4])<<8 | uint64(m[5])
}

// recentHosts is how many keys are remembered outside the map: most conversations are of senders that
// were just seen.
const recentHosts = 1 << 12

// is compares word by word, in line: == would call a routine for it.
func (k *hostKey) is(o *hostKey) bool {
	return k.addr.Lo == o.addr.Lo && k.mac == o.mac && k.addr.Hi == o.addr.Hi
}

// place is where a key is remembered.
func (k hostKey) place() uint64 {
	return (k.addr.Lo ^ k.addr.Hi<<1 ^ k.mac<<8) * 0x9e3779b97f4a7c15 >> 52
}

// hosts tells of every address and link address seen sending, once a pair.
type hosts struct {
	out     observation.Sink
	input   int
	known   map[hostKey]struct{}
	recent  [recentHosts]hostKey
	dropped uint64
	body    observation.Host
	obs     observation.Observation
}

func (h *hosts) reset(input int) {
	h.input, h.known = input, map[hostKey]struct{}{}
	h.recent = [recentHosts]hostKey{}
}

// seen takes the source of a packet with addresses. A group's link address is no sender's.
func (h *hosts) seen(p *packet.Packet, now int64, frame uint32) {
	if p.Src.IsUnspecified() || p.Src.IsMulticast() {
		h.station(p, now, frame)
		return
	}
	mac := p.SrcMAC
	if mac[0]&1 != 0 {
		mac = observation.MAC{}
	}
	if h.add(hostKey{p.Src, number(mac)}) {
		h.tell(p.Src.IP(), mac, now, frame)
	}
}

// station takes the sender of a frame without an address of its own.
func (h *hosts) station(p *packet.Packet, now int64, frame uint32) {
	if p.HasMAC && p.SrcMAC[0]&1 == 0 && h.add(hostKey{mac: number(p.SrcMAC)}) {
		h.tell(netip.Addr{}, p.SrcMAC, now, frame)
	}
}

func (h *hosts) add(k hostKey) bool {
	r := &h.recent[k.place()]
	if r.is(&k) {
		return false // an empty place is nobody's key: neither address nor link address is a sender's
	}
	if _, ok := h.known[k]; ok {
		*r = k
		return false
	}
	if len(h.known) >= maxHosts {
		h.dropped++
		return false
	}
	h.known[k], *r = struct{}{}, k
	return true
}

func (h *hosts) tell(ip netip.Addr, mac observation.MAC, now int64, frame uint32) {
	h.body = observation.Host{IP: ip, MAC: mac}
	h.obs = observation.Observation{Time: now, Input: h.input, First: frame, Last: frame, ClientMAC: mac, Body: &h.body}
	if ip.IsValid() {
		h.obs.Client = netip.AddrPortFrom(ip, 0)
		h.obs.Transport = observation.OtherIP
	}
	h.out.Observe(&h.obs)
}
