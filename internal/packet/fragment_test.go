// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package packet

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/writ-iot/writ/internal/capture"
)

// part is a fragment of the datagram below, from and to in bytes.
type part struct{ from, to int }

var long = udp(1000, 53, "a datagram that is longer than one fragment, so that it comes in several of them")

// whole is how the datagram is seen when it is put together.
var whole = saw{LayerPorts, "10.0.0.1", "10.0.0.2", ProtoUDP, 1000, 53, string(long[8:]), None}

func fragment4(p part, id uint16) []byte {
	piece := uint16(p.from / 8)
	if p.to < len(long) {
		piece |= 0x2000
	}
	return ip4(ProtoUDP, id, piece, long[p.from:p.to])
}

func fragment6(p part, id uint32) []byte {
	off := uint16(p.from)
	if p.to < len(long) {
		off |= 1
	}
	next := byte(ProtoUDP)
	if p.from > 0 {
		next = 59 // only the first fragment's counts (RFC 8200, section 4.5)
	}
	return ip6(44, cat(next, byte(0), off, id, long[p.from:p.to]))
}

// permutations gives every order of a few parts.
func permutations(p []part) (all [][]part) {
	if len(p) == 0 {
		return [][]part{nil}
	}
	for i := range p {
		rest := slices.Delete(slices.Clone(p), i, i+1)
		for _, q := range permutations(rest) {
			all = append(all, append([]part{p[i]}, q...))
		}
	}
	return all
}

func TestFragmentsAreTheDatagramInWhateverOrder(t *testing.T) {
	parts := []part{{0, 16}, {16, 24}, {24, 64}, {64, len(long)}}
	for _, order := range permutations(parts) {
		var d Decoder
		for i, p := range order {
			for version, b := range map[int][]byte{4: fragment4(p, 7), 6: fragment6(p, 7)} {
				var k Packet
				d.Decode(&capture.Frame{Data: b, Link: capture.Raw}, &k)
				want := whole
				if version == 6 {
					want.src, want.dst = "fd00::1", "fd00::2"
				}
				if i < len(order)-1 {
					if k.Layer != LayerFragment || k.Fault != None {
						t.Fatalf("%v: fragment %d of IPv%d is at layer %d, fault %q", order, i, version, k.Layer, k.Fault.Text())
					}
				} else if got := of(&k); got != want || k.Size != len(want.payload) {
					t.Fatalf("%v over IPv%d: %+v, want %+v", order, version, got, want)
				}
			}
		}
		if d.Dropped() != 0 {
			t.Errorf("%v: %d datagrams given up", order, d.Dropped())
		}
	}
}

func TestARepeatedFragmentIsNoOverlap(t *testing.T) {
	var d Decoder
	var k Packet
	for _, p := range []part{{0, 16}, {0, 16}, {16, 64}, {16, 64}, {64, len(long)}} {
		d.Decode(&capture.Frame{Data: fragment4(p, 1), Link: capture.Raw}, &k)
		if k.Fault != None {
			t.Fatalf("%v: %s", p, k.Fault.Text())
		}
	}
	if of(&k) != whole {
		t.Errorf("put together as %+v", of(&k))
	}
}

func TestFragmentsThatOverlapAreRefusedWithTheDatagram(t *testing.T) {
	for name, parts := range map[string][]part{
		"over the end":   {{0, 32}, {24, 64}},
		"over the start": {{24, 64}, {0, 32}},
		"around":         {{24, 32}, {0, 64}},
		"two ends":       {{64, len(long)}, {48, len(long)}},
	} {
		var d Decoder
		var k Packet
		for _, p := range parts {
			d.Decode(&capture.Frame{Data: fragment4(p, 1), Link: capture.Raw}, &k)
		}
		if k.Fault != FragmentOverlap || d.Dropped() != 1 {
			t.Errorf("%s: fault %q, %d dropped", name, k.Fault.Text(), d.Dropped())
		}
	}
	// A last fragment that ends before what came, and one that would end beyond what IP can carry.
	var d Decoder
	var k Packet
	for _, b := range [][]byte{fragment4(part{24, 64}, 1), ip4(ProtoUDP, 1, 1, long[8:16])} {
		d.Decode(&capture.Frame{Data: b, Link: capture.Raw}, &k)
	}
	if k.Fault != FragmentOverlap {
		t.Errorf("an end before the end: %q", k.Fault.Text())
	}
	d.Decode(&capture.Frame{Data: ip4(ProtoUDP, 9, 0x1fff, make([]byte, 64)), Link: capture.Raw}, &k)
	if k.Fault != FragmentOverlap {
		t.Errorf("beyond 65,535: %q", k.Fault.Text())
	}
}

