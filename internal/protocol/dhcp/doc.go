// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package dhcp reads how devices ask for an address: BOOTP, DHCPv4 and DHCPv6. Clients describe
// themselves there (name, vendor class, order of the options asked for, MUD URL), servers say which
// address belongs to whom and until when.
//
// DHCP.MAC is the client's link address, in servers' messages too. Hostname and VendorClass are what the
// client has said so far: a message that does not repeat them carries them all the same, so that each
// says which device it is about, and its first frame is then the one that said them.
package dhcp

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

// Datagrams are the recognisers of DHCP. Only the servers' ports are named: the other end is the client,
// whoever is seen first.
func Datagrams() []protocol.DatagramProtocol {
	known := newMemory()
	four, six := &v4{known: known, held: map[observation.MAC][]held{}}, &v6{known: known}
	return []protocol.DatagramProtocol{
		{Name: "dhcp", Ports: []uint16{67}, New: four.conversations()},
		{Name: "dhcpv6", Ports: []uint16{547}, PortOnly: true, Read: six.read},
	}
}
