// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"encoding/binary"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/writ-iot/writ/internal/capture"
)

// flood are templates of frames that each begin something new: a request to connect, half a handshake of
// TLS on a connection begun before, a DNS question, an ARP message. number makes each one new.
func flood(t testing.TB) []func(n uint32) []byte {
	s := &scene{t: t}
	a, b := at(10), at(20)
	segment := func(syn bool, data string) {
		ip := internet(a, b, layers.IPProtocolTCP)
		k := &layers.TCP{SrcPort: 40000, DstPort: 443, Seq: 1, SYN: syn, ACK: !syn, Window: 9}
		k.SetNetworkLayerForChecksum(ip)
		s.add(wrapped(a, b, layers.EthernetTypeIPv4), ip, k, gopacket.Payload(data))
	}
	segment(true, "")
	segment(false, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"+string(make([]byte, 300)))
	s.udp(a, b, 5000, 53, "\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x08nnnnnnnn\x07example\x00\x00\x01\x00\x01")
	s.arp(a, b.ip)
	source := func(f []byte, n uint32) {
		binary.BigEndian.PutUint32(f[8:], n) // of the link address
		binary.BigEndian.PutUint32(f[26:], 0x0a000000|n&0xffffff)
		binary.BigEndian.PutUint16(f[34:], uint16(n>>20)|1024)
	}
	tcp, hello, dns, arp := s.frames[0], s.frames[1], s.frames[2], s.frames[3]
	return []func(n uint32) []byte{
		func(n uint32) []byte { source(tcp, n); binary.BigEndian.PutUint32(tcp[30:], n*2654435761); return tcp },
		func(n uint32) []byte { source(hello, n); return hello },
		func(n uint32) []byte {
			source(dns, n)
			copy(dns[55:], strconv.Itoa(10_000_000+int(n%80_000_000)))
			return dns
		},
		func(n uint32) []byte {
			binary.BigEndian.PutUint32(arp[8:], n)
			binary.BigEndian.PutUint32(arp[24:], n)
			binary.BigEndian.PutUint32(arp[28:], 0x0a000000|n&0xffffff)
			return arp
		},
	}
}

// TestAFloodOfTheNewFillsNoMoreThanTheBudget sends WRIT_FLOOD frames (a short form without it) of which
// each begins something that wants to be remembered.
func TestAFloodOfTheNewFillsNoMoreThanTheBudget(t *testing.T) {
	n, long := 100_000, false
	if v, err := strconv.Atoi(os.Getenv("WRIT_FLOOD")); err == nil {
		n, long = v, true
	}
	o := Options{}
	if !long {
		o.MaxFlows = 10_000
	}
	p := house(o)
	kinds := flood(t)
	most := uint64(0)
	var m runtime.MemStats
	for i := range n {
		b := kinds[i%len(kinds)](uint32(i))
		p.frame(&capture.Frame{Time: 1e18 + int64(i)*1000, Data: b, Length: uint32(len(b)), Link: capture.Ethernet}, uint32(i+1))
		if i%500_000 == 0 || i == n-1 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	p.end()
	c := p.result.Counters
	t.Logf("%d frames, %d MiB alive at most, %+v", n, most>>20, c)
	if most > 640<<20 {
		t.Errorf("%d MiB are alive", most>>20)
	}
	if c.Evicted == 0 || !c.Partial || c.Malformed > 0 {
		t.Errorf("the view is not said to be partial: %+v", c)
	}
}
