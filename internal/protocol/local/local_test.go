// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package local

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

var sender = observation.MAC{2, 0, 0, 0, 0, 1} // the player's client

func udp(name string) protocol.DatagramProtocol {
	for _, p := range Datagrams() {
		if p.Name == name {
			return p
		}
	}
	panic(name)
}

func link(name string) protocol.LinkProtocol {
	for _, p := range Links() {
		if p.Name == name {
			return p
		}
	}
	panic(name)
}

const (
	search = "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 3\r\nST: upnp:rootdevice\r\nUSER-AGENT: os/1 UPnP/1.1 app/2\r\n\r\n"
	notify = "NOTIFY * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nUSN: uuid:1::upnp:rootdevice\r\n" +
		"Server: Linux/3.14 UPnP/1.0 Hub/1.9\r\nLocation: http://192.0.2.6:80/description.xml\r\n\r\n"
	found = "HTTP/1.1 200 OK\r\nST:upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\nSERVER: Linux/3.14 UPnP/1.0 Hub/1.9\r\n"
)

func TestSSDP(t *testing.T) {
	Want(t, Packets(t, udp("ssdp"), 1900, Out(search), Out(notify), In(found)),
		&observation.SSDP{Method: "M-SEARCH", Target: "upnp:rootdevice", UserAgent: "os/1 UPnP/1.1 app/2"},
		&observation.SSDP{Method: "NOTIFY", Target: "upnp:rootdevice", USN: "uuid:1::upnp:rootdevice", Server: "Linux/3.14 UPnP/1.0 Hub/1.9",
			Location: "http://192.0.2.6:80/description.xml"},
		&observation.SSDP{Target: "upnp:rootdevice", USN: "uuid:1::upnp:rootdevice", Server: "Linux/3.14 UPnP/1.0 Hub/1.9"})
}

// tlv is a value of LLDP: seven bits of type, nine of length.
func tlv(kind int, v string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(kind<<9|len(v)))) + v
}

const mudURL = "https://maker.example/.well-known/mud/v1/lamp"

func advertisement() string {
	return tlv(1, "\x04\x02\x00\x5e\x00\x00\x09") + tlv(2, "\x05eth0") + tlv(3, "\x00\x78") + tlv(5, "upstairs") + tlv(6, "Lamp OS 2.1") +
		tlv(7, "\x00\x14\x00\x10") + tlv(127, "\x00\x12\xbb\x06fw 1") + tlv(127, "\x00\x12\xbb\x08S-1") + tlv(127, "\x00\x12\xbb\x09Maker") +
		tlv(127, "\x00\x12\xbb\x0aLamp 3") + tlv(127, "\x00\x00\x5e\x01"+mudURL) + tlv(0, "") + "padding"
}

func TestLLDPWithItsInventoryAndMUDURL(t *testing.T) {
	Want(t, Frame(t, link("lldp"), observation.MAC{}, advertisement()),
		&observation.LLDP{Protocol: "lldp", MAC: sender, Chassis: "02:00:5e:00:00:09", Port: "eth0", SystemName: "upstairs", SystemDesc: "Lamp OS 2.1",
			Manufacturer: "Maker", Model: "Lamp 3", Firmware: "fw 1", Serial: "S-1", Capabilities: 0x10},
		&observation.MUDURL{MAC: sender, URL: mudURL, Via: "lldp"})
}

func TestLLDPCutShortTellsWhatIsThere(t *testing.T) {
	if got := Frame(t, link("lldp"), observation.MAC{}, advertisement()[:40]); len(got) != 1 || got[0].(*observation.LLDP).SystemName != "upstairs" {
		t.Errorf("got %+v", got)
	}
	if got := Frame(t, link("lldp"), observation.MAC{}, strings.Repeat("\xff", 80)); len(got) != 0 {
		t.Errorf("noise says %+v", got)
	}
}

func TestCDP(t *testing.T) {
	value := func(kind uint16, v string) string {
		return string(binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, kind), uint16(len(v)+4))) + v
	}
	b := snapCDP + "\x02\xb4\x12\x34" + value(1, "core-1") + value(3, "Fa0/1") + value(4, "\x00\x00\x00\x28") + value(5, "OS 12.1\nbuilt") + value(6, "cisco X-8")
	Want(t, Frame(t, link("cdp"), observation.MAC{}, b),
		&observation.LLDP{Protocol: "cdp", MAC: sender, Chassis: "core-1", SystemName: "core-1", Port: "Fa0/1", SystemDesc: "OS 12.1 built", Model: "cisco X-8", Capabilities: 0x28})
	for _, other := range []string{"", "\x42\x42\x03\x00\x00", "\xaa\xaa\x03\x00\x00\x0c\x20\x04\x01\x00\x00\x00\x00\x00", snapCDP} {
		if link("cdp").Recognise(observation.MAC{}, []byte(other)) {
			t.Errorf("CDP recognises %q", other)
		}
	}
}

func TestEAPOL(t *testing.T) {
	for frame, want := range map[string]string{
		"\x01\x01\x00\x00": "start",
		"\x02\x03\x00\x5f\x02" + strings.Repeat("\x00", 94): "key",
		"\x01\x00\x00\x09\x02\x01\x00\x09\x01user":          "eap-identity",
		"\x01\x00\x00\x06\x01\x02\x00\x06\x0d\x20":          "eap-tls",
	} {
		Want(t, Frame(t, link("eapol"), observation.MAC{}, frame), &observation.Session{Protocol: "eapol", Detail: want})
	}
	if isEAPOL(sender, []byte("\x09\x01\x00\x00")) || isEAPOL(sender, []byte("\x01")) {
		t.Error("EAPOL recognises what is not it")
	}
}

