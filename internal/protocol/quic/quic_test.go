// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package quic

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The vectors of RFC 9001, Appendix A: the identifier, the client's CRYPTO frame, the server's packet.
const (
	identifier  = "8394c8f03e515708"
	clientFrame = "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c00000001000" +
		"0e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e000500050100000000003300260024" +
		"001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e040305030603020308" +
		"0408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff080110010480007530090110" +
		"0f088394c8f03e51570806048000ffff"
	serverPacket = "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3e" +
		"c2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850" +
		"abbdca3d20398c276456cbc42158407dd074ee"
)

// seal protects a packet whose header ends in a packet number of four bytes.
func seal(k *keys, header, plain []byte) []byte {
	at := len(header)
	nonce := bytes.Clone(k.iv)
	for i := range 4 {
		nonce[8+i] ^= header[at-4+i]
	}
	p := k.aead.Seal(bytes.Clone(header), nonce, plain, header)
	var mask [16]byte
	k.header.Encrypt(mask[:], p[at:at+16])
	p[0] ^= mask[0] & 0x0f
	for i := range 4 {
		p[at-4+i] ^= mask[1+i]
	}
	return p
}

// packet is an Initial packet of 1200 bytes, or as long as its frames are.
func packet(t testing.TB, version uint32, side int, destination string, number uint32, frames []byte, size int) []byte {
	t.Helper()
	d, ok := dialectOf(version)
	id := unhex(t, identifier)
	k, ok2 := initialKeys(d, id)
	if !ok || !ok2 {
		t.Fatal("no keys")
	}
	first := byte(0xc3)
	if version == 0x6b3343cf {
		first = 0xd3
	}
	h := binary.BigEndian.AppendUint32([]byte{first}, version)
	to := unhex(t, destination)
	h = append(append(append(h, byte(len(to))), to...), 0, 0)
	plain := append(bytes.Clone(frames), make([]byte, max(0, size-len(h)-2-4-16-len(frames)))...)
	h = binary.BigEndian.AppendUint16(h, 0x4000|uint16(4+len(plain)+16))
	return seal(&k[side], binary.BigEndian.AppendUint32(h, number), plain)
}

func TestInitialKeysAreThoseOfTheStandards(t *testing.T) {
	for version, want := range map[uint32][2]string{1: {"fa044b2f42a3fd3b46fb255c", "0ac1493ca1905853b0bba03e"},
		0x6b3343cf: {"91f73e2351d8fa91660e909f", "dd13c276499c0249d3310652"}} {
		d, _ := dialectOf(version)
		k, ok := initialKeys(d, unhex(t, identifier))
		if !ok || hex.EncodeToString(k[0].iv) != want[0] || hex.EncodeToString(k[1].iv) != want[1] {
			t.Errorf("version %x: IVs %x and %x, want %s and %s", version, k[0].iv, k[1].iv, want[0], want[1])
		}
	}
}

// TestTheStandardsPacket is RFC 9001, A.2: what our own sealing makes begins as printed there.
func TestTheStandardsPacket(t *testing.T) {
	p := packet(t, 1, 0, identifier, 2, unhex(t, clientFrame), 1200)
	want := unhex(t, "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec356c0bab7df5976d27cd449f63300099f399")
	if !bytes.HasPrefix(p, want) {
		t.Errorf("the packet begins %x", p[:64])
	}
}

func read(t *testing.T, turns ...Turn) *observation.TLS {
	t.Helper()
	got := Packets(t, Datagrams()[0], 443, turns...)
	if len(got) != 1 {
		t.Fatalf("%d observations, want 1: %+v", len(got), got)
	}
	return got[0].(*observation.TLS)
}

func TestTheStandardsConversation(t *testing.T) {
	got := read(t, Out(string(packet(t, 1, 0, identifier, 2, unhex(t, clientFrame), 1200))), In(string(unhex(t, serverPacket))),
		Out("\x40"+strings.Repeat("s", 40)), In("\x40"+strings.Repeat("s", 40)), Out("\x40more"))
	if got.Protocol != "quic" || got.Version != "TLSv1.3" || got.SNI != "example.com" || got.ALPN != "alpn" || got.Cipher != 0x1301 ||
		got.Group != 29 || !got.Established || got.JA4[:10] != "q13d0211an" {
		t.Errorf("got %+v", got)
	}
}

