// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package names reads what devices ask by name and what they are told: DNS over UDP and TCP (RFC 1035),
// multicast DNS (RFC 6762), LLMNR (RFC 4795) and the NetBIOS name service (RFC 1002).
//
// Of unicast DNS each question is told in lower case, with the addresses where the answer holds them. Of
// mDNS and LLMNR each record is told, spelt as it was said, and Client is the end that said it
// (mDNS) or asked (the others). Multicast marks the names of the local segment, however they were
// carried: mDNS, LLMNR and NBNS.
package names

import "github.com/writ-iot/writ/internal/protocol"

// Datagrams are the recognisers of the family over UDP.
func Datagrams() []protocol.DatagramProtocol {
	known := intern{}
	dns := &reader{proto: "dns", known: known}
	mdns := &reader{proto: "mdns", known: known, local: true}
	llmnr := &reader{proto: "llmnr", known: known, local: true}
	return []protocol.DatagramProtocol{
		{Name: "dns", Ports: []uint16{53}, Read: dns.unicast},
		{Name: "mdns", Ports: []uint16{5353}, PortOnly: true, Read: mdns.multicast},
		{Name: "llmnr", Ports: []uint16{5355}, PortOnly: true, Read: llmnr.multicast},
		{Name: "nbns", Ports: []uint16{137}, PortOnly: true, Read: (&netbios{known: known}).read},
	}
}

// Streams are the recognisers of the family over TCP.
func Streams() []protocol.StreamProtocol {
	r := &reader{proto: "dns", known: intern{}}
	return []protocol.StreamProtocol{{Name: "dns", Ports: []uint16{53}, Recognise: r.recognise,
		New: func() protocol.Stream { return newStream(r) }}}
}
