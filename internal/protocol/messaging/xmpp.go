// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package messaging

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
)

func xmpp() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "xmpp", Ports: []uint16{5222, 5269}, Recognise: recogniseXMPP,
		New: func() protocol.Stream { return &xmppStream{body: observation.Session{Protocol: "xmpp"}} }}
}

// recogniseXMPP wants an opening of a stream (RFC 6120, 4.2) with the namespace that tells it from other XML.
func recogniseXMPP(_ *protocol.Context, out, in []byte) protocol.Guess {
	said := out
	if len(out) == 0 {
		said = in
	}
	xml, stream := prefix(said, "<?xml"), prefix(said, "<stream:stream")
	switch {
	case len(said) == 0:
		return protocol.Maybe
	case xml == protocol.No && stream == protocol.No:
		return protocol.No
	case bytes.Contains(said, []byte("http://etherx.jabber.org/streams")):
		return protocol.Yes
	case len(said) > 1024:
		return protocol.No
	}
	return protocol.Maybe
}

const (
	maxTag     = 3072     // how much of an element is kept: a SASL response is one
	talkBudget = 64 << 10 // how much is read of a stream that shows no login
)

// xmppStream walks through tags and the text behind them, up to a login that is accepted, or TLS.
type xmppStream struct {
	open    [2][]byte // a tag, from < on, and the text up to the next <
	body    observation.Session
	first   uint32
	said    bool
	attempt login.Attempt
	sasl    login.SASL
	budget  int
}

func (s *xmppStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	for i, b := range p {
		if s.budget++; s.budget > talkBudget {
			return false
		}
		if b == '<' {
			s.element(c, d)
			s.open[d] = s.open[d][:0]
		}
		if len(s.open[d]) < maxTag {
			s.open[d] = append(s.open[d], b)
		}
		if b == '>' && d == protocol.ToClient && !s.answer(c, s.open[d]) {
			if s.body.StartTLS {
				c.Restart(len(p) - i - 1)
			}
			return false
		}
	}
	return true
}

// element reads what the client said: <auth mechanism='PLAIN'>…</auth>, <response>…</response> (RFC 6120,
// 6.4). It is whole when the next tag begins.
func (s *xmppStream) element(c *protocol.Context, d protocol.Direction) {
	tag, text, whole := bytes.Cut(s.open[d], []byte{'>'})
	switch {
	case d != protocol.ToServer || !whole:
	case bytes.HasPrefix(tag, []byte("<auth ")):
		s.say(c)
		s.attempt.Open(c, "xmpp", 0)
		s.sasl.Begin(attribute(tag, "mechanism="))
		s.sasl.Base64(c, &s.attempt, text)
	case bytes.HasPrefix(tag, []byte("<response")) && s.attempt.IsOpen():
		s.sasl.Base64(c, &s.attempt, text)
	}
}

func (s *xmppStream) answer(c *protocol.Context, tag []byte) bool {
	switch {
	case bytes.HasPrefix(tag, []byte("<success")) && s.attempt.IsOpen():
		s.attempt.Close(c, login.Accepted)
		return false
	case bytes.HasPrefix(tag, []byte("<failure")) && s.attempt.IsOpen():
		s.attempt.Close(c, login.Rejected)
	case bytes.HasPrefix(tag, []byte("<proceed")):
		s.body.StartTLS = true
		s.say(c)
		return false
	}
	return true
}

func attribute(tag []byte, name string) []byte {
	_, v, ok := bytes.Cut(tag, []byte(name))
	if !ok || len(v) < 2 {
		return nil
	}
	v, _, _ = bytes.Cut(v[1:], v[:1])
	return v
}

func (s *xmppStream) say(c *protocol.Context) {
	if !s.said && s.first != 0 {
		s.said = true
		c.Emit(s.first, &s.body)
	}
}

func (s *xmppStream) Gap(c *protocol.Context, d protocol.Direction, _ int) bool {
	s.open[d] = s.open[d][:0]
	s.attempt.Close(c, login.Unknown)
	return true
}

func (s *xmppStream) Close(c *protocol.Context) {
	s.say(c)
	s.attempt.Close(c, login.Unknown)
}