func TestAHelloInPiecesOutOfOrder(t *testing.T) {
	frame := unhex(t, clientFrame)[4:]
	crypto := func(from, to int) []byte {
		b := binary.BigEndian.AppendUint16([]byte{1, 6}, 0x4000|uint16(from)) // a PING before it
		return append(binary.BigEndian.AppendUint16(b, 0x4000|uint16(to-from)), frame[from:to]...)
	}
	for _, version := range []uint32{1, 0x6b3343cf, 0xff00001d, 0xff000022, 0xff00001b, 0xfaceb001, 0x54303530, 0x54303531} {
		got := read(t, Out(string(packet(t, version, 0, identifier, 0, crypto(100, len(frame)), 1200))),
			Out(string(packet(t, version, 0, identifier, 1, crypto(0, 150), 1200))))
		if got.SNI != "example.com" || got.Version != "" || got.Established {
			t.Errorf("version %x: got %+v", version, got)
		}
	}
}

func TestAServerMayGoOnInAnotherVersion(t *testing.T) {
	plain, _, ok := func() ([]byte, []byte, bool) {
		d, _ := dialectOf(1)
		k, _ := initialKeys(d, unhex(t, identifier))
		p := unhex(t, serverPacket)
		l, _ := readLong(p)
		number, _, _ := l.extent(initial)
		return k[1].open(nil, p, number)
	}()
	if !ok {
		t.Fatal("the server's packet of RFC 9001 is not opened")
	}
	got := read(t, Out(string(packet(t, 1, 0, identifier, 2, unhex(t, clientFrame), 1200))), In(string(packet(t, 0x6b3343cf, 1, "", 0, plain, 200))))
	if got.Version != "TLSv1.3" || got.Cipher != 0x1301 {
		t.Errorf("got %+v", got)
	}
}

func TestTheVersionsBeforeTheStandard(t *testing.T) {
	chlo := "CHLO\x02\x00\x00\x00PAD\x00\x03\x00\x00\x00SNI\x00\x0f\x00\x00\x00xxxhost.example"
	got := read(t, Out("\x0d12345678Q043\x01hashhash"+chlo), In("\x0012345678data"))
	Want(t, []observation.Body{got}, &observation.TLS{Protocol: "quic", SNI: "host.example"})
	frame := append([]byte{6, 0, byte(len(chlo))}, chlo...)
	got = read(t, Out(string(packet(t, versionQ050, 0, identifier, 0, frame, 1200))))
	Want(t, []observation.Body{got}, &observation.TLS{Protocol: "quic", SNI: "host.example"})
	got = read(t, Out("\xc3Q046\x50idididid\x00\x00\x00\x01"+strings.Repeat("h", 12)+chlo))
	Want(t, []observation.Body{got}, &observation.TLS{Protocol: "quic", SNI: "host.example"})
}

func TestNotRead(t *testing.T) {
	NotRead(t, Datagrams()[0], 443, Out("\x40"+strings.Repeat("s", 40)), Out("\xc0\x00\x00\x00\x02\x08"+strings.Repeat("x", 60)), Out("\x00\x01\x00\x08\x21\x12\xa4\x42"),
		Out("\x80\x60\x00\x01"+strings.Repeat("r", 40)), Out("\xc0\x00\x00\x00\x01\x15"+strings.Repeat("x", 60)), Out(""), Out("\xc0"))
	damaged := packet(t, 1, 0, identifier, 2, unhex(t, clientFrame), 1200)
	damaged[300] ^= 1
	if got := Packets(t, Datagrams()[0], 443, Out(string(damaged))); len(got) > 0 {
		t.Errorf("a damaged packet says %+v", got)
	}
}

func FuzzQUIC(f *testing.F) {
	FuzzDatagrams(f, Datagrams(), string(packet(f, 1, 0, identifier, 2, unhex(f, clientFrame), 1200)), string(unhex(f, serverPacket)),
		"\x0d12345678Q043\x01CHLO\x01\x00\x00\x00SNI\x00\x01\x00\x00\x00h")
}

func FuzzFrames(f *testing.F) {
	f.Add(unhex(f, clientFrame))
	f.Add([]byte{2, 0, 0, 0x7f, 0xff, 0, 6, 0, 1, 'x'})
	f.Fuzz(func(t *testing.T, b []byte) {
		crypto(b, func(off int, p []byte) {
			if off < 0 || len(p) > len(b) {
				t.Error("a frame lies outside its packet")
			}
		})
	})
}

type sink struct{}

func (sink) Observe(*observation.Observation) {}

func BenchmarkInitial(b *testing.B) {
	p := packet(b, 1, 0, identifier, 2, unhex(b, clientFrame), 1200)
	d := Datagrams()[0]
	c := &protocol.Context{Out: sink{}, Frame: 1}
	b.ReportAllocs()
	for b.Loop() {
		r := d.New()
		r.Read(c, protocol.ToServer, p)
		r.Close(c)
	}
}
