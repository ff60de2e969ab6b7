// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
)

// scope says how far an address reaches.
type scope uint8

const (
	noAddress scope = iota // a sender without one
	loopback
	linkLocal
	private // RFC 1918, RFC 6598 (carrier-grade NAT), RFC 4193
	public
	unusable // unspecified, multicast, broadcast: never an end's
)

var (
	sharedSpace = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598
	classE      = netip.MustParsePrefix("240.0.0.0/4")   // reserved, with the limited broadcast
	thisNetwork = netip.MustParsePrefix("0.0.0.0/8")     // RFC 1122 section 3.2.1.3
)

func scopeOf(a netip.Addr) scope {
	switch {
	case !a.IsValid():
		return noAddress
	case a.IsUnspecified() || a.IsMulticast():
		return unusable
	case a.IsLoopback():
		return loopback
	case a.IsLinkLocalUnicast():
		return linkLocal
	case a.IsPrivate():
		return private
	case a.Is4():
		if sharedSpace.Contains(a) {
			return private
		}
		if classE.Contains(a) || thisNetwork.Contains(a) {
			return unusable
		}
	}
	return public
}

// Public says whether an address is one of the internet's.
func Public(a netip.Addr) bool { return scopeOf(a.Unmap()) == public }

// Group says whether a link address is a group's: it never stands for a device.
func Group(m observation.MAC) bool { return m[0]&1 != 0 }

// Local says whether a link address was made up by its bearer (randomised) rather than assigned.
func Local(m observation.MAC) bool { return m[0]&2 != 0 && m[0]&1 == 0 }

// Virtual says whether a link address belongs to a redundancy group of routers rather than to one:
// VRRP and CARP (RFC 9568 section 7.3), HSRP versions 1 and 2, GLBP.
func Virtual(m observation.MAC) bool {
	switch {
	case m[0] == 0 && m[1] == 0 && m[2] == 0x5e && m[3] == 0 && (m[4] == 1 || m[4] == 2):
		return true
	case m[0] == 0 && m[1] == 0 && m[2] == 0x0c && (m[3] == 0x07 && m[4] == 0xac || m[3] == 0x9f && m[4]&0xf0 == 0xf0):
		return true
	}
	return m[0] == 0 && m[1] == 0x07 && m[2] == 0xb4 && m[3] == 0
}

// eui64 says whether an IPv6 address carries the link address in its interface identifier (RFC 4291,
// appendix A).
func eui64(a [16]byte, m observation.MAC) bool {
	return a[8] == m[0]^2 && a[9] == m[1] && a[10] == m[2] && a[11] == 0xff && a[12] == 0xfe &&
		a[13] == m[3] && a[14] == m[4] && a[15] == m[5]
}
