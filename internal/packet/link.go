// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package packet

import "github.com/writ-iot/writ/internal/capture"

// EtherTypes that the decoder follows.
const (
	EtherIPv4    = 0x0800
	EtherARP     = 0x0806
	EtherTEB     = 0x6558 // transparent Ethernet bridging, in GRE
	EtherVLAN    = 0x8100
	EtherIPv6    = 0x86dd
	EtherMPLS    = 0x8847
	EtherMPLSMul = 0x8848
	EtherPPPoE   = 0x8864
	EtherQinQ    = 0x88a8
	EtherERSPAN  = 0x88be
	EtherLoop    = 0x9000
	etherQinQOld = 0x9100
)

// maxDepth bounds tags and tunnels within each other.
const maxDepth = 12

// Decoder decodes frames and puts fragments together. It is not for concurrent use.
type Decoder struct {
	frags fragments
	clock int64
}

// Decode decodes a frame into p, overwriting all of it.
func (d *Decoder) Decode(f *capture.Frame, p *Packet) {
	*p = Packet{}
	d.clock = f.Time
	b := f.Data
	switch f.Link {
	case capture.Ethernet:
		d.ethernet(b, p)
	case capture.Null, capture.Loop:
		d.loopback(b, p)
	case capture.Raw, capture.RawBSD, capture.RawOpenBSD, capture.IPv4, capture.IPv6:
		d.ip(b, p)
	case capture.LinuxSLL:
		d.cooked(b, p)
	case capture.LinuxSLL2:
		d.cooked2(b, p)
	case capture.PPP, capture.PPPHDLC:
		d.ppp(b, p)
	}
}

func (d *Decoder) ethernet(b []byte, p *Packet) {
	if len(b) < 14 {
		p.Fault = LinkShort
		return
	}
	p.HasMAC = true
	copy(p.DstMAC[:], b)
	copy(p.SrcMAC[:], b[6:])
	d.typed(be16(b[12:]), b[14:], p)
}

// typed decodes what follows an EtherType, or an 802.3 length.
func (d *Decoder) typed(t uint16, b []byte, p *Packet) {
	for {
		p.EtherType, p.Payload, p.Size = t, b, len(b)
		if p.depth++; p.depth > maxDepth {
			p.Fault = TunnelDepth
			return
		}
		switch t {
		case EtherIPv4, EtherIPv6:
			d.ip(b, p)
			return
		case EtherVLAN, EtherQinQ, etherQinQOld:
			if len(b) < 4 {
				p.Fault = TagShort
				return
			}
			p.VLAN = be16(b) & 0xfff
			t, b = be16(b[2:]), b[4:]
		case EtherMPLS, EtherMPLSMul:
			d.mpls(b, p)
			return
		case EtherPPPoE:
			if len(b) < 6 {
				p.Fault = TagShort
				return
			}
			d.ppp(b[6:], p)
			return
		default:
			d.plain(t, b, p)
			return
		}
	}
}

// plain ends at the link layer: an EtherType that others read, or an 802.3 frame.
func (d *Decoder) plain(t uint16, b []byte, p *Packet) {
	p.Layer = LayerLink
	if t >= 0x600 {
		return
	}
	p.Layer = LayerLLC
	if int(t) < len(b) {
		p.Payload = b[:t] // the rest is padding
	}
	p.EtherType = 0
	// SNAP with OUI 0 carries an EtherType (RFC 1042).
	if b = p.Payload; len(b) >= 8 && b[0] == 0xaa && b[1] == 0xaa && b[2] == 3 && b[3]|b[4]|b[5] == 0 {
		if t := be16(b[6:]); t >= 0x600 {
			d.typed(t, b[8:], p)
		}
	}
}

func (d *Decoder) mpls(b []byte, p *Packet) {
	for i := 0; len(b) >= 5; i++ {
		bottom := b[2]&1 == 1
		b = b[4:]
		if bottom {
			switch b[0] >> 4 {
			case 4, 6:
				d.ip(b, p)
			case 0: // a pseudowire's control word, then Ethernet (RFC 4448)
				if p.depth++; p.depth > maxDepth || len(b) < 4 {
					return
				}
				d.ethernet(b[4:], p)
			}
			return
		}
		if i > maxDepth {
			break
		}
	}
	p.Fault = TagShort
}

// ppp decodes from the protocol field, before which HDLC may put an address and a control byte.
func (d *Decoder) ppp(b []byte, p *Packet) {
	if len(b) >= 2 && b[0] == 0xff && b[1] == 3 {
		b = b[2:]
	}
	if len(b) < 2 {
		p.Fault = LinkShort
		return
	}
	if t := be16(b); t == 0x0021 || t == 0x0057 {
		d.ip(b[2:], p)
		return
	}
	p.Layer = LayerLink
}

// loopback: four bytes of address family in the byte order of whoever captured. What follows says more
// surely which IP it is.
func (d *Decoder) loopback(b []byte, p *Packet) {
	if len(b) < 5 {
		p.Fault = LinkShort
		return
	}
	d.ip(b[4:], p)
}

// cooked is LINKTYPE_LINUX_SLL.
func (d *Decoder) cooked(b []byte, p *Packet) {
	if len(b) < 16 {
		p.Fault = LinkShort
		return
	}
	d.station(be16(b[2:]), be16(b[4:]), b[6:12], p)
	d.typed(be16(b[14:]), b[16:], p)
}

// cooked2 is LINKTYPE_LINUX_SLL2.
func (d *Decoder) cooked2(b []byte, p *Packet) {
	if len(b) < 20 {
		p.Fault = LinkShort
		return
	}
	d.station(be16(b[8:]), uint16(b[11]), b[12:18], p)
	d.typed(be16(b), b[20:], p)
}

// station takes the sender's address from a cooked header: there, of Ethernet and its kin only.
func (d *Decoder) station(hardware, length uint16, addr []byte, p *Packet) {
	if hardware == 1 && length == 6 {
		p.HasMAC = true
		copy(p.SrcMAC[:], addr)
	}
}
