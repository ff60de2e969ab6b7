// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package dhcp

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

const device = "\x02\x00\x5e\x10\x00\x01"

var deviceMAC = observation.MAC{2, 0, 0x5e, 0x10, 0, 1}

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

func raw(s string) string {
	b := ip(s).As4()
	return string(b[:])
}

// opt is an option of DHCPv4.
func opt(code byte, v string) string { return string([]byte{code, byte(len(v))}) + v }

// frame4 is a message of RFC 2131, 2.
func frame4(op byte, yiaddr, file string, opts ...string) string {
	b := string([]byte{op, 1, 6, 0}) + "\x39\x03\xf3\x26" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00" + raw(yiaddr) +
		"\x00\x00\x00\x00" + "\x00\x00\x00\x00" + device + strings.Repeat("\x00", 10) + strings.Repeat("\x00", 64)
	b += file + strings.Repeat("\x00", 128-len(file))
	return b + "\x63\x82\x53\x63" + strings.Join(opts, "") + "\xff"
}

func discover() string {
	return frame4(1, "0.0.0.0", "", opt(53, "\x01"), opt(61, "\x01"+device), opt(12, "cam-7\x00"), opt(60, "udhcp 1.21.1"),
		opt(55, "\x01\x03\x06\x0f"), opt(161, "https://maker.example/cam7"))
}

func ack(lease string) string {
	return frame4(2, "192.0.2.77", "", opt(53, "\x05"), opt(54, raw("192.0.2.1")), opt(51, lease), opt(3, raw("192.0.2.1")),
		opt(6, raw("192.0.2.53")+raw("192.0.2.54")), opt(42, raw("192.0.2.123")), opt(15, "home.example"), opt(12, "named-by-server"))
}

func client4(message string) *observation.DHCP {
	return &observation.DHCP{MAC: deviceMAC, Message: message, Hostname: "cam-7", VendorClass: "udhcp 1.21.1",
		ClientID: "0102005e100001", Params: []byte{1, 3, 6, 15}}
}

func TestAClientDescribesItselfAndTheServerBindsItsAddress(t *testing.T) {
	got := Packets(t, Datagrams()[0], 67, Out(discover()), In(ack("\x00\x00\x0e\x10")))
	Want(t, got, client4("DISCOVER"),
		&observation.MUDURL{MAC: deviceMAC, URL: "https://maker.example/cam7", Via: "dhcp"},
		&observation.DHCP{MAC: deviceMAC, Message: "ACK", FromServer: true, Hostname: "cam-7", VendorClass: "udhcp 1.21.1",
			Domain: "home.example", Assigned: ip("192.0.2.77"), ServerID: ip("192.0.2.1"), Routers: []netip.Addr{ip("192.0.2.1")},
			DNSServers: []netip.Addr{ip("192.0.2.53"), ip("192.0.2.54")}, NTPServers: []netip.Addr{ip("192.0.2.123")}, LeaseSeconds: 3600},
		&observation.Binding{IP: ip("192.0.2.77"), MAC: deviceMAC, Via: "dhcp", Until: 1 + 3600e9})
}

func TestALeaseWithoutEndHasNoUntil(t *testing.T) {
	got := Packets(t, Datagrams()[0], 67, In(ack("\xff\xff\xff\xff")))
	if b := got[1].(*observation.Binding); b.Until != 0 {
		t.Errorf("an infinite lease ends at %d", b.Until)
	}
}

func TestAnAnswerToInformBindsNothing(t *testing.T) {
	if got := Packets(t, Datagrams()[0], 67, In(frame4(2, "0.0.0.0", "", opt(53, "\x05")))); len(got) != 1 {
		t.Errorf("%d observations, want the message alone", len(got))
	}
}

func TestAnOfferWaitsForTheNameThatItsClientSaysLater(t *testing.T) {
	silent := frame4(1, "0.0.0.0", "", opt(53, "\x01"))
	offer := frame4(2, "192.0.2.77", "", opt(53, "\x02"))
	named := frame4(1, "0.0.0.0", "", opt(53, "\x03"), opt(12, "lamp"))
	row := func(message, host string) *observation.DHCP {
		b := &observation.DHCP{MAC: deviceMAC, Message: message, Hostname: host}
		if message == "OFFER" {
			b.FromServer, b.Assigned = true, ip("192.0.2.77")
		}
		return b
	}
	Want(t, Packets(t, Datagrams()[0], 67, Out(silent), In(offer), Out(named)), row("DISCOVER", "lamp"), row("OFFER", "lamp"), row("REQUEST", "lamp"))
	Want(t, Packets(t, Datagrams()[0], 67, Out(silent), In(offer)), row("DISCOVER", ""), row("OFFER", ""))
	many := make([]Turn, 3*maxHeld)
	for i := range many {
		many[i] = Out(silent)
	}
	if got := Packets(t, Datagrams()[0], 67, many...); len(got) != len(many) {
		t.Errorf("of %d messages %d were told", len(many), len(got))
	}
}

func TestOptionsInPartsAndInTheFileField(t *testing.T) {
	got := Packets(t, Datagrams()[0], 67, Out(frame4(1, "0.0.0.0", opt(60, "late class")+"\xff",
		opt(53, "\x03"), opt(52, "\x01"), opt(12, "long-"), opt(50, raw("192.0.2.9")), opt(12, "name"), opt(81, "\x04\x00\x00\x03dev\x04home\x00"))))
	Want(t, got, &observation.DHCP{MAC: deviceMAC, Message: "REQUEST", Hostname: "long-name", VendorClass: "late class",
		Requested: ip("192.0.2.9"), FQDN: "dev.home"})
}

