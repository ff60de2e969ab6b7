// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package dhcp

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxName    = 255
	maxClass   = 255
	maxURL     = 1024
	maxClients = 1 << 14
	maxAddrs   = 16
)

// memory is what clients said of themselves in one input, by link address. At most maxClients are kept.
type memory struct {
	input int
	said  map[observation.MAC]saying
}

// saying is a client's name and class, and the frame that said the last of them.
type saying struct {
	host, class string
	frame       uint32
}

func newMemory() *memory { return &memory{said: map[observation.MAC]saying{}} }

// recall fills in what the client said before, keeps what it says now, and gives the frame in which what
// the message does not say itself was said: 0 where there is nothing such.
func (m *memory) recall(c *protocol.Context, b *observation.DHCP, host, class []byte) uint32 {
	if c.Input != m.input { // frames of another artefact are no evidence here
		m.input = c.Input
		clear(m.said)
	}
	was, ok := m.said[b.MAC]
	now := saying{keep(was.host, host, maxName), keep(was.class, class, maxClass), was.frame}
	b.Hostname, b.VendorClass = now.host, now.class
	fresh, room := now != was, ok || len(m.said) < maxClients
	if fresh && room && b.MAC != (observation.MAC{}) {
		now.frame = c.Frame
		m.said[b.MAC] = now
	}
	if len(host) == 0 && was.host != "" || len(class) == 0 && was.class != "" {
		return was.frame
	}
	return 0
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
