// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package store reads the protocols of what keeps data and names: Redis, MySQL, PostgreSQL, SQL Server, LDAP
// and SMB. It reads who logs in, how well the secret is kept on the way and what the server says to it;
// no query, no entry, no file.
package store

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
)

// Streams are the recognisers of the family.
func Streams() []protocol.StreamProtocol {
	return []protocol.StreamProtocol{smb(), postgresql(), mssql(), mysql(), ldap(), redis()}
}

// patience is how many messages are read of a session that shows no login.
const patience = 64

// talk is one session and its login at hand.
type talk struct {
	session observation.Session
	first   uint32
	said    bool
	attempt login.Attempt
	sasl    login.SASL
	quiet   int // messages since the last login
}

func (t *talk) begin(c *protocol.Context) {
	if t.first == 0 {
		t.first = c.Frame
	}
}

// open tells of the session and begins a login in frame first.
func (t *talk) open(c *protocol.Context, proto string, first uint32) {
	t.say(c)
	t.attempt.Open(c, proto, first)
	t.quiet = 0
}

// upgrade ends the clear part: TLS follows at the last rest bytes.
func (t *talk) upgrade(c *protocol.Context, rest int) bool {
	t.session.StartTLS = !t.said
	t.say(c)
	c.Restart(rest)
	return false
}

// bored counts a message and says that nothing more is to be expected.
func (t *talk) bored() bool {
	t.quiet++
	return t.quiet > patience
}

// say tells of the session, once, before its first login or at its end.
func (t *talk) say(c *protocol.Context) {
	if !t.said && t.first != 0 {
		t.said = true
		c.Emit(t.first, &t.session)
	}
}

// Close ends the session.
func (t *talk) Close(c *protocol.Context) {
	t.say(c)
	t.attempt.Close(c, login.Unknown)
}

func verdict(good bool) string {
	if good {
		return login.Accepted
	}
	return login.Rejected
}

func onPort(c *protocol.Context, ports ...uint16) bool {
	for _, p := range ports {
		if c.Server.Port() == p {
			return true
		}
	}
	return false
}

// prefix is Yes when b begins with want, Maybe while it still could.
func prefix(b []byte, want string) protocol.Guess {
	n := min(len(b), len(want))
	switch {
	case string(b[:n]) != want[:n]:
		return protocol.No
	case n == len(want):
		return protocol.Yes
	}
	return protocol.Maybe
}
