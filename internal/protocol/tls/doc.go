// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package tls reads the handshakes of SSL 2.0 to TLS 1.3 over TCP and of DTLS over UDP: what was offered, what
// was agreed on, and the certificates, which TLS 1.3 no longer shows. Nothing is decrypted. Of a
// conversation whose handshake has been read no more bytes are taken.
//
// The version is the one negotiated (supported_versions decides, RFC 8446, 4.2.1); the version of the
// records says nothing.
package tls

import "github.com/writ-iot/writ/internal/protocol"

// Streams are the recognisers over TCP.
func Streams() []protocol.StreamProtocol {
	pool := &streams{kit: NewKit()}
	return []protocol.StreamProtocol{{Name: "tls", Ports: ports, Recognise: recognise, New: pool.next}}
}

// Datagrams are the recognisers over UDP.
func Datagrams() []protocol.DatagramProtocol {
	g := &grams{kit: NewKit()}
	return []protocol.DatagramProtocol{{Name: "dtls", Ports: []uint16{443, 684, 3391, 4433, 5349, 5684, 10161, 10162},
		New: g.next}}
}

// ports are those on which TLS begins at once.
var ports = []uint16{443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 2376, 3269, 4433, 4911, 5061, 5223, 5228,
	5349, 5671, 6443, 6514, 6697, 8443, 8883, 9443, 10443}
