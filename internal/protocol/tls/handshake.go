// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"strings"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// Handshake messages (RFC 8446, 4; RFC 5246, 7.4).
const (
	msgClientHello       = 1
	msgServerHello       = 2
	msgHelloVerify       = 3
	msgHelloRetry        = 6 // of early drafts
	msgCertificate       = 11
	msgServerKeyExchange = 12
)

// handshake gathers what the two sides say until nothing is in clear any more.
type handshake struct {
	kit      *Kit
	body     observation.TLS
	first    uint32
	hello    [2]bool // ClientHello, ServerHello
	finished [2]bool // a side has sent its Finished or data under its keys
	said     bool
}

func (h *handshake) begin(c *protocol.Context, proto string) {
	if h.first == 0 {
		h.first, h.body.Protocol = c.Frame, proto
	}
}

// message takes the body of one whole message, which began in frame first.
func (h *handshake) message(c *protocol.Context, d protocol.Direction, kind byte, b []byte, first uint32) {
	switch kind {
	case msgClientHello:
		if d == protocol.ToServer && !h.hello[0] {
			h.hello[0] = h.kit.ClientHello(&h.body, b)
		}
	case msgServerHello:
		h.serverHello(d, b)
	case msgCertificate:
		if h.body.Version == "TLSv1.3" || h.body.Version == "DTLSv1.3" {
			return // there it is encrypted: these bytes are something else
		}
		n := h.kit.chain(c, first, b, d == protocol.ToServer)
		h.body.ClientCert = h.body.ClientCert || d == protocol.ToServer && n > 0
	case msgServerKeyExchange:
		// ECDHE: curve_type 3 is named_curve (RFC 8422, 5.4).
		if d == protocol.ToClient && len(b) > 3 && b[0] == 3 && strings.Contains(h.body.CipherName, "ECDH") {
			h.body.Group = uint16(b[1])<<8 | uint16(b[2])
		}
	}
}

func (h *handshake) serverHello(d protocol.Direction, b []byte) {
	if d == protocol.ToClient && !h.hello[1] {
		retry, ok := h.kit.ServerHello(&h.body, b)
		h.hello[1] = ok && !retry
	}
}

func (h *handshake) is13() bool { return strings.HasSuffix(h.body.Version, "v1.3") }

// say tells of the handshake, once.
func (h *handshake) say(c *protocol.Context) {
	if h.said || h.first == 0 || !h.hello[0] && h.body.Version == "" {
		return
	}
	h.said = true
	h.body.Established = h.finished[0] && h.finished[1]
	c.Emit(h.first, &h.body)
}

// chain says the certificates of a Certificate message (RFC 5246, 7.4.2) and how many there were.
func (k *Kit) chain(c *protocol.Context, first uint32, b []byte, fromClient bool) int {
	n := 0
	r := octets.NewReader(b)
	for r.Skip(3); r.Len() > 3 && n < maxChain; {
		der := r.Bytes(int(r.U24()))
		if len(der) == 0 || !k.certs.say(c, first, der, n, fromClient) {
			break
		}
		n++
	}
	return n
}

// maxChain bounds the certificates read of one chain.
const maxChain = 32
