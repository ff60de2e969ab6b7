// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// inBody looks for a name and a password in the beginning of a request's body: a form, JSON, or the
// UsernameToken by which ONVIF and others sign in (WS-Security 1.1.1, UsernameToken Profile).
func inBody(c *protocol.Context, kind string, b []byte) observation.Login {
	switch t := []byte(kind); {
	case octets.HasFold(t, "form-urlencoded"):
		return inPairs(c, "http-form", b)
	case octets.HasFold(t, "json"):
		return inJSON(c, b)
	case octets.HasFold(t, "xml") && bytes.Contains(b, []byte("UsernameToken")):
		user, password := element(b, "username"), element(b, "password")
		switch {
		case len(password) == 0:
		case bytes.Contains(b, []byte("#PasswordDigest")):
			return observation.Login{Protocol: "ws-security", User: octets.Text(user, maxUser),
				Secret: observation.Secret{What: "digest-response"}}
		default:
			return readable(c, "ws-security", user, password)
		}
	}
	return observation.Login{}
}

// inPairs looks through name=value&name=value.
func inPairs(c *protocol.Context, proto string, b []byte) observation.Login {
	var user, password []byte
	for len(b) > 0 {
		var pair []byte
		pair, b, _ = bytes.Cut(b, []byte{'&'})
		name, value, _ := bytes.Cut(pair, []byte{'='})
		user, password = keep(name, value, user, password)
	}
	if len(password) == 0 {
		return observation.Login{}
	}
	user, password = unescape(user), unescape(password)
	l := readable(c, proto, user, password)
	clear(password)
	return l
}

// inJSON looks through members whose values are strings, at any depth.
func inJSON(c *protocol.Context, b []byte) observation.Login {
	var user, password, name []byte
	for {
		i := bytes.IndexByte(b, '"')
		if i < 0 {
			break
		}
		if name != nil && len(bytes.Trim(b[:i], ": \t\r\n")) > 0 {
			name = nil // the member had another kind of value
		}
		word, rest, ok := quoted(b[i+1:])
		if !ok {
			break
		}
		b = rest
		if after := bytes.TrimLeft(b, " \t\r\n"); name == nil && len(after) > 0 && after[0] == ':' {
			name = word
			continue
		}
		user, password = keep(name, word, user, password)
		name = nil
	}
	if len(password) == 0 {
		return observation.Login{}
	}
	return readable(c, "http-form", user, password)
}

// quoted takes what stands before the closing quote.
func quoted(b []byte) (word, rest []byte, ok bool) {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return b[:i], b[i+1:], true
		}
	}
	return nil, nil, false
}

// keep remembers the value of a field that seems to hold a user's name or a password, the first of each.
func keep(name, value, user, password []byte) (_, _ []byte) {
	switch {
	case len(value) == 0:
	case password == nil && holdsPassword(name, value):
		password = value
	case user == nil && holdsUser(name):
		user = value
	}
	return user, password
}

func holdsPassword(name, value []byte) bool {
	switch string(value) {
	case "0", "1", "true", "false", "null": // a box that was ticked
		return false
	}
	for _, w := range []string{"pass", "psw", "passwort", "userpass", "user_pass", "loginpass", "login_pass"} {
		if octets.EqualFold(name, w) {
			return true
		}
	}
	for _, w := range []string{"password", "passwd", "pwd"} {
		if n := len(name) - len(w); n >= 0 && octets.EqualFold(name[n:], w) {
			return true
		}
	}
	return false
}

func holdsUser(name []byte) bool {
	for _, w := range []string{"user", "usr", "name", "uname", "username", "user_name", "userid", "user_id",
		"login", "loginname", "login_name", "loginuser", "account", "email", "j_username"} {
		if octets.EqualFold(name, w) {
			return true
		}
	}
	return false
}

// unescape is b with %XX and + written out.
func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '+':
			out = append(out, ' ')
		case b[i] == '%' && i+2 < len(b) && digit(b[i+1]) >= 0 && digit(b[i+2]) >= 0:
			out = append(out, byte(digit(b[i+1])<<4|digit(b[i+2])))
			i += 2
		default:
			out = append(out, b[i])
		}
	}
	return out
}
