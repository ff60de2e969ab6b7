// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
)

// permutations gives every order of n things.
func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, p := range permutations(n - 1) {
		for i := range n {
			q := append(append(append([]int{}, p[:i]...), n-1), p[i:]...)
			all = append(all, q)
		}
	}
	return all
}

func TestBytesComeInOrderHoweverSegmentsCome(t *testing.T) {
	parts := []string{"X0", "11", "222", "3", "4444"}
	for _, order := range permutations(len(parts)) {
		l := newLab(Config{})
		l.shake()
		for _, i := range order {
			at := len(strings.Join(parts[:i], ""))
			l.send(out(100+uint32(at), 0, parts[i]))
			l.sound(t)
		}
		l.Flush()
		l.once(t)
		if got := string(l.tapes[0].said[0]); got != "X01122234444" {
			t.Errorf("in the order %v: %q", order, got)
		}
		if f := l.flows[0]; f.Missing != 0 || f.BytesOut != 12 || l.Counters().Gaps != 0 {
			t.Errorf("in the order %v: %+v, %d gaps", order, f, l.Counters().Gaps)
		}
	}
}

func TestRepeatsAndOverlapsAreToldOnce(t *testing.T) {
	text := "X" + strings.Repeat("0123456789", 12)
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		l := newLab(Config{})
		start := random.Uint32() // sequence numbers wrap
		l.send(out(start-1, packet.SYN, ""))
		for next := 0; next < len(text); {
			from := max(0, next-random.IntN(20))
			to := min(len(text), next+1+random.IntN(20))
			l.send(out(start+uint32(from), 0, text[from:to]))
			if random.IntN(3) == 0 { // and once more, ahead of time
				ahead := min(len(text), to+random.IntN(15))
				l.send(out(start+uint32(ahead), 0, text[ahead:min(len(text), ahead+9)]))
			}
			next = to
			l.sound(t)
		}
		l.Flush()
		l.once(t)
		if got := string(l.tapes[0].said[0]); got != text {
			t.Fatalf("from %d: %q", start, got)
		}
	}
}

func TestEachSegmentIsToldUnderItsOwnFrame(t *testing.T) {
	l := newLab(Config{})
	l.shake()                   // frames 1 to 3
	l.send(out(103, 0, "late")) // 4
	l.send(out(100, 0, "abX"))  // 5
	l.send(in(200, 0, "reply")) // 6
	l.Flush()
	if got, want := strings.Join(l.tapes[0].events, " "), "0:abX@5 0:late@4 1:reply@6"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	if l.spans[0] != [2]uint32{1, 6} {
		t.Errorf("the conversation spans %v", l.spans[0])
	}
}

func TestWhatTheCaptureLostIsAGap(t *testing.T) {
	for _, c := range []struct {
		name string
		send func(l *lab)
		want string
		lost uint64
	}{
		{"acknowledged and never seen", func(l *lab) {
			l.send(out(100, 0, "X1"))
			l.send(out(105, 0, "b"))
			l.send(out(106, 0, "c"))
			l.send(out(107, 0, "d"))
			l.send(acked(in(200, 0, "r"), 108))
			l.send(out(108, 0, "e"))
		}, "X1[3]bcde", 3},
		{"at the end", func(l *lab) {
			l.send(out(100, 0, "X1"))
			l.send(out(105, 0, "b"))
		}, "X1[3]b", 3},
		{"too much held", func(l *lab) {
			l.send(out(100, 0, "X1"))
			for i := range uint32(maxHeldSegments + 1) {
				l.send(out(200+10*i, 0, "0123456789"))
			}
		}, "X1[98]" + strings.Repeat("0123456789", maxHeldSegments+1), 98},
		{"one segment larger than the room", func(l *lab) {
			l.send(out(100, 0, "X1"))
			l.send(out(200, 0, strings.Repeat("z", maxHeldBytes+1)))
		}, "X1[98]" + strings.Repeat("z", maxHeldBytes+1), 98},
		{"cut by the snap length", func(l *lab) {
			p := out(100, 0, "X1")
			p.Size = 10
			l.send(p)
			l.send(out(110, 0, "b"))
		}, "X1[8]b", 0},
	} {
		l := newLab(Config{})
		l.shake()
		c.send(l)
		l.sound(t)
		l.Flush()
		l.once(t)
		if got := string(l.tapes[0].said[0]); got != c.want {
			t.Errorf("%s: %.80q, want %.80q", c.name, got, c.want)
		}
		if l.flows[0].Missing != c.lost {
			t.Errorf("%s: %d bytes missing, want %d", c.name, l.flows[0].Missing, c.lost)
		}
	}
}

