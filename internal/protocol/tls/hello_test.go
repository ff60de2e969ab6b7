// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

// clientHello is written by hand, so that a fingerprint's published inputs can be said.
type clientHello struct {
	version    uint16
	ciphers    []uint16
	extensions []extension
}

type extension struct {
	kind uint16
	body string
}

func u16s(list ...uint16) string {
	var b []byte
	for _, v := range list {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return string(b)
}

func sized16(s string) string { return u16s(uint16(len(s))) + s }
func sized8(s string) string  { return string([]byte{byte(len(s))}) + s }
func sized24(s string) string { return string([]byte{byte(len(s) >> 16)}) + sized16(s) }

func (h clientHello) body(cookie string) string {
	var ext string
	for _, e := range h.extensions {
		ext += u16s(e.kind) + sized16(e.body)
	}
	s := u16s(h.version) + strings.Repeat("r", 32) + sized8("") + cookie + sized16(u16s(h.ciphers...)) + sized8("\x00")
	if len(h.extensions) > 0 {
		s += sized16(ext)
	}
	return s
}

func (h clientHello) dtls() string { return h.body(sized8("")) }

func (h clientHello) read(t *testing.T) *observation.TLS {
	t.Helper()
	got := &observation.TLS{Protocol: "tls"}
	if !NewKit().ClientHello(got, []byte(h.body(""))) {
		t.Fatal("the hello is not read")
	}
	return got
}

func sni(name string) extension { return extension{0, sized16("\x00" + sized16(name))} }

// TestJA3 has the example that the method's authors published.
func TestJA3(t *testing.T) {
	got := clientHello{version: 769, ciphers: []uint16{47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4}, extensions: []extension{
		sni("x.example"), {10, sized16(u16s(23, 24, 25))}, {11, sized8("\x00")}}}.read(t)
	if got.JA3 != "ada70206e40642a3e4461f35503241d5" || !got.WeakOffered || got.OfferedMax != "TLSv1.0" {
		t.Errorf("got %+v", got)
	}
	got = clientHello{version: 769, ciphers: []uint16{4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99}}.read(t)
	if got.JA3 != "de350869b8c85de67a350c8d186f11e6" { // published with empty lists: 769,4-5-10-9-100-98-3-6-19-18-99,,,
		t.Errorf("without extensions JA3 is %s", got.JA3)
	}
}

// TestJA4 has the example of the method's description: a browser's hello with GREASE.
func TestJA4(t *testing.T) {
	ciphers := []uint16{0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x9c, 0x9d, 0x2f, 0x35}
	h := clientHello{version: 0x0303, ciphers: ciphers, extensions: []extension{{0x3a3a, ""}, sni("x.example"), {0x17, ""}, {0xff01, "\x00"},
		{0x0a, sized16(u16s(0x4a4a, 29, 23, 24))}, {0x0b, sized8("\x00")}, {0x23, ""}, {0x10, sized16(sized8("h2") + sized8("http/1.1"))},
		{0x05, "\x01\x00\x00\x00\x00"}, {0x0d, sized16(u16s(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601))}, {0x12, ""},
		{0x33, ""}, {0x2d, "\x01\x01"}, {0x2b, sized8(u16s(0x5a5a, 0x0304, 0x0303))}, {0x1b, ""}, {0x4469, ""}, {0x6a6a, "\x00"}, {0x15, ""}}}
	got := h.read(t)
	if got.JA4 != "t13d1516h2_8daaf6152771_e5627efa2ab1" || got.ALPN != "h2,http/1.1" || got.WeakOffered || got.OfferedMax != "TLSv1.3" {
		t.Errorf("got %+v", got)
	}
	got = clientHello{version: 0x0303}.read(t)
	if got.JA4 != "t12i000000_000000000000_000000000000" {
		t.Errorf("of an empty hello JA4 is %s", got.JA4)
	}
	b := string(ja4ALPN(nil, 0xab, 0xcd))
	if b != "ad" {
		t.Errorf("ALPN of bytes AB…CD is written %s, want ad", b)
	}
}

func TestBrokenHellosSayNothing(t *testing.T) {
	whole := clientHello{version: 0x0303, ciphers: []uint16{0x1301}, extensions: []extension{sni("x.example")}}.body("")
	for n := range len(whole) {
		got := observation.TLS{Protocol: "tls"}
		if NewKit().ClientHello(&got, []byte(whole[:n])) && got.SNI != "" {
			t.Errorf("the first %d bytes pass for a hello with a name", n)
		}
	}
}

func TestWeakSuites(t *testing.T) {
	for id, want := range map[uint16]bool{0x0001: true, 0x0003: true, 0x0004: true, 0x0009: true, 0x0018: true, 0x000a: false, 0x002f: false,
		0xc012: false, 0x1301: false, 0xc011: true, 0x00ff: false, 0x5600: false, 0x0a0a: false, 0x008b: false} {
		if got := NewKit().isWeak(id); got != want {
			t.Errorf("%s is weak: %v, want %v", CipherName(id), got, want)
		}
	}
	if CipherName(0x1301) != "TLS_AES_128_GCM_SHA256" || CipherName(0xfafa) != "0xfafa" {
		t.Error("suites are named wrongly")
	}
}

func oldHello(version uint16) string {
	body := "\x01" + u16s(version, 6, 0, 16) + "\x01\x00\x80\x00\x00\x2f" + strings.Repeat("c", 16)
	return u16s(0x8000|uint16(len(body))) + body
}

func oldAnswer(der string) string {
	body := "\x04\x00\x01" + u16s(2, uint16(len(der)), 3, 16) + der + "\x01\x00\x80" + strings.Repeat("i", 16)
	return u16s(0x8000|uint16(len(body))) + body
}

func TestSSL2(t *testing.T) {
	key := "\x02\x01\x00\x80" + u16s(0, 16, 0) + strings.Repeat("k", 16)
	got := Stream(t, overTCP(), 443, Out(oldHello(2)), In(oldAnswer(string(authority(t, nil, nil).Certificate[0]))),
		Out(u16s(0x8000|uint16(len(key)))+key+"\x80\x08fini_out"), In("\x80\x07fini_in"))
	s, certs := session(t, got)
	if s.Version != "SSLv2" || s.OfferedMax != "SSLv2" || s.CipherName != "SSL2_RC4_128_WITH_MD5" || !s.WeakOffered || !s.Established || len(certs) != 1 {
		t.Errorf("got %+v and %d certificates", s, len(certs))
	}
}

func TestAnOldHelloForANewVersion(t *testing.T) {
	answer := sized24(u16s(0x0301) + strings.Repeat("s", 32) + sized8("") + u16s(0x002f) + "\x00")
	s, _ := session(t, Stream(t, overTCP(), 443, Out(oldHello(0x0301)), In("\x16\x03\x01"+sized16("\x02"+answer)),
		Out("\x14\x03\x01\x00\x01\x01\x16\x03\x01\x00\x02ab"), In("\x14\x03\x01\x00\x01\x01\x16\x03\x01\x00\x02ab")))
	if s.Version != "TLSv1.0" || s.OfferedMax != "TLSv1.0" || s.CipherName != "TLS_RSA_WITH_AES_128_CBC_SHA" || !s.Established {
		t.Errorf("got %+v", s)
	}
}

// fragment is a handshake message, or a part of it, in a record of DTLS.
func fragment(kind byte, number uint16, body string, from, to int) string {
	s := string([]byte{kind}) + sized24(body)[:3] + u16s(number) + sized24(body[:from])[:3] + sized24(body[from:to])
	return "\x16\xfe\xfd\x00\x00" + "\x00\x00\x00\x00\x00\x01" + sized16(s)
}

func TestDTLSInFragmentsOutOfOrder(t *testing.T) {
	p := Datagrams()[0]
	first := clientHello{version: 0xfefd, ciphers: []uint16{0xc02b}, extensions: []extension{sni("bulb.example")}}.dtls()
	again := clientHello{version: 0xfefd, ciphers: []uint16{0xc02b}, extensions: []extension{sni("bulb.example")}}.body(sized8("cookie"))
	answer := u16s(0xfefd) + strings.Repeat("s", 32) + sized8("") + u16s(0xc02b) + "\x00"
	der := string(authority(t, nil, nil).Certificate[0])
	chain := sized24(sized24(der))
	got := Packets(t, p, 5684, Out(fragment(msgClientHello, 0, first, 0, len(first))), In(fragment(msgHelloVerify, 0, u16s(0xfeff)+sized8("cookie"), 0, 9)),
		Out(fragment(msgClientHello, 1, again, 0, len(again))), In(fragment(msgServerHello, 1, answer, 0, len(answer))),
		In(fragment(msgCertificate, 2, chain, 100, len(chain))), In(fragment(msgCertificate, 2, chain, 0, 120)),
		Out("\x16\xfe\xfd\x00\x01"+"\x00\x00\x00\x00\x00\x00"+sized16("sealed")), In("\x16\xfe\xfd\x00\x01"+"\x00\x00\x00\x00\x00\x00"+sized16("sealed")),
		Out("\x17\xfe\xfd\x00\x01"+"\x00\x00\x00\x00\x00\x01"+sized16("sealed")))
	s, certs := session(t, got)
	if s.Protocol != "dtls" || s.Version != "DTLSv1.2" || s.SNI != "bulb.example" || s.CipherName != "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" ||
		!s.Established || len(certs) != 1 || s.JA4[:4] != "dd2d" {
		t.Errorf("got %+v and %d certificates", s, len(certs))
	}
	NotRead(t, p, 5684, Out("\x40\x01\x00\x01\xb4test"), Out("\x16\xfe\xfd\x00\x00short"), Out("\x16\x03\x03\x00\x00"+strings.Repeat("\x00", 30)),
		Out(strings.Repeat("\x00", 64)))
}

func TestPiecesAreTheSameInAnyOrder(t *testing.T) {
	const text = "a message that comes in pieces"
	for _, order := range [][][2]int{{{0, 10}, {10, 30}}, {{20, 30}, {0, 5}, {5, 20}}, {{5, 12}, {8, 30}, {0, 6}}, {{0, 30}, {3, 9}}} {
		var p Pieces
		for i, at := range order {
			if i > 0 && order[0][0] > 0 && i < len(order)-1 && len(p.Head()) == len(text) {
				t.Error("whole too early")
			}
			p.Put(at[0], []byte(text[at[0]:at[1]]), 100)
		}
		if string(p.Head()) != text {
			t.Errorf("%v gives %q", order, p.Head())
		}
	}
	var p Pieces
	for i := range 1000 {
		p.Put(i*2, []byte("x"), 4000)
	}
	if len(p.spans) > maxSpans {
		t.Errorf("%d holes are kept", len(p.spans))
	}
}
