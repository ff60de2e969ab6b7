// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package local

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxField  = 256
	maxFields = 64
)

// readSSDP reads a search, an announcement or the answer to a search (UPnP Device Architecture 1.1, 1.2
// and 1.3): HTTP's lines in one datagram.
func readSSDP(c *protocol.Context, d protocol.Direction, p []byte) bool {
	first, rest, ok := line(p)
	if !ok {
		return false
	}
	var b observation.SSDP
	switch {
	case bytes.HasPrefix(first, []byte("M-SEARCH * HTTP/1.")):
		b.Method = "M-SEARCH"
	case bytes.HasPrefix(first, []byte("NOTIFY * HTTP/1.")):
		b.Method = "NOTIFY"
	case !bytes.HasPrefix(first, []byte("HTTP/1.")):
		return false
	}
	fields(&b, rest)
	if b.Method == "" && b.Target == "" && b.USN == "" {
		return false
	}
	speak(c, d, &b)
	return true
}

// line takes the first line without its end.
func line(p []byte) (first, rest []byte, ok bool) {
	i := bytes.IndexByte(p, '\n')
	if i < 0 {
		return nil, nil, false
	}
	return bytes.TrimSuffix(p[:i], []byte{'\r'}), p[i+1:], true
}

func fields(b *observation.SSDP, p []byte) {
	for range maxFields {
		l, rest, ok := line(p)
		if !ok {
			l = p // an end that was cut off
		}
		name, value, found := bytes.Cut(l, []byte{':'})
		if to := field(b, bytes.TrimSpace(name)); found && to != nil {
			*to = octets.Text(value, maxField)
		}
		if p = rest; len(p) == 0 {
			return
		}
	}
}

// field is where a header's value goes; nil for those that are not told.
func field(b *observation.SSDP, name []byte) *string {
	switch {
	case octets.EqualFold(name, "st"), octets.EqualFold(name, "nt"):
		return &b.Target
	case octets.EqualFold(name, "usn"):
		return &b.USN
	case octets.EqualFold(name, "server"):
		return &b.Server
	case octets.EqualFold(name, "location"), octets.EqualFold(name, "al"):
		return &b.Location
	case octets.EqualFold(name, "user-agent"):
		return &b.UserAgent
	}
	return nil
}
