// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"

	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func telnet() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "telnet", Ports: telnetPorts, Recognise: recogniseTelnet,
		New: func() protocol.Stream { return &telnetStream{talk: dialogue{proto: "telnet"}} }}
}

var telnetPorts = []uint16{23, 2323, 2223, 26}

// The commands of RFC 854.
const (
	iac  = 255
	will = 251
	dont = 254
	sb   = 250
	se   = 240
)

// recogniseTelnet rests on option negotiation, or on a server that opens with a login prompt.
func recogniseTelnet(c *protocol.Context, out, in []byte) protocol.Guess {
	return max(negotiates(c, out), negotiates(c, in), prompts(c, out, in))
}

// negotiates wants two commands in a row at the very beginning, or one followed by text: one alone could
// be the sync word of MPEG audio.
func negotiates(c *protocol.Context, b []byte) protocol.Guess {
	n := 0
	for len(b) > 0 && b[0] == iac {
		used, ok := command(b)
		if !ok {
			return protocol.No
		}
		if used == 0 {
			return protocol.Maybe
		}
		b = b[used:]
		if n++; n == 2 {
			return protocol.Yes
		}
	}
	switch {
	case n == 0 && len(b) > 0:
		return protocol.No
	case n == 1 && (onPort(c, telnetPorts) || len(b) > 0 && isText(b)):
		return protocol.Yes
	case n == 1 && len(b) > 0:
		return protocol.No
	}
	return protocol.Maybe
}

// command measures one telnet command: 0 when b ends inside it, false when it is none.
func command(b []byte) (used int, ok bool) {
	if len(b) < 2 {
		return 0, true
	}
	switch cmd := b[1]; {
	case will <= cmd && cmd <= dont:
		if len(b) < 3 {
			return 0, true
		}
		return 3, isOption(b[2])
	case cmd == sb:
		if end := bytes.Index(b, []byte{iac, se}); end > 0 {
			return end + 2, isOption(b[2])
		}
		return 0, len(b) < 512 && (len(b) < 3 || isOption(b[2]))
	case se < cmd && cmd < sb:
		return 2, true
	}
	return 0, false
}

// isOption knows the assigned telnet options (IANA), save the one that asks for more options.
func isOption(o byte) bool { return o <= 49 || 138 <= o && o <= 140 }

// prompts finds a server that speaks first, in text, and asks for a name or a password.
func prompts(c *protocol.Context, out, in []byte) protocol.Guess {
	if len(in) == 0 && len(out) == 0 {
		return protocol.Maybe
	}
	if !isText(in) || !isText(out) || len(in) > 2000 || opensOtherwise(in) {
		return protocol.No
	}
	if len(bytes.TrimSpace(out)) > 0 && !onPort(c, telnetPorts) {
		return protocol.No // the server spoke first, or it is something else
	}
	last := in[bytes.LastIndexByte(in, '\n')+1:]
	switch judgeText(last, true) {
	case asksName:
		return protocol.Yes
	case asksPassword:
		if onPort(c, telnetPorts) || octets.HasFold(in, "user access verification") {
			return protocol.Yes
		}
	}
	return protocol.Maybe
}

// opensOtherwise says that text begins as FTP, SMTP, POP3, IMAP, HTTP, SSH or RFB servers do.
func opensOtherwise(in []byte) bool {
	if len(in) >= 3 && isDigit(in[0]) && isDigit(in[1]) && isDigit(in[2]) {
		return true
	}
	for _, p := range []string{"+OK", "-ERR", "* ", "HTTP/", "SSH-", "RFB ", "RTSP/", "<", "{"} {
		if bytes.HasPrefix(in, []byte(p)) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isText says that b holds nothing that a terminal would not be sent.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\r' && c != '\n' && c != '\t' && c != 0 && c != 7 && c != 8 && c != 27 || c == 0xff {
			return false
		}
	}
	return true
}

func onPort(c *protocol.Context, ports []uint16) bool {
	for _, p := range ports {
		if c.Server.Port() == p {
			return true
		}
	}
	return false
}

// telnetStream parts commands from text and leaves the text to the dialogue.
type telnetStream struct {
	state [2]byte // of each direction: where in a command it is
	talk  dialogue
}

const (
	inText = iota
	afterIAC
	inOption
	inSub
	inSubIAC
)

func (s *telnetStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	s.talk.begin(c)
	for _, b := range p {
		switch s.state[d] {
		case inText:
			if b == iac {
				s.state[d] = afterIAC
			} else if !s.talk.text(c, d, b) {
				return false
			}
		case afterIAC:
			s.state[d] = inText
			switch {
			case will <= b && b <= dont:
				s.state[d] = inOption
			case b == sb:
				s.state[d] = inSub
			}
		case inOption:
			s.state[d] = inText
		case inSub:
			if b == iac {
				s.state[d] = inSubIAC
			}
		case inSubIAC:
			s.state[d] = inSub
			if b == se {
				s.state[d] = inText
			}
		}
	}
	return true
}

func (s *telnetStream) Gap(_ *protocol.Context, d protocol.Direction, _ int) bool {
	s.state[d] = inText
	s.talk.gap(d)
	return true
}

func (s *telnetStream) Close(c *protocol.Context) { s.talk.close(c) }
