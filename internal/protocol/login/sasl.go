// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"bytes"
	"encoding/base64"

	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// SASL follows the client's side of one SASL exchange (RFC 4422), whatever protocol carries it. The zero
// value is: none.
type SASL struct {
	mechanism mechanism
	step      int
}

type mechanism uint8

const (
	opaque    mechanism = iota // GSSAPI, EXTERNAL, what is not known: nothing can be read
	plain                      // RFC 4616: authorisation NUL name NUL password
	loginMech                  // the name, then the password
	cram                       // RFC 2195: name SP digest
	digestMD5                  // RFC 2831: username="…"
	bearer                     // XOAUTH2 and OAUTHBEARER (RFC 7628): user=…^Aauth=Bearer …^A^A
	scram                      // RFC 5802: n,,n=name,r=…
	ntlm                       // MS-NLMP
)

// Begin names the mechanism.
func (s *SASL) Begin(name []byte) { *s = SASL{mechanism: mechanismOf(name)} }

func mechanismOf(name []byte) mechanism {
	switch {
	case octets.EqualFold(name, "plain"):
		return plain
	case octets.EqualFold(name, "login"):
		return loginMech
	case octets.EqualFold(name, "cram-md5"):
		return cram
	case octets.EqualFold(name, "digest-md5"):
		return digestMD5
	case octets.EqualFold(name, "xoauth2"), octets.EqualFold(name, "oauthbearer"):
		return bearer
	case octets.PrefixFold(name, "scram-"):
		return scram
	case octets.EqualFold(name, "ntlm"), octets.EqualFold(name, "gss-spnego"):
		return ntlm
	}
	return opaque
}

// Base64 takes a response as mail protocols and XMPP write it. What is no base64 is not read. "=" is an
// empty response (RFC 4954, 4).
func (s *SASL) Base64(c *protocol.Context, a *Attempt, line []byte) {
	line = bytes.TrimSpace(line)
	if len(line) > octets.MaxLine || string(line) == "=" {
		line = nil
	}
	var buf [octets.MaxLine]byte
	n, err := base64.StdEncoding.Decode(buf[:], line)
	if err == nil {
		s.Response(c, a, buf[:n])
	}
	clear(buf[:n])
}

// Response takes one response of the client and lets the attempt know what can be read in it.
func (s *SASL) Response(c *protocol.Context, a *Attempt, p []byte) {
	if len(p) == 0 && s.mechanism != loginMech {
		return // a request for the server's first word
	}
	s.step++
	switch s.mechanism {
	case plain:
		s.plain(c, a, p)
	case loginMech:
		if s.step == 1 {
			a.User(p)
		} else if s.step == 2 {
			a.Password(c, p)
		}
	case cram:
		if i := bytes.LastIndexByte(p, ' '); i >= 0 {
			a.User(p[:i])
			a.Hidden("digest-response")
		}
	case digestMD5:
		digestName(a, p)
	case bearer:
		bearerToken(c, a, p)
	case scram:
		scramName(a, p)
	case ntlm:
		if user, ok := NTLMUser(p); ok {
			a.User(user)
			a.Hidden("challenge-response")
		}
	}
}

func (s *SASL) plain(c *protocol.Context, a *Attempt, p []byte) {
	_, rest, ok := bytes.Cut(p, []byte{0})
	user, password, both := bytes.Cut(rest, []byte{0})
	if s.step == 1 && ok && both {
		a.User(user)
		a.Password(c, password)
	}
}

func digestName(a *Attempt, p []byte) {
	_, rest, ok := bytes.Cut(p, []byte(`username="`))
	name, _, end := bytes.Cut(rest, []byte{'"'})
	if ok && end {
		a.User(name)
		a.Hidden("digest-response")
	}
}

func scramName(a *Attempt, p []byte) {
	if _, rest, ok := bytes.Cut(p, []byte(",n=")); ok {
		name, _, _ := bytes.Cut(rest, []byte{','})
		a.User(name)
		a.Hidden("digest-response")
	}
}

// bearerToken reads key=value fields between control-As. In OAUTHBEARER the name stands in the header,
// n,a=name,.
func bearerToken(c *protocol.Context, a *Attempt, p []byte) {
	for field := range bytes.SplitSeq(p, []byte{1}) {
		switch {
		case bytes.HasPrefix(field, []byte("user=")):
			a.User(field[5:])
		case bytes.HasPrefix(field, []byte("n,a=")):
			a.User(bytes.TrimSuffix(field[4:], []byte{','}))
		case octets.PrefixFold(field, "auth=bearer "):
			a.Secret(c, "token", field[12:])
		}
	}
}
