// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package infra

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func udp(name string) protocol.DatagramProtocol {
	for _, p := range Datagrams() {
		if p.Name == name {
			return p
		}
	}
	panic(name)
}

func session(name, version, detail string) *observation.Session {
	return &observation.Session{Protocol: name, Version: version, Detail: detail}
}

// ber is an element of at most 127 bytes.
func ber(tag byte, parts ...string) string {
	v := strings.Join(parts, "")
	return string([]byte{tag, byte(len(v))}) + v
}

func snmpMessage(version byte, community string, pdu byte, value string) string {
	oid := ber(tagOID, string(sysDescr))
	return ber(tagSequence, ber(tagInteger, string([]byte{version})), ber(tagOctets, community),
		ber(pdu, ber(tagInteger, "\x01"), ber(tagInteger, "\x00"), ber(tagInteger, "\x00"), ber(tagSequence, ber(tagSequence, oid, value))))
}

func community(proto, name, outcome, list string) *observation.Login {
	return &observation.Login{Protocol: proto, Secret: Secret("community", name), Readable: true, Outcome: outcome, Factory: list}
}

func TestACommunityIsALoginThatAnAnswerAccepts(t *testing.T) {
	null, descr := ber(5), ber(tagOctets, "Switch 8, OS 1.2")
	got := Packets(t, udp("snmp"), 161, Out(snmpMessage(1, "public", 0xa0, null)), In(snmpMessage(1, "public", 0xa2, descr)),
		In(snmpMessage(1, "public", 0xa2, descr)), Out(snmpMessage(0, "s3cret-name", 0xa1, null)))
	Want(t, got, &observation.SNMP{Version: "v2c", PDU: "get"},
		community("snmp-v2c", "public", "accepted", "snmp-communities"),
		&observation.SNMP{Version: "v2c", PDU: "response", SysDescr: "Switch 8, OS 1.2", Response: true},
		&observation.SNMP{Version: "v1", PDU: "get-next"},
		community("snmp-v1", "s3cret-name", "unknown", ""))
}

func TestSNMPTrap(t *testing.T) {
	trap := ber(tagSequence, ber(tagInteger, "\x00"), ber(tagOctets, "public"), ber(0xa4, ber(tagOID, "\x2b\x06"), ber(0x40, "\xc0\x00\x02\x01")))
	Want(t, Packets(t, udp("snmp"), 162, Out(trap)), &observation.SNMP{Version: "v1", PDU: "trap"}, community("snmp-v1", "public", "unknown", "snmp-communities"))
}

func TestSNMPv3HasNoCommunity(t *testing.T) {
	head := ber(tagInteger, "\x03") + ber(tagSequence, ber(tagInteger, "\x01"), ber(tagInteger, "\x7f"), ber(tagOctets, "\x04"), ber(tagInteger, "\x03")) + ber(tagOctets, ber(tagSequence))
	plain := ber(tagSequence, ber(tagOctets), ber(tagOctets), ber(0xa0, ber(tagInteger, "\x01"), ber(tagInteger, "\x00"), ber(tagInteger, "\x00"), ber(tagSequence)))
	Want(t, Packets(t, udp("snmp"), 161, Out(ber(tagSequence, head, plain)), Out(ber(tagSequence, head, ber(tagOctets, "encrypted")))),
		&observation.SNMP{Version: "v3", PDU: "get"}, &observation.SNMP{Version: "v3"})
}

func TestNTP(t *testing.T) {
	body := strings.Repeat("\x00", 46)
	Want(t, Packets(t, udp("ntp"), 123, Out("\x23\x00"+body), In("\x24\x02"+body), Out("\x16\x02"+body), Out("\x17\x00\x03\x2a\x00\x00\x00\x00")),
		&observation.NTP{Version: 4, Mode: 3}, &observation.NTP{Version: 4, Mode: 4, Stratum: 2, FromServer: true},
		&observation.NTP{Version: 2, Mode: 6}, &observation.NTP{Version: 2, Mode: 7})
	NotRead(t, udp("ntp"), 123, Out(""), Out("\x23"), Out("\x00"+body+"\x00"), Out(strings.Repeat("\xff", 4)), Out("\x23\x00"+body[:20]))
}

