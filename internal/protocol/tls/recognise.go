// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"slices"

	"github.com/writ-iot/writ/internal/protocol"
)

// recognise looks for a ClientHello, or a ServerHello where the client's side was not captured. Of a
// conversation met midstream records do, when two follow each other or the port is one of TLS.
func recognise(c *protocol.Context, out, in []byte) protocol.Guess {
	var g protocol.Guess
	switch {
	case len(out) > 0:
		g = max(isHello(out, msgClientHello), isOldHello(out))
	case len(in) > 0:
		g = isHello(in, msgServerHello)
	default:
		return protocol.Maybe
	}
	if g == protocol.No && c.Midstream {
		g = max(isHello(in, msgServerHello), isRunning(c, out), isRunning(c, in))
	}
	return g
}

// isHello says that b begins with a record that begins with the hello.
func isHello(b []byte, kind byte) protocol.Guess {
	if len(b) > 0 && b[0] != recHandshake || len(b) > 1 && b[1] != 3 || len(b) > 2 && b[2] > 4 ||
		len(b) > 5 && b[5] != kind {
		return protocol.No
	}
	if len(b) < recordHead+1 {
		return protocol.Maybe
	}
	_, length, ok := isRecord(b)
	switch {
	case !ok || length == 0:
		return protocol.No
	case length < 6: // a hello cut in tiny records
		return protocol.Yes
	case len(b) < recordHead+6:
		return protocol.Maybe
	case b[6] != 0 || b[9] != 3 && b[9] != 0x7f && b[9] != 0xfb:
		return protocol.No
	}
	return protocol.Yes
}

// isRunning says that b begins with records of a conversation under way.
func isRunning(c *protocol.Context, b []byte) protocol.Guess {
	if len(b) < recordHead {
		return protocol.No
	}
	_, length, ok := isRecord(b)
	if !ok || length == 0 || b[2] == 0 {
		return protocol.No
	}
	if slices.Contains(ports, c.Server.Port()) {
		return protocol.Yes
	}
	if end := recordHead + length; len(b) >= end+recordHead {
		if _, _, ok := isRecord(b[end:]); ok {
			return protocol.Yes
		}
		return protocol.No
	}
	return protocol.Maybe
}