func TestAHoleThatIsFilledLateIsNoGap(t *testing.T) {
	l := newLab(Config{})
	l.shake()
	want := "X"
	l.send(out(100, 0, "X"))
	seq := uint32(101)
	for i := range 300 { // more than is ever held at once, always two segments early
		a, b := strings.Repeat("a", 700), fmt.Sprintf("%0400d", i)
		l.send(out(seq+uint32(len(a)), 0, b))
		l.send(out(seq, 0, a[:350]))
		seq += uint32(len(a) + len(b))
		l.send(out(seq, 0, "!"))
		l.send(out(seq-uint32(len(b)+350), 0, a[350:]))
		seq++
		want += a + b + "!"
		l.sound(t)
	}
	l.Flush()
	if got := string(l.tapes[0].said[0]); got != want || l.Counters().Gaps != 0 {
		t.Errorf("%d bytes with %d gaps, want %d without", len(got), l.Counters().Gaps, len(want))
	}
}

func TestTheParserIsClosedOnceHoweverItEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(l *lab)
		open bool // until the flush
	}{
		{"reset by the server", func(l *lab) { l.send(in(200, packet.RST, "")) }, false},
		{"reset by the client", func(l *lab) { l.send(out(101, packet.RST, "")); l.send(out(101, 0, "late")) }, false},
		{"finished", func(l *lab) { l.send(out(101, packet.FIN, "")); l.send(acked(in(200, packet.FIN, ""), 102)) }, false},
		{"half finished", func(l *lab) { l.send(out(101, packet.FIN, "")) }, true},
		{"finished with a hole", func(l *lab) {
			l.send(out(105, packet.FIN, "z"))
			l.send(in(200, packet.FIN, ""))
		}, true},
		{"idle", func(l *lab) { l.now += 2 * idleTCP; l.send(udp(1, 2, "x")) }, false},
		{"begun anew", func(l *lab) { l.send(out(5000, packet.SYN, "")) }, false},
		{"the end of the capture", func(*lab) {}, true},
	} {
		l := newLab(Config{})
		l.shake()
		l.send(out(100, 0, "X"))
		c.end(l)
		if closed := l.tapes[0].closed == 1; closed == c.open {
			t.Errorf("%s: closed %d times before the flush", c.name, l.tapes[0].closed)
		}
		l.Flush()
		l.once(t)
	}
}

func TestPortsThatAreUsedAgainAreAnotherConversation(t *testing.T) {
	l := newLab(Config{})
	l.shake()
	l.send(out(99, packet.SYN, "")) // the same request again
	l.send(out(100, 0, "Xone"))
	l.send(out(104, packet.FIN, ""))
	l.send(in(200, packet.FIN, ""))
	l.send(out(7000, packet.SYN, ""))
	l.send(acked(in(9000, packet.SYN, ""), 7001))
	l.send(out(7001, 0, "Xtwo"))
	l.send(out(7005, packet.FIN, ""))
	l.send(in(9001, packet.FIN, ""))
	l.send(in(9002, packet.ACK, "")) // comes late: still the second
	l.Flush()
	if len(l.flows) != 2 || len(l.tapes) != 2 || string(l.tapes[0].said[0]) != "Xone" || string(l.tapes[1].said[0]) != "Xtwo" {
		t.Fatalf("%d conversations, %d parsers", len(l.flows), len(l.tapes))
	}
	if l.flows[0].Syns != 2 || l.flows[1].PacketsIn != 3 {
		t.Errorf("told %+v", l.flows)
	}
}

func TestWhoBeganIsKnownOrGuessed(t *testing.T) {
	const forth, back = "10.0.0.1:40000 > 10.0.0.2:80", "10.0.0.2:80 > 10.0.0.1:40000"
	for _, c := range []struct {
		name  string
		first packet.Packet
		want  string
		mid   bool
	}{
		{"a request", out(1, packet.SYN, ""), forth, false},
		{"an answer first", in(1, packet.SYN|packet.ACK, ""), forth, false},
		{"midstream, from the service's port", in(1, packet.ACK, "x"), forth, true},
		{"midstream, to the service's port", out(1, packet.ACK, "x"), forth, true},
		{"a request from the service's port", in(1, packet.SYN, ""), back, false},
	} {
		l := newLab(Config{})
		l.send(c.first)
		l.Flush()
		if l.ends[0] != c.want || l.flows[0].Midstream != c.mid {
			t.Errorf("%s: %s, midstream %v", c.name, l.ends[0], l.flows[0].Midstream)
		}
	}
}