func TestFragmentsOfTwoDatagramsAreKeptApart(t *testing.T) {
	var d Decoder
	var k Packet
	a, b := part{0, 32}, part{32, len(long)}
	for i, f := range [][]byte{fragment4(a, 1), fragment4(a, 2), fragment4(b, 2), fragment4(b, 1)} {
		d.Decode(&capture.Frame{Data: f, Link: capture.Raw}, &k)
		if done := k.Layer == LayerPorts; done != (i >= 2) {
			t.Errorf("fragment %d: layer %d", i, k.Layer)
		}
	}
}

func TestPendingDatagramsAreBoundedAndExpire(t *testing.T) {
	var d Decoder
	var k Packet
	for id := range uint16(maxPending + 10) {
		d.Decode(&capture.Frame{Data: fragment4(part{0, 32}, id), Link: capture.Raw}, &k)
	}
	if d.Dropped() != 10 {
		t.Errorf("%d datagrams given up, want the 10 that had no room", d.Dropped())
	}
	d.Decode(&capture.Frame{Time: fragmentLife + 1, Data: fragment4(part{32, len(long)}, 60), Link: capture.Raw}, &k)
	if k.Layer != LayerFragment || d.Dropped() != maxPending+10 {
		t.Errorf("after its life a datagram was finished: layer %d, %d given up", k.Layer, d.Dropped())
	}
}

func TestAFragmentThatTheCaptureCutIsLeftOut(t *testing.T) {
	var d Decoder
	var k Packet
	b := fragment4(part{0, 32}, 1)
	d.Decode(&capture.Frame{Data: b[:len(b)-3], Link: capture.Raw}, &k)
	d.Decode(&capture.Frame{Data: fragment4(part{32, len(long)}, 1), Link: capture.Raw}, &k)
	if k.Layer != LayerFragment {
		t.Errorf("a datagram without its beginning is at layer %d", k.Layer)
	}
}

// seeds are whole frames for fuzzing, with their link types.
func seeds() map[string]capture.Link {
	all := map[string]capture.Link{}
	for _, b := range [][]byte{hello, hello6, ip4(ProtoTCP, 1, 0, tcp(1, 2, 3, 4, SYN, "abc")), ip4(ProtoIPv4, 1, 0, hello),
		ip4(ProtoGRE, 1, 0, cat(uint16(0x1000), uint16(EtherERSPAN), uint32(1), uint32(0), uint32(0), ether(EtherIPv4, hello))),
		fragment4(part{0, 32}, 1), fragment4(part{32, len(long)}, 1), fragment6(part{0, 32}, 1), fragment6(part{32, len(long)}, 1),
		ip4(ProtoUDP, 1, 0, udp(5, vxlan, "\x08\x00\x00\x00\x00\x00\x07\x00"+string(ether(EtherIPv4, hello))))} {
		all[string(b)] = capture.Raw
		all[string(ether(EtherIPv4, b))] = capture.Ethernet
		all[string(cat("\x02\x00\x00\x00", b))] = capture.Null
	}
	all[string(ether(EtherQinQ, cat(uint16(7), uint16(EtherVLAN), uint16(8), uint16(EtherIPv6), hello6)))] = capture.Ethernet
	all[string(ether(EtherMPLS, cat(uint32(0x00020140), uint32(0), ether(EtherIPv4, hello))))] = capture.Ethernet
	return all
}

func FuzzDecode(f *testing.F) {
	for b, link := range seeds() {
		f.Add([]byte(b), uint16(link))
	}
	f.Fuzz(func(t *testing.T, b []byte, link uint16) {
		var d Decoder
		var p Packet
		frame := bytes.Clone(b)
		for range 2 { // the second time meets what the first left behind
			d.Decode(&capture.Frame{Data: frame, Link: capture.Link(link)}, &p)
			if err := sane(&p, frame); err != nil {
				t.Error(err)
			}
		}
		if !bytes.Equal(b, frame) {
			t.Error("the frame was written to")
		}
	})
}

// sane says what no packet may be, whatever the frame.
func sane(p *Packet, frame []byte) error {
	switch {
	case p.Size < 0:
		return fmt.Errorf("a payload of %d bytes", p.Size)
	case p.Layer == LayerPorts && len(p.Payload) > p.Size:
		return fmt.Errorf("%d bytes of payload where %d are stated", len(p.Payload), p.Size)
	case len(p.Payload) > maxDatagram && len(p.Payload) > len(frame):
		return fmt.Errorf("%d bytes of payload out of %d", len(p.Payload), len(frame))
	case p.Layer == LayerNone && p.SrcPort|p.DstPort != 0:
		return fmt.Errorf("ports without a datagram")
	}
	return nil
}

func BenchmarkDecode(b *testing.B) {
	var d Decoder
	var p Packet
	f := capture.Frame{Data: ether(EtherIPv4, ip4(ProtoTCP, 1, 0, tcp(1, 2, 3, 4, ACK, "data"))), Link: capture.Ethernet}
	b.ReportAllocs()
	for b.Loop() {
		d.Decode(&f, &p)
	}
}
