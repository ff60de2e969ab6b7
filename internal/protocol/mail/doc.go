// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package mail reads SMTP, POP3 and IMAP up to the login or to TLS: greeting, who tried to log in, and what
// the server said to it. No message is read, no address kept.
//
// Logins by a protocol's own commands bear its name (pop3, imap), those by SASL the name with -auth
// (smtp-auth, pop3-auth, imap-auth).
package mail

import "github.com/writ-iot/writ/internal/protocol"

// Streams are the recognisers of the family.
func Streams() []protocol.StreamProtocol {
	return []protocol.StreamProtocol{smtp(), pop3(), imap()}
}
