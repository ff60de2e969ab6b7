// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/writ-iot/writ/internal/capture"
)

// busy is a house in which conversations go on, and the frames that a capture mostly consists of: segments
// and acknowledgements of recognised and unknown connections, datagrams that nobody reads, ARP.
func busy(t testing.TB) (*pipeline, [][]byte) {
	s := small(t)
	a, b := at(10), at(20)
	secure := "\x17\x03\x03\x04\x00" + string(make([]byte, 1024))
	s.talk(a, b, 41000, 443, secure, secure)
	s.talk(a, b, 41001, 9999, "a protocol of its own", "whose answer is short")
	s.udp(a, b, 41002, 9998, "a datagram of its own")
	for range 10 { // nobody reads it, and then nobody is asked
		s.udp(a, b, 41002, 9998, "a datagram of its own")
	}
	p := house(Options{})
	for i, f := range s.frames {
		p.frame(&capture.Frame{Time: int64(i) * 1e6, Data: f, Length: uint32(len(f)), Link: capture.Ethernet}, uint32(i+1))
	}
	s.frames = nil
	s.udp(a, b, 41002, 9998, "a datagram of its own")
	s.arp(a, b.ip)
	for _, port := range []uint16{443, 9999} {
		for _, from := range []node{a, b} {
			to, sp, dp := b, uint16(41000+port/9999), port
			if from.mac.String() == b.mac.String() {
				to, sp, dp = a, port, sp
			}
			ip := internet(from, to, layers.IPProtocolTCP)
			k := &layers.TCP{SrcPort: layers.TCPPort(sp), DstPort: layers.TCPPort(dp), Seq: 9000, Ack: 9000, ACK: true, Window: 9}
			k.SetNetworkLayerForChecksum(ip)
			s.add(wrapped(from, to, layers.EthernetTypeIPv4), ip, k, gopacket.Payload(secure))
		}
	}
	return p, s.frames
}

func TestAFrameOfAKnownConversationAllocatesNothing(t *testing.T) {
	p, frames := busy(t)
	f := capture.Frame{Time: 1e9, Link: capture.Ethernet}
	number := uint32(1000)
	n := testing.AllocsPerRun(2000, func() {
		for _, b := range frames {
			f.Data, f.Length = b, uint32(len(b))
			f.Time += 1000
			number++
			p.frame(&f, number)
		}
	})
	if n != 0 {
		t.Errorf("%d frames allocate %v times", len(frames), n)
	}
}

func BenchmarkPipeline(b *testing.B) {
	p, frames := busy(b)
	f := capture.Frame{Time: 1e9, Link: capture.Ethernet}
	number := uint32(1000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.Data = frames[i%len(frames)]
		f.Length = uint32(len(f.Data))
		f.Time += 1000
		number++
		p.frame(&f, number)
	}
}
