// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package infra reads what keeps a network running: NTP, SNMP, syslog, RADIUS, CoAP, and the tunnels
// IKE, WireGuard, OpenVPN and L2TP. It says what is in use and how well it is protected; of messages and
// secrets nothing is kept but keyed digests of SNMP communities.
package infra

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

// Datagrams are the recognisers of the family over UDP: those with a firm mark first.
func Datagrams() []protocol.DatagramProtocol {
	return []protocol.DatagramProtocol{
		{Name: "snmp", Ports: []uint16{161, 162}, New: reuse(func() reader { return &snmp{} })},
		{Name: "ike", Ports: []uint16{500, 4500}, New: reuse(func() reader { return &ike{} })},
		{Name: "wireguard", Ports: []uint16{51820}, New: once(isWireGuard)},
		{Name: "radius", Ports: []uint16{1812, 1813, 1645, 1646, 3799}, New: once(isRADIUS)},
		{Name: "l2tp", Ports: []uint16{1701}, New: once(isL2TP)},
		{Name: "syslog", Ports: []uint16{514}, New: once(isSyslog)},
		{Name: "openvpn", Ports: []uint16{1194}, New: once(isOpenVPN)},
		{Name: "coap", Ports: []uint16{5683}, Read: readCoAP},
		{Name: "ntp", Ports: []uint16{123}, PortOnly: true, Read: (&ntp{}).read},
	}
}

// Streams are the recognisers of the family over TCP.
func Streams() []protocol.StreamProtocol {
	return []protocol.StreamProtocol{syslogTCP(), openVPNTCP()}
}

// reader is a DatagramReader that says whether it has read anything.
type reader interface {
	protocol.DatagramReader
	used() bool
}

// reuse makes readers, and hands out again one that has read nothing: most datagrams that nobody knows
// are shown to every protocol, and need no reader each.
func reuse(fresh func() reader) func() protocol.DatagramReader {
	var spare reader
	return func() protocol.DatagramReader {
		if spare == nil || spare.used() {
			spare = fresh()
		}
		return spare
	}
}

// recogniser says whether p is the protocol's. known says that the conversation already is: then less is
// asked. The body is told once a conversation.
type recogniser func(c *protocol.Context, d protocol.Direction, p []byte, known bool) (observation.Session, bool)

// once tells of a conversation that it takes place, and no more.
func once(is recogniser) func() protocol.DatagramReader {
	return reuse(func() reader { return &single{is: is} })
}

type single struct {
	is   recogniser
	said bool
}

func (s *single) used() bool { return s.said }

func (s *single) Read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	b, ok := s.is(c, d, p, s.said)
	if ok && !s.said {
		s.said = true
		c.Emit(0, &b)
	}
	return ok
}

func (s *single) Close(*protocol.Context) {}