func TestBOOTPHasNoMessageName(t *testing.T) {
	b := discover()[:header] + strings.Repeat("\x00", 64)
	Want(t, Packets(t, Datagrams()[0], 67, Out(b)), &observation.DHCP{MAC: deviceMAC})
	NotRead(t, Datagrams()[0], 4000, Out(b))
}

func TestDHCPIsNotItsNeighbours(t *testing.T) {
	for _, other := range []string{"", "\x01", strings.Repeat("\x01", 240), strings.Repeat("\xff", 400), "M-SEARCH * HTTP/1.1\r\n" + strings.Repeat(" ", 300),
		"\x01\x01\x06\x00", discover()[:header-1], "\x03" + discover()[1:]} {
		NotRead(t, Datagrams()[0], 67, Out(other))
		NotRead(t, Datagrams()[1], 547, Out(other))
	}
}

// opt6 is an option of DHCPv6 (RFC 8415, 21.1).
func opt6(code uint16, v string) string {
	return string(binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, code), uint16(len(v)))) + v
}

const (
	duidLLT = "\x00\x01\x00\x01\x1c\x39\xcf\x88" + device
	duidLL  = "\x00\x03\x00\x01" + device
)

func raw6(s string) string {
	b := ip(s).As16()
	return string(b[:])
}

func solicit() string {
	return "\x01\x10\x08\x74" + opt6(1, duidLL) + opt6(6, "\x00\x17\x00\x18") + opt6(16, "\x00\x00\x01\x37\x00\x08MSFT 5.0") +
		opt6(39, "\x00\x05cam-7\x00") + opt6(112, "https://maker.example/cam7") + opt6(3, "\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
}

func reply() string {
	return "\x07\x10\x08\x74" + opt6(1, duidLLT) + opt6(2, "\x00\x03\x00\x01\x02\x00\x5e\x10\x00\xfe") + opt6(23, raw6("2001:db8::53")) +
		opt6(24, "\x04home\x07example\x00") + opt6(3, "\x00\x00\x00\x01\x00\x00\x07\x08\x00\x00\x0b\x40"+opt6(5, raw6("2001:db8::77")+"\x00\x00\x0e\x10\x00\x00\x1c\x20"))
}

func TestDHCPv6ClientOnItsLinkIsKnownByItsOwnLinkAddress(t *testing.T) {
	sender := observation.MAC{2, 0, 0, 0, 0, 1} // the player's client
	Want(t, Packets(t, Datagrams()[1], 547, Out(solicit())),
		&observation.DHCP{V6: true, MAC: sender, Message: "SOLICIT", VendorClass: "MSFT 5.0", FQDN: "cam-7", ClientID: "0003000102005e100001",
			Params: []byte{23, 24}},
		&observation.MUDURL{MAC: sender, URL: "https://maker.example/cam7", Via: "dhcpv6"})
}

func TestDHCPv6RelayedClientIsKnownByItsDUID(t *testing.T) {
	relay := func(kind byte, inner string) string {
		return string([]byte{kind, 0}) + raw6("2001:db8::1") + raw6("fe80::1") + opt6(9, inner)
	}
	server := []observation.Body{
		&observation.DHCP{V6: true, MAC: deviceMAC, Message: "REPLY", FromServer: true, ClientID: "000100011c39cf8802005e100001",
			Domain: "home.example", Assigned: ip("2001:db8::77"), DNSServers: []netip.Addr{ip("2001:db8::53")}, LeaseSeconds: 7200},
		&observation.Binding{IP: ip("2001:db8::77"), MAC: deviceMAC, Via: "dhcp", Until: 1 + 7200e9}}
	Want(t, Packets(t, Datagrams()[1], 547, In(relay(13, relay(13, reply())))), server...)
}

func TestDHCPv6DoesNotFollowRelaysForever(t *testing.T) {
	p := solicit()
	for range maxRelays + 1 {
		p = "\x0c\x00" + raw6("::") + raw6("::") + opt6(9, p)
	}
	NotRead(t, Datagrams()[1], 547, Out(p), Out("\x0c\x00"), Out(solicit()[:30]), Out("\x01\x00\x00\x00"), Out("\x63\x10\x08\x74"+opt6(1, duidLL)))
}

func FuzzDHCP(f *testing.F) {
	FuzzDatagrams(f, Datagrams(), discover(), ack("\x00\x00\x0e\x10"), solicit(), reply(),
		frame4(1, "0.0.0.0", opt(60, "late")+"\xff", opt(52, "\x03"), opt(53, "\x03")))
}

type nowhere struct{}

func (nowhere) Observe(*observation.Observation) {}

func BenchmarkDHCPv4(b *testing.B) {
	r, p := Datagrams()[0].New(), []byte(discover())
	c := &protocol.Context{Out: nowhere{}, Server: netip.MustParseAddrPort("255.255.255.255:67")}
	b.ReportAllocs()
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		if !r.Read(c, protocol.ToServer, p) {
			b.Fatal("not read")
		}
	}
}
