// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/identify"
	"github.com/writ-iot/writ/internal/observation"
)

// Device is one device as known at the end of what was observed.
type Device struct {
	ID         string // device-1 … in the order of first sight: a case gives each a random one
	MACs       []observation.MAC
	IPs        []netip.Addr
	Hostnames  []string
	Registered string // to whom the registry says the link address was assigned; "" local or unknown
	Module     bool   // that is a module maker: it names no product
	Randomised bool   // the link address was made up by its bearer
	Virtual    bool   // the link address is that of a redundancy group of routers
	Gateway    bool   // it forwards: peers stand behind its link address
	Identity   identify.Result
	Signals    []Signal
	Services   []Service
	First      int64 // nanoseconds
	Last       int64
	Hours      float64 // active and watched, in slots of five minutes
	BothWays   bool    // it was seen to send and to be answered
	LossPPM    int64   // -1 unknown
	Inputs     []int   // in which it was seen
	Ends       []End
}

// Signal is one reason for an identity.
type Signal struct {
	Name  string // dhcp.hostname …
	What  string // the pattern that matched
	Says  *identify.Tuple
	Input int
	Frame uint32
}

// Service is a port on which a device was seen answering.
type Service struct {
	IP        netip.Addr
	Port      uint16
	Transport observation.Transport
	Protocol  string // "" unknown
	TLS       bool
}

// Devices is all devices, and to which of them each end belongs.
type Devices struct {
	List  []Device
	of    []uint32 // end → place in List + 1; 0: a peer
	byMAC map[observation.MAC]int
	inv   *Inventory
}

// Of gives the device of an end; nil for a peer.
func (d *Devices) Of(e End) *Device {
	if int(e) >= len(d.of) || d.of[e] == 0 {
		return nil
	}
	return &d.List[d.of[e]-1]
}

// At gives the device that held an address behind a link address at a time (nanoseconds); nil for a
// peer. Without a link address, the lease of that time decides.
func (d *Devices) At(t int64, ip netip.Addr, mac observation.MAC) *Device {
	v := d.inv
	ip = ip.Unmap()
	key := endKey{link: v.byMAC[mac]}
	if ip.IsValid() {
		key.addr = ip.As16()
	}
	var found *Device
	for e := v.find(key); e != 0; e = v.e(e).older {
		if found = d.Of(e); v.e(e).first <= t {
			break
		}
	}
	if found == nil && ip.IsValid() {
		if l := v.holder(key.addr, t); l != 0 {
			if i, ok := d.byMAC[v.l(l).mac]; ok {
				return &d.List[i]
			}
		}
	}
	return found
}

// Rogue says where a device first answered DHCP though it is no router. That it is none is known where
// DHCP names another as router: one behind whose link address others stand, or that says so, is one too.
func (v *Inventory) Rogue(d *Device) (Seen, bool) {
	if d.Gateway || len(d.MACs) == 0 || len(v.routers) == 0 {
		return Seen{}, false
	}
	l := v.l(v.e(d.Ends[0]).link)
	return l.offer, l.flags&servesDHCP != 0
}
