// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func smb() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "smb", Ports: []uint16{445, 139}, Recognise: recogniseSMB,
		New: func() protocol.Stream {
			s := &smbStream{talk: talk{session: observation.Session{Protocol: "smb"}}}
			for d := range s.messages {
				s.messages[d] = octets.Records{Size: nbssSize, Max: 4096}
			}
			return s
		}}
}

// The message types of the NetBIOS session service (RFC 1002, 4.3).
const (
	nbssMessage   = 0x00
	nbssRequest   = 0x81
	nbssPositive  = 0x82
	nbssNegative  = 0x83
	nbssRetarget  = 0x84
	nbssKeepAlive = 0x85
	nbssHead      = 4
)

func nbssSize(b []byte) int {
	if len(b) < nbssHead {
		return 0
	}
	switch b[0] {
	case nbssMessage, nbssRequest, nbssPositive, nbssNegative, nbssRetarget, nbssKeepAlive:
		return nbssHead + int(b[1])<<16 + int(b[2])<<8 + int(b[3])
	}
	return -1
}

// recogniseSMB wants the mark of SMB behind a session header, or the request to open a NetBIOS session.
func recogniseSMB(_ *protocol.Context, out, in []byte) protocol.Guess {
	if len(out) > 0 {
		return isSMB(out)
	}
	return isSMB(in)
}

func isSMB(b []byte) protocol.Guess {
	if len(b) > 0 && b[0] == nbssRequest {
		return max(prefix(b, "\x81\x00\x00\x44\x20"), prefix(b, "\x81\x00\x00\x48\x20"))
	}
	if len(b) > 1 && (b[0] != nbssMessage || b[1] > 1) || len(b) > 0 && b[0] != nbssMessage {
		return protocol.No
	}
	if len(b) < 8 {
		return protocol.Maybe
	}
	switch string(b[4:8]) {
	case "\xffSMB", "\xfeSMB", "\xfdSMB", "\xfcSMB": // SMB1, SMB2 and 3, encrypted, compressed
		return protocol.Yes
	}
	return protocol.No
}

// The commands that are read (MS-CIFS, 2.2.2.1; MS-SMB2, 2.2.1), and the status that asks for more.
const (
	smb1Negotiate = 0x72
	smb1Setup     = 0x73
	smb2Negotiate = 0
	smb2Setup     = 1
	moreNeeded    = 0xc0000016
)

// smbStream reads the negotiation and the sessions that are set up.
type smbStream struct {
	talk
	messages [2]octets.Records
	identity observation.Identity
	known    bool
}

func (s *smbStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	s.begin(c)
	for {
		rec, rest, ok := s.messages[d].Next(p, c.Frame)
		if !ok {
			return !s.messages[d].Lost
		}
		p = rest
		more := true
		if m := rec[nbssHead:]; rec[0] == nbssMessage && len(m) >= 32 {
			switch string(m[:4]) {
			case "\xffSMB":
				more = s.smb1(c, d, m)
			case "\xfeSMB":
				more = s.smb2(c, d, m)
			default: // encrypted: nothing more to learn
				more = false
			}
		}
		if !more || s.bored() {
			return false
		}
	}
}

// smb1 reads a message of SMB1 (MS-CIFS, 2.2.3.1): mark, command, status, …; 32 bytes.
func (s *smbStream) smb1(c *protocol.Context, d protocol.Direction, m []byte) bool {
	command, status := m[4], binary.LittleEndian.Uint32(m[5:])
	if d == protocol.ToClient || command != smb1Negotiate {
		s.speaks("SMB1") // a client's offer alone is also how it asks for SMB2
	}
	switch {
	case d == protocol.ToServer && command == smb1Setup:
		s.setup(c, smb1User(m))
	case d == protocol.ToClient && command == smb1Setup:
		s.describe(m)
		return s.answer(c, status)
	case command != smb1Negotiate && command != smb1Setup:
		return s.attempt.IsOpen() // beyond the login
	}
	return true
}

// smb2 reads a message of SMB2 or 3 (MS-SMB2, 2.2.1): mark, size, credits, status at 8, command at 12; 64
// bytes.
func (s *smbStream) smb2(c *protocol.Context, d protocol.Direction, m []byte) bool {
	if len(m) < 64 {
		return true
	}
	status, command := binary.LittleEndian.Uint32(m[8:]), binary.LittleEndian.Uint16(m[12:])
	switch {
	case command == smb2Negotiate && d == protocol.ToClient && len(m) >= 70:
		s.speaks(smbDialect(binary.LittleEndian.Uint16(m[68:])))
	case command == smb2Negotiate:
	case command == smb2Setup && d == protocol.ToServer:
		s.setup(c, ntlmAttempt(m))
	case command == smb2Setup:
		s.describe(m)
		return s.answer(c, status)
	default:
		s.speaks("SMB2")
		return s.attempt.IsOpen()
	}
	return true
}

// speaks keeps the version that was agreed on. SMB2's wildcard (2.?) is a step on the way to it.
func (s *smbStream) speaks(version string) {
	if s.session.Version == "" || s.session.Version == "SMB2" {
		s.session.Version = version
	}
}

func smbDialect(d uint16) string {
	switch d {
	case 0x0202:
		return "SMB2.0.2"
	case 0x0210:
		return "SMB2.1"
	case 0x0300:
		return "SMB3.0"
	case 0x0302:
		return "SMB3.0.2"
	case 0x0311:
		return "SMB3.1.1"
	}
	return "SMB2"
}

// setup is a request to set up a session. One without a name is anonymous.
func (s *smbStream) setup(c *protocol.Context, who smbUser) {
	switch {
	case !who.said:
	case len(who.name) == 0:
		s.session.Detail = "anonymous"
	default:
		s.open(c, "smb", s.messages[protocol.ToServer].First)
		s.attempt.User(who.name)
		if who.password != nil {
			s.attempt.Password(c, who.password)
		} else {
			s.attempt.Hidden("challenge-response")
		}
	}
}

func (s *smbStream) answer(c *protocol.Context, status uint32) bool {
	if status == moreNeeded {
		return true
	}
	s.attempt.Close(c, verdict(status == 0))
	return status != 0
}

// Close tells what the server said of itself, too.
func (s *smbStream) Close(c *protocol.Context) {
	s.talk.Close(c)
	if s.known {
		s.known = false
		c.Emit(s.first, &s.identity)
	}
}

func (s *smbStream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	return s.messages[d].Gap(n)
}
