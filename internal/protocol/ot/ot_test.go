// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	pt "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

// h reads bytes as a standard writes them.
func h(s string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return string(b)
}

const (
	tpktConnect = "03 00 00 16 11 e0 00 00 00 01 00 c0 01 0a c1 02 01 00 c2 02 01 02"
	tpktConfirm = "03 00 00 16 11 d0 00 01 00 01 00 c0 01 0a c1 02 01 00 c2 02 01 02"
	s7Setup     = "03 00 00 19 02 f0 80 32 01 00 00 00 00 00 08 00 00 f0 00 00 01 00 01 01 e0"
	s7WriteVar  = "03 00 00 24 02 f0 80 32 01 00 00 00 01 00 0e 00 05 05 01 12 0a 10 02 00 01 00 00 83 00 00 00 00 04 00 08 01"
	iecStart    = "68 04 07 00 00 00"
	iecSingle   = "68 0e 00 00 00 00 2d 01 06 00 01 00 01 00 00 01"
	enipOpen    = "65 00 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00"
	enipWrite   = "6f 00 14 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02 00 00 00 00 00 b2 00 04 00 4d 02 20 04"
	adsInfo     = "00 00 20 00 00 00 05 01 02 03 01 01 10 27 05 01 02 04 01 01 01 80 01 00 04 00 00 00 00 00 00 00 00 00 01 00 00 00"
	adsAnswer   = "00 00 38 00 00 00 05 01 02 04 01 01 01 80 05 01 02 03 01 01 10 27 01 00 05 00 18 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 02 0b 8c 07 54 43 61 74 20 50 4c 43 20 53 65 72 76 65 72 00"
	mbRead      = "00 01 00 00 00 06 01 03 00 00 00 0a"
	mbReadOK    = "00 01 00 00 00 05 01 03 02 00 07"
	mbWrite     = "00 02 00 00 00 06 01 06 00 01 00 03"
	mbWriteOK   = "00 02 00 00 00 06 01 06 00 01 00 03"
)

func TestStreamsSayWhatIsCommandedOfWhom(t *testing.T) {
	for _, c := range []struct {
		p    protocol.StreamProtocol
		port uint16
		turn []pt.Turn
		want []observation.Body
	}{
		{s7(), 102, []pt.Turn{pt.Out(h(tpktConnect)), pt.In(h(tpktConfirm)), pt.Out(h(s7Setup)), pt.Out(h(s7WriteVar)), pt.Out(h(s7WriteVar))},
			[]observation.Body{&observation.OT{Protocol: "s7comm", Function: "setup-communication", Unauthenticated: true},
				&observation.OT{Protocol: "s7comm", Function: "write-variable", Write: true, Unauthenticated: true}}},
		{iec104(), 2404, []pt.Turn{pt.Out(h(iecStart)), pt.In(h("68 04 0b 00 00 00")), pt.Out(h(iecSingle))},
			[]observation.Body{&observation.OT{Protocol: "iec104", Function: "command-function-0x2d", Write: true, Unauthenticated: true}}},
		{enip(), 44818, []pt.Turn{pt.Out(h(enipOpen)), pt.In(h(enipOpen)), pt.Out(h(enipWrite))},
			[]observation.Body{&observation.OT{Protocol: "enip", Function: "register-session", Unauthenticated: true},
				&observation.OT{Protocol: "enip", Function: "cip-write-tag", Write: true, Unauthenticated: true}}},
		{ads(), 48898, []pt.Turn{pt.Out(h(adsInfo)), pt.In(h(adsAnswer))},
			[]observation.Body{&observation.OT{Protocol: "ads", Function: "read-device-info", Unauthenticated: true},
				&observation.OT{Protocol: "ads", Function: "read-device-info", Unauthenticated: true, Vendor: "Beckhoff", Product: "TCat PLC Server", Revision: "2.11"}}},
		{modbus(), 502, []pt.Turn{pt.Out(h(mbRead)), pt.In(h(mbReadOK)), pt.Out(h(mbWrite)), pt.In(h("00 02 00 00 00 03 01 86 02"))},
			[]observation.Body{&observation.Modbus{Function: 3, Unit: 1}, &observation.Modbus{Function: 6, Unit: 1, Write: true},
				&observation.Modbus{Function: 6, Unit: 1, Exception: true}}},
		{modbus(), 1502, []pt.Turn{pt.Out(h(mbRead)), pt.In(h(mbReadOK))}, []observation.Body{&observation.Modbus{Function: 3, Unit: 1}}},
		{modbus(), 502, []pt.Turn{pt.Out(h("00 01 00 00 00 05 0a 2b 0e 01 00")),
			pt.In(h("00 01 00 00 00 16 0a 2b 0e 01 01 00 00 03 00 03") + "ACM" + h("01 03") + "X17" + h("02 02") + "v2")},
			[]observation.Body{&observation.Modbus{Function: 0x2b, Unit: 10}, &observation.Modbus{Function: 0x2b, Unit: 10, Vendor: "ACM", Product: "X17", Revision: "v2"}}},
		{finsTCP(), 9600, []pt.Turn{pt.Out("FINS" + h("00 00 00 1a 00 00 00 02 00 00 00 00 80 00 02 00 01 00 00 fb 00 01 01 02 82 00 00 00 00 01"))},
			[]observation.Body{&observation.OT{Protocol: "fins", Function: "memory-write", Write: true, Unauthenticated: true}}},
		{opcua(), 4840, []pt.Turn{pt.Out("HELF" + h("20 00 00 00") + strings.Repeat("\x00", 24)),
			pt.Out("OPNF" + h("47 00 00 00 00 00 00 00 2f 00 00 00") + "http://opcfoundation.org/UA/SecurityPolicy#None" + h("ff ff ff ff 00 00 00 00"))},
			[]observation.Body{&observation.OT{Protocol: "opcua", Function: "open-secure-channel", SecurityNone: true, Unauthenticated: true}}},
		{hartTCP(), 5094, []pt.Turn{pt.Out(h("01 00 00 00 00 01 00 0d 01 00 00 75 30"))},
			[]observation.Body{&observation.OT{Protocol: "hart-ip", Function: "session-initiate", Unauthenticated: true}}},
	} {
		t.Run(c.p.Name, func(t *testing.T) { pt.Want(t, pt.Stream(t, c.p, c.port, c.turn...), c.want...) })
	}
}

