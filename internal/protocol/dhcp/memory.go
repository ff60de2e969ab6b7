// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package dhcp

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxName    = 255
	maxClass   = 255
	maxURL     = 1024
	maxClients = 1 << 14
	maxAddrs   = 16
)

// memory is what clients said of themselves, by link address. At most maxClients are kept.
type memory map[observation.MAC]saying

type saying struct{ host, class string }

// recall fills in what the client said before, and keeps what it says now.
func (m memory) recall(b *observation.DHCP, host, class []byte) {
	was, ok := m[b.MAC]
	now := saying{keep(was.host, host, maxName), keep(was.class, class, maxClass)}
	b.Hostname, b.VendorClass = now.host, now.class
	if now != was && (ok || len(m) < maxClients) && b.MAC != (observation.MAC{}) {
		m[b.MAC] = now
	}
}

// keep is the text of b, the old one where it is the same or there is nothing new.
func keep(old string, b []byte, limit int) string {
	if len(b) == 0 || old == string(b) {
		return old
	}
	if s := octets.Text(b, limit); s != "" {
		return s
	}
	return old
}
