// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package infra

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// maxPriority is local7.debug (RFC 5424, 6.2.1).
const maxPriority = 191

// priority reads <N> and gives what follows. Without a whole one, more says that it may still come.
func priority(p []byte) (rest []byte, ok, more bool) {
	n := 0
	for i := 1; i < len(p) && i <= 4; i++ {
		switch c := p[i]; {
		case c == '>' && i > 1 && p[0] == '<':
			return p[i+1:], n <= maxPriority, false
		case c < '0' || c > '9':
			return nil, false, false
		default:
			n = n*10 + int(c-'0')
		}
	}
	return nil, false, len(p) < 5 && (len(p) == 0 || p[0] == '<')
}

// isSyslog wants a priority and text; off its port also a version (RFC 5424) or a month (RFC 3164).
func isSyslog(c *protocol.Context, d protocol.Direction, p []byte, known bool) (b observation.Session, ok bool) {
	rest, ok, _ := priority(p)
	if !ok || len(rest) == 0 || d != protocol.ToServer {
		return b, false
	}
	b = observation.Session{Protocol: "syslog", Version: syslogVersion(rest)}
	if !known && b.Version == "" && (c.Server.Port() != 514 || !octets.Printable(rest[:min(len(rest), 16)])) {
		return b, false
	}
	return b, true
}

func syslogVersion(rest []byte) string {
	if bytes.HasPrefix(rest, []byte("1 ")) {
		return "rfc5424"
	}
	const months = "JanFebMarAprMayJunJulAugSepOctNovDec"
	if len(rest) > 15 && rest[3] == ' ' && bytes.Index([]byte(months), rest[:3])%3 == 0 {
		return "rfc3164"
	}
	return ""
}

// syslogTCP recognises lines, or messages behind their length (RFC 6587, 3.4).
func syslogTCP() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "syslog", Ports: []uint16{514, 601},
		Recognise: func(_ *protocol.Context, out, _ []byte) protocol.Guess {
			digits := 0
			for digits < len(out) && digits < 5 && '0' <= out[digits] && out[digits] <= '9' {
				digits++
			}
			if digits > 0 {
				if digits == len(out) {
					return protocol.Maybe
				}
				if out[digits] != ' ' {
					return protocol.No
				}
				out = out[digits+1:]
			}
			rest, ok, more := priority(out)
			switch {
			case more || ok && len(rest) < 20:
				return protocol.Maybe
			case ok && syslogVersion(rest) != "":
				return protocol.Yes
			}
			return protocol.No
		},
		New: func() protocol.Stream { return &told{body: observation.Session{Protocol: "syslog"}} }}
}

// told is a stream of which no more is said than that it takes place.
type told struct {
	body  observation.Session
	first uint32
}

func (s *told) Data(c *protocol.Context, _ protocol.Direction, _ []byte) bool {
	s.first = c.Frame
	return false
}

func (s *told) Gap(*protocol.Context, protocol.Direction, int) bool { return false }

func (s *told) Close(c *protocol.Context) {
	if s.first != 0 {
		c.Emit(s.first, &s.body)
	}
}
