// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package infra

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

// Modes of NTP (RFC 5905, figure 10).
const (
	ntpActive    = 1
	ntpPassive   = 2
	ntpServer    = 4
	ntpBroadcast = 5
	ntpControl   = 6 // RFC 9327
	ntpPrivate   = 7
	ntpSize      = 48
)

// ntp reads NTP. Its bytes have no mark: only its port tells it.
type ntp struct{ body observation.NTP }

func (n *ntp) read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if len(p) < 8 {
		return false
	}
	version, mode := p[0]>>3&7, p[0]&7
	if version == 0 || version > 4 || mode == 0 {
		return false
	}
	n.body = observation.NTP{Version: version, Mode: mode}
	switch mode {
	case ntpControl: // response bit before the operation
		if len(p) < 12 || p[0]&0xc0 != 0 && p[0]&0xc0 != 0xc0 {
			return false
		}
		n.body.FromServer = p[1]&0x80 != 0
	case ntpPrivate: // response bit before the version
		n.body.FromServer = p[0]&0x80 != 0
	default:
		if len(p) < ntpSize || p[1] > 16 {
			return false
		}
		n.body.Stratum = p[1]
		n.body.FromServer = mode == ntpServer || mode == ntpBroadcast
	}
	if n.body.FromServer == (d == protocol.ToClient) || mode == ntpActive || mode == ntpPassive {
		c.Emit(0, &n.body)
	} else {
		c.EmitReversed(0, &n.body)
	}
	return true
}
