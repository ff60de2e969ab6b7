// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sort"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// station is one end of the made-up network: an address behind its own link address, or a far host
// behind the gateway's.
type station struct {
	mac  net.HardwareAddr
	ip   netip.Addr
	name string
}

// frame is a packet with its time; frames are sorted before they are written.
type frame struct {
	at   time.Time
	data []byte
}

// wire collects frames. It is deterministic: the same script gives the same bytes.
type wire struct {
	frames []frame
	port   uint16 // next ephemeral port
	seq    uint32
	err    error // the first fault; later calls do nothing
}

const (
	latency = 400 * time.Microsecond
	mss     = 1400
)

func (w *wire) add(at time.Time, ls ...gopacket.SerializableLayer) {
	if w.err != nil {
		return
	}
	buf := gopacket.NewSerializeBuffer()
	opts := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(buf, opts, ls...); err != nil {
		w.err = fmt.Errorf("building frame %d of the demo: %w", len(w.frames)+1, err)
		return
	}
	w.frames = append(w.frames, frame{at, append([]byte(nil), buf.Bytes()...)})
}

func link(src, dst station, kind layers.EthernetType) *layers.Ethernet {
	return &layers.Ethernet{SrcMAC: src.mac, DstMAC: dst.mac, EthernetType: kind}
}

func ip4(src, dst station, proto layers.IPProtocol) *layers.IPv4 {
	return &layers.IPv4{Version: 4, TTL: 64, Protocol: proto, SrcIP: src.ip.AsSlice(), DstIP: dst.ip.AsSlice(),
		Flags: layers.IPv4DontFragment}
}

// datagram sends one UDP payload.
func (w *wire) datagram(at time.Time, src, dst station, sport, dport uint16, payload []byte) {
	ip := ip4(src, dst, layers.IPProtocolUDP)
	udp := &layers.UDP{SrcPort: layers.UDPPort(sport), DstPort: layers.UDPPort(dport)}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		w.err = err
	}
	w.add(at, link(src, dst, layers.EthernetTypeIPv4), ip, udp, gopacket.Payload(payload))
}

// arp asks for an address and is answered.
func (w *wire) arp(at time.Time, who, whom station) {
	body := func(op uint16, a, b station, bmac net.HardwareAddr) *layers.ARP {
		return &layers.ARP{AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6,
			ProtAddressSize: 4, Operation: op, SourceHwAddress: a.mac, SourceProtAddress: a.ip.AsSlice(),
			DstHwAddress: bmac, DstProtAddress: b.ip.AsSlice()}
	}
	all := station{mac: net.HardwareAddr{255, 255, 255, 255, 255, 255}}
	w.add(at, link(who, all, layers.EthernetTypeARP), body(layers.ARPRequest, who, whom, make(net.HardwareAddr, 6)))
	w.add(at.Add(latency), link(whom, who, layers.EthernetTypeARP), body(layers.ARPReply, whom, who, who.mac))
}

// turn is one utterance in a TCP conversation.
type turn struct {
	back bool // from the server
	data []byte
	wait time.Duration // before it is said
}

func ask(s string) turn                  { return turn{data: []byte(s)} }
func reply(s string) turn                { return turn{back: true, data: []byte(s)} }
func later(d time.Duration, t turn) turn { t.wait = d; return t }
func sent(b []byte) turn                 { return turn{data: b} }
func answered(b []byte) turn             { return turn{back: true, data: b} }
func (w *wire) ephemeral() (port uint16) { w.port++; return 32768 + w.port%28000 }
func (w *wire) sequence(n uint32) uint32 { w.seq = w.seq*1664525 + 1013904223; return w.seq ^ n }

// segment writes one TCP segment.
func (w *wire) segment(at time.Time, src, dst station, tcp layers.TCP, payload []byte) {
	ip := ip4(src, dst, layers.IPProtocolTCP)
	tcp.Window = 29200
	if err := tcp.SetNetworkLayerForChecksum(ip); err != nil {
		w.err = err
	}
	w.add(at, link(src, dst, layers.EthernetTypeIPv4), ip, &tcp, gopacket.Payload(payload))
}

// converse plays a whole TCP conversation, handshake to FIN, and says when it ended.
func (w *wire) converse(at time.Time, client, server station, dport uint16, turns ...turn) time.Time {
	sport := w.ephemeral()
	cseq, sseq := w.sequence(uint32(dport)), w.sequence(uint32(sport))
	c := layers.TCP{SrcPort: layers.TCPPort(sport), DstPort: layers.TCPPort(dport)}
	s := layers.TCP{SrcPort: layers.TCPPort(dport), DstPort: layers.TCPPort(sport)}
	step := func(back bool, flags string, payload []byte) {
		at = at.Add(latency)
		t, a, b := c, client, server
		t.Seq, t.Ack = cseq, sseq
		if back {
			t, a, b = s, server, client
			t.Seq, t.Ack = sseq, cseq
		}
		for _, f := range flags {
			switch f {
			case 'S':
				t.SYN = true
			case 'A':
				t.ACK = true
			case 'P':
				t.PSH = true
			case 'F':
				t.FIN = true
			}
		}
		if !t.ACK {
			t.Ack = 0
		}
		w.segment(at, a, b, t, payload)
		n := uint32(len(payload))
		if t.SYN || t.FIN {
			n++
		}
		if back {
			sseq += n
		} else {
			cseq += n
		}
	}
	step(false, "S", nil)
	step(true, "SA", nil)
	step(false, "A", nil)
	for _, t := range turns {
		at = at.Add(t.wait)
		for rest := t.data; len(rest) > 0; {
			n := min(len(rest), mss)
			step(t.back, "PA", rest[:n])
			rest = rest[n:]
		}
		step(!t.back, "A", nil)
	}
	step(false, "FA", nil)
	step(true, "FA", nil)
	step(false, "A", nil)
	return at
}

// syn sends a lone SYN whose sequence number the caller chooses, as a scanner does.
func (w *wire) syn(at time.Time, src, dst station, sport, dport uint16, seq uint32) {
	w.segment(at, src, dst, layers.TCP{SrcPort: layers.TCPPort(sport), DstPort: layers.TCPPort(dport),
		SYN: true, Seq: seq}, nil)
}

// writeTo writes the frames in order of time as a nanosecond pcap.
func (w *wire) writeTo(out io.Writer) error {
	if w.err != nil {
		return w.err
	}
	sort.SliceStable(w.frames, func(i, j int) bool { return w.frames[i].at.Before(w.frames[j].at) })
	p := pcapgo.NewWriterNanos(out)
	if err := p.WriteFileHeader(65535, layers.LinkTypeEthernet); err != nil {
		return fmt.Errorf("writing the demo's capture: %w", err)
	}
	for i, f := range w.frames {
		ci := gopacket.CaptureInfo{Timestamp: f.at, CaptureLength: len(f.data), Length: len(f.data)}
		if err := p.WritePacket(ci, f.data); err != nil {
			return fmt.Errorf("writing frame %d of the demo's capture: %w", i+1, err)
		}
	}
	return nil
}

func u16(n int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(n)) }
func u32(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }

func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}
