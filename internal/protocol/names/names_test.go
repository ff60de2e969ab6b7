// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package names

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

// head is a header: flags, and how many questions, answers, authorities and additional records.
func head(flags uint16, counts ...uint16) string {
	b := binary.BigEndian.AppendUint16([]byte{0x12, 0x34}, flags)
	for _, n := range append(counts, 0, 0, 0, 0)[:4] {
		b = binary.BigEndian.AppendUint16(b, n)
	}
	return string(b)
}

// wire is a name as labels.
func wire(name string) string {
	var b strings.Builder
	for l := range strings.SplitSeq(name, ".") {
		b.WriteByte(byte(len(l)))
		b.WriteString(l)
	}
	return b.String() + "\x00"
}

func ask(name string, kind byte) string { return wire(name) + "\x00" + string(rune(kind)) + "\x00\x01" }

func rr(owner string, kind byte, data string) string {
	return owner + string([]byte{0, kind, 0, 1, 0, 0, 0, 60, byte(len(data) >> 8), byte(len(data))}) + data
}

const first = "\xc0\x0c" // a pointer to the first question

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

func udp(name string) protocol.DatagramProtocol {
	for _, p := range Datagrams() {
		if p.Name == name {
			return p
		}
	}
	panic(name)
}

func query() string { return head(0x0100, 1) + ask("WWW.Maker.example", 1) }

func answer() string {
	return head(0x8180, 1, 3) + ask("www.maker.example", 1) + rr(first, 5, "\x03cdn"+"\xc0\x10") +
		rr("\xc0\x2f", 1, "\xc0\x00\x02\x07") + rr("\xc0\x2f", 28, string(ip("2001:db8::7").AsSlice()))
}

var told = []observation.Body{
	&observation.DNS{Name: "www.maker.example", Type: "A", Protocol: "dns"},
	&observation.DNS{Name: "www.maker.example", Type: "A", Protocol: "dns", Response: true, Answers: []netip.Addr{ip("192.0.2.7"), ip("2001:db8::7")}},
}

func TestDNSTellsQuestionAndAnswerOnAnyPort(t *testing.T) {
	for _, port := range []uint16{53, 5300} {
		Want(t, Packets(t, udp("dns"), port, Out(query()), In(answer())), told...)
	}
}

func TestDNSOverTCP(t *testing.T) {
	framed := func(m string) string { return string([]byte{byte(len(m) >> 8), byte(len(m))}) + m }
	for _, port := range []uint16{53, 5300} {
		Want(t, Stream(t, Streams()[0], port, Out(framed(query())), In(framed(answer()))), told...)
	}
	NotRecognised(t, Streams()[0], 53, Out("GET / HTTP/1.1\r\nHost: example\r\n\r\n"))
	NotRecognised(t, Streams()[0], 53, Out("\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03"+strings.Repeat("r", 32)))
	NotRecognised(t, Streams()[0], 4000, Out("\x00\x00\x00\x2fX\xffSMBr\x00\x00\x00\x00"), In(strings.Repeat("\x00", 40)))
}

func TestAMidstreamAnswerIsTheServersWhicheverEndWasGuessed(t *testing.T) {
	Want(t, Packets(t, udp("dns"), 40000, Out(answer())), told[1])
}

func TestAnErrorsCodeIsTold(t *testing.T) {
	Want(t, Packets(t, udp("dns"), 53, In(head(0x8183, 1)+ask("gone.example", 28))),
		&observation.DNS{Name: "gone.example", Type: "AAAA", Protocol: "dns", Response: true, Code: 3})
}

func TestOddBytesOfANameAreSpeltOut(t *testing.T) {
	Want(t, Packets(t, udp("dns"), 53, Out(head(0x0100, 1)+ask("a b\x00c.example", 16)), Out(head(0, 1)+"\x00\x00\x02\x00\x01")),
		&observation.DNS{Name: `a\032b\000c.example`, Type: "TXT", Protocol: "dns"},
		&observation.DNS{Name: ".", Type: "NS", Protocol: "dns"})
}

func TestPort53IsStillReadWhenCutShort(t *testing.T) {
	cut := answer()[:60]
	if got := Packets(t, udp("dns"), 53, In(cut)); len(got) != 1 || got[0].(*observation.DNS).Name != "www.maker.example" {
		t.Errorf("got %+v, want the question of a message cut short", got)
	}
	NotRead(t, udp("dns"), 5300, In(cut))
}

func TestCompressionLoopsEnd(t *testing.T) {
	NotRead(t, udp("dns"), 53,
		Out(head(0, 1)+"\xc0\x0c\x00\x01\x00\x01"),                                               // to itself
		Out(head(0, 1)+"\x01a\xc0\x0c\x00\x01\x00\x01"),                                          // to its own start
		Out(head(0, 1)+"\xc0\x40\x00\x01\x00\x01"),                                               // forwards
		Out(head(0, 1)+strings.Repeat("\x3f"+strings.Repeat("x", 63), 5)+"\x00\x00\x01\x00\x01"), // longer than a name may be
		Out(head(0, 1)+"\x40abc\x00\x00\x01\x00\x01"),                                            // a label type that is none
	)
}

