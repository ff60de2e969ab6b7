// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package local

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// snapCDP begins a frame of the Cisco Discovery Protocol: LLC, SNAP, Cisco's OUI, protocol 0x2000.
const snapCDP = "\xaa\xaa\x03\x00\x00\x0c\x20\x00"

func isCDP(_ observation.MAC, p []byte) bool {
	return len(p) >= len(snapCDP)+4 && bytes.HasPrefix(p, []byte(snapCDP)) && (p[8] == 1 || p[8] == 2)
}

// readCDP reads version, time to live, checksum, then values with type and length (header counted in).
func readCDP(c *protocol.Context, src, _ observation.MAC, p []byte) {
	if !isCDP(src, p) {
		return
	}
	b := observation.LLDP{Protocol: "cdp", MAC: src}
	r := octets.NewReader(p[len(snapCDP)+4:])
	for r.Len() >= 4 {
		kind, n := r.U16(), int(r.U16())
		v := r.Bytes(n - 4)
		if !r.OK() {
			break
		}
		switch kind {
		case 1:
			b.Chassis = octets.Text(v, maxField)
			b.SystemName = b.Chassis
		case 3:
			b.Port = octets.Text(v, maxField)
		case 4:
			if len(v) == 4 {
				b.Capabilities = uint16(v[2])<<8 | uint16(v[3])
			}
		case 5:
			b.SystemDesc = octets.Text(v, maxDescription)
		case 6:
			b.Model = octets.Text(v, maxField)
		}
	}
	if b.Chassis != "" {
		c.Emit(0, &b)
	}
}
