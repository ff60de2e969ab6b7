// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"bytes"
	"encoding/base64"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxPath = 200
	maxText = 200
)

// speaks says whether b begins with a request line that ends in a version ("RTSP/1.0"), or with a status line of it.
func speaks(b []byte, version string) protocol.Guess {
	if len(b) == 0 {
		return protocol.Maybe
	}
	if n := min(len(b), len(version)); string(b[:n]) == version[:n] {
		if len(b) < len(version)+4 {
			return protocol.Maybe
		}
		return yes(b[len(version)] == ' ' && status(b) > 0)
	}
	i := 0
	for i < len(b) && i < 20 && (b[i] >= 'A' && b[i] <= 'Z' || b[i] == '_') {
		i++
	}
	if i == len(b) && i < 20 {
		return protocol.Maybe
	}
	if i < 3 || i == len(b) || b[i] != ' ' {
		return protocol.No
	}
	line, _, whole := bytes.Cut(b, []byte{'\n'})
	if whole {
		return yes(bytes.HasSuffix(bytes.TrimRight(line, "\r "), []byte(" "+version)))
	}
	for _, c := range line[i:] {
		if c < ' ' && c != '\r' {
			return protocol.No
		}
	}
	return protocol.Maybe
}

func yes(ok bool) protocol.Guess {
	if ok {
		return protocol.Yes
	}
	return protocol.No
}

// status is the code of a status line, 0 where the line is none.
func status(line []byte) int {
	_, rest, ok := bytes.Cut(line, []byte{' '})
	if !ok || len(rest) < 3 {
		return 0
	}
	n := 0
	for _, c := range rest[:3] {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// field takes a header line apart.
func field(line []byte) (name, value []byte) {
	name, value, _ = bytes.Cut(line, []byte{':'})
	return bytes.TrimSpace(name), bytes.TrimSpace(value)
}

// length reads a Content-Length; what is none is 0.
func length(b []byte) int {
	n := 0
	for _, c := range b[:min(len(b), 7)] {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// path is the path of an address without what may hold secrets: user, password, query.
func path(address []byte) string {
	if i := bytes.Index(address, []byte("://")); i >= 0 {
		address = address[i+3:]
		j := bytes.IndexByte(address, '/')
		if j < 0 {
			return "/"
		}
		address = address[j:]
	}
	if i := bytes.IndexAny(address, "?;#&"); i >= 0 {
		address = address[:i]
	}
	if i := bytes.IndexByte(address, '='); i >= 0 { // cameras take user=…_password=… for a path
		address = address[:bytes.LastIndexByte(address[:i], '/')+1]
	}
	if bytes.IndexByte(address, '@') >= 0 {
		return ""
	}
	return octets.Text(address, maxPath)
}

// attempt opens a login for the credentials in a field. It returns false where they are none that are known.
func attempt(c *protocol.Context, a *login.Attempt, proto string, first uint32, value []byte) bool {
	scheme, rest, _ := bytes.Cut(value, []byte{' '})
	switch {
	case octets.EqualFold(scheme, "digest"):
		a.Open(c, proto+"-digest", first)
		a.User(parameter(rest, "username"))
		a.Hidden("digest-response")
		return true
	case octets.EqualFold(scheme, "basic"):
		pair, err := base64.RawStdEncoding.DecodeString(string(bytes.TrimRight(bytes.TrimSpace(rest), "=")))
		user, password, ok := bytes.Cut(pair, []byte{':'})
		if err != nil || !ok {
			return false
		}
		a.Open(c, proto+"-basic", first)
		a.User(user)
		a.Password(c, password)
		clear(pair)
		return true
	}
	return false
}

// parameter is the value of name="value" in a list.
func parameter(b []byte, name string) []byte {
	for i := 0; i+len(name)+2 <= len(b); i++ {
		if octets.PrefixFold(b[i:], name) && string(b[i+len(name):i+len(name)+2]) == "=\"" {
			v, _, _ := bytes.Cut(b[i+len(name)+2:], []byte{'"'})
			return v
		}
	}
	return nil
}

// described says once for each end what its software calls itself.
type described [2]bool

func (s *described) say(c *protocol.Context, d protocol.Direction, proto string, value []byte) {
	if text := octets.Text(value, maxText); !s[d] && text != "" {
		s[d] = true
		c.Emit(0, &observation.Identity{Protocol: proto, Text: text, OfClient: d == protocol.ToServer})
	}
}

// carriage is how an agreement says that media travel.
type carriage uint8

const (
	notSaid carriage = iota
	inClear
	encrypted
)

// carried reads a profile: RTP/AVP, RTP/AVPF, RTP/SAVP, UDP/TLS/RTP/SAVPF (RFC 3551; RFC 3711; RFC 5764).
func carried(profile []byte) carriage {
	switch {
	case octets.HasFold(profile, "rtp/savp"):
		return encrypted
	case octets.HasFold(profile, "rtp/avp"):
		return inClear
	}
	return notSaid
}

func (m carriage) say(c *protocol.Context, first uint32) {
	switch m {
	case inClear:
		c.Emit(first, &observation.Session{Protocol: "rtp", Detail: "RTP/AVP"})
	case encrypted:
		c.Emit(first, &observation.Session{Protocol: "rtp", Detail: "srtp"})
	}
}
