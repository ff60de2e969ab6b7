// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package infra

import (
	"bytes"
	"hash/maphash"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// Tags of X.690 and PDUs of RFC 1157 and RFC 3416.
const (
	tagInteger  = 0x02
	tagOctets   = 0x04
	tagOID      = 0x06
	tagSequence = 0x30
	pduFirst    = 0xa0
	pduResponse = 0xa2
	pduTrap     = 0xa4
	pduTrap2    = 0xa7
	pduReport   = 0xa8
	maxDescr    = 255
	maxBinds    = 64
)

var pduNames = [...]string{"get", "get-next", "response", "set", "trap", "get-bulk", "inform", "trap", "report"}

// sysDescr is 1.3.6.1.2.1.1.1.0.
var sysDescr = []byte{0x2b, 6, 1, 2, 1, 1, 1, 0}

// snmp reads one conversation. Each kind of PDU is told once, and each description; a community is
// told as a login, accepted when the agent answers to it.
type snmp struct {
	told    uint16 // kinds of PDU, by bit
	descr   string
	attempt login.Attempt
	seed    maphash.Seed
	last    uint64 // hash of version and community; communities themselves are not kept
	body    observation.SNMP
}

func (s *snmp) used() bool { return s.told != 0 }

// message is what a message says: slices of it.
type message struct {
	version   int64
	community []byte
	pdu       byte
	binds     []byte
}

func (s *snmp) Read(c *protocol.Context, _ protocol.Direction, p []byte) bool {
	m, ok := parseSNMP(p)
	if !ok {
		return false
	}
	response := m.pdu == pduResponse || m.pdu == pduReport
	if m.version != 3 {
		s.login(c, &m)
	}
	s.body = observation.SNMP{Version: versionName(m.version), PDU: pduName(m.pdu), Response: response}
	if m.pdu == pduResponse {
		s.body.SysDescr = s.describe(m.binds)
	}
	bit := uint16(1) << (m.pdu & 0xf)
	if m.pdu == 0 {
		bit = 1 << 15 // encrypted
	}
	if s.told&bit == 0 || s.body.SysDescr != "" {
		s.told |= bit
		c.Emit(0, &s.body)
	}
	return true
}

func (s *snmp) Close(c *protocol.Context) { s.attempt.Close(c, login.Unknown) }

func (s *snmp) login(c *protocol.Context, m *message) {
	if s.last == 0 {
		s.seed = maphash.MakeSeed()
	}
	if h := maphash.Bytes(s.seed, m.community) ^ uint64(m.version) | 1; h != s.last {
		s.last = h
		s.attempt.Open(c, "snmp-"+versionName(m.version), c.Frame)
		s.attempt.Community(c, m.community)
	}
	if m.pdu == pduResponse {
		s.attempt.Close(c, login.Accepted)
	}
}

// describe gives the agent's description where it is new.
func (s *snmp) describe(binds []byte) string {
	for range maxBinds {
		bind, rest, ok := octets.BER(binds)
		if !ok || bind.Tag != tagSequence {
			break
		}
		binds = rest
		oid, value, ok := octets.BER(bind.Value)
		if !ok || oid.Tag != tagOID || !bytes.Equal(oid.Value, sysDescr) {
			continue
		}
		v, _, ok := octets.BER(value)
		if text := octets.Text(v.Value, maxDescr); ok && v.Tag == tagOctets && text != s.descr {
			s.descr = text
			return text
		}
	}
	return ""
}

func parseSNMP(p []byte) (m message, ok bool) {
	outer, rest, ok := octets.BER(p)
	if !ok || outer.Tag != tagSequence || len(rest) > 8 {
		return m, false
	}
	version, b, ok := octets.BER(outer.Value)
	if !ok || version.Tag != tagInteger || len(version.Value) != 1 {
		return m, false
	}
	switch m.version = version.Int(); m.version {
	case 0, 1:
		community, b, ok := octets.BER(b)
		if !ok || community.Tag != tagOctets || len(b) == 0 || b[0] < pduFirst || b[0] > pduReport {
			return m, false
		}
		m.community = community.Value
		return m, m.data(b)
	case 3:
		return m, m.three(b)
	}
	return m, false
}

// three reads the header of version 3 (RFC 3412, 6): global data, security parameters, then a scoped PDU,
// plain or encrypted.
func (m *message) three(b []byte) bool {
	global, b, ok := octets.BER(b)
	if !ok || global.Tag != tagSequence {
		return false
	}
	security, b, ok := octets.BER(b)
	if !ok || security.Tag != tagOctets {
		return false
	}
	scoped, _, ok := octets.BER(b)
	if !ok || scoped.Tag != tagSequence {
		return ok && scoped.Tag == tagOctets
	}
	for range 2 { // context engine and name
		var field octets.TLV
		rest := scoped.Value
		if field, rest, ok = octets.BER(rest); !ok || field.Tag != tagOctets {
			return false
		}
		scoped.Value = rest
	}
	return m.data(scoped.Value)
}

// data reads the PDU: of all but the first trap, id, status, index, and the variable bindings.
func (m *message) data(b []byte) bool {
	pdu, _, ok := octets.BER(b)
	if !ok || pdu.Tag < pduFirst || pdu.Tag > pduReport {
		return false
	}
	m.pdu = pdu.Tag
	if m.pdu == pduTrap {
		return true
	}
	v := pdu.Value
	for range 3 {
		field, rest, ok := octets.BER(v)
		if !ok || field.Tag != tagInteger {
			return false
		}
		v = rest
	}
	binds, _, ok := octets.BER(v)
	m.binds = binds.Value
	return ok && binds.Tag == tagSequence
}

func versionName(v int64) string {
	switch v {
	case 0:
		return "v1"
	case 1:
		return "v2c"
	}
	return "v3"
}

func pduName(tag byte) string {
	if tag < pduFirst || int(tag-pduFirst) >= len(pduNames) {
		return ""
	}
	return pduNames[tag-pduFirst]
}