// block closes a DNP3 header or block with its checksum.
func block(s string) string {
	crc := dnp3CRC([]byte(s))
	return s + string([]byte{byte(crc), byte(crc >> 8)})
}

func TestDNP3ChecksItsHeaderAndTellsOperate(t *testing.T) {
	operate := block(h("05 64 0b c4 03 00 04 00")) + block(h("c0 c4 05 0c 01 28"))
	got := pt.Stream(t, dnp3(), 20000, pt.Out(operate))
	pt.Want(t, got, &observation.OT{Protocol: "dnp3", Function: "direct-operate", Write: true, Unauthenticated: true})
	pt.NotRecognised(t, dnp3(), 20000, pt.Out(h("05 64 0b c4 03 00 04 00 00 00 c0 c4 05 0c 01 28 00 00")))
}

// The header and checksum of IEEE 1815's own example of a link reset.
func TestDNP3ChecksumAgreesWithTheStandard(t *testing.T) {
	if got := dnp3CRC([]byte(h("05 64 05 c0 01 00 00 04"))); got != 0x21e9 {
		t.Errorf("checksum %#04x, want 0x21e9", got)
	}
}

func TestBACnetNamesDevicesAndWrites(t *testing.T) {
	iAm := h("81 0b 00 14 01 00 10 00 c4 02 00 00 6f 22 05 c4 91 00 21 2a")
	read := h("81 0a 00 11 01 04 00 05 01 0c 0c 02 00 00 6f 19 46")
	model := h("81 0a 00 1b 01 00 30 01 0c 0c 02 00 00 6f 19 46 3e 75 07 00") + "AC-200" + h("3f")
	write := h("81 0a 00 16 01 04 00 05 02 0f 0c 00 40 00 01 19 55 3e 21 05 3f 39")
	got := pt.Packets(t, bacnet(), 47808, pt.In(iAm), pt.Out(read), pt.In(model), pt.Out(write), pt.Out(write))
	pt.Want(t, got,
		&observation.BACnet{Device: 111, VendorID: 42, Service: "i-am"},
		&observation.BACnet{Device: -1, VendorID: -1, Service: "read-property"},
		&observation.BACnet{Device: -1, VendorID: -1, Service: "read-property", Model: "AC-200"},
		&observation.BACnet{Device: -1, VendorID: -1, Service: "write-property", Write: true})
	pt.NotRead(t, bacnet(), 47808, pt.Out(h("81 0a 00 20 01 04 00 05")), pt.Out(h("81 0a 00 06 02 00")))
}

