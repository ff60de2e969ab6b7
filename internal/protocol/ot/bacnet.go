// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// BACnet/IP (ASHRAE 135, annex J): a link header of 0x81, a function and the datagram's length; a network
// header; an application message.
func bacnet() protocol.DatagramProtocol {
	return protocol.DatagramProtocol{Name: "bacnet", Ports: []uint16{47808},
		New: func() protocol.DatagramReader { return &bacnetReader{} }}
}

type bacnetReader struct {
	teller
	body observation.BACnet
}

func (r *bacnetReader) Close(*protocol.Context) {}

func (r *bacnetReader) Read(c *protocol.Context, _ protocol.Direction, p []byte) bool {
	if len(p) < 4 || p[0] != 0x81 || p[1] > 0x0c || int(binary.BigEndian.Uint16(p[2:])) != len(p) {
		return false
	}
	rest := p[4:]
	switch p[1] {
	case 0x04: // forwarded: the sender's address comes first
		if len(rest) < 6 {
			return false
		}
		rest = rest[6:]
	case 0x09, 0x0a, 0x0b: // distribute, unicast, broadcast
	default:
		return true
	}
	apdu, ok := network(rest)
	if ok && len(apdu) > 1 {
		r.application(c, apdu)
	}
	return ok
}

// network passes over the network header (clause 6.2); it gives nothing for a network message.
func network(b []byte) (apdu []byte, ok bool) {
	r := octets.NewReader(b)
	version, control := r.U8(), r.U8()
	if version != 1 {
		return nil, false
	}
	if control&0x20 != 0 {
		r.Skip(2)
		r.Skip(int(r.U8()))
	}
	if control&0x08 != 0 {
		r.Skip(2)
		r.Skip(int(r.U8()))
	}
	if control&0x20 != 0 {
		r.Skip(1)
	}
	if control&0x80 != 0 {
		return nil, r.OK()
	}
	return r.Rest(), r.OK()
}

// Kinds of application messages (clause 20.1).
const (
	confirmed   = 0
	unconfirmed = 1
	complexAck  = 3
)

func (r *bacnetReader) application(c *protocol.Context, b []byte) {
	rd := octets.NewReader(b)
	head := rd.U8()
	kind, segmented := head>>4, head&8 != 0
	r.body = observation.BACnet{Device: -1, VendorID: -1}
	switch kind {
	case confirmed:
		rd.Skip(2)
	case complexAck:
		rd.Skip(1)
	case unconfirmed:
		segmented = false
	default:
		return
	}
	if segmented {
		rd.Skip(2)
	}
	service := rd.U8()
	if !rd.OK() {
		return
	}
	said := false
	switch {
	case kind == unconfirmed:
		r.body.Service = numbered(unconfirmedServices, service)
		said = service == 0 && r.iAm(rd.Rest())
	case kind == confirmed:
		r.body.Service = numbered(confirmedServices, service)
		r.body.Write = isBACnetWrite(service)
	default:
		r.body.Service = numbered(confirmedServices, service)
		if said = service == 12 && r.property(rd.Rest()); !said {
			return // the request said it
		}
	}
	if r.fresh(uint32(kind)<<8|uint32(service)) || said {
		c.Emit(0, &r.body)
	}
}

// iAm reads a device's announcement: object identifier, sizes, vendor (clause 16.10).
func (r *bacnetReader) iAm(b []byte) bool {
	if len(b) < 5 || b[0] != 0xc4 {
		return false
	}
	r.body.Device = int64(binary.BigEndian.Uint32(b[1:]) & 0x3fffff)
	rd := octets.NewReader(b[5:])
	var v uint32
	for range 3 {
		v = 0
		for _, x := range rd.Bytes(int(rd.U8() & 7)) {
			v = v<<8 | uint32(x)
		}
	}
	if rd.OK() {
		r.body.VendorID = int(v)
	}
	return true
}

// property reads the text of a device object's property (clause 15.5): object, property, then the value
// between opening and closing tags.
func (r *bacnetReader) property(b []byte) bool {
	if len(b) < 8 || b[0] != 0x0c || binary.BigEndian.Uint32(b[1:])>>22 != 8 || b[5] != 0x19 {
		return false
	}
	id, v := b[6], b[7:]
	if v[0] == 0x29 && len(v) > 2 { // an array index
		v = v[2:]
	}
	if len(v) < 3 || v[0] != 0x3e {
		return false
	}
	text := characterString(v[1:])
	switch id {
	case 121:
		r.body.VendorName = text
	case 70:
		r.body.Model = text
	case 44, 12:
		r.body.Firmware = text
	case 28:
		r.body.Description = text
	default:
		return false
	}
	return text != "" && r.fresh(1<<16|uint32(id))
}

// characterString reads an application-tagged string in UTF-8 (clause 20.2.9).
func characterString(b []byte) string {
	rd := octets.NewReader(b)
	tag := rd.U8()
	n := int(tag & 7)
	if tag>>4 != 7 || tag&8 != 0 || n > 5 {
		return ""
	}
	if n == 5 {
		n = int(rd.U8())
	}
	s := rd.Bytes(n)
	if len(s) < 1 || s[0] != 0 {
		return ""
	}
	return octets.Text(s[1:], 120)
}

// isBACnetWrite names the services that change what a device holds (clauses 14 and 15).
func isBACnetWrite(service byte) bool {
	switch service {
	case 7, 8, 9, 10, 11, 15, 16:
		return true
	}
	return false
}

var confirmedServices = map[byte]string{0: "acknowledge-alarm", 5: "subscribe-cov", 6: "atomic-read-file",
	7: "atomic-write-file",
	8: "add-list-element", 9: "remove-list-element", 10: "create-object", 11: "delete-object", 12: "read-property",
	14: "read-property-multiple", 15: "write-property", 16: "write-property-multiple",
	17: "device-communication-control",
	20: "reinitialize-device", 26: "read-range"}

var unconfirmedServices = map[byte]string{0: "i-am", 1: "i-have", 2: "cov-notification", 3: "event-notification",
	6: "time-synchronization", 7: "who-has", 8: "who-is", 9: "utc-time-synchronization"}
