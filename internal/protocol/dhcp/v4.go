// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package dhcp

import (
	"encoding/hex"
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	header = 236 // RFC 2131, 2: up to and with the boot file's name
	cookie = 0x63825363
	bootp  = header + 64 // RFC 951, 3: with its vendor area
)

// Options of RFC 2132 and later.
const (
	optRouters          = 3
	optDNS              = 6
	optHostname         = 12
	optDomain           = 15
	optNTP              = 42
	optRequested        = 50
	optLease            = 51
	optOverload         = 52
	optMessage          = 53
	optServer           = 54
	optParams           = 55
	optVendorClass      = 60
	optClientID         = 61
	optFQDN             = 81  // RFC 4702
	optMUD              = 161 // RFC 8520, 10
	infinite            = 0xffffffff
	fqdnWire       byte = 0x04 // RFC 4702, 2.1: the E bit
)

// v4 reads DHCPv4 and BOOTP. Bodies and options are reused from message to message.
type v4 struct {
	known *memory
	held  map[observation.MAC][]held
	body  observation.DHCP
	bind  observation.Binding
	mud   observation.MUDURL
	opts  options
}

// message is the fixed part.
type message struct {
	reply          bool
	ciaddr, yiaddr netip.Addr
	mac            observation.MAC
}

func (v *v4) read(c *protocol.Context, p []byte, r *conversation) bool {
	m, ok := fixed(p)
	if !ok {
		return false
	}
	kind := ""
	if len(p) >= header+4 && word(p[header:]) == cookie {
		v.opts.parse(p)
		kind = messageName(v.opts.at(optMessage))
	} else if !oldBOOTP(c, p) {
		return false
	} else {
		v.opts.clear()
	}
	first := v.fill(c, &m, kind)
	if first == 0 {
		first = c.Frame
	}
	if !v.hold(c, r, first) {
		v.release(c, m.mac)
		c.Emit(first, &v.body)
	}
	if url := v.opts.at(optMUD); len(url) > 0 && !m.reply {
		v.mud = observation.MUDURL{MAC: m.mac, URL: octets.Text(url, maxURL), Via: "dhcp"}
		c.Emit(0, &v.mud)
	}
	if kind == "ACK" {
		v.lease(c, &m)
	}
	return true
}

// fixed reads the header. Hardware other than Ethernet has no link address of ours: it is left zero.
func fixed(p []byte) (m message, ok bool) {
	if len(p) < header || p[0] != 1 && p[0] != 2 || p[2] > 16 || p[3] > 16 {
		return m, false
	}
	m.reply = p[0] == 2
	m.ciaddr, m.yiaddr = addr4(p[12:]), addr4(p[16:])
	if (p[1] == 1 || p[1] == 6) && p[2] == 6 {
		m.mac = observation.MAC(p[28:34])
	}
	return m, true
}

// oldBOOTP accepts a message without options only on its ports, and only over Ethernet.
func oldBOOTP(c *protocol.Context, p []byte) bool {
	return c.Server.Port() == 67 && len(p) >= bootp && p[1] == 1 && p[2] == 6 && p[3] < 4
}

// fill makes the body, and gives the frame that said the name which the message does not repeat.
func (v *v4) fill(c *protocol.Context, m *message, kind string) (said uint32) {
	o, b := &v.opts, &v.body
	*b = observation.DHCP{MAC: m.mac, Message: kind, FromServer: m.reply, Params: b.Params[:0],
		Routers: b.Routers[:0], DNSServers: b.DNSServers[:0], NTPServers: b.NTPServers[:0]}
	if m.reply { // a name or class in a server's message is the server's word, not the client's
		said = v.known.recall(c, b, nil, nil)
	} else {
		said = v.known.recall(c, b, trim(o.at(optHostname)), trim(o.at(optVendorClass)))
	}
	if id := o.at(optClientID); len(id) > 0 {
		b.ClientID = hex.EncodeToString(id[:min(len(id), 64)])
	}
	b.FQDN = fqdn(o.at(optFQDN))
	b.Domain = octets.Text(trim(o.at(optDomain)), maxName)
	b.Params = append(b.Params, o.at(optParams)...)
	b.Requested, b.ServerID = one(o.at(optRequested)), one(o.at(optServer))
	if !m.yiaddr.IsUnspecified() {
		b.Assigned = m.yiaddr
	} else if m.reply && !m.ciaddr.IsUnspecified() {
		b.Assigned = m.ciaddr
	}
	b.Routers = several(b.Routers, o.at(optRouters))
	b.DNSServers = several(b.DNSServers, o.at(optDNS))
	b.NTPServers = several(b.NTPServers, o.at(optNTP))
	if t := o.at(optLease); len(t) == 4 {
		b.LeaseSeconds = word(t)
	}
	return said
}

// lease says that the address is the client's. Without a lease (an answer to INFORM) nothing was bound.
func (v *v4) lease(c *protocol.Context, m *message) {
	if m.mac == (observation.MAC{}) || m.yiaddr.IsUnspecified() {
		return
	}
	v.bind = observation.Binding{IP: m.yiaddr, MAC: m.mac, Via: "dhcp", Until: until(c, v.body.LeaseSeconds)}
	c.Emit(0, &v.bind)
}

// until is the end of a lease that begins now; 0 where none was said or it never ends.
func until(c *protocol.Context, seconds uint32) int64 {
	if seconds == 0 || seconds == infinite {
		return 0
	}
	return c.Time + int64(seconds)*1e9
}

func messageName(v []byte) string {
	if len(v) != 1 || int(v[0]) >= len(messages) {
		return ""
	}
	return messages[v[0]]
}

// messages of RFC 2132, 9.6, RFC 3203 and RFC 4388.
var messages = [...]string{"", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM",
	"FORCERENEW", "LEASEQUERY", "LEASEUNASSIGNED", "LEASEUNKNOWN", "LEASEACTIVE"}

// fqdn reads option 81: flags, two result codes, the name in ASCII or as labels.
func fqdn(v []byte) string {
	if len(v) < 3 {
		return ""
	}
	if v[0]&fqdnWire == 0 {
		return octets.Text(trim(v[3:]), maxName)
	}
	return labels(v[3:])
}