func TestSyslog(t *testing.T) {
	Want(t, Packets(t, udp("syslog"), 514, Out("<34>Oct 11 22:14:15 cam su: failed"), Out("<35>Oct 11 22:14:16 cam su: again")), session("syslog", "rfc3164", ""))
	Want(t, Packets(t, udp("syslog"), 5514, Out("<165>1 2003-10-11T22:14:15.003Z cam app - ID47 - x")), session("syslog", "rfc5424", ""))
	Want(t, Packets(t, udp("syslog"), 514, Out("<13>no date")), session("syslog", "", ""))
	NotRead(t, udp("syslog"), 514, Out("<192>Oct 11 22:14:15 x"), Out("<>x"), Out("<1"), Out("34>x"), Out("<34>"), Out("<html>"))
	NotRead(t, udp("syslog"), 5514, Out("<13>no date"))
	Want(t, Stream(t, Streams()[0], 514, Out("<34>Oct 11 22:14:15 cam su: failed\n")), session("syslog", "", ""))
	Want(t, Stream(t, Streams()[0], 6000, Out("48 <165>1 2003-10-11T22:14:15.003Z cam app - ID47 - x")), session("syslog", "", ""))
	NotRecognised(t, Streams()[0], 514, Out("1021\x00user\x00root\x00id\x00"))
	NotRecognised(t, Streams()[0], 514, Out("<html><head><title>x</title></head>"))
}

func ikeMessage(version, exchange, payload byte, body string) string {
	h := "initiate" + strings.Repeat("\x00", 8) + string([]byte{payload, version, exchange, 0}) + "\x00\x00\x00\x00"
	return h + string(binary.BigEndian.AppendUint32(nil, uint32(ikeHead+len(body)))) + body
}

func block(head, v string) string { // next or more, reserved, length
	return head + "\x00" + string(binary.BigEndian.AppendUint16(nil, uint16(4+len(v)))) + v
}

func TestIKETellsEachGroup(t *testing.T) {
	transforms := block("\x03", "\x01\x01\x00\x00\x80\x01\x00\x05\x80\x04\x00\x02") + block("\x00", "\x02\x01\x00\x00\x80\x04\x00\x0e\x00\x0c\x00\x04\x00\x00\x70\x80")
	one := ikeMessage(0x10, 4, 1, block("\x00", "\x00\x00\x00\x01\x00\x00\x00\x01"+block("\x00", "\x01\x01\x00\x02"+transforms)))
	Want(t, Packets(t, udp("ike"), 500, Out(one), Out(one)), session("ike", "IKEv1", "aggressive"),
		&observation.Kex{Protocol: "ike", Group: 2, Weak: true}, &observation.Kex{Protocol: "ike", Group: 14})
	two := ikeMessage(0x20, 34, 33, block("\x00", block("\x00", "\x01\x01\x00\x02"+block("\x03", "\x01\x00\x00\x0c")+block("\x00", "\x04\x00\x00\x13"))))
	Want(t, Packets(t, udp("ike"), 4500, Out("\x00\x00\x00\x00"+two), Out("\xff"), Out("\x12\x34\x56\x78esp in udp")), session("ike", "IKEv2", "sa-init"),
		&observation.Kex{Protocol: "ike", Group: 19})
	NotRead(t, udp("ike"), 500, Out(one[:40]), Out(strings.Repeat("\x00", 60)), Out("\xff"), Out(one+"x"))
}

func TestTunnels(t *testing.T) {
	Want(t, Packets(t, udp("wireguard"), 4000, Out("\x01\x00\x00\x00"+strings.Repeat("w", 144)), In("\x02\x00\x00\x00"+strings.Repeat("w", 88)),
		Out("\x04\x00\x00\x00"+strings.Repeat("w", 28))), session("wireguard", "", ""))
	NotRead(t, udp("wireguard"), 4000, Out("\x04\x00\x00\x00"+strings.Repeat("w", 28)), Out("\x01\x00\x00\x00"+strings.Repeat("w", 143)))

	plain := "\x38sessioni\x00\x00\x00\x00\x00"
	Want(t, Packets(t, udp("openvpn"), 4000, Out(plain), In("\x40sessionr\x01\x00\x00\x00\x00sessioni\x00\x00\x00\x00")), session("openvpn", "", ""))
	Packets(t, udp("openvpn"), 4000, Out("\x38sessioni"+strings.Repeat("h", 20)+"\x00\x00\x00\x01time\x00\x00\x00\x00\x00"))
	NotRead(t, udp("openvpn"), 4000, Out("\x38sessioni\x01\x00\x00\x00\x00"), Out(plain+"x"), Out("\x38"+strings.Repeat("8", 60)))
	Want(t, Stream(t, Streams()[1], 1194, Out("\x00\x0e"+plain)), session("openvpn", "", ""))
	NotRecognised(t, Streams()[1], 1194, Out("GET / HTTP/1.1\r\n\r\n"))
	NotRecognised(t, Streams()[1], 1194, Out("\x00\x0e\x38"+strings.Repeat("x", 30)))

	Want(t, Packets(t, udp("l2tp"), 1701, Out("\xc8\x02\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00"), Out("\x00\x02\x00\x01\x00\x01data")), session("l2tp", "", ""))
	NotRead(t, udp("l2tp"), 1701, Out("\x00\x02\x00\x01\x00\x01data"), Out("\xc8\x02\x00\x0d\x00\x00\x00\x00\x00\x00\x00\x00"))
}

