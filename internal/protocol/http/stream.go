// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	// maxPending bounds the requests that wait for their answers; the oldest is then said without one.
	maxPending = 64
	// beginning is how much of a body is looked at: enough for a magic number, and, of text that may
	// describe a device or hold a login, for that.
	beginning     = 512
	beginningText = 8 << 10
	spareStreams  = 64
)

// streams makes streams out of those that have ended, and holds the words that many requests share.
type streams struct {
	words words
	idle  []*stream
	texts [][]byte // rooms for the beginnings of bodies
}

func (p *streams) next() protocol.Stream {
	if n := len(p.idle); n > 0 {
		s := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return s
	}
	return &stream{pool: p}
}

// exchange is a request, and its answer as far as it has come.
type exchange struct {
	body    observation.HTTP
	login   observation.Login // Protocol "" without one
	first   uint32
	upgrade bool // the client offers WebSocket
}

// stream reads one conversation.
type stream struct {
	pool    *streams
	side    [2]side
	pending []exchange
	now     exchange // the one being answered
	open    bool     // now is not yet said
	text    []byte   // the beginning of the answer's body, in a room that is the pool's; nil without one
	limit   int      // how much of it is looked at; 0: not yet known
	said    observation.Login
	turned  bool // the conversation goes on in another protocol
	over    bool // nothing more can come
}

// What a side's next bytes are.
const (
	startLine = iota
	header
	sized
	chunkSize
	chunkData
	chunkEnd
	trailer
	untilClose
	astray // bytes are missing, or are no message: the next start line ends it
)

// side is the state of one direction.
type side struct {
	lines   octets.Lines
	state   uint8
	left    int64 // bytes of the body or chunk to come
	length  int64 // Content-Length; -1 without
	chunked bool
	coded   bool   // a Content-Encoding hides the body
	kind    string // of a request's body
	body    []byte // the beginning of a request's body
}

func (s *stream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	side := &s.side[d]
	for len(p) > 0 {
		switch side.state {
		case sized, chunkData:
			n := int(min(side.left, int64(len(p))))
			side.left -= int64(n)
			s.content(c, d, p[:n])
			p = p[n:]
			if side.left == 0 {
				s.part(c, d)
			}
		case untilClose:
			s.content(c, d, p)
			p = nil
		default:
			line, rest, ok := side.lines.Next(p, c.Frame)
			if !ok {
				return true
			}
			p = rest
			s.line(c, d, line)
		}
		if s.turned {
			c.Restart(len(p))
			return false
		}
		if s.over {
			return false
		}
	}
	return true
}

// line takes a line of side d's message.
func (s *stream) line(c *protocol.Context, d protocol.Direction, line []byte) {
	side := &s.side[d]
	switch side.state {
	case startLine, astray:
		s.start(c, d, line)
	case header:
		if len(line) > 0 {
			s.field(c, d, line)
		} else {
			s.headEnd(c, d)
		}
	case chunkSize:
		n, ok := hexSize(line)
		switch {
		case !ok:
			s.lose(c, d)
		case n == 0:
			side.state = trailer
		default:
			side.left, side.state = n, chunkData
		}
	case chunkEnd:
		side.state = chunkSize
	case trailer:
		if len(line) == 0 {
			s.end(c, d)
		}
	}
}

// part ends a chunk, or a body of known length.
func (s *stream) part(c *protocol.Context, d protocol.Direction) {
	if side := &s.side[d]; side.state == chunkData {
		side.state = chunkEnd
	} else {
		s.end(c, d)
	}
}

// start takes what should be a start line.
func (s *stream) start(c *protocol.Context, d protocol.Direction, line []byte) {
	side := &s.side[d]
	if len(line) == 0 {
		return // RFC 9112, 2.2
	}
	if d == protocol.ToServer {
		method, target, ok := requestLine(line)
		if !ok {
			side.state = astray
			return
		}
		s.request(c, method, target, side.lines.First)
	} else {
		if isStatusLine(line) != protocol.Yes {
			side.state = astray
			return
		}
		s.answer(c, int(line[9]-'0')*100+int(line[10]-'0')*10+int(line[11]-'0'), side.lines.First)
	}
	side.state, side.length, side.chunked, side.coded = header, -1, false, false
	side.kind, side.body = "", side.body[:0]
}

// request opens an exchange.
func (s *stream) request(c *protocol.Context, method, target []byte, first uint32) {
	if len(s.pending) >= maxPending {
		s.say(c, &s.pending[0])
		s.pending = s.pending[:copy(s.pending, s.pending[1:])]
	}
	w := s.pool.words
	s.pending = append(s.pending, exchange{first: first, body: observation.HTTP{Method: w.text(method, maxMethod)}})
	host, path := split(target)
	e := &s.pending[len(s.pending)-1]
	e.body.Path, e.body.Host = w.text(path, maxPath), w.text(host, maxHost)
	if _, query, ok := bytes.Cut(target, []byte{'?'}); ok {
		e.login = inPairs(c, "http-url", query)
	}
}

