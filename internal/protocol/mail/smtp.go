// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func smtp() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "smtp", Ports: smtpPorts, Recognise: recogniseSMTP,
		New: func() protocol.Stream { return newStream("smtp", &smtpTalk{}) }}
}

var smtpPorts = []uint16{25, 587, 465, 2525}

// recogniseSMTP wants a greeting that says SMTP, or one that fits and a client that says EHLO. FTP greets
// with 220 too.
func recogniseSMTP(c *protocol.Context, out, in []byte) protocol.Guess {
	hello := begins(out, "ehlo ", "helo ", "lhlo ")
	_, helloWhole := firstLine(out)
	greeting, whole := firstLine(in)
	fits := begins(in, "220 ", "220-", "250 ", "250-", "554 ", "421 ")
	switch {
	case len(in) > 0 && fits == protocol.No, len(out) > 0 && hello == protocol.No && len(in) == 0:
		return protocol.No
	case fits == protocol.Yes && whole && (octets.HasFold(greeting, "smtp") || onPort(c, smtpPorts)),
		hello == protocol.Yes && helloWhole && fits == protocol.Yes && len(in) > 0,
		hello == protocol.Yes && helloWhole && onPort(c, smtpPorts):
		return protocol.Yes
	case len(out) > 0 && hello == protocol.No:
		return protocol.No
	}
	return protocol.Maybe
}

// smtpTalk reads up to a login that is accepted, TLS, or the first message.
type smtpTalk struct {
	tls bool // STARTTLS without an answer
}

func (s *smtpTalk) command(c *protocol.Context, x *exchange, line []byte) bool {
	if x.talking {
		x.response(c, line)
		return true
	}
	verb, arg := word(line)
	switch {
	case oneOf(verb, "auth"):
		x.authenticate(c, "smtp-auth", arg)
	case oneOf(verb, "starttls"):
		s.tls = true
	case oneOf(verb, "data", "bdat"):
		return false
	}
	return true
}

// reply reads a reply's last line (RFC 5321, 4.2).
func (s *smtpTalk) reply(c *protocol.Context, x *exchange, line []byte) bool {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' {
		return true
	}
	code := string(line[:3])
	if (code == "220" || code == "554") && x.session.Banner == "" && !x.said {
		x.session.Banner = octets.Text(line[3:], maxBanner)
	}
	if len(line) > 3 && line[3] == '-' {
		return true
	}
	switch {
	case code == "235" && x.attempt.IsOpen():
		x.end(c, login.Accepted)
		return false
	case code[0] >= '4' && x.attempt.IsOpen():
		x.end(c, login.Rejected)
	case s.tls && code == "220":
		return x.upgrade(c)
	case code[0] >= '4':
		s.tls = false
	}
	return true
}

func (s *smtpTalk) lost(protocol.Direction) { s.tls = false }
