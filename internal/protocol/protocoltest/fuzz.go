// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package protocoltest

import (
	"encoding/binary"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

// encode writes turns for a fuzzer: a 16-bit head (direction, length), then the bytes.
func encode(turns []Turn) []byte {
	var b []byte
	for _, t := range cut(turns, 0x7fff) {
		b = binary.BigEndian.AppendUint16(b, uint16(t.Dir)<<15|uint16(len(t.Bytes)))
		b = append(b, t.Bytes...)
	}
	return b
}

func decode(b []byte) []Turn {
	var turns []Turn
	for len(b) > 2 {
		h := binary.BigEndian.Uint16(b)
		n := min(int(h&0x7fff), len(b)-2)
		if n > 0 { // the engine calls with bytes only
			turns = append(turns, Turn{protocol.Direction(h >> 15), string(b[2 : 2+n])})
		}
		b = b[2+n:]
	}
	return turns
}

// FuzzStreams fuzzes the stream parsers with a conversation cut in turns: none may panic, and none may say
// anything else because the turns came in other chunks. A lost chunk must do no harm.
func FuzzStreams(f *testing.F, all []protocol.StreamProtocol, seeds ...[]Turn) {
	for i := range all {
		for _, s := range seeds {
			f.Add(uint8(i), uint8(3), encode(s))
		}
	}
	f.Fuzz(func(t *testing.T, which, size uint8, b []byte) {
		p := all[int(which)%len(all)]
		turns := decode(b)
		port := uint16(4000)
		if len(p.Ports) > 0 && size&1 == 0 {
			port = p.Ports[0]
		}
		c, whole := context(port, observation.TCP)
		recognised(p, c, turns)
		read(p.New(), c, turns)
		chunks := cut(turns, int(size)+1)
		c, parts := context(port, observation.TCP)
		read(p.New(), c, chunks)
		if d := diff(whole.met, parts.met); d != "" {
			t.Errorf("%s says something else in chunks of %d (-whole +chunks):\n%s", p.Name, int(size)+1, d)
		}
		c, _ = context(port, observation.TCP)
		lossy(p.New(), c, chunks, int(size)%7+1)
	})
}

// lossy plays with every nth chunk lost.
func lossy(s protocol.Stream, c *protocol.Context, chunks []Turn, n int) {
	for i, t := range chunks {
		c.Frame++
		more := true
		if i%n == n-1 {
			more = s.Gap(c, t.Dir, len(t.Bytes))
		} else {
			more = s.Data(c, t.Dir, []byte(t.Bytes))
		}
		if !more {
			break
		}
	}
	s.Close(c)
}

// FuzzDatagrams fuzzes the datagram readers: no panic, and nothing said of what was not read.
func FuzzDatagrams(f *testing.F, all []protocol.DatagramProtocol, seeds ...string) {
	for i := range all {
		for _, s := range seeds {
			f.Add(uint8(i), uint8(0), []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, which, dir uint8, b []byte) {
		p := all[int(which)%len(all)]
		port := uint16(4000)
		if len(p.Ports) > 0 && dir&2 == 0 {
			port = p.Ports[0]
		}
		c, met := context(port, observation.UDP)
		c.Frame = 1
		r, end := Reader(p)
		ok := r(c, protocol.Direction(dir&1), b)
		if !ok && len(met.met) > 0 {
			t.Errorf("%s emits %+v of what it does not read", p.Name, met.met[0])
		}
		r(c, protocol.Direction(dir>>2&1), b)
		end(c)
	})
}

// FuzzLinks fuzzes the link readers.
func FuzzLinks(f *testing.F, all []protocol.LinkProtocol, seeds ...string) {
	for i := range all {
		for _, s := range seeds {
			f.Add(uint8(i), []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, b []byte) {
		p := all[int(which)%len(all)]
		c, _ := context(0, observation.Link)
		c.Frame = 1
		if p.Recognise == nil || p.Recognise(observation.MAC{}, b) {
			p.Read(c, c.ClientMAC, observation.MAC{}, b)
		}
	})
}