// answer begins the answer to the oldest request. A provisional one is no answer (RFC 9110, 15.2).
func (s *stream) answer(c *protocol.Context, status int, first uint32) {
	s.finish(c)
	switch {
	case status < 200 && status != 101 && len(s.pending) > 0:
		s.now = exchange{} // open stays false
		return
	case len(s.pending) > 0:
		s.now = s.pending[0]
		s.pending = s.pending[:copy(s.pending, s.pending[1:])]
	default:
		s.now = exchange{first: first}
	}
	s.now.body.Status, s.open, s.limit = status, true, 0
}

// headEnd decides how long the body is (RFC 9112, 6.3).
func (s *stream) headEnd(c *protocol.Context, d protocol.Direction) {
	side := &s.side[d]
	switch {
	case d == protocol.ToClient && s.bodiless(c):
		if !s.turned {
			s.end(c, d)
		}
	case side.chunked:
		side.state = chunkSize
	case side.length > 0:
		side.left, side.state = side.length, sized
	case side.length < 0 && d == protocol.ToClient && s.open:
		side.state = untilClose
	default:
		s.end(c, d)
	}
}

// bodiless says that the answer at hand has no body, and judges those that end the conversation's HTTP.
func (s *stream) bodiless(c *protocol.Context) bool {
	b := &s.now.body
	if !s.open {
		return true // provisional
	}
	s.judge()
	b.ContentLength = max(s.side[protocol.ToClient].length, 0)
	switch {
	case b.Method == "CONNECT" && b.Status/100 == 2:
		s.finish(c)
		s.turned = true
		return true
	case b.Status == 101:
		if s.now.upgrade {
			c.Emit(s.now.first, &observation.Session{Protocol: "websocket", Detail: b.Path})
		}
		s.finish(c)
		s.over = true
		return true
	}
	return b.Method == "HEAD" || b.Status == 204 || b.Status == 304 || b.Status < 200
}

// content takes bytes of a body.
func (s *stream) content(c *protocol.Context, d protocol.Direction, b []byte) {
	if d == protocol.ToServer {
		side := &s.side[d]
		side.body = append(side.body, b[:min(len(b), beginningOf(side.kind)-len(side.body))]...)
		return
	}
	if !s.open {
		s.over = s.side[d].state == untilClose
		return
	}
	if s.limit == 0 {
		s.limit, s.text = beginningOf(s.now.body.ContentType), s.pool.room()
	}
	s.text = append(s.text, b[:min(len(b), s.limit-len(s.text))]...)
	if len(s.text) >= s.limit {
		s.finish(c)
		s.over = s.side[d].state == untilClose
	}
}

// end ends side d's message.
func (s *stream) end(c *protocol.Context, d protocol.Direction) {
	side := &s.side[d]
	side.state = startLine
	if d == protocol.ToClient {
		s.finish(c)
	} else if n := len(s.pending); n > 0 && len(side.body) > 0 && !side.coded {
		e := &s.pending[n-1]
		e.body.BodyMagic = magic(side.body)
		if e.login.Protocol == "" {
			e.login = inBody(c, side.kind, side.body)
		}
	}
	clear(side.body) // it may hold a password
}

// finish says the exchange that is being answered.
func (s *stream) finish(c *protocol.Context) {
	if !s.open {
		return
	}
	s.open = false
	s.describe(c)
	s.pool.giveBack(s.text)
	s.text = nil
	s.say(c, &s.now)
}

// room lends an empty buffer.
func (p *streams) room() []byte {
	n := len(p.texts)
	if n == 0 {
		return nil
	}
	b := p.texts[n-1]
	p.texts = p.texts[:n-1]
	return b
}

func (p *streams) giveBack(b []byte) {
	if cap(b) > 0 && len(p.texts) < spareStreams {
		p.texts = append(p.texts, b[:0])
	}
}

func (s *stream) say(c *protocol.Context, e *exchange) {
	c.Emit(e.first, &e.body)
	if l := &e.login; l.Protocol != "" && *l != s.said {
		if l.Outcome == "" {
			l.Outcome = "unknown"
		}
		s.said = *l
		c.Emit(e.first, l)
	}
}

// lose gives up a side's message: what follows is read from its next start line on. Requests that wait
// are said now, since their answers can no longer be told apart.
func (s *stream) lose(c *protocol.Context, d protocol.Direction) {
	s.side[d].state = astray
	s.finish(c)
	for i := range s.pending {
		s.say(c, &s.pending[i])
	}
	s.pending = s.pending[:0]
}

func (s *stream) Gap(c *protocol.Context, d protocol.Direction, n int) bool {
	side := &s.side[d]
	switch {
	case side.state == untilClose:
		s.finish(c)
		return false
	case (side.state == sized || side.state == chunkData) && int64(n) < side.left:
		side.left -= int64(n)
		if d == protocol.ToClient {
			s.finish(c)
		}
	default:
		side.lines.Gap()
		s.lose(c, d)
	}
	return true
}

func (s *stream) Close(c *protocol.Context) {
	s.lose(c, protocol.ToClient)
	if p := s.pool; len(p.idle) < spareStreams {
		lines := [2]octets.Lines{s.side[0].lines, s.side[1].lines}
		*s = stream{pool: p, pending: s.pending[:0]}
		for i := range lines {
			lines[i].Reset()
			s.side[i].lines = lines[i]
		}
		p.idle = append(p.idle, s)
	}
}
