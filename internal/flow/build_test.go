// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
)

// told is a sink that keeps the conversations it is told of.
type told struct {
	flows []observation.Flow
	ends  []string // client > server
	spans [][2]uint32
	input []int
}

func (s *told) Observe(o *observation.Observation) {
	if f, ok := o.Body.(*observation.Flow); ok {
		s.flows = append(s.flows, *f)
		s.ends = append(s.ends, o.Client.String()+" > "+o.Server.String())
		s.spans = append(s.spans, [2]uint32{o.First, o.Last})
		s.input = append(s.input, o.Input)
	}
}

// tape is a parser that keeps what it was told. It has enough after its limit of bytes.
type tape struct {
	said   [2][]byte // gaps stand as "[n]"
	events []string
	closed int
	limit  int
	onData func(c *protocol.Context, p []byte)
}

func (s *tape) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.closed > 0 {
		panic("data behind the close")
	}
	s.said[d] = append(s.said[d], p...)
	s.events = append(s.events, fmt.Sprintf("%d:%s@%d", d, p, c.Frame))
	if s.onData != nil {
		s.onData(c, p)
	}
	return s.limit == 0 || len(s.said[0])+len(s.said[1]) < s.limit
}

func (s *tape) Gap(c *protocol.Context, d protocol.Direction, n int) bool {
	if s.closed > 0 {
		panic("a gap behind the close")
	}
	if n <= 0 {
		panic("a gap of nothing")
	}
	s.said[d] = append(s.said[d], fmt.Sprintf("[%d]", n)...)
	return true
}

func (s *tape) Close(*protocol.Context) { s.closed++ }

// lab is an engine with one stream protocol, whose recordings it keeps.
type lab struct {
	*Engine
	told
	tapes []*tape
	frame uint32
	now   int64
	limit int
}

// newLab makes a lab; the protocol "x" is recognised by an X in the first bytes to the server (which may
// come late).
func newLab(cfg Config) *lab {
	l := &lab{}
	cfg.Out = l
	if cfg.Streams == nil {
		cfg.Streams = []protocol.StreamProtocol{{Name: "x", Ports: []uint16{80}, Recognise: func(_ *protocol.Context, out, _ []byte) protocol.Guess {
			switch {
			case bytes.IndexByte(out, 'X') >= 0:
				return protocol.Yes
			case bytes.IndexByte(out, '!') >= 0:
				return protocol.No
			}
			return protocol.Maybe
		}, New: func() protocol.Stream {
			t := &tape{limit: l.limit}
			l.tapes = append(l.tapes, t)
			return t
		}}}
	}
	l.Engine = New(cfg)
	return l
}

// send gives a packet to the engine, a millisecond after the last one.
func (l *lab) send(p packet.Packet) {
	l.frame++
	l.now += 1e6
	if p.Layer == packet.LayerNone {
		p.Layer = packet.LayerPorts
	}
	if p.Size == 0 {
		p.Size = len(p.Payload)
	}
	l.Packet(&p, l.now, l.frame)
}

var addrA, addrB = packet.Addr4(0x0a000001), packet.Addr4(0x0a000002)

// out and in are segments of the conversation 10.0.0.1:40000 > 10.0.0.2:80, by direction.
func out(seq uint32, flags uint8, data string) packet.Packet {
	return packet.Packet{Src: addrA, Dst: addrB, SrcPort: 40000, DstPort: 80, Proto: packet.ProtoTCP, Seq: seq, Flags: flags, Payload: []byte(data)}
}

func in(seq uint32, flags uint8, data string) packet.Packet {
	return packet.Packet{Src: addrB, Dst: addrA, SrcPort: 80, DstPort: 40000, Proto: packet.ProtoTCP, Seq: seq, Flags: flags, Payload: []byte(data)}
}

func acked(p packet.Packet, ack uint32) packet.Packet {
	p.Flags |= packet.ACK
	p.Ack = ack
	return p
}

func udp(sp, dp uint16, data string) packet.Packet {
	return packet.Packet{Src: addrA, Dst: addrB, SrcPort: sp, DstPort: dp, Proto: packet.ProtoUDP, Payload: []byte(data)}
}

// shake is a TCP handshake with the initial numbers 99 and 199: data begins at 100 and 200.
func (l *lab) shake() {
	l.send(out(99, packet.SYN, ""))
	l.send(acked(in(199, packet.SYN, ""), 100))
	l.send(acked(out(100, 0, ""), 200))
}

// sound says what must hold between packets.
func (l *lab) sound(t testing.TB) {
	t.Helper()
	early, held, lent, used := 0, 0, 0, 0
	for _, cv := range l.convs[1:] {
		early += len(cv.bytes[0]) + len(cv.bytes[1])
		for _, o := range cv.early {
			if o != nil {
				lent++
				held += len(o.buf)
				if len(o.segs) == 0 {
					t.Errorf("a direction waits for nothing")
				}
			}
		}
	}
	for _, c := range l.t.slab {
		for i := range c {
			if c[i].live {
				used++
				if n := c[i].conv; n != 0 && l.convs[n].of != c[i].slot {
					t.Errorf("a conversation is of slot %d, not %d", l.convs[n].of, c[i].slot)
				}
			}
		}
	}
	if early != l.early || held != l.held || lent != l.lent || used != l.t.used {
		t.Errorf("early %d, held %d, lent %d, used %d; counted %d, %d, %d, %d", early, held, lent, used, l.early, l.held, l.lent, l.t.used)
	}
	if l.held > l.cfg.MaxBuffer || l.t.used > l.cfg.MaxFlows || len(l.convs)-1-len(l.idle) > l.cfg.MaxReaders {
		t.Errorf("a budget is exceeded: %d bytes, %d conversations, %d readers", l.held, l.t.used, len(l.convs)-1-len(l.idle))
	}
}

// once says that every parser was closed once.
func (l *lab) once(t testing.TB) {
	t.Helper()
	for i, s := range l.tapes {
		if s.closed != 1 {
			t.Errorf("parser %d was closed %d times", i, s.closed)
		}
	}
}
