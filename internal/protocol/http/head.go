// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"
	"math"

	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// What is kept of a field, in bytes.
const (
	maxHost  = 255
	maxPath  = 512
	maxValue = 200
)

// field reads a header field.
func (s *stream) field(c *protocol.Context, d protocol.Direction, line []byte) {
	name, value, ok := bytes.Cut(line, []byte{':'})
	if !ok {
		return
	}
	value = bytes.TrimSpace(value)
	side := &s.side[d]
	switch {
	case octets.EqualFold(name, "content-length"):
		side.length = decimal(value)
	case octets.EqualFold(name, "transfer-encoding"):
		side.chunked = octets.HasFold(value, "chunked")
	case octets.EqualFold(name, "content-encoding"):
		side.coded = !octets.EqualFold(value, "identity")
	case d == protocol.ToServer:
		s.requestField(c, name, value)
	case s.open:
		s.answerField(name, value)
	}
}

func (s *stream) requestField(c *protocol.Context, name, value []byte) {
	if len(s.pending) == 0 {
		return // its answer has already come
	}
	e := &s.pending[len(s.pending)-1]
	w := s.pool.words
	switch {
	case octets.EqualFold(name, "host"):
		e.body.Host = w.text(value, maxHost)
	case octets.EqualFold(name, "user-agent"):
		e.body.UserAgent = w.text(value, maxValue)
	case octets.EqualFold(name, "authorization"), octets.EqualFold(name, "proxy-authorization"):
		s.authorization(c, e, value)
	case octets.EqualFold(name, "upgrade"):
		e.upgrade = octets.HasFold(value, "websocket")
	case octets.EqualFold(name, "content-type"):
		s.side[protocol.ToServer].kind = w.text(value, maxValue)
		if octets.PrefixFold(value, "application/ipp") {
			c.Name = "ipp" // RFC 8010, 4
		}
	}
}

func (s *stream) answerField(name, value []byte) {
	b := &s.now.body
	w := s.pool.words
	switch {
	case octets.EqualFold(name, "server"):
		b.Server = w.text(value, maxValue)
	case octets.EqualFold(name, "content-type"):
		b.ContentType = w.text(value, maxValue)
	case octets.EqualFold(name, "location"):
		host, path := split(value)
		b.Location = w.text(value[:0], 0)
		if len(host) > 0 {
			scheme, _, _ := bytes.Cut(value, []byte(":"))
			b.Location = w.text(scheme, 8) + "://" + w.text(host, maxHost)
		}
		b.Location += w.text(path, maxPath)
	case octets.EqualFold(name, "www-authenticate"), octets.EqualFold(name, "proxy-authenticate"):
		if realm := parameter(value, "realm"); realm != nil && b.Realm == "" {
			b.Realm = w.text(realm, maxValue)
		}
	}
}

// split takes the host and the path out of a target or an address. The query and the fragment, path
// parameters and a user's name and password are cut: they may hold secrets.
func split(target []byte) (host, path []byte) {
	path = target
	if i := bytes.Index(target, []byte("://")); i > 0 && i < 8 {
		host, path = target[i+3:], nil
		if j := bytes.IndexAny(host, "/?#;"); j >= 0 {
			host, path = host[:j], host[j:]
		}
		host = host[bytes.LastIndexByte(host, '@')+1:]
	}
	if i := bytes.IndexAny(path, "?#;"); i >= 0 {
		path = path[:i]
	}
	if i := bytes.IndexByte(path, '='); i >= 0 && anySecret(path) {
		path = path[:i]
	}
	if i := bytes.LastIndexByte(path, '@'); i >= 0 && len(host) == 0 && path[0] != '/' {
		path = path[i+1:]
	}
	return host, path
}

// anySecret says that a path seems to name a secret that it holds.
func anySecret(path []byte) bool {
	for _, w := range []string{"pass", "pwd", "token", "secret", "auth", "key", "session"} {
		if octets.HasFold(path, w) {
			return true
		}
	}
	return false
}

// parameter is the value of name in a list of name=value, quoted or not; nil without one.
func parameter(b []byte, name string) []byte {
	for i := 0; i+len(name) < len(b); i++ {
		if !octets.PrefixFold(b[i:], name) || b[i+len(name)] != '=' || i > 0 && bytes.IndexByte([]byte(" ,\t"),
			b[i-1]) < 0 {
			continue
		}
		v := b[i+len(name)+1:]
		if len(v) > 0 && v[0] == '"' {
			v, _, _ = bytes.Cut(v[1:], []byte{'"'})
			return v
		}
		if j := bytes.IndexAny(v, ", "); j >= 0 {
			v = v[:j]
		}
		return v
	}
	return nil
}

// decimal reads a length; -1 for what is none.
func decimal(b []byte) int64 {
	if len(b) == 0 || len(b) > 18 {
		return -1
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// hexSize reads the size of a chunk; what follows it is left out (RFC 9112, 7.1).
func hexSize(line []byte) (int64, bool) {
	var n int64
	i := 0
	for ; i < len(line); i++ {
		v := digit(line[i])
		if v < 0 {
			break
		}
		if n = n<<4 | int64(v); n > math.MaxInt32 {
			return 0, false
		}
	}
	return n, i > 0 && (i == len(line) || line[i] == ';' || line[i] == ' ')
}

func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// words keeps the strings that requests repeat: hosts, paths, products.
type words map[string]string

// maxWords bounds them; then they are forgotten.
const maxWords = 4096

// text is b as printable text of at most limit bytes.
func (w words) text(b []byte, limit int) string {
	if s, ok := w[string(b)]; ok && len(s) <= limit {
		return s
	}
	s := octets.Text(b, limit)
	if s == string(b) {
		if len(w) >= maxWords {
			clear(w)
		}
		w[s] = s
	}
	return s
}
