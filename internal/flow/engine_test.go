// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
)

func TestRecognitionGetsEveryByteFromTheFirst(t *testing.T) {
	l := newLab(Config{})
	l.shake()
	l.send(in(200, 0, "greeting"))
	l.send(out(100, 0, "a"))
	l.send(out(101, 0, "b"))
	l.send(out(102, 0, "X"))
	l.Flush()
	if got, want := strings.Join(l.tapes[0].events, " "), "1:greeting@4 0:a@5 0:b@6 0:X@7"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	if l.flows[0].Protocol != "x" {
		t.Errorf("the protocol is %q", l.flows[0].Protocol)
	}
}

func TestRecognitionIsGivenUp(t *testing.T) {
	for name, send := range map[string]func(l *lab){
		"when all say no":      func(l *lab) { l.send(out(100, 0, "!")) },
		"after enough bytes":   func(l *lab) { l.send(out(100, 0, strings.Repeat("m", maxEarly))) },
		"after many segments":  func(l *lab) { many(l, maxEarlySegments) },
		"where bytes were cut": func(l *lab) { p := out(100, 0, "m"); p.Size = 9; l.send(p) },
	} {
		l := newLab(Config{})
		l.shake()
		send(l)
		l.sound(t)
		if l.early != 0 || len(l.idle) != len(l.convs)-1 {
			t.Errorf("%s: %d bytes still wait", name, l.early)
		}
		l.send(out(5000, 0, "X")) // too late
		l.Flush()
		if len(l.tapes) != 0 || l.flows[0].Protocol != "" {
			t.Errorf("%s: recognised after all, %q", name, l.flows[0].Protocol)
		}
	}
}

func many(l *lab, n int) {
	for i := range uint32(n) {
		l.send(out(100+i, 0, "m"))
	}
}

func TestAParserThatHasEnoughIsLeftAlone(t *testing.T) {
	l := newLab(Config{})
	l.limit = 3
	l.shake()
	l.send(out(110, 0, "ahead"))
	l.send(out(100, 0, "Xab"))
	l.sound(t)
	l.send(out(103, 0, "more"))
	l.send(out(107, 0, "..."))
	l.Flush()
	l.once(t)
	if got := string(l.tapes[0].said[0]); got != "Xab" {
		t.Errorf("told %q", got)
	}
	if f := l.flows[0]; f.Protocol != "x" || f.BytesOut != 15 {
		t.Errorf("the rest is counted all the same: %+v", f)
	}
}

func TestAConversationMayTurnIntoAnother(t *testing.T) {
	var tapes []*tape
	streams := []protocol.StreamProtocol{
		{Name: "outer", Recognise: func(_ *protocol.Context, out, _ []byte) protocol.Guess { return yes(len(out) > 0 && out[0] == 'O') },
			New: func() protocol.Stream {
				s := &tape{limit: 1}
				s.onData = func(c *protocol.Context, p []byte) { c.Restart(len(p) - 2) }
				tapes = append(tapes, s)
				return s
			}},
		{Name: "inner", Recognise: func(_ *protocol.Context, out, _ []byte) protocol.Guess { return yes(len(out) > 0 && out[0] == 'I') },
			New: func() protocol.Stream { s := &tape{}; tapes = append(tapes, s); return s }},
	}
	l := newLab(Config{Streams: streams})
	l.shake()
	l.send(out(100, 0, "O1I2"))
	l.send(out(104, 0, "34"))
	l.sound(t)
	l.Flush()
	if len(tapes) != 2 || string(tapes[0].said[0]) != "O1I2" || string(tapes[1].said[0]) != "I234" || tapes[0].closed != 1 || tapes[1].closed != 1 {
		t.Fatalf("%d parsers were told: %+v", len(tapes), tapes)
	}
	if l.flows[0].Protocol != "outer" {
		t.Errorf("the conversation is called %q", l.flows[0].Protocol)
	}
}

func yes(so bool) protocol.Guess {
	if so {
		return protocol.Yes
	}
	return protocol.No
}

func TestDatagramsGoToWhoReadThemLast(t *testing.T) {
	var log []string
	reader := func(name string, first byte) protocol.Datagram {
		return func(c *protocol.Context, d protocol.Direction, p []byte) bool {
			if p[0] != first {
				return false
			}
			log = append(log, fmt.Sprintf("%s:%d:%s", name, d, p))
			return true
		}
	}
	l := newLab(Config{Datagrams: []protocol.DatagramProtocol{
		{Name: "any", Read: reader("any", 'a')}, {Name: "port", Ports: []uint16{53}, PortOnly: true, Read: reader("port", 'a')},
	}})
	l.send(udp(4000, 53, "a1")) // the port's first
	l.send(udp(4000, 99, "a2")) // no port's
	l.send(udp(4001, 99, "b"))  // nobody's
	l.Flush()
	if got := strings.Join(log, " "); got != "port:0:a1 any:0:a2" {
		t.Errorf("told %q", got)
	}
	if l.flows[0].Protocol != "port" || l.flows[1].Protocol != "any" || l.flows[2].Protocol != "" {
		t.Errorf("conversations %+v", l.flows)
	}
}