func TestAConversationMetMidstreamIsTurnedRound(t *testing.T) {
	l := newLab(Config{Streams: []protocol.StreamProtocol{{Name: "x",
		Recognise: func(c *protocol.Context, out, in []byte) protocol.Guess {
			if len(out) > 0 && out[0] == 'Q' {
				return protocol.Yes
			}
			return protocol.Maybe
		}, New: func() protocol.Stream { return &tape{} }}}})
	// From a higher port to a lower one: the sender would be taken for the client.
	p := packet.Packet{Src: addrB, Dst: addrA, SrcPort: 50000, DstPort: 40000, Proto: packet.ProtoTCP, Seq: 1, Flags: packet.ACK, Payload: []byte("answer")}
	q := packet.Packet{Src: addrA, Dst: addrB, SrcPort: 40000, DstPort: 50000, Proto: packet.ProtoTCP, Seq: 1, Flags: packet.ACK, Payload: []byte("Question")}
	l.send(p)
	l.send(q)
	l.Flush()
	if l.ends[0] != "10.0.0.1:40000 > 10.0.0.2:50000" || l.flows[0].BytesOut != 8 || l.flows[0].BytesIn != 6 || l.flows[0].Protocol != "x" {
		t.Errorf("told %s, %+v", l.ends[0], l.flows[0])
	}
}

func TestOutcomesOfARequestAreTold(t *testing.T) {
	l := newLab(Config{})
	l.send(out(addrB.V4(), packet.SYN, "")) // the mark of Mirai's scanner
	l.send(in(0, packet.RST|packet.ACK, ""))
	l.Flush()
	if f := l.flows[0]; !f.Refused || f.Established || f.Syns != 1 || f.SequenceIsTarget != 1 {
		t.Errorf("a refusal: %+v", f)
	}
	l = newLab(Config{})
	l.shake()
	l.Flush()
	if f := l.flows[0]; f.Refused || !f.Established || f.SequenceIsTarget != 0 {
		t.Errorf("a handshake: %+v", f)
	}
	l = newLab(Config{})
	l.send(out(1, packet.SYN, ""))
	l.send(out(1, packet.SYN, ""))
	l.Flush()
	if f := l.flows[0]; f.Refused || f.Established || f.Syns != 2 {
		t.Errorf("silence: %+v", f)
	}
}

func TestAcknowledgedBytesThatNobodySawAreMissing(t *testing.T) {
	l := newLab(Config{})
	l.shake()
	l.send(out(100, 0, "!"))               // nobody reads it
	l.send(acked(in(200, 0, "abc"), 1101)) // a thousand more were sent
	l.Flush()
	if l.flows[0].Missing != 1000 {
		t.Errorf("%d bytes missing, want 1000", l.flows[0].Missing)
	}
	l = newLab(Config{})
	l.shake()
	l.send(out(100, 0, "!"))
	l.send(out(151, 0, "0123456789")) // passes over fifty
	l.send(out(101, 0, strings.Repeat("z", 50)))
	l.Flush()
	if l.flows[0].Missing != 0 {
		t.Errorf("%d bytes missing of those that came late", l.flows[0].Missing)
	}
}

// Held segments were once lost, and their buffer lent twice, when recognition turned a conversation round
// while they were being delivered.
func TestSegmentsHeldWhileTheEndsAreExchangedAreNotLost(t *testing.T) {
	l := newLab(Config{})
	talk := func(seq uint32, data string) packet.Packet {
		return packet.Packet{Src: addrA, Dst: addrB, SrcPort: 40000, DstPort: 50000, Proto: packet.ProtoTCP, Seq: seq, Flags: packet.ACK, Payload: []byte(data)}
	}
	answer := talk(1, "answer")
	answer.Src, answer.Dst, answer.SrcPort, answer.DstPort = addrB, addrA, 50000, 40000
	l.send(answer)
	l.send(talk(1, "a"))
	l.send(talk(3, "c"))
	l.send(talk(5, "e"))
	l.send(talk(2, "X"))
	l.sound(t)
	l.send(talk(4, "d"))
	l.sound(t)
	l.Flush()
	l.once(t)
	if s := l.tapes[0]; string(s.said[0]) != "aXcde" || string(s.said[1]) != "answer" || l.flows[0].Missing != 0 {
		t.Errorf("told %q and %q, %d bytes missing", s.said[0], s.said[1], l.flows[0].Missing)
	}
}
