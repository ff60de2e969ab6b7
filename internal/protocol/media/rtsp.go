// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func rtsp() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "rtsp", Ports: []uint16{554, 8554, 7070},
		New: func() protocol.Stream { return &rtspStream{} },
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			if len(out) > 0 {
				return max(speaks(out, "RTSP/1.0"), speaks(out, "RTSP/2.0"))
			}
			return max(speaks(in, "RTSP/1.0"), speaks(in, "RTSP/2.0"))
		}}
}

// maxRequests bounds the requests that wait for an answer.
const maxRequests = 16

// rtspRequest is what an answer needs to know of its request (RFC 2326, 6).
type rtspRequest struct {
	play bool // PLAY or RECORD
	auth bool // carries the credentials of the attempt at hand
}

// rtspStream reads one conversation. Pictures that travel inside it end the reading.
type rtspStream struct {
	session   observation.Session
	first     uint32
	waiting   []rtspRequest
	attempt   login.Attempt
	granted   bool
	described described
	media     carriage
	said      bool
	played    bool
	side      [2]rtspSide
}

type rtspSide struct {
	lines   octets.Lines
	head    bool // inside a head
	left    int  // bytes of the body to come
	length  int
	status  int
	request rtspRequest
}

func (s *rtspStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	side := &s.side[d]
	for len(p) > 0 {
		if n := min(side.left, len(p)); n > 0 {
			side.left -= n
			p = p[n:]
			continue
		}
		if !side.head && p[0] == '$' && len(side.lines.Partial()) == 0 { // RFC 2326, 10.12
			s.say(c)
			s.play(c)
			return false
		}
		line, rest, ok := side.lines.Next(p, c.Frame)
		if !ok {
			return true
		}
		p = rest
		switch {
		case !side.head && len(line) > 0:
			s.start(d, line)
		case side.head && len(line) > 0:
			s.field(c, d, line)
		case side.head:
			side.head, side.left = false, side.length
			s.headEnd(c, d)
		}
	}
	return true
}

func (s *rtspStream) start(d protocol.Direction, line []byte) {
	side := &s.side[d]
	side.length, side.status, side.request = 0, 0, rtspRequest{}
	if bytes.HasPrefix(line, []byte("RTSP/")) {
		side.status = status(line)
		if side.head = side.status > 0; side.head {
			s.begin(side.lines.First, line[:min(len(line), 8)])
		}
		return
	}
	method, rest, _ := bytes.Cut(line, []byte{' '})
	target, version, ok := bytes.Cut(rest, []byte{' '})
	if !ok || !bytes.HasPrefix(version, []byte("RTSP/")) {
		return
	}
	side.head = true
	side.request.play = string(method) == "PLAY" || string(method) == "RECORD"
	s.begin(side.lines.First, version)
	if s.session.Detail == "" || string(method) == "DESCRIBE" {
		s.session.Detail = path(target)
	}
}

func (s *rtspStream) begin(first uint32, version []byte) {
	if s.first == 0 {
		s.first, s.session.Version = first, octets.Text(version, 8)
	}
}

func (s *rtspStream) field(c *protocol.Context, d protocol.Direction, line []byte) {
	side := &s.side[d]
	name, value := field(line)
	switch {
	case octets.EqualFold(name, "content-length"):
		side.length = length(value)
	case octets.EqualFold(name, "user-agent"):
		s.described.say(c, d, "rtsp", value)
	case octets.EqualFold(name, "server"):
		if s.session.Banner == "" {
			s.session.Banner = octets.Text(value, maxText)
		}
		s.described.say(c, d, "rtsp", value)
	case octets.EqualFold(name, "authorization") && !s.granted && !s.attempt.IsOpen():
		side.request.auth = attempt(c, &s.attempt, "rtsp", side.lines.First, value)
	case octets.EqualFold(name, "transport") && side.status/100 == 2:
		s.media = carried(value)
	}
}

func (s *rtspStream) headEnd(c *protocol.Context, d protocol.Direction) {
	side := &s.side[d]
	if side.status == 0 {
		if len(s.waiting) == maxRequests {
			s.waiting = s.waiting[:copy(s.waiting, s.waiting[1:])]
		}
		s.waiting = append(s.waiting, side.request)
		return
	}
	if len(s.waiting) == 0 {
		return
	}
	asked := s.waiting[0]
	s.waiting = s.waiting[:copy(s.waiting, s.waiting[1:])]
	ok := side.status/100 == 2
	switch {
	case asked.auth && ok:
		s.granted = true
		s.attempt.Close(c, login.Accepted)
	case asked.auth && side.status == 401:
		s.attempt.Close(c, login.Rejected)
	case asked.auth:
		s.attempt.Close(c, login.Unknown)
	}
	if asked.play && ok {
		s.play(c)
	}
}

// play says, once, how the media travel that have been started.
func (s *rtspStream) play(c *protocol.Context) {
	if !s.played && s.media != notSaid {
		s.played = true
		s.media.say(c, s.first)
	}
}

func (s *rtspStream) say(c *protocol.Context) {
	if !s.said && s.session.Version != "" {
		s.said = true
		s.session.Protocol = "rtsp"
		c.Emit(s.first, &s.session)
	}
}

func (s *rtspStream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	side := &s.side[d]
	if n <= side.left {
		side.left -= n
		return true
	}
	side.lines.Gap()
	side.left, side.head = 0, false
	s.waiting = s.waiting[:0]
	return true
}

func (s *rtspStream) Close(c *protocol.Context) {
	s.say(c)
	s.attempt.Close(c, login.Unknown)
}
