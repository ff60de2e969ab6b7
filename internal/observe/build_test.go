// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"encoding/binary"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// scene builds a small capture frame by frame, a millisecond apart.
type scene struct {
	t      testing.TB
	frames [][]byte
}

// node is an end of the scene's conversations.
type node struct {
	mac net.HardwareAddr
	ip  net.IP
}

func at(n byte) node {
	return node{net.HardwareAddr{2, 0, 0, 0, 0, n}, net.IP{10, 1, 1, n}}
}

func (s *scene) add(l ...gopacket.SerializableLayer) {
	s.t.Helper()
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, l...); err != nil {
		s.t.Fatal(err)
	}
	s.frames = append(s.frames, append([]byte{}, b.Bytes()...))
}

func wrapped(from, to node, t layers.EthernetType) *layers.Ethernet {
	return &layers.Ethernet{SrcMAC: from.mac, DstMAC: to.mac, EthernetType: t}
}

func internet(from, to node, p layers.IPProtocol) *layers.IPv4 {
	return &layers.IPv4{Version: 4, TTL: 64, SrcIP: from.ip, DstIP: to.ip, Protocol: p}
}

func (s *scene) udp(from, to node, sp, dp uint16, data string) {
	s.t.Helper()
	ip := internet(from, to, layers.IPProtocolUDP)
	u := &layers.UDP{SrcPort: layers.UDPPort(sp), DstPort: layers.UDPPort(dp)}
	u.SetNetworkLayerForChecksum(ip)
	s.add(wrapped(from, to, layers.EthernetTypeIPv4), ip, u, gopacket.Payload(data))
}

// talk is a TCP connection: what the client and the server say in turn.
func (s *scene) talk(c, v node, cp, vp uint16, turns ...string) {
	s.t.Helper()
	seq := [2]uint32{1000, 5000}
	send := func(server int, syn, fin bool, data string) {
		from, to, sp, dp := c, v, cp, vp
		if server == 1 {
			from, to, sp, dp = v, c, vp, cp
		}
		ip := internet(from, to, layers.IPProtocolTCP)
		t := &layers.TCP{SrcPort: layers.TCPPort(sp), DstPort: layers.TCPPort(dp), Seq: seq[server], Ack: seq[1-server], SYN: syn, FIN: fin,
			ACK: !syn || server == 1, Window: 1000}
		t.SetNetworkLayerForChecksum(ip)
		s.add(wrapped(from, to, layers.EthernetTypeIPv4), ip, t, gopacket.Payload(data))
		if seq[server] += uint32(len(data)); syn || fin {
			seq[server]++
		}
	}
	send(0, true, false, "")
	send(1, true, false, "")
	send(0, false, false, "")
	for i, data := range turns {
		send(i&1, false, false, data)
	}
	send(0, false, true, "")
	send(1, false, true, "")
	send(0, false, false, "")
}

// arp asks for an address.
func (s *scene) arp(from node, target net.IP) {
	s.t.Helper()
	s.add(&layers.Ethernet{SrcMAC: from.mac, DstMAC: layers.EthernetBroadcast, EthernetType: layers.EthernetTypeARP},
		&layers.ARP{AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4, Operation: 1,
			SourceHwAddress: from.mac, SourceProtAddress: from.ip, DstHwAddress: make([]byte, 6), DstProtAddress: target})
}

// pcap is the scene as a capture's bytes.
func (s *scene) pcap() []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	b = append(b, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0)
	for i, f := range s.frames {
		for _, v := range []uint32{1_793_610_000, uint32(i) * 1000, uint32(len(f)), uint32(len(f))} {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		b = append(b, f...)
	}
	return b
}

func put(t testing.TB, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "small.pcap")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// small is a camera that logs in over HTTP in clear, asks for a name and the time, and is scanned.
func small(t testing.TB) *scene {
	s := &scene{t: t}
	camera, panel, stranger := at(10), at(20), at(66)
	s.arp(camera, panel.ip)
	s.talk(camera, panel, 40000, 80,
		"GET /set?token=s3cret HTTP/1.1\r\nHost: panel.local\r\nUser-Agent: cam/1.0\r\nAuthorization: Basic YWRtaW46YWRtaW4=\r\n\r\n",
		"HTTP/1.1 200 OK\r\nServer: tiny/2\r\nContent-Type: text/html\r\nContent-Length: 30\r\n\r\n<html><title>Panel</title></ht>")
	s.udp(camera, panel, 5000, 53, "\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04time\x07example\x00\x00\x01\x00\x01")
	s.udp(panel, camera, 53, 5000, "\x00\x07\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x04time\x07example\x00\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x01")
	s.udp(camera, panel, 123, 123, "\x23"+string(make([]byte, 47)))
	s.talk(camera, panel, 40001, 23, "root\r\n", "Password: ", "12345\r\n", "Login incorrect\r\n")
	for port := range uint16(25) {
		ip := internet(stranger, camera, layers.IPProtocolTCP)
		syn := &layers.TCP{SrcPort: layers.TCPPort(50000 + port), DstPort: layers.TCPPort(1000 + port), Seq: 7, SYN: true}
		syn.SetNetworkLayerForChecksum(ip)
		s.add(wrapped(stranger, camera, layers.EthernetTypeIPv4), ip, syn)
	}
	s.add(wrapped(camera, panel, layers.EthernetTypeIPv4), gopacket.Payload("\x45\x00\x00\x10 a header that lies"))
	return s
}
