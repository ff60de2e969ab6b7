// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"net"
	"net/netip"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

func (w *wire) serialize(l gopacket.SerializableLayer) []byte {
	buf := gopacket.NewSerializeBuffer()
	if err := l.SerializeTo(buf, gopacket.SerializeOptions{FixLengths: true}); err != nil && w.err == nil {
		w.err = err
	}
	return append([]byte(nil), buf.Bytes()...)
}

// lease is a DHCP exchange in four messages: discover, offer, request, ack (RFC 2131).
func (w *wire) lease(at time.Time, who, server station, hostname, class string, params ...byte) {
	all := station{mac: net.HardwareAddr{255, 255, 255, 255, 255, 255},
		ip: netip.AddrFrom4([4]byte{255, 255, 255, 255})}
	none := station{mac: who.mac, ip: netip.AddrFrom4([4]byte{})}
	xid := w.sequence(uint32(who.mac[5]))
	opt := layers.NewDHCPOption
	message := func(kind layers.DHCPMsgType, fromServer bool) []byte {
		m := &layers.DHCPv4{Operation: layers.DHCPOpRequest, HardwareType: layers.LinkTypeEthernet,
			HardwareLen: 6, Xid: xid,
			ClientHWAddr: who.mac, ClientIP: net.IPv4zero, YourClientIP: net.IPv4zero, NextServerIP: net.IPv4zero,
			RelayAgentIP: net.IPv4zero, Options: layers.DHCPOptions{opt(layers.DHCPOptMessageType, []byte{byte(kind)})}}
		if fromServer {
			m.Operation, m.YourClientIP = layers.DHCPOpReply, who.ip.AsSlice()
			m.Options = append(m.Options, opt(layers.DHCPOptServerID, server.ip.AsSlice()),
				opt(layers.DHCPOptLeaseTime, u32(172800)), opt(layers.DHCPOptSubnetMask, []byte{255, 255, 255, 0}),
				opt(layers.DHCPOptRouter, server.ip.AsSlice()), opt(layers.DHCPOptDNS, server.ip.AsSlice()),
				opt(layers.DHCPOptNTPServers, server.ip.AsSlice()))
			return w.serialize(m)
		}
		m.Options = append(m.Options, opt(layers.DHCPOptHostname, []byte(hostname)),
			opt(layers.DHCPOptClassID, []byte(class)), opt(layers.DHCPOptParamsRequest, params))
		if kind == layers.DHCPMsgTypeRequest {
			m.Options = append(m.Options, opt(layers.DHCPOptRequestIP, who.ip.AsSlice()),
				opt(layers.DHCPOptServerID, server.ip.AsSlice()))
		}
		return w.serialize(m)
	}
	w.datagram(at, none, all, 68, 67, message(layers.DHCPMsgTypeDiscover, false))
	w.datagram(at.Add(latency), server, who, 67, 68, message(layers.DHCPMsgTypeOffer, true))
	w.datagram(at.Add(2*latency), none, all, 68, 67, message(layers.DHCPMsgTypeRequest, false))
	w.datagram(at.Add(3*latency), server, who, 67, 68, message(layers.DHCPMsgTypeAck, true))
}

// resolve asks the resolver for a name and gets an address.
func (w *wire) resolve(at time.Time, who, server station, name string, addr netip.Addr) {
	q := layers.DNSQuestion{Name: []byte(name), Type: layers.DNSTypeA, Class: layers.DNSClassIN}
	id, port := uint16(w.sequence(3)), w.ephemeral()
	query := &layers.DNS{ID: id, RD: true, Questions: []layers.DNSQuestion{q}}
	answer := &layers.DNS{ID: id, QR: true, RD: true, RA: true, Questions: []layers.DNSQuestion{q},
		Answers: []layers.DNSResourceRecord{{Name: []byte(name), Type: layers.DNSTypeA, Class: layers.DNSClassIN,
			TTL: 300, IP: addr.AsSlice()}}}
	w.datagram(at, who, server, port, 53, w.serialize(query))
	w.datagram(at.Add(latency), server, who, 53, port, w.serialize(answer))
}

// clock is an NTP exchange (RFC 5905).
func (w *wire) clock(at time.Time, who, server station) {
	port := w.ephemeral()
	w.datagram(at, who, server, port, 123, join([]byte{0x23, 0, 6, 0xe9}, make([]byte, 36), u32(0x7fffffff), u32(1)))
	w.datagram(at.Add(latency), server, who, 123, port, join([]byte{0x24, 2, 6, 0xe9}, make([]byte, 44)))
}

// announce is an mDNS answer that offers a service (RFC 6763).
func (w *wire) announce(at time.Time, who station, service, instance string, texts ...string) {
	group := station{mac: net.HardwareAddr{1, 0, 0x5e, 0, 0, 0xfb}, ip: netip.AddrFrom4([4]byte{224, 0, 0, 251})}
	txt := make([][]byte, len(texts))
	for i, t := range texts {
		txt[i] = []byte(t)
	}
	full := []byte(instance + "." + service + ".local")
	m := &layers.DNS{QR: true, AA: true, Answers: []layers.DNSResourceRecord{
		{Name: []byte(service + ".local"), Type: layers.DNSTypePTR, Class: layers.DNSClassIN, TTL: 4500, PTR: full},
		{Name: full, Type: layers.DNSTypeTXT, Class: layers.DNSClassIN, TTL: 4500, TXTs: txt}}}
	w.datagram(at, who, group, 5353, 5353, w.serialize(m))
}
