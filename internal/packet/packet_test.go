// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package packet

import (
	"net/netip"
	"testing"

	"github.com/writ-iot/writ/internal/capture"
)

func TestEveryLinkTypeAndTagLeadsToTheDatagram(t *testing.T) {
	sll := func(arphrd, length uint16, proto uint16, body []byte) []byte {
		return cat(uint16(0), arphrd, length, macA, uint16(0), proto, body)
	}
	sll2 := func(arphrd uint16, length byte, proto uint16, body []byte) []byte {
		return cat(proto, uint16(0), uint32(3), arphrd, byte(0), length, macA, uint16(0), body)
	}
	for _, c := range []struct {
		name string
		link capture.Link
		b    []byte
		want saw
		vlan uint16
		mac  bool
	}{
		{"ethernet", capture.Ethernet, ether(EtherIPv4, hello), helloed, 0, true},
		{"ethernet, padded", capture.Ethernet, ether(EtherIPv4, padded(hello, 13)), helloed, 0, true},
		{"ethernet, IPv6", capture.Ethernet, ether(EtherIPv6, padded(hello6, 4)), hello6d, 0, true},
		{"VLAN", capture.Ethernet, ether(EtherVLAN, cat(uint16(0xa064), uint16(EtherIPv4), hello)), helloed, 100, true},
		{"QinQ", capture.Ethernet, ether(EtherQinQ, cat(uint16(7), uint16(EtherVLAN), uint16(8), uint16(EtherIPv6), hello6)), hello6d, 8, true},
		{"old QinQ", capture.Ethernet, ether(etherQinQOld, cat(uint16(7), uint16(EtherIPv4), hello)), helloed, 7, true},
		{"SNAP", capture.Ethernet, ether(uint16(8+len(hello)), cat("\xaa\xaa\x03\x00\x00\x00", uint16(EtherIPv4), hello)), helloed, 0, true},
		{"PPPoE", capture.Ethernet, ether(EtherPPPoE, cat("\x11\x00\x00\x01", uint16(2+len(hello)), uint16(0x21), hello)), helloed, 0, true},
		{"PPPoE, IPv6", capture.Ethernet, ether(EtherPPPoE, cat("\x11\x00\x00\x01", uint16(2+len(hello6)), uint16(0x57), hello6)), hello6d, 0, true},
		{"MPLS", capture.Ethernet, ether(EtherMPLS, cat(uint32(0x00010040), uint32(0x00020140), hello)), helloed, 0, true},
		{"MPLS pseudowire", capture.Ethernet, ether(EtherMPLS, cat(uint32(0x00020140), uint32(0), ether(EtherIPv4, hello))), helloed, 0, true},
		{"cooked", capture.LinuxSLL, sll(1, 6, EtherIPv4, hello), helloed, 0, true},
		{"cooked, of a tunnel", capture.LinuxSLL, sll(778, 4, EtherIPv4, hello), helloed, 0, false},
		{"cooked, tagged", capture.LinuxSLL, sll(1, 6, EtherVLAN, cat(uint16(9), uint16(EtherIPv4), hello)), helloed, 9, true},
		{"cooked 2", capture.LinuxSLL2, sll2(1, 6, EtherIPv6, hello6), hello6d, 0, true},
		{"cooked 2, of a loopback", capture.LinuxSLL2, sll2(772, 6, EtherIPv4, hello), helloed, 0, false},
		{"raw", capture.Raw, hello, helloed, 0, false},
		{"raw, IPv6", capture.RawBSD, hello6, hello6d, 0, false},
		{"ipv4", capture.IPv4, hello, helloed, 0, false},
		{"ipv6", capture.IPv6, hello6, hello6d, 0, false},
		{"null, one byte order", capture.Null, cat("\x02\x00\x00\x00", hello), helloed, 0, false},
		{"null, the other", capture.Null, cat("\x00\x00\x00\x1e", hello6), hello6d, 0, false},
		{"loop", capture.Loop, cat("\x00\x00\x00\x02", hello), helloed, 0, false},
		{"ppp", capture.PPP, cat("\xff\x03", uint16(0x21), hello), helloed, 0, false},
		{"GRE", capture.Raw, ip4(ProtoGRE, 1, 0, cat(uint16(0), uint16(EtherIPv4), hello)), helloed, 0, false},
		{"GRE with key and sequence", capture.Raw, ip4(ProtoGRE, 1, 0, cat(uint16(0xb000), uint16(EtherIPv6), uint32(1), uint32(2), uint32(3), hello6)), hello6d, 0, false},
		{"GRE of Ethernet", capture.Raw, ip4(ProtoGRE, 1, 0, cat(uint16(0), uint16(EtherTEB), ether(EtherIPv4, hello))), helloed, 0, true},
		{"ERSPAN", capture.Raw, ip4(ProtoGRE, 1, 0, cat(uint16(0x1000), uint16(EtherERSPAN), uint32(1), uint32(0), uint32(0), ether(EtherIPv4, hello))), helloed, 0, true},
		{"IP in IP", capture.Raw, ip4(ProtoIPv4, 1, 0, hello), helloed, 0, false},
		{"6in4", capture.Raw, ip4(ProtoIPv6, 1, 0, hello6), hello6d, 0, false},
		{"4in6", capture.Raw, ip6(ProtoIPv4, hello), helloed, 0, false},
		{"VXLAN", capture.Raw, ip4(ProtoUDP, 1, 0, udp(5, vxlan, "\x08\x00\x00\x00\x00\x00\x07\x00"+string(ether(EtherIPv4, hello)))), helloed, 0, true},
		{"options", capture.Raw, cat("\x46\x00", uint16(24+len(udp(1000, 53, "hello"))), uint32(0x00010000), "\x40\x11\x00\x00", v4A, v4B, "\x01\x01\x01\x00", udp(1000, 53, "hello")), helloed, 0, false},
		{"extension headers", capture.Raw, ip6(0, cat("\x2b\x00\x05\x02\x00\x00\x00\x00", "\x3c\x01\x04\x00\x00\x00\x00\x00", make([]byte, 8), "\x33\x00\x00\x00\x00\x00\x00\x00", "\x11\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", udp(1000, 53, "hello"))), hello6d, 0, false},
		{"atomic fragment", capture.Raw, ip6(44, cat("\x11\x00\x00\x00\x00\x00\x00\x07", udp(1000, 53, "hello"))), hello6d, 0, false},
		{"offload leaves the length out", capture.Raw, cat("\x45\x00\x00\x00", hello[4:]), helloed, 0, false},
		{"offload, IPv6", capture.Raw, cat(hello6[:4], uint16(0), hello6[6:]), hello6d, 0, false},
	} {
		p := decode(c.link, c.b)
		if got := of(&p); got != c.want || p.VLAN != c.vlan || p.HasMAC != c.mac {
			t.Errorf("%s: %+v in VLAN %d, link address %v; want %+v in %d, %v", c.name, got, p.VLAN, p.HasMAC, c.want, c.vlan, c.mac)
		}
		if c.mac && p.SrcMAC != [6]byte([]byte(macA)) {
			t.Errorf("%s: the sender is %x", c.name, p.SrcMAC)
		}
	}
}

