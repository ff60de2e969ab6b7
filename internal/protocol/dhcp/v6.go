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

// Options of RFC 8415, 21 and later.
const (
	opt6ClientID  = 1
	opt6ServerID  = 2
	opt6IANA      = 3
	opt6Address   = 5
	opt6Request   = 6
	opt6Relayed   = 9
	opt6Class     = 16
	opt6DNS       = 23
	opt6Domain    = 24
	opt6FQDN      = 39  // RFC 4704
	opt6LinkLayer = 79  // RFC 6939
	opt6MUD       = 112 // RFC 8520, 10

	relayForward = 12
	relayReply   = 13
	relayHead    = 34 // RFC 8415, 9: type, hops, link and peer address
	maxRelays    = 8
)

var messages6 = [...]string{"", "SOLICIT", "ADVERTISE", "REQUEST", "CONFIRM", "RENEW", "REBIND", "REPLY", "RELEASE",
	"DECLINE", "RECONFIGURE", "INFORMATION-REQUEST"}

// v6 reads DHCPv6. Bodies are reused from message to message.
type v6 struct {
	known *memory
	body  observation.DHCP
	bind  observation.Binding
	mud   observation.MUDURL
	said  options6
}

// options6 is what a message says: slices of it.
type options6 struct {
	client, server, class, fqdn, domain, request, dns, mud []byte
	address                                                netip.Addr
	valid                                                  uint32
	link                                                   []byte // by a relay, of the client
	relayed                                                bool
}

func (v *v6) read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	v.said = options6{}
	p, ok := v.unwrap(p)
	if !ok || len(p) < 4 || p[0] == 0 || int(p[0]) >= len(messages6) || !v.said.read(p[4:], 0) {
		return false
	}
	if v.said.client == nil && v.said.server == nil && messages6[p[0]] != "INFORMATION-REQUEST" {
		return false
	}
	c.Emit(v.fill(c, d, p[0]), &v.body)
	if len(v.said.mud) > 0 && !v.body.FromServer {
		v.mud = observation.MUDURL{MAC: v.body.MAC, URL: octets.Text(v.said.mud, maxURL), Via: "dhcpv6"}
		c.Emit(0, &v.mud)
	}
	if v.body.Message == "REPLY" && v.said.valid > 0 && v.body.MAC != (observation.MAC{}) {
		v.bind = observation.Binding{IP: v.said.address, MAC: v.body.MAC, Via: "dhcp", Until: until(c, v.said.valid)}
		c.Emit(0, &v.bind)
	}
	return true
}

// unwrap goes through the relays' envelopes to the client's or server's message.
func (v *v6) unwrap(p []byte) ([]byte, bool) {
	for range maxRelays {
		if len(p) == 0 || p[0] != relayForward && p[0] != relayReply {
			return p, true
		}
		if len(p) < relayHead {
			return nil, false
		}
		v.said.relayed = true
		var inner []byte
		whole := each(p[relayHead:], func(code uint16, b []byte) {
			switch code {
			case opt6Relayed:
				inner = b
			case opt6LinkLayer:
				v.said.link = b
			}
		})
		if !whole || inner == nil {
			return nil, false
		}
		p = inner
	}
	return nil, false
}

// each goes through options; false where one goes beyond the end.
func each(b []byte, do func(code uint16, v []byte)) bool {
	r := octets.NewReader(b)
	for r.Len() > 0 {
		code := r.U16()
		v := r.Bytes(int(r.U16()))
		if !r.OK() {
			return false
		}
		do(code, v)
	}
	return true
}

// read takes options; depth 1 is inside an identity association.
func (o *options6) read(b []byte, depth int) bool {
	inner := true
	return each(b, func(code uint16, v []byte) {
		switch code {
		case opt6ClientID:
			o.client = v
		case opt6ServerID:
			o.server = v
		case opt6IANA: // IAID, T1, T2, options
			if depth == 0 && len(v) >= 12 {
				inner = o.read(v[12:], 1) && inner
			}
		case opt6Address: // address, preferred and valid lifetime
			if len(v) >= 24 && !o.address.IsValid() {
				o.address, o.valid = netip.AddrFrom16([16]byte(v)), word(v[20:])
			}
		default:
			o.other(code, v)
		}
	}) && inner
}

func (o *options6) other(code uint16, v []byte) {
	switch code {
	case opt6Request:
		o.request = v
	case opt6Class: // enterprise number, then strings with their lengths: the first
		if len(v) >= 6 {
			r := octets.NewReader(v[4:])
			o.class = r.Bytes(int(r.U16()))
		}
	case opt6DNS:
		o.dns = v
	case opt6Domain:
		o.domain = v
	case opt6FQDN: // flags, labels
		if len(v) > 1 {
			o.fqdn = v[1:]
		}
	case opt6MUD:
		o.mud = v
	}
}

func (v *v6) fill(c *protocol.Context, d protocol.Direction, kind byte) (said uint32) {
	o, b := &v.said, &v.body
	fromServer := kind == 2 || kind == 7 || kind == 10
	*b = observation.DHCP{V6: true, Message: messages6[kind], FromServer: fromServer, MAC: o.mac(c, d, fromServer),
		FQDN: labels(o.fqdn), Domain: labels(o.domain), LeaseSeconds: o.valid,
		Params: b.Params[:0], DNSServers: b.DNSServers[:0]}
	if fromServer {
		o.class = nil
	}
	said = v.known.recall(c, b, nil, o.class)
	b.ClientID = hex.EncodeToString(o.client[:min(len(o.client), 64)])
	if o.address.IsValid() && fromServer {
		b.Assigned = o.address
	} else {
		b.Requested = o.address
	}
	for r := o.request; len(r) >= 2; r = r[2:] {
		if r[0] == 0 { // the vocabulary holds a byte; codes beyond it say little
			b.Params = append(b.Params, r[1])
		}
	}
	for a := o.dns; len(a) >= 16 && len(b.DNSServers) < maxAddrs; a = a[16:] {
		b.DNSServers = append(b.DNSServers, netip.AddrFrom16([16]byte(a)))
	}
	return said
}

// mac is the client's link address. A client without a relay speaks from its own; the DUID may be that of
// another of its interfaces (RFC 8415, 11.2), so it comes last.
func (o *options6) mac(c *protocol.Context, d protocol.Direction, fromServer bool) observation.MAC {
	if len(o.link) == 8 && o.link[1] == 1 {
		return observation.MAC(o.link[2:])
	}
	if !o.relayed && fromServer == (d == protocol.ToClient) && c.ClientMAC != (observation.MAC{}) {
		return c.ClientMAC
	}
	return duid(o.client)
}

// duid is the link address in a DUID-LLT (time after the hardware type) or DUID-LL over Ethernet.
func duid(v []byte) (m observation.MAC) {
	switch {
	case len(v) == 14 && v[1] == 1 && v[3] == 1:
		m = observation.MAC(v[8:])
	case len(v) == 10 && v[1] == 3 && v[3] == 1:
		m = observation.MAC(v[4:])
	}
	return m
}
