// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package local

import (
	"encoding/binary"
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxDescription = 512
	maxURL         = 1024
)

// TLVs of IEEE 802.1AB, 8.5.
const (
	tlvEnd = iota
	tlvChassis
	tlvPort
	tlvTTL
	tlvPortDescription
	tlvSystemName
	tlvSystemDescription
	tlvCapabilities
	tlvOrganisation = 127
)

// Organisations and subtypes: LLDP-MED's inventory (ANSI/TIA-1057, 10.2.6) and the MUD URL (RFC 8520, 11).
const (
	ouiMED  = 0x0012bb
	ouiIANA = 0x00005e
	ianaMUD = 1
)

// readLLDP reads an advertisement. The sender's own address names the device: the chassis may be larger.
func readLLDP(c *protocol.Context, src, _ observation.MAC, p []byte) {
	b := observation.LLDP{Protocol: "lldp", MAC: src}
	var mud string
	r := octets.NewReader(p)
	for r.Len() >= 2 {
		h := r.U16()
		kind, v := int(h>>9), r.Bytes(int(h&0x1ff))
		if !r.OK() || kind == tlvEnd {
			break
		}
		if kind == tlvOrganisation && len(v) > 4 {
			mud = organisation(&b, mud, v)
		} else {
			basic(&b, kind, v)
		}
	}
	if b.Chassis == "" && b.Port == "" {
		return
	}
	c.Emit(0, &b)
	if mud != "" {
		c.Emit(0, &observation.MUDURL{MAC: src, URL: mud, Via: "lldp"})
	}
}

func basic(b *observation.LLDP, kind int, v []byte) {
	switch kind {
	case tlvChassis:
		b.Chassis = identifier(v, 4, 5)
	case tlvPort:
		b.Port = identifier(v, 3, 4)
	case tlvSystemName:
		b.SystemName = octets.Text(v, maxField)
	case tlvSystemDescription:
		b.SystemDesc = octets.Text(v, maxDescription)
	case tlvCapabilities: // those that the system has, and those in use
		if len(v) == 4 {
			b.Capabilities = binary.BigEndian.Uint16(v[2:])
		}
	}
}

// identifier spells a chassis or port: a link address, a network address, or text, by its subtype.
func identifier(v []byte, link, network byte) string {
	if len(v) < 2 {
		return ""
	}
	switch kind, v := v[0], v[1:]; {
	case kind == link && len(v) == 6:
		return spellMAC(v)
	case kind == network && v[0] == 1 && len(v) == 5: // address family, address
		return netip.AddrFrom4([4]byte(v[1:])).String()
	case kind == network && v[0] == 2 && len(v) == 17:
		return netip.AddrFrom16([16]byte(v[1:])).String()
	default:
		return octets.Text(v, maxField)
	}
}

func spellMAC(v []byte) string {
	const hex = "0123456789abcdef"
	var s [17]byte
	for i, c := range v[:6] {
		s[3*i], s[3*i+1] = hex[c>>4], hex[c&15]
		if i < 5 {
			s[3*i+2] = ':'
		}
	}
	return string(s[:])
}

func organisation(b *observation.LLDP, mud string, v []byte) string {
	oui, kind, v := uint32(v[0])<<16|uint32(v[1])<<8|uint32(v[2]), v[3], v[4:]
	if oui == ouiIANA && kind == ianaMUD {
		return octets.Text(v, maxURL)
	}
	if oui != ouiMED {
		return mud
	}
	switch text := octets.Text(v, maxField); kind {
	case 6:
		b.Firmware = text
	case 7: // software: says more than firmware where both are there
		if text != "" {
			b.Firmware = text
		}
	case 8:
		b.Serial = text
	case 9:
		b.Manufacturer = text
	case 10:
		b.Model = text
	}
	return mud
}
