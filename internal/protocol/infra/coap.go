// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package infra

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	coapPort    = 5683
	coapPath    = 11 // Uri-Path (RFC 7252, 5.10)
	maxCoAPPath = 128
	payloadMark = 0xff
)

// readCoAP reads a message of RFC 7252, 3. Off its port it must be a request that names a path: the header
// alone is too common. Requests are told by method and path, never by query or payload.
func readCoAP(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if len(p) < 4 || p[0]>>6 != 1 || p[0]&0xf > 8 || !coapCode(p[1]) || len(p) < 4+int(p[0]&0xf) {
		return false
	}
	if p[1] == 0 && len(p) != 4 { // an empty message is its header
		return false
	}
	var path [maxCoAPPath]byte
	uri, ok := coapOptions(path[:0], p[4+int(p[0]&0xf):])
	if !ok {
		return false
	}
	method := coapMethod(p[1])
	usual := c.Server.Port() == coapPort || c.Client.Port() == coapPort
	if !usual && (method == "" || len(uri) < 2 || !octets.Printable(uri)) {
		return false
	}
	if method != "" {
		b := observation.Session{Protocol: "coap", Detail: method + " " + octets.Text(uri, maxCoAPPath)}
		if d == protocol.ToServer {
			c.Emit(0, &b)
		} else {
			c.EmitReversed(0, &b)
		}
	}
	return true
}

// coapOptions walks the options and joins those of the path.
func coapOptions(path, b []byte) (_ []byte, ok bool) {
	number := 0
	r := octets.NewReader(b)
	for r.Len() > 0 {
		h := r.U8()
		if h == payloadMark {
			return path, r.Len() > 0
		}
		delta, n := extended(&r, h>>4), extended(&r, h&0xf)
		number += delta
		v := r.Bytes(n)
		if !r.OK() || number > 1<<16 || delta < 0 {
			return path, false
		}
		if number == coapPath && len(path)+1+len(v) <= maxCoAPPath {
			path = append(append(path, '/'), v...)
		}
	}
	return path, true
}

// extended reads a delta or length of more than twelve; -1 for the reserved value.
func extended(r *octets.Reader, nibble byte) int {
	switch nibble {
	case 13:
		return int(r.U8()) + 13
	case 14:
		return int(r.U16()) + 269
	case 15:
		return -1
	}
	return int(nibble)
}

func coapCode(code byte) bool {
	class, detail := code>>5, code&0x1f
	switch class {
	case 0:
		return detail <= 7
	case 2:
		return detail >= 1 && detail <= 5 || detail == 31
	case 4:
		return detail <= 15 || detail == 22 || detail == 29
	case 5:
		return detail <= 8
	}
	return false
}

func coapMethod(code byte) string {
	switch code {
	case 1:
		return "GET"
	case 2:
		return "POST"
	case 3:
		return "PUT"
	case 4:
		return "DELETE"
	case 5:
		return "FETCH"
	case 6:
		return "PATCH"
	case 7:
		return "iPATCH"
	}
	return ""
}
