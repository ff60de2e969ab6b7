// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package local reads what devices say of themselves to their own network segment: SSDP, WS-Discovery,
// LLDP, CDP, EAPOL, the TP-Link smart-home protocol, and STUN by which they leave it.
//
// Who announces itself is the observation's Client, whichever end of the conversation it is.
package local

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

// Streams are the recognisers of the family over TCP.
func Streams() []protocol.StreamProtocol { return []protocol.StreamProtocol{smartHomeTCP(), stunTCP()} }

// Datagrams are the recognisers of the family over UDP.
func Datagrams() []protocol.DatagramProtocol {
	return []protocol.DatagramProtocol{
		{Name: "ssdp", Ports: []uint16{1900}, Read: readSSDP},
		{Name: "stun", Ports: []uint16{3478, 19302}, Read: readSTUN},
		{Name: "ws-discovery", Ports: []uint16{3702}, Read: readDiscovery},
		{Name: smartHome, Ports: []uint16{9999}, Read: readSmartHome},
	}
}

// Links are the recognisers of the family below IP.
func Links() []protocol.LinkProtocol {
	return []protocol.LinkProtocol{
		{Name: "lldp", EtherType: 0x88cc, Read: readLLDP},
		{Name: "eapol", EtherType: 0x888e, Recognise: isEAPOL, Read: readEAPOL},
		{Name: "cdp", Recognise: isCDP, Read: readCDP},
	}
}

// speak emits what the sender of the packet at hand says of itself.
func speak(c *protocol.Context, d protocol.Direction, b observation.Body) {
	if d == protocol.ToServer {
		c.Emit(0, b)
	} else {
		c.EmitReversed(0, b)
	}
}
