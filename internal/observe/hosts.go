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
	mac  observation.MAC
}

// hosts tells of every address and link address seen sending, once a pair.
type hosts struct {
	out     observation.Sink
	input   int
	known   map[hostKey]struct{}
	dropped uint64
	body    observation.Host
	obs     observation.Observation
}

func (h *hosts) reset(input int) { h.input, h.known = input, map[hostKey]struct{}{} }

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
	if h.add(hostKey{p.Src, mac}) {
		h.tell(p.Src.IP(), mac, now, frame)
	}
}

// station takes the sender of a frame without an address of its own.
func (h *hosts) station(p *packet.Packet, now int64, frame uint32) {
	if p.HasMAC && p.SrcMAC[0]&1 == 0 && h.add(hostKey{mac: p.SrcMAC}) {
		h.tell(netip.Addr{}, p.SrcMAC, now, frame)
	}
}

func (h *hosts) add(k hostKey) bool {
	if _, ok := h.known[k]; ok {
		return false
	}
	if len(h.known) >= maxHosts {
		h.dropped++
		return false
	}
	h.known[k] = struct{}{}
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
