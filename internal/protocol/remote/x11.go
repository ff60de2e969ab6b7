// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func x11() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "x11", Ports: []uint16{6000, 6001, 6002}, Recognise: recogniseX11,
		New: func() protocol.Stream { return &x11Stream{} }}
}

// recogniseX11 wants the whole connection setup (X11 protocol, chapter 8): byte order, version 11.0, the
// lengths of the authorisation name and data, and a name that X knows.
func recogniseX11(_ *protocol.Context, out, in []byte) protocol.Guess {
	if len(in) > 0 && in[0] > 2 {
		return protocol.No
	}
	name, ok, more := x11Auth(out)
	switch {
	case more:
		return protocol.Maybe
	case ok && (name == "" || name == "MIT-MAGIC-COOKIE-1" || name == "XDM-AUTHORIZATION-1"):
		return protocol.Yes
	}
	return protocol.No
}

// x11Auth reads the name of the authorisation scheme; more asks for more bytes.
func x11Auth(b []byte) (name string, ok, more bool) {
	for i, want := range x11Heads[b0(b) == 'B'] {
		if i < len(b) && b[i] != want && i != 0 {
			return "", false, false
		}
	}
	if len(b) > 0 && b[0] != 'B' && b[0] != 'l' {
		return "", false, false
	}
	if len(b) < 12 {
		return "", false, true
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'B' {
		order = binary.BigEndian
	}
	n, data := int(order.Uint16(b[6:])), int(order.Uint16(b[8:]))
	if n > 32 || data > 64 || n == 0 && data != 0 || b[10] != 0 || b[11] != 0 {
		return "", false, false
	}
	if len(b) < 12+n {
		return "", false, true
	}
	return string(b[12 : 12+n]), true, false
}

// x11Heads are the first six bytes: order, unused, 11, 0.
var x11Heads = map[bool][6]byte{false: {'l', 0, 11, 0, 0, 0}, true: {'B', 0, 0, 11, 0, 0}}

func b0(b []byte) byte {
	if len(b) == 0 {
		return 0
	}
	return b[0]
}

// x11Stream says what guards the display.
type x11Stream struct {
	setup []byte
	first uint32
	said  bool
}

func (s *x11Stream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	if d == protocol.ToClient {
		return true
	}
	s.setup = append(s.setup, p[:min(len(p), 64-len(s.setup))]...)
	_, _, more := x11Auth(s.setup)
	return more
}

func (s *x11Stream) Gap(*protocol.Context, protocol.Direction, int) bool { return false }

func (s *x11Stream) Close(c *protocol.Context) {
	name, ok, _ := x11Auth(s.setup)
	if !ok || s.said {
		return
	}
	s.said = true
	if name == "" {
		name = "none"
	}
	c.Emit(s.first, &observation.Session{Protocol: "x11", Detail: octets.Text([]byte(name), 32)})
}
