// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"encoding/binary"
	"strconv"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// EtherNet/IP (CIP volume 2, 2-3): a header of 24 bytes, little-endian: command, length, session, status, sender's
// context, options.
const (
	enipHead = 24
	enipMax  = 1 << 10
)

func enip() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "enip", Ports: []uint16{44818},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess { return isENIP(either(out, in)) },
		New: func() protocol.Stream {
			r := &enipReader{}
			return newStream(enipSize, enipMax, r.read)
		}}
}

func enipUDP() protocol.DatagramProtocol {
	return protocol.DatagramProtocol{Name: "enip", Ports: []uint16{44818},
		New: func() protocol.DatagramReader { return &enipReader{} }}
}

func isENIP(b []byte) protocol.Guess {
	if len(b) >= 2 && enipCommands[b[0]] == "" || len(b) >= 2 && b[1] != 0 {
		return protocol.No
	}
	if len(b) < enipHead {
		return protocol.Maybe
	}
	// Status is a small number, options are zero.
	status := binary.LittleEndian.Uint32(b[8:])
	return sure(status <= 0x6a && binary.LittleEndian.Uint32(b[20:]) == 0 &&
		binary.LittleEndian.Uint16(b[2:]) <= 8192 &&
		(b[0] != 0x65 || binary.LittleEndian.Uint16(b[2:]) == 4))
}

var enipCommands = map[byte]string{0x04: "list-services", 0x63: "list-identity", 0x64: "list-interfaces",
	0x65: "register-session",
	0x66: "unregister-session", 0x6f: "send-rr-data", 0x70: "send-unit-data"}

func enipSize(b []byte) int {
	if len(b) < enipHead {
		return 0
	}
	if isENIP(b) != protocol.Yes {
		return -1
	}
	return enipHead + int(binary.LittleEndian.Uint16(b[2:]))
}

type enipReader struct{ teller }

func (r *enipReader) Close(*protocol.Context) {}

func (r *enipReader) Read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if isENIP(p) != protocol.Yes || enipSize(p) != len(p) {
		return false
	}
	r.read(c, d, p, c.Frame)
	return true
}

func (r *enipReader) read(c *protocol.Context, d protocol.Direction, rec []byte, first uint32) {
	command, body := rec[0], rec[enipHead:]
	switch command {
	case 0x63:
		if r.identity(body) {
			c.Emit(first, &r.body)
			return
		}
	case 0x6f, 0x70:
		if s, ok := cipService(body); ok && d == protocol.ToServer && s&0x80 == 0 {
			r.say(c, first, "enip", 0x100|uint32(s), "cip-"+numbered(cipServices, s), isCIPWrite(s))
			return
		}
	}
	r.say(c, first, "enip", uint32(command), enipCommands[command], false)
}

var cipServices = map[byte]string{0x01: "get-attributes-all", 0x0a: "multiple-service", 0x0e: "get-attribute",
	0x10: "set-attribute",
	0x4c: "read-tag", 0x4d: "write-tag", 0x4e: "forward-close", 0x52: "unconnected-send",
	0x53: "write-fragmented", 0x54: "forward-open"}

func isCIPWrite(s byte) bool { return s == 0x02 || s == 0x10 || s == 0x4d || s == 0x53 }

// cipService finds the service in the data item of a common packet: interface, timeout, a count, then items
// of type and length.
func cipService(b []byte) (byte, bool) {
	r := octets.NewReader(b)
	r.Skip(6)
	for range min(int(r.LU16()), 8) {
		kind := r.LU16()
		v := r.Bytes(int(r.LU16()))
		switch {
		case kind == 0xb2 && len(v) > 0:
			return v[0], true
		case kind == 0xb1 && len(v) > 2:
			return v[2], true
		}
	}
	return 0, false
}

// identity reads a device's answer to list-identity: the item 0x0c with version, socket address, vendor
// number, device type, product code, revision, status, serial number and name (CIP volume 2, table 2-4.4).
func (r *enipReader) identity(b []byte) bool {
	rd := octets.NewReader(b)
	if rd.LU16() == 0 || rd.LU16() != 0x0c {
		return false
	}
	rd.Skip(2 + 2 + 16)
	vendor := rd.LU16()
	rd.Skip(4)
	major, minor := rd.U8(), rd.U8()
	rd.Skip(6)
	name := octets.Text(rd.Bytes(int(rd.U8())), 64)
	if !rd.OK() || name == "" || !r.fresh(0x163) {
		return false
	}
	r.body = observation.OT{Protocol: "enip", Function: "identity", Unauthenticated: true, Vendor: cipVendors[vendor],
		Product: name, Revision: strconv.Itoa(int(major)) + "." + strconv.Itoa(int(minor))}
	return true
}

// cipVendors are the commonest of the vendor numbers that ODVA assigns.
var cipVendors = map[uint16]string{1: "Rockwell Automation", 5: "Rockwell Automation", 26: "Festo", 40: "WAGO",
	44: "Molex", 47: "Omron",
	90: "HMS Networks", 108: "Beckhoff", 161: "Mitsubishi Electric", 243: "Schneider Electric", 283: "Hilscher",
	562:  "Phoenix Contact",
	1251: "Siemens"}
