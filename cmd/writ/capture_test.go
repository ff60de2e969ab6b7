// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"net"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// began is when the small captures begin.
var began = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// pcap writes frames, a millisecond apart.
func pcap(frames ...[]byte) ([]byte, error) {
	var b bytes.Buffer
	w := pcapgo.NewWriter(&b)
	if err := w.WriteFileHeader(65535, layers.LinkTypeEthernet); err != nil {
		return nil, err
	}
	for i, f := range frames {
		at := began.Add(time.Duration(i) * time.Millisecond)
		if err := w.WritePacket(gopacket.CaptureInfo{Timestamp: at, CaptureLength: len(f), Length: len(f)},
			f); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// clearLogin is one conversation of two hosts behind their own link addresses: HTTP Basic authentication that
// the other end lets in, nine frames in all. The login is admin, the password winter-garden.
func clearLogin() ([]byte, error) {
	c := conversation{
		a: host{net.HardwareAddr{0x02, 0, 0, 0, 0, 1}, net.IPv4(10, 1, 1, 1), 40000},
		b: host{net.HardwareAddr{0x02, 0, 0, 0, 0, 2}, net.IPv4(10, 1, 1, 2), 80},
	}
	c.open()
	c.say(&c.a, &c.b,
		"GET /admin HTTP/1.1\r\nHost: 10.1.1.2\r\nAuthorization: Basic YWRtaW46d2ludGVyLWdhcmRlbg==\r\n\r\n")
	c.say(&c.b, &c.a, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok")
	c.close()
	if c.err != nil {
		return nil, c.err
	}
	return pcap(c.frames...)
}

type host struct {
	mac  net.HardwareAddr
	ip   net.IP
	port layers.TCPPort
}

// conversation builds the frames of one TCP conversation.
type conversation struct {
	a, b       host
	seqA, seqB uint32
	frames     [][]byte
	err        error
}

func (c *conversation) open() {
	c.seqA, c.seqB = 1000, 5000
	c.segment(&c.a, &c.b, &layers.TCP{SYN: true}, "")
	c.segment(&c.b, &c.a, &layers.TCP{SYN: true, ACK: true}, "")
	c.segment(&c.a, &c.b, &layers.TCP{ACK: true}, "")
}

func (c *conversation) say(from, to *host, text string) {
	c.segment(from, to, &layers.TCP{ACK: true, PSH: true}, text)
	c.segment(to, from, &layers.TCP{ACK: true}, "")
}

func (c *conversation) close() {
	c.segment(&c.a, &c.b, &layers.TCP{ACK: true, FIN: true}, "")
	c.segment(&c.b, &c.a, &layers.TCP{ACK: true, FIN: true}, "")
}

func (c *conversation) segment(from, to *host, t *layers.TCP, text string) {
	mine, theirs := &c.seqA, &c.seqB
	if from == &c.b {
		mine, theirs = theirs, mine
	}
	t.SrcPort, t.DstPort, t.Seq, t.Window = from.port, to.port, *mine, 65535
	if t.ACK {
		t.Ack = *theirs
	}
	*mine += uint32(len(text))
	if t.SYN || t.FIN {
		*mine++
	}
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: from.ip, DstIP: to.ip}
	if err := t.SetNetworkLayerForChecksum(ip); err != nil {
		c.err = err
		return
	}
	out := gopacket.NewSerializeBuffer()
	err := gopacket.SerializeLayers(out, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true},
		&layers.Ethernet{SrcMAC: from.mac, DstMAC: to.mac, EthernetType: layers.EthernetTypeIPv4}, ip, t,
		gopacket.Payload(text))
	if err != nil {
		c.err = err
	}
	c.frames = append(c.frames, out.Bytes())
}