func TestRADIUS(t *testing.T) {
	request := "\x01\x05\x00\x24" + strings.Repeat("a", 16) + "\x01\x06user" + "\x04\x06\xc0\x00\x02\x01" + "\x05\x04\x00\x01"
	Want(t, Packets(t, udp("radius"), 1812, Out(request), In("\x02\x05\x00\x14"+strings.Repeat("b", 16))), session("radius", "", "access-request"))
	Packets(t, udp("radius"), 4000, Out(request))
	NotRead(t, udp("radius"), 4000, Out(request[:30]), Out("\x02\x05\x00\x14"+strings.Repeat("b", 16)), Out("\x01\x05\x00\x16"+strings.Repeat("a", 16)+"\x01\x01"))
}

func TestCoAP(t *testing.T) {
	get := "\x41\x01\x12\x34\xaa\xbb.well-known\x04core\x45rt=x1"
	Want(t, Packets(t, udp("coap"), 5683, Out(get), In("\x61\x45\x12\x34\xaa\xc1\x28\xff</t>")), session("coap", "", "GET /.well-known/core"))
	Packets(t, udp("coap"), 4000, Out(get))
	NotRead(t, udp("coap"), 4000, Out("\x40\x01\x12\x34"), Out(strings.Repeat("\x41", 30)), Out(strings.Repeat("\x00", 30)), Out(get[:10]))
	NotRead(t, udp("coap"), 5683, Out("\x40\x00\x12\x34x"), Out("\x49\x01\x12\x34"+strings.Repeat("t", 9)), Out("\x40\x01\x12\x34\xf0"), Out("\x40\x01\x12\x34\xff"))
}

func TestInfrastructureIsNotItsNeighbours(t *testing.T) {
	for _, other := range []string{"", "\x00", strings.Repeat("\xff", 60), strings.Repeat("\x00", 60), "M-SEARCH * HTTP/1.1\r\n\r\n", "OPTIONS sip:x SIP/2.0\r\n\r\n",
		"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x30" + strings.Repeat("d", 48), "\x30\x0c\x02\x01\x01\x63\x07\x04\x00\x0a\x01\x00",
		"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x00\x00\x01\x00\x01", "\x81\x0b\x00\x0c\x01\x20\xff\xff\x00\xff\x10\x08"} {
		for _, p := range Datagrams() {
			if !p.PortOnly {
				NotRead(t, p, 4000, Out(other), In(other))
			}
		}
	}
}

func TestAReaderThatReadNothingIsHandedOutAgain(t *testing.T) {
	p := udp("syslog")
	if p.New() != p.New() {
		t.Error("a reader was made for nothing")
	}
}

func FuzzInfra(f *testing.F) {
	FuzzDatagrams(f, Datagrams(), snmpMessage(1, "public", 0xa2, ber(tagOctets, "x")), "<34>Oct 11 22:14:15 cam su: failed",
		ikeMessage(0x20, 34, 33, block("\x00", block("\x00", "\x01\x01\x00\x01"+block("\x00", "\x04\x00\x00\x13")))),
		"\x38sessioni\x00\x00\x00\x00\x00", "\x41\x01\x12\x34\xaa\xbb.well-known\x04core", "\x16\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
		"\x01\x05\x00\x1a"+strings.Repeat("a", 16)+"\x01\x06user")
}

func FuzzInfraStreams(f *testing.F) {
	FuzzStreams(f, Streams(), []Turn{Out("<34>Oct 11 22:14:15 cam su: failed\n")}, []Turn{Out("\x00\x0e\x38sessioni\x00\x00\x00\x00\x00")})
}