// session reads datagrams with state.
type session struct {
	n, closed int
}

func (s *session) Read(_ *protocol.Context, _ protocol.Direction, p []byte) bool {
	s.n++
	return p[0] == 's'
}
func (s *session) Close(*protocol.Context) { s.closed++ }

func TestAReaderOfDatagramsKeepsItsState(t *testing.T) {
	var all []*session
	l := newLab(Config{MaxReaders: 2, Datagrams: []protocol.DatagramProtocol{{Name: "s",
		New: func() protocol.DatagramReader { s := &session{}; all = append(all, s); return s }}}})
	for i := range uint16(5) {
		l.send(udp(4000+i, 99, "s1"))
		l.send(udp(4000+i, 99, "s2"))
		l.sound(t)
	}
	l.Flush()
	for i, s := range all {
		if s.n != 2 || s.closed != 1 {
			t.Errorf("reader %d read %d datagrams and was closed %d times", i, s.n, s.closed)
		}
	}
	if c := l.Counters(); len(all) != 5 || c.Evicted != 3 || c.Flows != 5 {
		t.Errorf("%d readers, %+v", len(all), c)
	}
	for i, e := range l.ends {
		if want := fmt.Sprintf("10.0.0.1:%d > 10.0.0.2:99", 4000+i); e != want || l.flows[i].Protocol != "s" {
			t.Errorf("conversation %d is %s, %q", i, e, l.flows[i].Protocol)
		}
	}
}

func TestTheFullTableGivesUpTheLeastActive(t *testing.T) {
	l := newLab(Config{MaxFlows: 100})
	for i := range uint16(1000) {
		l.send(udp(1000+i, 99, "x"))
		l.send(udp(1000, 99, "x")) // stays active
		l.sound(t)
	}
	if c := l.Counters(); c.Evicted != 900 || c.Flows != 900 {
		t.Errorf("counted %+v, want 900 given up", c)
	}
	l.Flush()
	total := uint64(0)
	for i, f := range l.flows {
		total += f.PacketsOut
		if l.ends[i] == "10.0.0.1:1000 > 10.0.0.2:99" && f.PacketsOut < 1000 {
			t.Errorf("the most active conversation was given up after %d packets", f.PacketsOut)
		}
	}
	if len(l.flows) != 1000 || total != 2000 {
		t.Errorf("%d conversations of %d packets were told of", len(l.flows), total)
	}
}

func TestSilenceEndsConversations(t *testing.T) {
	const minute = int64(60e9)
	for _, c := range []struct {
		name  string
		begin func(l *lab)
		after int64
		ended bool
	}{
		{"UDP, four minutes", func(l *lab) { l.send(udp(1000, 99, "x")) }, 4 * minute, false},
		{"UDP, six minutes", func(l *lab) { l.send(udp(1000, 99, "x")) }, 6 * minute, true},
		{"an open TCP connection, half an hour", (*lab).shake, 30 * minute, false},
		{"an open TCP connection, two hours", (*lab).shake, 120 * minute, true},
		{"a request without an answer, a minute", func(l *lab) { l.send(out(1, packet.SYN, "")) }, minute, false},
		{"a request without an answer, three minutes", func(l *lab) { l.send(out(1, packet.SYN, "")) }, 3 * minute, true},
		{"a connection that ended, a minute", func(l *lab) { l.shake(); l.send(in(200, packet.RST, "")) }, minute, true},
	} {
		l := newLab(Config{})
		c.begin(l)
		l.now += c.after
		l.send(udp(5, 6, "another"))
		l.now += 2e9 // the wheel turns once a second
		l.send(udp(5, 6, "another"))
		if ended := len(l.flows) == 1; ended != c.ended {
			t.Errorf("%s: ended %v", c.name, ended)
		}
	}
}

func TestTimeThatRunsBackwardsOrLeapsEndsNothingTwice(t *testing.T) {
	l := newLab(Config{})
	for i, at := range []int64{1e18, 5, -1e18, 1e18 + 1e9, 9e18, 9e18 + 1, 0, 9e18 + 3e9} {
		l.now = at
		l.send(udp(uint16(i%3), 9, "x"))
		l.sound(t)
	}
	l.Flush()
	total := uint64(0)
	for _, f := range l.flows {
		total += f.PacketsOut
	}
	if total != 8 {
		t.Errorf("%d packets told of, want 8", total)
	}
}

