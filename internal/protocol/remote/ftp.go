// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func ftp() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "ftp", Ports: []uint16{21, 2121}, Recognise: recogniseFTP,
		New: func() protocol.Stream { return &ftpStream{} }}
}

// ftpOpeners are commands that clients begin with and that no mail protocol has.
var ftpOpeners = []string{"auth tls\r\n", "auth ssl\r\n", "feat\r\n", "syst\r\n", "pasv\r\n",
	"type i\r\n", "type a\r\n", "opts utf8"}

// recogniseFTP tells FTP from SMTP, whose greeting is 220 too, and from POP3, which has USER too.
func recogniseFTP(c *protocol.Context, out, in []byte) protocol.Guess {
	greeting := prefixGuess(in, "220")
	user := max(prefixFold(out, "user "), openers(out))
	whole := greeting == protocol.Yes && bytes.IndexByte(in, '\n') > 0
	switch {
	case whole && octets.HasFold(in, "smtp"):
		return protocol.No
	case whole && (octets.HasFold(in, "ftp") || onPort(c, []uint16{21})):
		return protocol.Yes
	case whole && octets.HasFold(in, "mail"), len(out) > 0 && user == protocol.No,
		len(in) >= 4 && greeting == protocol.No && !isFTPReply(in):
		return protocol.No
	case len(in) >= 4 && user == protocol.Yes:
		return protocol.Yes
	}
	return protocol.Maybe
}

// isFTPReply knows, of four bytes or more, the answers to USER and to the openers (RFC 959, 5.4), of a
// session met after its greeting.
func isFTPReply(in []byte) bool {
	for _, code := range []string{"331", "230", "530", "234", "211", "215", "200", "227", "500", "502", "504"} {
		if bytes.HasPrefix(in, []byte(code)) && (in[3] == ' ' || in[3] == '-') {
			return true
		}
	}
	return false
}

func openers(out []byte) protocol.Guess {
	best := protocol.No
	for _, w := range ftpOpeners {
		best = max(best, prefixFold(out, w))
	}
	return best
}

// prefixFold is prefixGuess for a lower-case word in whatever case.
func prefixFold(b []byte, word string) protocol.Guess {
	n := min(len(b), len(word))
	switch {
	case !octets.EqualFold(b[:n], word[:n]):
		return protocol.No
	case n == len(word):
		return protocol.Yes
	}
	return protocol.Maybe
}

// ftpStream reads the control connection up to a login that is accepted, or TLS.
type ftpStream struct {
	lines   [2]octets.Lines
	session observation.Session
	first   uint32
	said    bool
	user    []byte
	userAt  uint32
	asked   bool // USER without an answer
	auth    bool // AUTH TLS without an answer
	attempt login.Attempt
}

func (s *ftpStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	for {
		line, rest, ok := s.lines[d].Next(p, c.Frame)
		if !ok {
			return true
		}
		p = rest
		if d == protocol.ToServer {
			s.command(c, line)
			continue
		}
		if more := s.reply(c, line); !more {
			if s.session.StartTLS {
				c.Restart(len(rest))
			}
			return false
		}
	}
}

func (s *ftpStream) command(c *protocol.Context, line []byte) {
	verb, arg, _ := bytes.Cut(line, []byte{' '})
	switch {
	case octets.EqualFold(verb, "user"):
		s.user, s.userAt, s.asked = append(s.user[:0], arg...), s.lines[0].First, true
		s.user = s.user[:min(len(s.user), maxTerminalLine)]
	case octets.EqualFold(verb, "pass"):
		s.say(c)
		s.attempt.Open(c, "ftp", s.userAt)
		s.attempt.User(s.user)
		s.attempt.Password(c, arg)
	case octets.EqualFold(verb, "auth"):
		s.auth = true
	}
}

// reply reads a reply's last line (RFC 959, 4.2) and returns false when there is no more to learn.
func (s *ftpStream) reply(c *protocol.Context, line []byte) bool {
	if len(line) < 3 || !digits(line[:3]) || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return true
	}
	code := string(line[:3])
	if code == "220" && s.session.Banner == "" {
		s.session.Banner = octets.Text(line[3:], maxBanner)
	}
	if len(line) > 3 && line[3] == '-' {
		return true
	}
	switch {
	case code == "234" && s.auth:
		s.session.StartTLS = true
		s.say(c)
		return false
	case s.attempt.IsOpen():
		return s.verdict(c, code)
	case code == "230" && s.asked: // a name alone was enough
		s.say(c)
		s.attempt.Open(c, "ftp", s.userAt)
		s.attempt.User(s.user)
		s.attempt.Close(c, login.Accepted)
		return false
	case code == "331" || code == "530":
		s.asked = false
	}
	return true
}

func (s *ftpStream) verdict(c *protocol.Context, code string) bool {
	switch code {
	case "230", "202":
		s.attempt.Close(c, login.Accepted)
		return false
	case "530", "430", "421", "503", "332":
		s.attempt.Close(c, login.Rejected)
	}
	return true
}

func (s *ftpStream) say(c *protocol.Context) {
	if !s.said && s.first != 0 {
		s.said = true
		s.session.Protocol = "ftp"
		c.Emit(s.first, &s.session)
	}
}

func (s *ftpStream) Gap(_ *protocol.Context, d protocol.Direction, _ int) bool {
	s.lines[d].Gap()
	return true
}

func (s *ftpStream) Close(c *protocol.Context) {
	s.say(c)
	s.attempt.Close(c, login.Unknown)
}
