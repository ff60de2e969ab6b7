// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package login follows one attempt to authenticate from the name to the answer. The secret is turned
// into its digest as soon as it is read; between frames only the digest is kept.
package login

import (
	"github.com/writ-iot/writ/internal/credential"
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// The outcomes of a login.
const (
	Accepted = "accepted"
	Rejected = "rejected"
	Unknown  = "unknown"
)

// maxUser bounds the user name that is kept.
const maxUser = 256

// Attempt is one login under way. The zero value is: none.
type Attempt struct {
	body  observation.Login
	first uint32
	open  bool
}

// Open begins an attempt in frame first. One that is still open is said to have an unknown outcome.
func (a *Attempt) Open(c *protocol.Context, proto string, first uint32) {
	a.Close(c, Unknown)
	*a = Attempt{body: observation.Login{Protocol: proto}, first: first, open: true}
}

// IsOpen says that an attempt waits for its answer.
func (a *Attempt) IsOpen() bool { return a.open }

// HasSecret says that the secret of the attempt was read.
func (a *Attempt) HasSecret() bool { return a.open && a.body.Readable }

// User sets the name.
func (a *Attempt) User(name []byte) { a.body.User = octets.Text(name, maxUser) }

// Password digests a password that was readable, and asks whether a factory list holds the pair.
func (a *Attempt) Password(c *protocol.Context, value []byte) {
	a.Secret(c, "credential", value)
	a.body.Factory = c.FactoryList(a.body.User, string(value))
}

// Community digests an SNMP community.
func (a *Attempt) Community(c *protocol.Context, value []byte) {
	a.Secret(c, "community", value)
	a.body.Factory = credential.Community(string(value))
}

// Secret digests a secret of another kind that was readable.
func (a *Attempt) Secret(c *protocol.Context, what string, value []byte) {
	a.body.Secret, a.body.Readable = c.Keys.Secret(what, value), true
}

// Hidden says that the secret was there and could not be read: a digest, a challenge's response.
func (a *Attempt) Hidden(what string) { a.body.Secret.What = what }

// Close says how the attempt ended. Without one it does nothing.
func (a *Attempt) Close(c *protocol.Context, outcome string) {
	if !a.open {
		return
	}
	a.open = false
	a.body.Outcome = outcome
	c.Emit(a.first, &a.body)
}
