// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math/rand/v2"
	"testing"

	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
)

// play turns bytes into packets of a few conversations: five bytes each.
func play(t testing.TB, script []byte) {
	turning := []protocol.DatagramProtocol{{Name: "s", New: func() protocol.DatagramReader { return &session{} }}}
	l := newLab(Config{MaxFlows: 5, MaxReaders: 3, MaxBuffer: 300, Datagrams: turning})
	l.limit = 200
	for ; len(script) >= 5; script = script[5:] {
		who, flags, seq, size, kind := script[0], script[1], script[2], script[3], script[4]
		p := out(uint32(seq), flags&0x1f, "")
		if who&1 != 0 {
			p = in(uint32(seq), flags&0x1f, "")
		}
		p.SrcPort += uint16(who>>1) & 7 * uint16(1-who&1)
		p.DstPort += uint16(who>>1) & 7 * uint16(who&1)
		p.Ack = uint32(seq) + uint32(kind)
		p.Payload = filling(kind)[:size%64]
		p.Size = len(p.Payload) + int(kind>>6)
		if kind&0x20 != 0 {
			p.Proto = packet.ProtoUDP
		}
		if kind&0x1f == 0x1f {
			l.now += int64(size) << 34
		}
		l.send(p)
		l.sound(t)
	}
	l.Flush()
	l.sound(t)
	l.once(t)
	if l.t.used != 0 || l.early != 0 || l.held != 0 {
		t.Errorf("after the end: %d conversations, %d and %d bytes", l.t.used, l.early, l.held)
	}
}

// filling is a payload that recognition says Yes, No or Maybe to.
func filling(kind byte) []byte {
	b := make([]byte, 64)
	for i := range b {
		b[i] = "mX!s"[(int(kind)+i/48)&3]
	}
	return b
}

func FuzzEngine(f *testing.F) {
	f.Add([]byte("\x00\x02\x63\x00\x00\x01\x12\xc7\x00\x00\x00\x10\x64\x05\x01\x00\x10\x70\x05\x00\x01\x10\xc8\x09\x00"))
	f.Add([]byte("\x02\x10\x64\x05\x21\x02\x10\x64\x05\x21\x04\x01\x64\x05\x01\x03\x01\x64\x05\x01"))
	f.Fuzz(func(t *testing.T, script []byte) { play(t, script[:min(len(script), 5*400)]) })
}

func TestNoOrderOfPacketsBreaksTheEngine(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	script := make([]byte, 5*200)
	for range 300 {
		for i := range script {
			script[i] = byte(random.Uint32())
		}
		for i := 0; i < len(script); i += 5 { // mostly plain segments, so that bytes flow
			if random.IntN(3) > 0 {
				script[i], script[i+1] = script[i]&7, packet.ACK
			}
		}
		if play(t, script); t.Failed() {
			t.Fatalf("script %x", script)
		}
	}
}