func TestOtherDatagrams(t *testing.T) {
	pt.Want(t, pt.Packets(t, knx(), 3671, pt.Out(h("06 10 04 20 00 15 04 01 00 00 11 00 bc e0 00 00 08 01 01 00 81"))),
		&observation.OT{Protocol: "knx", Function: "tunnelling-function-0x20", Unauthenticated: true})
	pt.Want(t, pt.Packets(t, finsUDP(), 9600, pt.Out(h("80 00 02 00 01 00 00 fb 00 01 05 01 00")),
		pt.In(h("c0 00 02 00 fb 00 00 01 00 01 05 01 00 00")+"CJ2M-CPU33          "+"02.00               ")),
		&observation.OT{Protocol: "fins", Function: "controller-data-read", Unauthenticated: true},
		&observation.OT{Protocol: "fins", Function: "controller-data-read", Unauthenticated: true, Vendor: "Omron", Product: "CJ2M-CPU33", Revision: "02.00"})
	connect := h("04 00 28 00 10 00 00 00 00 00 a0 de 97 6c d1 11 82 71 00 01 00 02 01 74 01 00 a0 de 97 6c d1 11 82 71 00 a0 24 42 df 7d") +
		strings.Repeat("\x11", 16) + h("00 00 00 00 01 00 00 00 00 00 00 00 00 00 ff ff ff ff 10 00 00 00 00 00")
	pt.Want(t, pt.Packets(t, profinetCM(), 34964, pt.Out(connect)), &observation.OT{Protocol: "profinet", Function: "connect", Unauthenticated: true})
}

func TestLinks(t *testing.T) {
	pt.Want(t, pt.Frame(t, goose(), observation.MAC{1, 0x0c, 0xcd, 1}, h("00 01 00 0c 00 00 00 00 61 02 80 00")),
		&observation.OT{Protocol: "goose", Function: "event", Unauthenticated: true})
	pt.Want(t, pt.Frame(t, profinetDCP(), observation.MAC{1, 0x0e, 0xcf}, h("fe ff 05 01 00 00 00 01 00 00 00 0c 02 01 00 07 00 00")+"ET200"+"\x00"),
		&observation.OT{Protocol: "profinet", Function: "dcp-identify", Unauthenticated: true, Product: "ET200"})
}

func TestNeighboursAreNotTakenForControlProtocols(t *testing.T) {
	others := []string{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "SSH-2.0-OpenSSH_9.2\r\n",
		"h1 is no IEC message", h("03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 03 00 00 00"), "HELO mail.example\r\n", "hello, this is text",
		strings.Repeat("\x00", 64), h("00 00 00 2f ff 53 4d 42 72 00 00 00 00 18 01 28 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0c 00 02")}
	for _, p := range Streams() {
		for _, o := range others {
			pt.NotRecognised(t, p, 8080, pt.Out(o))
		}
	}
}

func FuzzStreams(f *testing.F) {
	pt.FuzzStreams(f, Streams(), []pt.Turn{pt.Out(h(tpktConnect)), pt.In(h(tpktConfirm)), pt.Out(h(s7WriteVar))},
		[]pt.Turn{pt.Out(h(iecStart)), pt.Out(h(iecSingle))}, []pt.Turn{pt.Out(h(enipOpen)), pt.Out(h(enipWrite))},
		[]pt.Turn{pt.Out(h(mbRead)), pt.In(h(mbReadOK)), pt.Out(h(mbWrite)), pt.In(h(mbWriteOK))}, []pt.Turn{pt.Out(h(adsInfo)), pt.In(h(adsAnswer))})
}

func FuzzDatagrams(f *testing.F) {
	pt.FuzzDatagrams(f, Datagrams(), h("81 0b 00 14 01 00 10 00 c4 02 00 00 6f 22 05 c4 91 00 21 2a"),
		h("81 0a 00 1b 01 00 30 01 0c 0c 02 00 00 6f 19 46 3e 75 07 00")+"AC-200"+h("3f"), h("06 10 02 04 00 08 36 01"))
}

func FuzzLinks(f *testing.F) {
	pt.FuzzLinks(f, Links(), h("00 01 00 0c 00 00 00 00 61 02 80 00"), h("fe ff 05 01 00 00 00 01 00 00 00 0c 02 01 00 07 00 00")+"ET200\x00")
}
