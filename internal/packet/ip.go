// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package packet

// ip decodes IPv4 or IPv6 by its version field.
func (d *Decoder) ip(b []byte, p *Packet) {
	if len(b) == 0 {
		p.Fault = IPv4Header
		return
	}
	if p.depth++; p.depth > maxDepth {
		p.Fault = TunnelDepth
		return
	}
	switch b[0] >> 4 {
	case 4:
		d.ip4(b, p)
	case 6:
		d.ip6(b, p)
	default:
		p.Fault = IPv4Header
	}
}

func (d *Decoder) ip4(b []byte, p *Packet) {
	if len(b) < 20 {
		p.Fault = IPv4Header
		return
	}
	h := int(b[0]&15) * 4
	if h < 20 || h > len(b) {
		p.Fault = IPv4Header
		return
	}
	total := int(be16(b[2:]))
	if total == 0 {
		total = len(b) // segmentation offload: the card fills it in later
	}
	if total < h {
		p.Fault = IPv4Length
		return
	}
	p.Layer = LayerNetwork
	p.EtherType = EtherIPv4
	p.Src, p.Dst = Addr4(be32(b[12:])), Addr4(be32(b[16:]))
	p.Size = total - h
	body := b[h:min(total, len(b))] // beyond it is padding
	if piece := be16(b[6:]); piece&0x3fff != 0 {
		id := fragmentID{src: p.Src, dst: p.Dst, id: uint32(be16(b[4:])), proto: b[9]}
		d.fragment(id, int(piece&0x1fff)*8, piece&0x2000 != 0, body, b[9], p)
		return
	}
	d.transport(b[9], body, p)
}

func (d *Decoder) ip6(b []byte, p *Packet) {
	if len(b) < 40 {
		p.Fault = IPv6Header
		return
	}
	p.Layer = LayerNetwork
	p.EtherType = EtherIPv6
	p.Src = Addr{be64(b[8:]), be64(b[16:])}
	p.Dst = Addr{be64(b[24:]), be64(b[32:])}
	next := b[6]
	size := int(be16(b[4:]))
	b = b[40:]
	if size == 0 {
		size = len(b) // a jumbogram, or offload
	}
	if size < len(b) {
		b = b[:size]
	}
	d.extensions(next, size, b, p)
}

// extensions walks the chain of RFC 8200, section 4.
func (d *Decoder) extensions(next uint8, size int, b []byte, p *Packet) {
	for range maxDepth {
		var n int
		switch next {
		case 0, 43, 60, 135, 139, 140: // hop-by-hop, routing, destination, mobility, HIP, shim6
			if len(b) < 8 {
				p.Fault = ExtensionChain
				return
			}
			n = int(b[1])*8 + 8
		case 51: // authentication header: its length counts words of four, less two
			if len(b) < 8 {
				p.Fault = ExtensionChain
				return
			}
			n = int(b[1])*4 + 8
		case 44:
			if len(b) < 8 {
				p.Fault = ExtensionChain
				return
			}
			off := be16(b[2:])
			if off&0xfff9 != 0 {
				p.Size = size - 8
				id := fragmentID{src: p.Src, dst: p.Dst, id: be32(b[4:])}
				d.fragment(id, int(off&0xfff8), off&1 != 0, b[8:], b[0], p)
				return
			}
			n = 8 // an atomic fragment (RFC 6946)
		default:
			p.Size = size
			d.transport(next, b, p)
			return
		}
		if n > len(b) {
			p.Fault = ExtensionChain
			return
		}
		next, b, size = b[0], b[n:], size-n
	}
	p.Fault = ExtensionChain
}

// transport decodes what IP carries. p.Size is the stated length of it.
func (d *Decoder) transport(proto uint8, b []byte, p *Packet) {
	p.Proto, p.Payload = proto, b
	switch proto {
	case ProtoTCP:
		d.tcp(b, p)
	case ProtoUDP:
		d.udp(b, p)
	case ProtoIPv4, ProtoIPv6:
		if len(b) > 0 {
			d.ip(b, p)
		}
	case ProtoGRE:
		d.gre(b, p)
	case ProtoSCTP:
		if len(b) >= 12 {
			p.SrcPort, p.DstPort, p.Layer = be16(b), be16(b[2:]), LayerPorts
			p.Payload, p.Size = b[12:], max(p.Size-12, 0)
		}
	}
}

func (d *Decoder) tcp(b []byte, p *Packet) {
	if len(b) < 20 {
		// Frames cut at a short snap length still show who talks to whom.
		if len(b) >= 14 && p.Size >= 20 {
			p.SrcPort, p.DstPort, p.Seq, p.Ack, p.Flags = be16(b), be16(b[2:]), be32(b[4:]), be32(b[8:]), b[13]&0x1f
			p.Payload, p.Size, p.Layer = nil, max(p.Size-int(b[12]>>4)*4, 0), LayerPorts
			return
		}
		p.Fault = TCPHeader
		return
	}
	h := int(b[12]>>4) * 4
	if h < 20 || h > p.Size {
		p.Fault = TCPHeader
		return
	}
	p.SrcPort, p.DstPort, p.Seq, p.Ack, p.Flags = be16(b), be16(b[2:]), be32(b[4:]), be32(b[8:]), b[13]&0x1f
	p.Payload, p.Size, p.Layer = b[min(h, len(b)):], p.Size-h, LayerPorts
}

// vxlan is the port of RFC 7348.
const vxlan = 4789

func (d *Decoder) udp(b []byte, p *Packet) {
	if len(b) < 8 {
		p.Fault = UDPHeader
		return
	}
	p.SrcPort, p.DstPort, p.Layer = be16(b), be16(b[2:]), LayerPorts
	n := int(be16(b[4:]))
	switch {
	case n == 0: // a jumbogram, or offload
		n = p.Size
	case n < 8:
		p.Fault = UDPHeader
		n = 8
	case n > p.Size:
		p.Fault = UDPLength
		n = p.Size
	}
	b = b[8:min(n, len(b))]
	p.Payload, p.Size = b, n-8
	if p.DstPort == vxlan && len(b) >= 22 && b[0] == 8 && b[1]|b[2]|b[3]|b[7] == 0 {
		if p.depth++; p.depth <= maxDepth {
			d.inner(EtherTEB, b[8:], p)
		}
	}
}

// gre decodes RFC 2784 and 2890, and ERSPAN type II over it.
func (d *Decoder) gre(b []byte, p *Packet) {
	if len(b) < 4 || b[1]&7 != 0 {
		return // version 1 is PPTP's
	}
	n := 4
	for _, bit := range []byte{0x80, 0x20, 0x10} { // checksum, key, sequence number
		if b[0]&bit != 0 {
			n += 4
		}
	}
	t := be16(b[2:])
	if t == EtherERSPAN {
		if b[0]&0x10 != 0 {
			n += 8
		}
		t = EtherTEB
	}
	if n > len(b) || t != EtherTEB && t != EtherIPv4 && t != EtherIPv6 {
		return
	}
	d.inner(t, b[n:], p)
}

// inner decodes what a tunnel carries: what is within takes the place of what is without.
func (d *Decoder) inner(t uint16, b []byte, p *Packet) {
	if t == EtherTEB {
		p.Layer, p.SrcPort, p.DstPort = LayerLink, 0, 0
		d.ethernet(b, p)
		return
	}
	d.typed(t, b, p)
}
