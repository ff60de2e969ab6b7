// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"
	"encoding/base64"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const maxUser = 256

// authorization reads the credentials of a request (RFC 7617; RFC 7616; RFC 6750).
func (s *stream) authorization(c *protocol.Context, e *exchange, value []byte) {
	scheme, rest, _ := bytes.Cut(value, []byte{' '})
	rest = bytes.TrimSpace(rest)
	e.body.AuthScheme = s.pool.words.text(bytes.ToLower(scheme[:min(len(scheme), maxMethod)]), maxMethod)
	switch e.body.AuthScheme {
	case "basic":
		e.login = basic(c, rest)
	case "bearer":
		if len(rest) > 0 {
			e.login = observation.Login{Protocol: "http-bearer", Secret: c.Keys.Secret("token", rest), Readable: true}
		}
	case "digest":
		e.login = observation.Login{Protocol: "http-digest", User: octets.Text(parameter(rest, "username"), maxUser),
			Secret: observation.Secret{What: "digest-response"}}
	}
}

// basic reads name:password in base64; nothing is said of what is not that.
func basic(c *protocol.Context, b []byte) observation.Login {
	var scratch [1536]byte
	b = bytes.TrimRight(b, "=")
	if base64.RawStdEncoding.DecodedLen(len(b)) > len(scratch) {
		return observation.Login{}
	}
	n, err := base64.RawStdEncoding.Decode(scratch[:], b)
	user, password, ok := bytes.Cut(scratch[:n], []byte{':'})
	if err != nil || !ok {
		return observation.Login{}
	}
	l := readable(c, "http-basic", user, password)
	clear(scratch[:n])
	return l
}

func readable(c *protocol.Context, proto string, user, password []byte) observation.Login {
	l := observation.Login{Protocol: proto, User: octets.Text(user, maxUser), Readable: true,
		Secret: c.Keys.Secret("credential", password)}
	l.Factory = c.FactoryList(l.User, string(password))
	return l
}

// judge lets the answer's status decide the request's login: 401 and 407 refuse it, success and redirection
// grant it, and of anything else nothing is known. What a form's answer means only its page says.
func (s *stream) judge() {
	l := &s.now.login
	if l.Protocol == "" {
		return
	}
	form := l.Protocol == "http-form" || l.Protocol == "http-url"
	switch status := s.now.body.Status; {
	case status == 401 || status == 407:
		l.Outcome = login.Rejected
	case status >= 200 && status < 400 && !form:
		l.Outcome = login.Accepted
	default:
		l.Outcome = login.Unknown
	}
}