func TestTCPSaysWhatItsHeaderSays(t *testing.T) {
	p := decode(capture.Raw, ip4(ProtoTCP, 1, 0, tcp(40000, 80, 0xfffffff0, 7, SYN|ACK|0xe0, "GET /")))
	if p.Layer != LayerPorts || p.SrcPort != 40000 || p.DstPort != 80 || p.Seq != 0xfffffff0 || p.Ack != 7 || p.Flags != SYN|ACK ||
		p.Size != 5 || string(p.Payload) != "GET /" {
		t.Errorf("decoded %+v", p)
	}
}

func TestAFrameCutShortStatesItsSizeAndGivesWhatThereIs(t *testing.T) {
	whole := ether(EtherIPv4, ip4(ProtoTCP, 1, 0, tcp(1, 2, 3, 4, ACK, "0123456789")))
	for n := 14 + 20 + 20; n < len(whole); n++ {
		p := decode(capture.Ethernet, whole[:n])
		if p.Layer != LayerPorts || p.Size != 10 || len(p.Payload) != n-54 || p.Fault != None {
			t.Errorf("cut at %d: layer %d, %d of %d bytes, fault %q", n, p.Layer, len(p.Payload), p.Size, p.Fault.Text())
		}
	}
	p := decode(capture.Ethernet, whole[:14+20+14]) // the ports and the flags are there
	if p.Layer != LayerPorts || p.DstPort != 2 || p.Size != 10 || p.Payload != nil {
		t.Errorf("with half a TCP header: %+v", p)
	}
}