func TestSTUN(t *testing.T) {
	request := "\x00\x01\x00\x0c\x21\x12\xa4\x42abcdefghijkl\x80\x22\x00\x05agent\x00\x00\x00"
	Want(t, Packets(t, udp("stun"), 4000, Out(request)), &observation.Identity{Protocol: "stun", Text: "agent", OfClient: true})
	Want(t, Stream(t, Streams()[1], 4000, Out(request), In("\x01\x01"+request[2:])), &observation.Identity{Protocol: "stun", Text: "agent", OfClient: true},
		&observation.Identity{Protocol: "stun", Text: "agent"})
	NotRecognised(t, Streams()[1], 3478, Out("\x00\x01\x00\x0c"+strings.Repeat("\x00", 30)))
	old := "\x00\x01\x00\x00" + strings.Repeat("t", 16)
	Packets(t, udp("stun"), 3478, Out(old))
	NotRead(t, udp("stun"), 4000, Out(old), Out(request+"x"), Out(request[:19]), Out("\x80"+request[1:]))
}

const hello = `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" ` +
	`xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Hello</a:Action></s:Header>` +
	`<s:Body><d:Hello><d:Scopes>onvif://www.onvif.org/type/NetworkVideoTransmitter onvif://www.onvif.org/hardware/PC%201</d:Scopes></d:Hello></s:Body></s:Envelope>`

func TestDiscoveryNamesTheHardware(t *testing.T) {
	Want(t, Packets(t, udp("ws-discovery"), 3702, Out(hello), Out(strings.ReplaceAll(hello, "Hello", "Probe"))),
		&observation.Identity{Protocol: "ws-discovery", Type: "camera", Model: "PC 1", OfClient: true,
			Text: "onvif://www.onvif.org/type/NetworkVideoTransmitter onvif://www.onvif.org/hardware/PC%201"},
		&observation.Session{Protocol: "ws-discovery", Detail: "Probe"})
}

func veil(s string) string {
	b, key := []byte(s), byte(smartHomeKey)
	for i := range b {
		b[i] ^= key
		key = b[i]
	}
	return string(b)
}

const (
	getInfo = `{"system":{"get_sysinfo":{}}}`
	info    = `{"system":{"get_sysinfo":{"err_code":0,"sw_ver":"1.0.8 Build 1","type":"IOT.SMARTPLUGSWITCH","model":"HS100(EU)","alias":"Anna's lamp","dev_name":"Wi-Fi Plug"}}}`
	join    = `{"netif":{"set_stainfo":{"ssid":"home","password":"never told","key_type":3}}}`
)

var plug = &observation.Identity{Protocol: smartHome, Vendor: "TP-Link", Type: "plug", Model: "HS100(EU)", Firmware: "1.0.8 Build 1", Text: "Wi-Fi Plug"}

func session(detail string) *observation.Session {
	return &observation.Session{Protocol: smartHome, Detail: detail}
}

func TestSmartHomeTellsCommandsAndDevicesButNothingOfTheirOwners(t *testing.T) {
	Want(t, Packets(t, udp(smartHome), 9999, Out(veil(getInfo)), In(veil(info)), Out(veil(join))),
		session("system.get_sysinfo"), plug, session("netif.set_stainfo"))
	framed := func(s string) string { return string([]byte{0, 0, byte(len(s) >> 8), byte(len(s))}) + veil(s) }
	Want(t, Stream(t, Streams()[0], 9999, Out(framed(join)), In(framed(info))), session("netif.set_stainfo"), plug)
	NotRecognised(t, Streams()[0], 9999, Out("GET / HTTP/1.1\r\n\r\n"))
	NotRecognised(t, Streams()[0], 9999, Out("\x00\x00\x00\x20"+strings.Repeat("\xd0", 32)))
}

func TestLocalProtocolsAreNotTheirNeighbours(t *testing.T) {
	for _, other := range []string{"", "\x00", strings.Repeat("\xff", 60), strings.Repeat("\x00", 60), "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"<xml/>", "OPTIONS sip:x SIP/2.0\r\n\r\n", "\xd0\xf2\x00\x00\x00\x00\x00\x00\x00", "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x00\x00\x01\x00\x01"} {
		for _, p := range Datagrams() {
			NotRead(t, p, p.Ports[0], Out(other), In(other))
		}
	}
}

func FuzzLocal(f *testing.F) {
	FuzzDatagrams(f, Datagrams(), search, notify, found, hello, veil(info), veil(join), "\x00\x01\x00\x0c\x21\x12\xa4\x42abcdefghijkl\x80\x22\x00\x05agent\x00\x00\x00")
}

func FuzzLocalLinks(f *testing.F) {
	FuzzLinks(f, Links(), advertisement(), snapCDP+"\x02\xb4\x12\x34\x00\x01\x00\x0acore-1", "\x01\x00\x00\x09\x02\x01\x00\x09\x01user")
}

func FuzzLocalStreams(f *testing.F) {
	FuzzStreams(f, Streams(), []Turn{Out("\x00\x00\x00\x1d" + veil(getInfo))}, []Turn{Out("\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl")})
}
