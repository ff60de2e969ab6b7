// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
)

// recognise looks for a request line, or for a status line where the request was not captured.
func recognise(c *protocol.Context, out, in []byte) protocol.Guess {
	switch {
	case len(out) == 0 && len(in) == 0:
		return protocol.Maybe
	case len(out) == 0:
		return isStatusLine(in)
	}
	g := isRequestLine(out)
	switch {
	case g == protocol.No && len(in) > 0:
		return isStatusLine(in) // of a request begun before the capture, or one that the server could not read either
	case g == protocol.No && c.Midstream:
		return protocol.Maybe
	}
	return g
}

const (
	maxMethod = 24
	// sureTarget is how much of a target without a line end is enough after a well-known method.
	sureTarget = 512
)

// isRequestLine wants method SP target SP HTTP/1.x (RFC 9112, 3).
func isRequestLine(b []byte) protocol.Guess {
	i := 0
	for i < len(b) && i <= maxMethod && (b[i] >= 'A' && b[i] <= 'Z' || b[i] == '-' || b[i] == '_') {
		i++
	}
	switch {
	case i == len(b) && i <= maxMethod:
		return protocol.Maybe
	case i < 2 || i > maxMethod || b[i] != ' ':
		return protocol.No
	}
	line, _, whole := bytes.Cut(b, []byte{'\n'})
	for _, c := range line[i:] {
		if c < ' ' && c != '\r' && c != '\t' {
			return protocol.No
		}
	}
	if whole {
		if _, _, ok := requestLine(bytes.TrimSuffix(line, []byte{'\r'})); ok {
			return protocol.Yes
		}
		return protocol.No
	}
	if len(line) > sureTarget && line[i+1] == '/' && common(line[:i]) {
		return protocol.Yes
	}
	return protocol.Maybe
}

func common(method []byte) bool {
	switch string(method) {
	case "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH":
		return true
	}
	return false
}

// requestLine takes a request line apart. Spaces inside the target are the client's fault, and common.
func requestLine(line []byte) (method, target []byte, ok bool) {
	method, rest, ok := bytes.Cut(line, []byte{' '})
	i := bytes.LastIndexByte(rest, ' ')
	if !ok || i < 1 || len(method) < 2 || len(method) > maxMethod || !isVersion(rest[i+1:]) {
		return nil, nil, false
	}
	for _, c := range method {
		if (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return nil, nil, false
		}
	}
	return method, bytes.TrimSpace(rest[:i]), true
}

func isVersion(b []byte) bool {
	b = bytes.TrimRight(b, " ")
	return len(b) == 8 && string(b[:7]) == "HTTP/1." && b[7] >= '0' && b[7] <= '9'
}

const statusHead = "HTTP/1.d ddd"

// isStatusLine wants HTTP/1.x and three digits (RFC 9112, 4).
func isStatusLine(b []byte) protocol.Guess {
	for i := range min(len(b), len(statusHead)) {
		want, c := statusHead[i], b[i]
		if want == 'd' && (c < '0' || c > '9') || want != 'd' && c != want {
			return protocol.No
		}
	}
	if len(b) < len(statusHead) {
		return protocol.Maybe
	}
	return protocol.Yes
}

// http2Preface is what a client with prior knowledge of HTTP/2 begins with (RFC 9113, 3.4).
const http2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

func recognisePreface(_ *protocol.Context, out, _ []byte) protocol.Guess {
	n := min(len(out), len(http2Preface))
	switch {
	case string(out[:n]) != http2Preface[:n]:
		return protocol.No
	case n < len(http2Preface):
		return protocol.Maybe
	}
	return protocol.Yes
}

// preface says that HTTP/2 is spoken in clear. Its headers are compressed across requests and are not read.
type preface struct{}

func (preface) Data(c *protocol.Context, _ protocol.Direction, _ []byte) bool {
	c.Emit(0, &observation.Session{Protocol: "http2"})
	return false
}
func (preface) Gap(*protocol.Context, protocol.Direction, int) bool { return false }
func (preface) Close(*protocol.Context)                             {}
