// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package packet decodes frames by hand: link layer, tags and tunnels, IP with its fragments and
// extension headers, TCP and UDP. It allocates nothing per frame, and takes no length on trust: a frame
// that lies about itself is decoded as far as it is whole, and Fault says where it lied.
package packet

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
)

// Addr is an IPv6 address, or an IPv4 address mapped into one, as two words: it compares with == and
// holds no pointer, so that a table of millions of them is nothing to the garbage collector.
type Addr struct{ Hi, Lo uint64 }

const mapped = 0xffff << 32

// Addr4 makes an address of the four bytes of an IPv4 address.
func Addr4(v uint32) Addr { return Addr{Lo: mapped | uint64(v)} }

// Is4 says whether a is an IPv4 address.
func (a Addr) Is4() bool { return a.Hi == 0 && a.Lo>>32 == 0xffff }

// V4 is the IPv4 address as a number; it means nothing unless Is4.
func (a Addr) V4() uint32 { return uint32(a.Lo) }

// IsUnspecified says whether a is 0.0.0.0 or ::.
func (a Addr) IsUnspecified() bool { return a.Hi == 0 && (a.Lo == 0 || a.Lo == mapped) }

// IsMulticast says whether a names a group, or everyone (255.255.255.255).
func (a Addr) IsMulticast() bool {
	if a.Is4() {
		return a.V4()>>28 == 0xe || a.V4() == 0xffffffff
	}
	return a.Hi>>56 == 0xff
}

// Less orders addresses.
func (a Addr) Less(b Addr) bool { return a.Hi < b.Hi || a.Hi == b.Hi && a.Lo < b.Lo }

// IP is the address in the standard library's form.
func (a Addr) IP() netip.Addr {
	if a.Is4() {
		v := a.V4()
		return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
	}
	var b [16]byte
	for i := range 8 {
		b[i], b[8+i] = byte(a.Hi>>(56-8*i)), byte(a.Lo>>(56-8*i))
	}
	return netip.AddrFrom16(b)
}

// AddrFrom makes an Addr of a netip.Addr.
func AddrFrom(ip netip.Addr) Addr {
	b := ip.As16()
	return Addr{be64(b[:8]), be64(b[8:])}
}

// Layer is how far a frame was decoded.
type Layer uint8

// The layers, from the wire up.
const (
	LayerNone     Layer = iota // a link type that is counted, not decoded
	LayerLink                  // EtherType and Payload are set
	LayerLLC                   // IEEE 802.3: Payload begins at the LLC header
	LayerNetwork               // addresses and Proto are set
	LayerPorts                 // ports too
	LayerFragment              // a piece of a datagram that is not whole yet
)

// IP protocol numbers.
const (
	ProtoICMP   = 1
	ProtoIGMP   = 2
	ProtoIPv4   = 4
	ProtoTCP    = 6
	ProtoUDP    = 17
	ProtoIPv6   = 41
	ProtoGRE    = 47
	ProtoICMPv6 = 58
	ProtoSCTP   = 132
)

// TCP flags.
const (
	FIN = 1 << iota
	SYN
	RST
	PSH
	ACK
)

// Packet is one decoded frame. Slices point into the frame.
type Packet struct {
	Layer          Layer
	HasMAC         bool
	SrcMAC, DstMAC observation.MAC
	VLAN           uint16 // the innermost tag; 0 without
	EtherType      uint16
	Src, Dst       Addr
	Proto          uint8
	Flags          uint8 // TCP
	SrcPort        uint16
	DstPort        uint16
	Seq, Ack       uint32
	// Size is the payload's length as the headers state it; Payload may hold less where the capture cut
	// the frame.
	Size    int
	Payload []byte
	Fault   Fault

	depth int
}

// Fault says where a frame lied about itself; None is the zero value.
type Fault uint8

// The faults.
const (
	None Fault = iota
	LinkShort
	TagShort
	IPv4Header
	IPv4Length
	IPv6Header
	ExtensionChain
	FragmentOverlap
	TCPHeader
	UDPHeader
	UDPLength
	TunnelDepth
	ARPShort
)

var faults = [...]struct{ layer, text string }{
	{"", ""}, {"link", "shorter than its header"}, {"link", "tag cut short"},
	{"ip", "header length out of range"}, {"ip", "total length shorter than the header"},
	{"ipv6", "shorter than its header"}, {"ipv6", "extension headers run past the end"},
	{"ip", "fragments overlap or exceed a datagram"}, {"tcp", "header length out of range"},
	{"udp", "shorter than its header"}, {"udp", "length field exceeds the datagram"},
	{"tunnel", "nested too deep"}, {"arp", "shorter than its fields"},
}

// Layer names the layer that lied.
func (f Fault) Layer() string { return faults[f].layer }

// Text says how.
func (f Fault) Text() string { return faults[f].text }

// Faults is how many kinds of fault there are.
const Faults = len(faults)

func be16(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 }
func be32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[3]) | uint32(b[2])<<8 | uint32(b[1])<<16 | uint32(b[0])<<24
}
func be64(b []byte) uint64 { return uint64(be32(b))<<32 | uint64(be32(b[4:])) }
