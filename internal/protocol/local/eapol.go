// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package local

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

// isEAPOL wants version, type and a length that fits (IEEE 802.1X, 11.3).
func isEAPOL(_ observation.MAC, p []byte) bool {
	return len(p) >= 4 && p[0] >= 1 && p[0] <= 3 && p[1] <= 8 && int(binary.BigEndian.Uint16(p[2:])) <= 2048
}

// readEAPOL tells which step of port authentication this is; of EAP also the method. Names and keys stay.
func readEAPOL(c *protocol.Context, _, _ observation.MAC, p []byte) {
	if len(p) < 4 {
		return
	}
	detail := eapolType(p[1])
	if p[1] == 0 && len(p) >= 9 && (p[4] == 1 || p[4] == 2) { // request or response: code, id, length, method
		detail = eapMethod(p[8])
	}
	c.Emit(0, &observation.Session{Protocol: "eapol", Detail: detail})
}

func eapolType(t byte) string {
	switch t {
	case 0:
		return "eap"
	case 1:
		return "start"
	case 2:
		return "logoff"
	case 3:
		return "key"
	case 5:
		return "mka"
	}
	return "other"
}

// eapMethod names methods of the IANA registry of EAP types.
func eapMethod(t byte) string {
	switch t {
	case 1:
		return "eap-identity"
	case 3:
		return "eap-nak"
	case 4:
		return "eap-md5"
	case 6:
		return "eap-gtc"
	case 13:
		return "eap-tls"
	case 17:
		return "eap-leap"
	case 21:
		return "eap-ttls"
	case 25:
		return "eap-peap"
	case 26, 29:
		return "eap-mschapv2"
	case 43:
		return "eap-fast"
	case 52:
		return "eap-pwd"
	case 254:
		return "eap-expanded"
	}
	return "eap-other"
}
