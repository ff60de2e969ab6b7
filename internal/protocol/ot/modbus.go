// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// A Modbus/TCP message is a transaction number, a zero protocol number and a length, each of two bytes,
// then unit and function (Modbus Messaging on TCP/IP 1.0b, 3.1.3).
const (
	mbapHead = 6
	mbapMax  = 260 // of a length; the standard has 254, and devices go beyond
)

const modbusPort = 502

func modbus() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "modbus", Ports: []uint16{modbusPort},
		Recognise: func(c *protocol.Context, out, in []byte) protocol.Guess {
			if c.Server.Port() == modbusPort {
				return isMBAP(either(out, in))
			}
			return exchange(out, in)
		},
		New: func() protocol.Stream {
			r := &modbusReader{}
			return newStream(mbapSize, mbapHead+mbapMax, r.read)
		}}
}

func isMBAP(b []byte) protocol.Guess {
	switch {
	case len(b) < mbapHead+2:
		return protocol.Maybe
	case mbapSize(b) > 0:
		return protocol.Yes
	}
	return protocol.No
}

// exchange wants a whole request and an answer to it: on any other port a zero and a small length are no
// firm mark.
func exchange(out, in []byte) protocol.Guess {
	o, i := isMBAP(out), isMBAP(in)
	if o == protocol.No || i == protocol.No || len(out) > mbapHead+2 && out[7]&0x80 != 0 {
		return protocol.No
	}
	if o == protocol.Maybe || i == protocol.Maybe || len(out) < mbapSize(out) || len(in) < mbapSize(in) {
		return protocol.Maybe
	}
	if out[0] == in[0] && out[1] == in[1] && out[6] == in[6] && out[7] == in[7]&0x7f {
		return protocol.Yes
	}
	return protocol.No
}

func mbapSize(b []byte) int {
	if len(b) < mbapHead {
		return 0
	}
	n := binary.BigEndian.Uint16(b[4:])
	if b[2] != 0 || b[3] != 0 || n < 2 || n > mbapMax {
		return -1
	}
	return mbapHead + int(n)
}

type modbusReader struct {
	told [2][4]uint64 // functions said, by direction
	body observation.Modbus
}

func (r *modbusReader) read(c *protocol.Context, d protocol.Direction, rec []byte, first uint32) {
	unit, fn := rec[6], rec[7]
	bit := uint64(1) << (fn & 63)
	old := r.told[d][fn>>6]&bit != 0
	r.told[d][fn>>6] |= bit
	r.body = observation.Modbus{Function: fn & 0x7f, Unit: unit, Exception: fn&0x80 != 0,
		Write: d == protocol.ToServer && isModbusWrite(fn)}
	if d == protocol.ToClient {
		if !r.body.Exception && fn != 0x2b {
			return // the request said it
		}
		identified := r.identify(rec[8:])
		if old && !identified {
			return
		}
	} else if old {
		return
	}
	c.Emit(first, &r.body)
}

func isModbusWrite(fn byte) bool {
	switch fn {
	case 5, 6, 15, 16, 21, 22, 23:
		return true
	}
	return false
}

// identify reads a device identification (Modbus Application Protocol 1.1b3, 6.21): six bytes, then
// objects of number, length and text.
func (r *modbusReader) identify(b []byte) bool {
	if r.body.Function != 0x2b || len(b) < 6 || b[0] != 0x0e {
		return false
	}
	rd := octets.NewReader(b[6:])
	for rd.Len() > 2 {
		id := rd.U8()
		text := octets.Text(rd.Bytes(int(rd.U8())), 64)
		switch id {
		case 0:
			r.body.Vendor = text
		case 1:
			r.body.Product = text
		case 2:
			r.body.Revision = text
		}
	}
	return r.body.Vendor != "" || r.body.Product != ""
}
