// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package quic reads how QUIC conversations begin. The Initial packets are under keys that anyone who sees
// them can make (RFC 9001, 5.2), so the ClientHello and the ServerHello in them are read as those of TLS
// are. Nothing that is secret is decrypted, and nothing behind the hellos is read.
package quic

import (
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/tls"
)

// Datagrams are the recognisers over UDP.
func Datagrams() []protocol.DatagramProtocol {
	s := &shared{kit: tls.NewKit()}
	return []protocol.DatagramProtocol{{Name: "quic", Ports: []uint16{443, 80, 853, 8443},
		New: s.next}}
}

// shared is what the readers of a run share: nothing is called concurrently.
type shared struct {
	kit   *tls.Kit
	plain []byte // a packet without its protection
	spare *reader
}

// next gives a reader. One whose first answer was false has kept nothing and is given out again.
func (s *shared) next() protocol.DatagramReader {
	if s.spare == nil {
		s.spare = &reader{shared: s}
	}
	return s.spare
}
