// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package ot

import (
	"bytes"
	"encoding/binary"

	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// S7 and MMS lie in ISO transport over TCP (RFC 1006): 03 00, a length of two bytes, a transport header
// whose first byte is its own length, and for data the kind 0xf0.
const (
	tpktHead = 4
	cotpData = 0xf0
	maxTPKT  = 4 << 10
)

func tpktSize(b []byte) int {
	if len(b) > 0 && b[0] != 3 || len(b) > 1 && b[1] != 0 {
		return -1
	}
	if len(b) < tpktHead {
		return 0
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n < 7 {
		return -1
	}
	return n
}

// transportData gives what a data packet carries; nil for another kind.
func transportData(rec []byte) []byte {
	if len(rec) < tpktHead+3 || rec[5] != cotpData {
		return nil
	}
	head := tpktHead + 1 + int(rec[4])
	if head > len(rec) {
		return nil
	}
	return rec[head:]
}

// within asks about the first data packet: a connection request says nothing of what it is for.
func within(b []byte, is func(data []byte) bool) protocol.Guess {
	for {
		n := tpktSize(b)
		if n < 0 {
			return protocol.No
		}
		if n == 0 || len(b) < min(n, tpktHead+3) {
			return protocol.Maybe
		}
		if b[5] == cotpData {
			if len(b) < n {
				return protocol.Maybe
			}
			if is(transportData(b[:n])) {
				return protocol.Yes
			}
			return protocol.No
		}
		if b[5] != 0xe0 && b[5] != 0xd0 || len(b) < n {
			if len(b) < n {
				return protocol.Maybe
			}
			return protocol.No
		}
		b = b[n:]
	}
}

func onTransport(name string, ports []uint16, is func([]byte) bool, read func(t *teller, c *protocol.Context,
	d protocol.Direction, data []byte, first uint32)) protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: name, Ports: ports,
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			return within(either(out, in), is)
		},
		New: func() protocol.Stream {
			t := &teller{}
			return newStream(tpktSize, maxTPKT, func(c *protocol.Context, d protocol.Direction, rec []byte,
				first uint32) {
				if data := transportData(rec); len(data) > 0 {
					read(t, c, d, data, first)
				}
			})
		}}
}

// S7: 0x32, the kind of message (1 job, 2 ack, 3 ack with data, 7 user data), and for a job the function
// behind a header of ten bytes.
func s7() protocol.StreamProtocol {
	return onTransport("s7comm", []uint16{102}, func(b []byte) bool {
		return len(b) > 9 && b[0] == 0x32 && (b[1] <= 3 || b[1] == 7)
	},
		func(t *teller, c *protocol.Context, d protocol.Direction, b []byte, first uint32) {
			if len(b) < 11 || b[0] != 0x32 || b[1] != 1 {
				if len(b) > 1 && b[0] == 0x32 && b[1] == 7 {
					t.say(c, first, "s7comm", 0x700, "user-data", false)
				}
				return
			}
			fn := b[10]
			t.say(c, first, "s7comm", uint32(fn), numbered(s7Functions, fn), isS7Write(fn))
		})
}

var s7Functions = map[byte]string{0x04: "read-variable", 0x05: "write-variable", 0x1a: "request-download",
	0x1b: "download-block",
	0x1c: "download-ended", 0x1d: "start-upload", 0x1e: "upload", 0x1f: "end-upload",
	0x28: "program-invocation", 0x29: "plc-stop",
	0xf0: "setup-communication"}

func isS7Write(fn byte) bool {
	switch fn {
	case 0x05, 0x1a, 0x1b, 0x1c, 0x28, 0x29:
		return true
	}
	return false
}

// mmsSyntax is the object identifier 1.0.9506.2.1, which a presentation connect names (ISO 9506-2).
var mmsSyntax = []byte{0x28, 0xca, 0x22, 0x02, 0x01}

// MMS: a session connect (0x0d) that names the syntax, or session data (01 00 01 00) with a presentation
// value (0x61) that holds a confirmed message.
func mms() protocol.StreamProtocol {
	return onTransport("mms", []uint16{102}, func(b []byte) bool {
		if len(b) > 1 && (b[0] == 0x0d || b[0] == 0x0e) {
			return bytes.Contains(b, mmsSyntax)
		}
		return mmsService(b) != 0
	}, func(t *teller, c *protocol.Context, _ protocol.Direction, b []byte, first uint32) {
		if s := mmsService(b); s != 0 {
			t.say(c, first, "mms", uint32(s), numbered(mmsServices, s), s == 0xa5)
		}
	})
}

var mmsServices = map[byte]string{0x82: "identify", 0xa1: "get-name-list", 0xa4: "read", 0xa5: "write",
	0xa6: "get-variable-attributes"}

// mmsService gives the tag of a confirmed request's service; 0 where there is none.
func mmsService(b []byte) byte {
	if !bytes.HasPrefix(b, []byte{1, 0, 1, 0}) {
		return 0
	}
	user, _, ok := octets.BER(b[4:])
	if !ok || user.Tag != 0x61 {
		return 0
	}
	list, _, ok := octets.BER(user.Value)
	if !ok {
		return 0
	}
	v := list.Value
	for range 4 { // context, then the value
		var t octets.TLV
		if t, v, ok = octets.BER(v); !ok {
			return 0
		}
		if t.Tag == 0xa0 {
			return confirmedRequest(t.Value)
		}
	}
	return 0
}

func confirmedRequest(b []byte) byte {
	request, _, ok := octets.BER(b)
	if !ok || request.Tag != 0xa0 {
		return 0
	}
	_, rest, ok := octets.BER(request.Value) // invoke number
	if !ok {
		return 0
	}
	service, _, ok := octets.BER(rest)
	if !ok {
		return 0
	}
	return service.Tag
}