func TestFaultsAreNamedAndNothingIsInvented(t *testing.T) {
	bad := func(b []byte, at int, v byte) []byte {
		b = append([]byte{}, b...)
		b[at] = v
		return b
	}
	deep := hello
	for range 20 {
		deep = ip4(ProtoIPv4, 1, 0, deep)
	}
	tags := ether(EtherIPv4, hello)[12:]
	for range 20 {
		tags = cat(uint16(EtherVLAN), uint16(1), tags)
	}
	for _, c := range []struct {
		name  string
		link  capture.Link
		b     []byte
		fault Fault
		layer Layer
	}{
		{"no Ethernet header", capture.Ethernet, hello[:13], LinkShort, LayerNone},
		{"no cooked header", capture.LinuxSLL, hello[:15], LinkShort, LayerNone},
		{"no cooked header of version 2", capture.LinuxSLL2, hello[:19], LinkShort, LayerNone},
		{"no family", capture.Null, hello[:4], LinkShort, LayerNone},
		{"no PPP", capture.PPP, []byte{0xff, 3, 0}, LinkShort, LayerNone},
		{"a tag without its type", capture.Ethernet, ether(EtherVLAN, []byte{0, 1, 8}), TagShort, LayerNone},
		{"labels without an end", capture.Ethernet, ether(EtherMPLS, make([]byte, 40)), TagShort, LayerNone},
		{"IPv4 cut in its header", capture.Raw, hello[:19], IPv4Header, LayerNone},
		{"IPv4 with a header of 16 bytes", capture.Raw, bad(hello, 0, 0x44), IPv4Header, LayerNone},
		{"IPv4 with a header longer than the frame", capture.Raw, bad(hello, 0, 0x4f), IPv4Header, LayerNone},
		{"IPv4 shorter than its header", capture.Raw, bad(hello, 3, 19), IPv4Length, LayerNone},
		{"no IP at all", capture.Raw, bad(hello, 0, 0x95), IPv4Header, LayerNone},
		{"IPv6 cut in its header", capture.Raw, hello6[:39], IPv6Header, LayerNone},
		{"an extension beyond the end", capture.Raw, ip6(0, cat("\x11\xff", make([]byte, 14))), ExtensionChain, LayerNetwork},
		{"an extension cut short", capture.Raw, ip6(60, []byte{17, 0}), ExtensionChain, LayerNetwork},
		{"extensions without an end", capture.Raw, ip6(60, cat(func() (b []byte) {
			for range 40 {
				b = append(b, 60, 0, 0, 0, 0, 0, 0, 0)
			}
			return b
		}())), ExtensionChain, LayerNetwork},
		{"TCP cut in its header", capture.Raw, ip4(ProtoTCP, 1, 0, make([]byte, 13)), TCPHeader, LayerNetwork},
		{"TCP with a header of 16 bytes", capture.Raw, ip4(ProtoTCP, 1, 0, bad(tcp(1, 2, 3, 4, 0, "x"), 12, 0x40)), TCPHeader, LayerNetwork},
		{"TCP with a header beyond the datagram", capture.Raw, ip4(ProtoTCP, 1, 0, bad(tcp(1, 2, 3, 4, 0, "x"), 12, 0xf0)), TCPHeader, LayerNetwork},
		{"UDP cut in its header", capture.Raw, ip4(ProtoUDP, 1, 0, make([]byte, 7)), UDPHeader, LayerNetwork},
		{"UDP shorter than its header", capture.Raw, ip4(ProtoUDP, 1, 0, bad(udp(1, 2, "abc"), 5, 7)), UDPHeader, LayerPorts},
		{"UDP longer than its datagram", capture.Raw, ip4(ProtoUDP, 1, 0, bad(udp(1, 2, "abc"), 5, 200)), UDPLength, LayerPorts},
		{"tunnels without an end", capture.Raw, deep, TunnelDepth, LayerNetwork},
		{"tags without an end", capture.Ethernet, cat(macB, macA, tags), TunnelDepth, LayerNone},
	} {
		p := decode(c.link, c.b)
		if p.Fault != c.fault || p.Layer != c.layer {
			t.Errorf("%s: fault %q at layer %d, want %q at %d", c.name, p.Fault.Text(), p.Layer, c.fault.Text(), c.layer)
		}
		if p.Fault.Layer() == "" || p.Fault.Text() == "" {
			t.Errorf("%s: the fault has no name", c.name)
		}
	}
}

func TestBelowIPTheFrameIsHandedOn(t *testing.T) {
	p := decode(capture.Ethernet, ether(0x88cc, []byte("lldp")))
	if p.Layer != LayerLink || p.EtherType != 0x88cc || string(p.Payload) != "lldp" {
		t.Errorf("an EtherType: %+v", p)
	}
	p = decode(capture.Ethernet, ether(5, []byte("\xaa\xaa\x03\x00\x00....padding")))
	if p.Layer != LayerLLC || p.EtherType != 0 || len(p.Payload) != 5 {
		t.Errorf("an 802.3 frame: %+v", p)
	}
	if p = decode(195, []byte("a radio frame")); p.Layer != LayerNone || p.Fault != None {
		t.Errorf("a link type that is not decoded: %+v", p)
	}
}

func TestAddressesKeepTheirValue(t *testing.T) {
	for _, s := range []string{"0.0.0.0", "10.0.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "ff02::fb", "fe80::1", "2001:db8::ffff"} {
		ip := netip.MustParseAddr(s)
		a := AddrFrom(ip)
		if a.IP() != ip || a.Is4() != ip.Is4() || a.IsUnspecified() != ip.IsUnspecified() {
			t.Errorf("%s became %s", s, a.IP())
		}
		if want := ip.IsMulticast() || s == "255.255.255.255"; a.IsMulticast() != want {
			t.Errorf("%s: a group's address: %v", s, a.IsMulticast())
		}
	}
	if a, b := AddrFrom(netip.MustParseAddr("10.0.0.1")), AddrFrom(netip.MustParseAddr("fd00::1")); !a.Less(b) || b.Less(a) || a.Less(a) {
		t.Error("addresses are out of order")
	}
}