func TestBytesOutOfOrderHaveABudget(t *testing.T) {
	l := newLab(Config{MaxBuffer: 10_000})
	for i := range uint16(100) {
		p := out(1, packet.SYN, "")
		p.SrcPort += i
		l.send(p)
		p = out(2, 0, "X")
		p.SrcPort += i
		l.send(p)
		p = out(100, 0, strings.Repeat("z", 500))
		p.SrcPort += i
		l.send(p)
		l.sound(t)
	}
	if c := l.Counters(); c.Evicted != 80 {
		t.Errorf("counted %+v, want 80 holes given up for want of room", c)
	}
}

func TestBytesThatWaitForRecognitionHaveABudget(t *testing.T) {
	l := newLab(Config{MaxBuffer: 10_000})
	for i := range uint16(100) {
		p := out(1, packet.ACK, strings.Repeat("m", 500))
		p.SrcPort += i
		l.send(p)
		l.sound(t)
		if l.early > 10_500 {
			t.Fatalf("%d bytes wait", l.early)
		}
	}
	if c := l.Counters(); c.Evicted != 80 {
		t.Errorf("counted %+v, want 80 that could not wait", c)
	}
}

func TestAnInputEndsItsConversations(t *testing.T) {
	l := newLab(Config{})
	for n := range 2 {
		l.Input(n)
		l.now = int64(10-n) * 3600e9 // the second capture is older
		l.shake()
		l.send(out(100, 0, "X"))
		l.Flush()
		l.sound(t)
		if l.t.used != 0 {
			t.Errorf("input %d left %d conversations", n, l.t.used)
		}
	}
	if len(l.flows) != 2 || l.input[0] != 0 || l.input[1] != 1 || len(l.tapes) != 2 {
		t.Errorf("told of %v", l.input)
	}
	l.once(t)
}

func TestLinkProtocolsAreOneConversationASender(t *testing.T) {
	var read []string
	l := newLab(Config{Links: []protocol.LinkProtocol{{Name: "lldp", EtherType: 0x88cc,
		Read: func(c *protocol.Context, src, dst observation.MAC, p []byte) { read = append(read, string(p)) }}}})
	for i := range 3 {
		p := packet.Packet{Layer: packet.LayerLink, EtherType: 0x88cc, SrcMAC: observation.MAC{2, 0, 0, 0, 0, byte(i % 2)}, Payload: []byte("abc")}
		l.Link(&p, "", int64(i), uint32(i+1))
	}
	l.Link(&packet.Packet{Layer: packet.LayerLink, EtherType: 0x9999}, "", 9, 9)
	l.Link(&packet.Packet{Layer: packet.LayerLink, EtherType: packet.EtherARP}, "arp", 10, 10)
	l.Flush()
	if len(read) != 3 || len(l.flows) != 3 || l.flows[0].PacketsOut != 2 || l.flows[0].Protocol != "lldp" || l.flows[2].Protocol != "arp" {
		t.Errorf("read %d, told %+v", len(read), l.flows)
	}
}

// hot is an engine with a conversation whose parser reads on, and the next segment of it.
func hot(streams []protocol.StreamProtocol) (*lab, packet.Packet) {
	l := newLab(Config{Streams: streams})
	l.shake()
	l.send(out(100, 0, "X"))
	return l, out(101, packet.ACK, strings.Repeat("d", 1000))
}

type deaf struct{}

func (deaf) Data(*protocol.Context, protocol.Direction, []byte) bool { return true }
func (deaf) Gap(*protocol.Context, protocol.Direction, int) bool     { return true }
func (deaf) Close(*protocol.Context)                                 {}

func reading() []protocol.StreamProtocol {
	return []protocol.StreamProtocol{{Name: "deaf", New: func() protocol.Stream { return deaf{} },
		Recognise: func(*protocol.Context, []byte, []byte) protocol.Guess { return protocol.Yes }}}
}

func TestAPacketAllocatesNothing(t *testing.T) {
	l, p := hot(reading())
	q := udp(7, 8, "datagram")
	q.Size = 8
	l.send(q)
	frame, now := l.frame, l.now
	n := testing.AllocsPerRun(1000, func() {
		frame, now = frame+2, now+1e6
		p.Size = len(p.Payload)
		l.Packet(&p, now, frame)
		p.Seq += 1000
		l.Packet(&q, now, frame+1)
	})
	if n != 0 {
		t.Errorf("a segment and a datagram allocate %v times", n)
	}
}

func BenchmarkSegment(b *testing.B) {
	l, p := hot(reading())
	p.Size = len(p.Payload)
	now, frame := l.now, l.frame
	b.ReportAllocs()
	for b.Loop() {
		now, frame = now+1000, frame+1
		l.Packet(&p, now, frame)
		p.Seq += 1000
	}
}

func TestARecordFillsLinesOfMemory(t *testing.T) {
	var r record
	if s, hot := unsafe.Sizeof(r), unsafe.Offsetof(r.first); s != 192 || hot != 128 {
		t.Errorf("a record takes %d bytes, what every packet touches %d", s, hot)
	}
}