func TestDNSIsNotItsNeighbours(t *testing.T) {
	for _, other := range []string{"", "\x00", strings.Repeat("\x00", 48), strings.Repeat("\xff", 60), "M-SEARCH * HTTP/1.1\r\n\r\n",
		"\x23\x00\x00\x00" + strings.Repeat("\x00", 44),                                // NTP
		"\x00\x01\x00\x08\x21\x12\xa4\x42abcdefghijkl\x00\x03\x00\x04\x00\x00\x00\x00", // STUN
		"\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0e",
		head(0x8180, 0, 1), query() + "x",
	} {
		NotRead(t, udp("dns"), 4000, Out(other), In(other))
	}
}

func TestMDNSTellsEachRecordOfWhoSaysIt(t *testing.T) {
	instance := "Porch Cam._http._tcp.local"
	m := head(0x8400, 0, 4) +
		rr(wire("_http._tcp.local"), 12, wire(instance)) +
		rr(wire(instance), 33, "\x00\x00\x00\x00\x00\x50"+wire("porch.local")) +
		rr(wire(instance), 16, "\x09model=PC1\x00\x06path=/") +
		rr(wire("porch.local"), 1, "\xc0\x00\x02\x09")
	record := func(name, kind string, texts ...string) *observation.DNS {
		return &observation.DNS{Name: name, Type: kind, Response: true, Multicast: true, Protocol: "mdns", Texts: texts}
	}
	address := record("porch.local", "A")
	address.Answers = []netip.Addr{ip("192.0.2.9")}
	Want(t, Packets(t, udp("mdns"), 5353, Out(head(0, 1)+wire("_http._tcp.local")+"\x00\x0c\x80\x01"), Out(m)),
		&observation.DNS{Name: "_http._tcp.local", Type: "PTR", Multicast: true, Protocol: "mdns"},
		record("_http._tcp.local", "PTR", instance), record(instance, "SRV", "porch.local"),
		record(instance, "TXT", "model=PC1", "path=/"), address)
}

func TestLLMNR(t *testing.T) {
	Want(t, Packets(t, udp("llmnr"), 5355, Out(head(0, 1)+ask("Printer", 1)), In(head(0x8000, 1, 1)+ask("Printer", 1)+rr(first, 1, "\xc0\x00\x02\x08"))),
		&observation.DNS{Name: "Printer", Type: "A", Multicast: true, Protocol: "llmnr"},
		&observation.DNS{Name: "Printer", Type: "A", Response: true, Multicast: true, Protocol: "llmnr", Answers: []netip.Addr{ip("192.0.2.8")}})
}

// nb encodes a NetBIOS name (RFC 1001, 14.1).
func nb(name string, suffix byte) string {
	b := []byte{32}
	for _, c := range append([]byte(name+strings.Repeat(" ", 15-len(name))), suffix) {
		b = append(b, 'A'+c>>4, 'A'+c&15)
	}
	return string(b) + "\x00"
}

func TestNetBIOSNames(t *testing.T) {
	status := "\x02" + "NAS            \x00\x04\x00" + "HOME           \x00\x84\x00" + "\x02\x00\x5e\x00\x00\x01"
	Want(t, Packets(t, udp("nbns"), 137, Out(head(0x0110, 1)+nb("WPAD", 0)+"\x00\x20\x00\x01"),
		Out(head(0x2910, 1, 0, 0, 1)+nb("NAS", 0x20)+"\x00\x20\x00\x01"+rr(first, 0x20, "\x00\x00\xc0\x00\x02\x05")),
		In(head(0x8400, 0, 1)+rr("\x20CK"+strings.Repeat("A", 30)+"\x00", 0x21, status))),
		&observation.DNS{Name: "WPAD<00>", Type: "NB", Multicast: true, Protocol: "nbns"},
		&observation.DNS{Name: "NAS<20>", Type: "NB", Multicast: true, Protocol: "nbns", Answers: []netip.Addr{ip("192.0.2.5")}},
		&observation.DNS{Name: "*<00>", Type: "NBSTAT", Response: true, Multicast: true, Protocol: "nbns", Texts: []string{"NAS<00>", "HOME<00>"}})
	NotRead(t, udp("nbns"), 137, Out(query()), Out(head(0x0110, 1)+nb("WPAD", 0)[:20]), Out(head(0x0110, 1)+"\x20"+strings.Repeat("z", 32)+"\x00\x00\x20\x00\x01"))
}

func FuzzNames(f *testing.F) {
	FuzzDatagrams(f, Datagrams(), query(), answer(), head(0, 1)+"\x01a\xc0\x0c\x00\x01\x00\x01", head(0x0110, 1)+nb("WPAD", 0)+"\x00\x20\x00\x01",
		head(0x8400, 0, 1)+rr(wire("_http._tcp.local"), 12, wire("x._http._tcp.local")))
}

func FuzzNamesOverTCP(f *testing.F) {
	FuzzStreams(f, Streams(), []Turn{Out("\x00\x23" + query()), In("\x00\x6b" + answer())})
}

type nowhere struct{}

func (nowhere) Observe(*observation.Observation) {}

func BenchmarkDNS(b *testing.B) {
	read, q, a := udp("dns").Read, []byte(query()), []byte(answer())
	c := &protocol.Context{Out: nowhere{}, Server: netip.MustParseAddrPort("192.0.2.53:53")}
	b.ReportAllocs()
	b.SetBytes(int64(len(q) + len(a)))
	for b.Loop() {
		if !read(c, protocol.ToServer, q) || !read(c, protocol.ToClient, a) {
			b.Fatal("not read")
		}
	}
}
