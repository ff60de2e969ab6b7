// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package inventory turns observations into devices, as they stream by and in bounded memory.
//
// A device is an address behind its own link address on the captured segment, or an address inside the
// profile's networks. Loopback and all others are peers: so is everything behind a router's link
// address, while the router itself is one device. Identity is keyed by link address and lease, never by
// IP address alone: an address that DHCP, ARP or NDP hands to another link address begins a new end.
//
// The smallest thing that is kept is the End: one address behind one link address during one lease.
// Which ends make up a device is decided when somebody asks, because only the whole capture shows
// which link address is a router's.
package inventory
