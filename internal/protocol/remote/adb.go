// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func adb() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "adb", Ports: []uint16{5555}, Recognise: recogniseADB,
		New: func() protocol.Stream {
			s := &adbStream{}
			for d := range s.packets {
				s.packets[d] = octets.Records{Max: 1024, Size: adbSize}
			}
			return s
		}}
}

const adbHead = 24 // command, two arguments, length, checksum, and the command's complement

func isADB(b []byte) bool {
	return len(b) >= adbHead && binary.LittleEndian.Uint32(b)^binary.LittleEndian.Uint32(b[20:]) == 0xffffffff
}

func adbSize(b []byte) int {
	if len(b) < adbHead {
		return 0
	}
	n := binary.LittleEndian.Uint32(b[12:])
	if !isADB(b) || n > 1<<20 {
		return -1
	}
	return adbHead + int(n)
}

func recogniseADB(_ *protocol.Context, out, in []byte) protocol.Guess {
	g := prefixGuess(out, "CNXN")
	if g == protocol.Yes && len(out) < adbHead {
		return protocol.Maybe
	}
	if g == protocol.Yes && !isADB(out) {
		return protocol.No
	}
	return g
}

// adbStream reads the connection: a device that answers CNXN without asking for AUTH gives its shell to
// anyone.
type adbStream struct {
	packets [2]octets.Records
	body    observation.Session
	device  observation.Identity
	first   uint32
	said    bool
}

func (s *adbStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	for {
		rec, rest, ok := s.packets[d].Next(p, c.Frame)
		if !ok {
			return !s.packets[d].Lost
		}
		if p = rest; d == protocol.ToServer {
			continue
		}
		switch string(rec[:4]) {
		case "AUTH":
			s.body.Detail = "auth"
		case "STLS":
			s.body.Detail, s.body.StartTLS = "tls", true
			c.Restart(len(rest))
			return false
		case "CNXN":
			if s.body.Detail == "" {
				s.body.Detail = "none"
			}
			s.describe(rec[adbHead:])
			return false
		}
	}
}

// describe reads the banner: device::ro.product.name=x;ro.product.model=y;ro.product.device=z;
func (s *adbStream) describe(banner []byte) {
	s.body.Banner = octets.Text(banner, maxBanner)
	for _, f := range bytes.FieldsFunc(banner, func(r rune) bool { return r == ';' || r == ':' || r == 0 }) {
		if v, ok := bytes.CutPrefix(f, []byte("ro.product.model=")); ok {
			s.device.Model = octets.Text(v, 64)
		}
	}
}

func (s *adbStream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	return s.packets[d].Gap(n)
}

func (s *adbStream) Close(c *protocol.Context) {
	if s.said || s.first == 0 {
		return
	}
	s.said, s.body.Protocol = true, "adb"
	c.Emit(s.first, &s.body)
	if s.device.Model != "" {
		s.device.Protocol = "adb"
		c.Emit(s.first, &s.device)
	}
}
